//! How much memory the fold takes for 1,000 batches of 1,000,000 units, of which a tenth were
//! activated one by one, all over their batches.
//!
//! The log is 100 million events long, so it is not kept: a store makes its pages as they are
//! asked for. Batches are made by the service; with an argument, there are that many.

use std::fmt;
use std::io;
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use async_trait::async_trait;
use dpp_benches::memory::mib;
use dpp_benches::{BenchError, Host, MILLION, scattered};
use dpp_core::identity::MintBatchId;
use dpp_core::read::ReadFold;
use dpp_core::store::log::{
    Actor, ClaimSpace, ClaimValue, Commit, CommitError, EventType, FeedPage, HeadPage, Metadata,
    NewEvent, PageLimit, Position, ReadError, Receipt, RecordedEvent, StreamId, StreamKind,
    StreamPage, Version,
};
use dpp_core::store::{EventStore, ReadStore};
use dpp_core::{BrandId, CorrelationId, EventId, TextRows, Timestamp};
use dpp_store_memory::MemoryStore;
use futures::executor::block_on;
use uuid::Uuid;

/// The number of batches, if none is given.
const BATCHES: u32 = 1_000;
/// The units of each that are activated.
const ACTIVE: u32 = MILLION / 10;

/// A log of minted batches, followed by activations that are made as they are read.
struct Streamed {
    minted: Arc<MemoryStore>,
    minted_end: OnceLock<Position>,
    batches: Vec<MintBatchId>,
}

impl Streamed {
    /// Activations go round the batches, as scans do.
    fn activation(&self, number: u64) -> Option<RecordedEvent> {
        let count = self.batches.len() as u64;
        let index = scattered(u32::try_from(number / count).ok().filter(|n| *n < ACTIVE)?);
        let batch = self.batches.get((number % count) as usize)?;
        let body = format!("{{\"mint_batch_id\":\"{batch}\",\"index\":{index}}}");
        let unit = Uuid::from_u64_pair(number, 0x8000_0000_0000_0000);
        Some(RecordedEvent {
            stream: StreamId::new(StreamKind::MintUnit, unit),
            version: Version::FIRST,
            position: position(number),
            event: NewEvent {
                event_type: EventType::new("mint_unit_activated"),
                schema_version: 1,
                payload: body.into_bytes().into(),
                metadata: Metadata {
                    event_id: EventId::from_uuid(unit),
                    at: Timestamp::from_unix_millis(1_800_000_000_000 + number as i64 / 10),
                    actor: Actor::Scan,
                    correlation: CorrelationId::from_uuid(unit),
                    causation: None,
                },
            },
        })
    }
}

/// Beyond all positions of the store in memory.
fn position(number: u64) -> Position {
    Position::from_bytes((u128::MAX << 64 | u128::from(number)).to_be_bytes())
}

fn number_after(position: Position) -> Option<u64> {
    let place = u128::from_be_bytes(position.to_bytes());
    ((place >> 64) as u64 == u64::MAX).then_some(place as u64 + 1)
}

impl fmt::Debug for Streamed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Streamed(..)")
    }
}

#[async_trait]
impl EventStore for Streamed {
    async fn commit(&self, commit: &Commit) -> Result<Receipt, CommitError> {
        self.minted.commit(commit).await
    }

    async fn claimed(
        &self,
        brand: BrandId,
        space: ClaimSpace,
        keys: &TextRows,
    ) -> Result<Vec<Option<ClaimValue>>, ReadError> {
        self.minted.claimed(brand, space, keys).await
    }

    async fn read_stream(
        &self,
        brand: BrandId,
        stream: StreamId,
        from: Version,
        limit: PageLimit,
    ) -> Result<StreamPage, ReadError> {
        self.minted.read_stream(brand, stream, from, limit).await
    }

    async fn read_feed(
        &self,
        brand: BrandId,
        after: Option<Position>,
        limit: PageLimit,
    ) -> Result<FeedPage, ReadError> {
        let begun = |after: &Position| self.minted_end.get() == Some(after);
        let first = after.and_then(|after| match begun(&after) {
            true => Some(0),
            false => number_after(after),
        });
        let Some(first) = first else {
            let mut page = self.minted.read_feed(brand, after, limit).await?;
            if let (false, Some(end)) = (page.more, page.upto) {
                self.minted_end.get_or_init(|| end);
                page.more = true;
            }
            return Ok(page);
        };
        let numbers = first..first + limit.get() as u64;
        let events: Vec<_> = numbers
            .map_while(|number| self.activation(number))
            .collect();
        Ok(FeedPage {
            upto: events.last().map(|event| event.position).or(after),
            more: !events.is_empty(),
            events,
        })
    }

    async fn heads(&self, after: Option<BrandId>, limit: PageLimit) -> Result<HeadPage, ReadError> {
        self.minted.heads(after, limit).await
    }
}

fn run(batches: u32, out: &mut impl io::Write) -> Result<(), BenchError> {
    let host = Host::new()?;
    let minted: Result<Vec<_>, _> = (0..batches).map(|_| host.mint(MILLION)).collect();
    let store = Arc::new(Streamed {
        minted: host.log.clone(),
        minted_end: OnceLock::new(),
        batches: minted?,
    });
    let before = mib("VmRSS");
    let start = Instant::now();
    let fold = ReadFold::new(store);
    block_on(fold.catch_up_brand(host.brand))?;
    let took = start.elapsed();
    let units = block_on(fold.counters(host.brand))?.units;
    if units.active != u64::from(batches) * u64::from(ACTIVE) {
        return Err(BenchError::Missed);
    }
    let rate = units.active as f64 / took.as_secs_f64();
    let _told = writeln!(
        out,
        "{batches} batches, {} units, {} active: read in {took:.1?} ({rate:.0} a second)\n\
         {before} MiB with the minted log, {} MiB with the fold, {} MiB at most",
        units.made,
        units.active,
        mib("VmRSS"),
        mib("VmHWM"),
    );
    Ok(())
}

fn main() -> Result<(), BenchError> {
    let batches = std::env::args().nth(1).and_then(|count| count.parse().ok());
    run(batches.unwrap_or(BATCHES), &mut io::stdout())
}
