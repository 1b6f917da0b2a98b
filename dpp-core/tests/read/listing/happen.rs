//! What happens to units, batches and exports, committed straight to the log.

use std::sync::atomic::{AtomicU64, Ordering};

use dpp_core::identity::MintBatchId;
use dpp_core::mint::{BatchStatus, JobFailed, MintEvent, StatusChanged};
use dpp_core::read::BatchUnits;
use dpp_core::store::log::{Actor, Commit, EventType, Expected, Receipt, StreamId, StreamKind};
use dpp_core::store::{Codec, EventStore, TypedEvents};
use dpp_core::unit::{
    LotActivated, LotEvent, UnitActivated, UnitEvent, UnitRevoked, UnitSet, UnitsEvent,
    UnitsRevoked,
};
use dpp_core::{BrandId, CommitId, CorrelationId, Reason, Timestamp};
use futures::executor::block_on;
use uuid::Uuid;

pub fn of_batch(kind: StreamKind, batch: MintBatchId) -> StreamId {
    StreamId::new(kind, *batch.as_uuid())
}

pub fn reason(text: &str) -> Reason {
    Reason::parse(text).unwrap()
}

pub fn commit(
    log: &dyn EventStore,
    brand: BrandId,
    at: Timestamp,
    stream: StreamId,
    stored: (EventType, u16, Vec<u8>),
) -> Receipt {
    static COMMITS: AtomicU64 = AtomicU64::new(0);
    let number = Uuid::from_u128(COMMITS.fetch_add(1, Ordering::Relaxed).into());
    let correlation = CorrelationId::from_uuid(number);
    let id = CommitId::from_uuid(number);
    let commit = Commit::builder(brand, id, at, Actor::Scan, correlation);
    let commit = commit.write(stream, Expected::Any, [stored]);
    block_on(log.commit(&commit.build().unwrap())).unwrap()
}

/// A log to which things happen.
#[derive(Clone, Copy)]
pub struct Happen<'a> {
    pub log: &'a dyn EventStore,
    pub brand: BrandId,
    pub at: Timestamp,
}

impl Happen<'_> {
    fn event(&self, stream: StreamId, event: &impl TypedEvents) {
        let stored = Codec::new().encode(event).unwrap();
        commit(self.log, self.brand, self.at, stream, stored);
    }

    fn unit(&self, units: &BatchUnits, index: u32, event: &UnitEvent) {
        let unit = units.identity().unit(index).unwrap().id;
        let stream = StreamId::new(StreamKind::MintUnit, *unit.as_uuid());
        self.event(stream, event);
    }

    pub fn activated(&self, units: &BatchUnits, index: u32) {
        let mint_batch_id = units.facts().mint_batch_id;
        let event = UnitActivated {
            mint_batch_id,
            index,
        };
        self.unit(units, index, &UnitEvent::Activated(event));
    }

    pub fn revoked(&self, units: &BatchUnits, index: u32, why: &str) {
        let event = UnitRevoked {
            mint_batch_id: units.facts().mint_batch_id,
            index,
            reason: reason(why),
        };
        self.unit(units, index, &UnitEvent::Revoked(event));
    }

    pub fn revoked_together(&self, batch: MintBatchId, units: UnitSet, why: &str) {
        let event = UnitsEvent::Revoked(UnitsRevoked {
            count: units.len(),
            units,
            reason: reason(why),
        });
        self.event(of_batch(StreamKind::UnitRevocations, batch), &event);
    }

    pub fn lot_activated(&self, units: &BatchUnits, lot: u32) {
        let id = units.lot_ids()[lot as usize];
        let event = LotEvent::Activated(LotActivated {
            mint_batch_id: units.facts().mint_batch_id,
            lot,
            lot_code: units.facts().lots.as_slice()[lot as usize].lot_code,
        });
        self.event(StreamId::new(StreamKind::MintLot, *id.as_uuid()), &event);
    }

    pub fn failed(&self, batch: MintBatchId, minted: u32, why: &str) {
        let event = MintEvent::Failed(JobFailed {
            minted,
            reason: why.to_owned(),
        });
        self.event(of_batch(StreamKind::MintBatch, batch), &event);
    }

    pub fn voided(&self, batch: MintBatchId, why: &str) {
        let event = MintEvent::StatusChanged(StatusChanged {
            from: BatchStatus::Minted,
            to: BatchStatus::Voided,
            reason: Some(reason(why)),
        });
        self.event(of_batch(StreamKind::MintBatch, batch), &event);
    }
}
