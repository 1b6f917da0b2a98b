//! Histories of one brand: real events, committed to the log, with a plain account of what
//! they tell.

mod exports;
mod job;
mod life;
mod told;
mod work;

use std::collections::{BTreeMap, BTreeSet};

pub(super) use job::{Job, batch_id};
pub(super) use told::Told;

use super::case::ReadCase;
use crate::identity::MintBatchId;
use crate::mint::{MintEvent, SerialPool};
use crate::store::log::{ClaimGroup, EventType, Expected, NewEvent, StreamId, StreamKind};
use crate::store::{Codec, ExportRecord, ProvidedSerial, TypedEvents};
use crate::testing::kit::Checked;
use crate::{BrandId, ExportId, ProductId, Timestamp};

type Body = (EventType, u16, Vec<u8>);
type Write = (StreamId, Vec<Body>);

/// What happens to one brand, told to the log and remembered here.
#[derive(Debug)]
pub(super) struct History<'a> {
    case: &'a ReadCase,
    pub(super) brand: BrandId,
    /// When the next commits happen.
    pub(super) now: Timestamp,
    pub(super) batches: BTreeMap<MintBatchId, Told>,
    pub(super) exports: BTreeMap<ExportId, ExportRecord>,
    pub(super) provided: BTreeSet<ProvidedSerial>,
    /// Every event, in the order of the commits.
    pub(super) events: Vec<(StreamId, NewEvent)>,
    pools: BTreeMap<ProductId, SerialPool>,
}

impl<'a> History<'a> {
    pub(super) fn new(case: &'a ReadCase, brand: BrandId, now: Timestamp) -> Self {
        Self {
            case,
            brand,
            now,
            batches: BTreeMap::new(),
            exports: BTreeMap::new(),
            provided: BTreeSet::new(),
            events: Vec::new(),
            pools: BTreeMap::new(),
        }
    }

    /// Lets time go by before the next commit; it may also go back, as clocks do.
    pub(super) fn wait(&mut self, millis: i64) {
        self.now = Timestamp::from_unix_millis(self.now.unix_millis().saturating_add(millis));
    }

    pub(super) fn told(&self, batch: MintBatchId) -> Checked<&Told> {
        let told = self.batches.get(&batch);
        told.ok_or_else(|| self.case.violation("the kit lost one of its batches"))
    }

    /// The batches by key, the first in front.
    pub(super) fn by_key(&self) -> Vec<&Told> {
        let mut batches: Vec<_> = self.batches.values().collect();
        batches.sort_by_key(|told| told.key());
        batches
    }

    fn body<E: TypedEvents>(&self, event: &E) -> Checked<Body> {
        let unwritten = |error| {
            self.case
                .violation(format!("an event has no JSON: {error}"))
        };
        Codec::new().encode(event).map_err(unwritten)
    }

    async fn commit(&mut self, writes: Vec<Write>, claims: Option<ClaimGroup>) -> Checked {
        let case = self.case;
        let draft = case.draft_at(self.brand, case.commit_id(), self.now);
        let draft = writes.into_iter().fold(draft, |draft, (stream, events)| {
            draft.write(stream, Expected::Any, events)
        });
        let commit = case.build(
            claims
                .into_iter()
                .fold(draft, |draft, claims| draft.claim(claims)),
        )?;
        let refused = |error| case.violation(format!("the log refused a good commit: {error}"));
        case.log.commit(&commit).await.map_err(refused)?;
        for write in commit.writes() {
            let events = write.events.iter().cloned();
            self.events
                .extend(events.map(|event| (write.stream, event)));
        }
        Ok(())
    }

    /// Commits what happened to a batch, and remembers it.
    async fn tell(&mut self, batch: MintBatchId, events: &[MintEvent]) -> Checked {
        self.tell_with(batch, events, Vec::new(), None).await
    }

    async fn tell_with(
        &mut self,
        batch: MintBatchId,
        events: &[MintEvent],
        beside: Vec<Write>,
        claims: Option<ClaimGroup>,
    ) -> Checked {
        let stream = StreamId::new(StreamKind::MintBatch, *batch.as_uuid());
        let bodies: Checked<Vec<_>> = events.iter().map(|event| self.body(event)).collect();
        let writes = std::iter::once((stream, bodies?)).chain(beside).collect();
        self.commit(writes, claims).await?;
        for event in events {
            match self.batches.get_mut(&batch) {
                Some(told) => told.then(event, self.now),
                None => {
                    let first = Told::first(event, self.now);
                    self.batches.extend(first.map(|told| (batch, told)));
                }
            }
        }
        Ok(())
    }
}
