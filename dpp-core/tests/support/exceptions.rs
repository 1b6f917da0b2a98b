//! What happens to units, lots, batches and exports, committed straight to a log.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use dpp_core::export::{
    EXPORT_RETENTION, ExportCompleted, ExportEvent, ExportFacts, ExportFormat, ExportOptions,
    ExportRequested,
};
use dpp_core::identity::MintBatchId;
use dpp_core::mint::{BatchStatus, MintEvent, StatusChanged};
use dpp_core::read::BatchUnits;
use dpp_core::store::log::{
    Actor, Commit, EventType, Expected, Position, StreamId, StreamKind, WorkerName,
};
use dpp_core::store::{Codec, EventStore, TypedEvents};
use dpp_core::unit::{
    LotActivated, LotEvent, UnitActivated, UnitEvent, UnitRevoked, UnitSet, UnitsEvent,
    UnitsRevoked,
};
use dpp_core::{BrandId, CommitId, CorrelationId, ExportId, Reason, Timestamp};
use uuid::Uuid;

/// Writes to a log what no service was asked to do. Two that write to one log need seeds of
/// their own, since their commits' ids follow from it.
pub struct Writer {
    log: Arc<dyn EventStore>,
    seed: u32,
    commits: AtomicU64,
}

impl Writer {
    pub fn new(log: Arc<dyn EventStore>, seed: u32) -> Self {
        let commits = AtomicU64::new(0);
        Self { log, seed, commits }
    }

    pub async fn activate(&self, units: &BatchUnits, index: u32, at: Timestamp) -> Position {
        let event = UnitEvent::Activated(UnitActivated {
            mint_batch_id: units.facts().mint_batch_id,
            index,
        });
        self.to_unit(units, index, &event, at).await
    }

    pub async fn revoke(&self, units: &BatchUnits, index: u32, at: Timestamp) -> Position {
        let event = UnitEvent::Revoked(UnitRevoked {
            mint_batch_id: units.facts().mint_batch_id,
            index,
            reason: reason(),
        });
        self.to_unit(units, index, &event, at).await
    }

    pub async fn activate_lot(&self, units: &BatchUnits, lot: u32, at: Timestamp) -> Position {
        let facts = units.facts();
        let number = lot as usize;
        let event = LotEvent::Activated(LotActivated {
            mint_batch_id: facts.mint_batch_id,
            lot,
            lot_code: facts.lots.as_slice()[number].lot_code,
        });
        let stream = StreamId::new(StreamKind::MintLot, *units.lot_ids()[number].as_uuid());
        self.write(facts.brand_id, stream, &event, at).await
    }

    pub async fn revoke_many(&self, units: &BatchUnits, which: UnitSet, at: Timestamp) -> Position {
        let facts = units.facts();
        let event = UnitsEvent::Revoked(UnitsRevoked {
            count: which.len(),
            units: which,
            reason: reason(),
        });
        let stream = StreamId::new(StreamKind::UnitRevocations, *facts.mint_batch_id.as_uuid());
        self.write(facts.brand_id, stream, &event, at).await
    }

    pub async fn void(&self, units: &BatchUnits, at: Timestamp) -> Position {
        let facts = units.facts();
        let event = MintEvent::StatusChanged(StatusChanged {
            from: units.record().batch.status,
            to: BatchStatus::Voided,
            reason: Some(reason()),
        });
        let stream = StreamId::new(StreamKind::MintBatch, *facts.mint_batch_id.as_uuid());
        self.write(facts.brand_id, stream, &event, at).await
    }

    pub async fn request_export(
        &self,
        brand: BrandId,
        export: ExportId,
        batch: MintBatchId,
        at: Timestamp,
    ) -> Position {
        let facts = ExportFacts {
            mint_batch_id: batch,
            format: ExportFormat::QrManifest,
            units: 1,
            profile: None,
            options: ExportOptions::default(),
        };
        let event = ExportEvent::Requested(ExportRequested {
            facts,
            expires_at: at.after(EXPORT_RETENTION),
        });
        let stream = StreamId::new(StreamKind::Export, *export.as_uuid());
        self.write(brand, stream, &event, at).await
    }

    pub async fn complete_export(
        &self,
        brand: BrandId,
        export: ExportId,
        at: Timestamp,
    ) -> Position {
        let event = ExportEvent::Completed(ExportCompleted {
            packs: 1,
            expires_at: at.after(EXPORT_RETENTION),
        });
        self.tell_export(brand, export, &event, at).await
    }

    pub async fn tell_export(
        &self,
        brand: BrandId,
        export: ExportId,
        event: &ExportEvent,
        at: Timestamp,
    ) -> Position {
        let stream = StreamId::new(StreamKind::Export, *export.as_uuid());
        self.write(brand, stream, event, at).await
    }

    /// An event of a type that no release knows.
    pub async fn unknown(&self, brand: BrandId, at: Timestamp) -> Position {
        let stream = StreamId::new(StreamKind::Export, Uuid::from_u128(0x0e0e));
        let event = (EventType::new("export_forgotten"), 1, b"{}".to_vec());
        self.commit(brand, stream, event, at).await
    }

    async fn to_unit(
        &self,
        units: &BatchUnits,
        index: u32,
        event: &UnitEvent,
        at: Timestamp,
    ) -> Position {
        let id = units.identity().unit(index).unwrap().id;
        let stream = StreamId::new(StreamKind::MintUnit, *id.as_uuid());
        self.write(units.facts().brand_id, stream, event, at).await
    }

    pub async fn write<E: TypedEvents>(
        &self,
        brand: BrandId,
        stream: StreamId,
        event: &E,
        at: Timestamp,
    ) -> Position {
        let encoded = Codec::new().encode(event).unwrap();
        self.commit(brand, stream, encoded, at).await
    }

    pub async fn commit(
        &self,
        brand: BrandId,
        stream: StreamId,
        event: (EventType, u16, Vec<u8>),
        at: Timestamp,
    ) -> Position {
        let number = self.commits.fetch_add(1, Ordering::Relaxed);
        let uuid = Uuid::from_u64_pair(0xc0_0000_0000 | u64::from(self.seed), number);
        let worker = Actor::Worker(WorkerName::parse("writer").unwrap());
        let request = CorrelationId::from_uuid(uuid);
        let commit = Commit::builder(brand, CommitId::from_uuid(uuid), at, worker, request)
            .write(stream, Expected::Any, [event])
            .build()
            .unwrap();
        self.log.commit(&commit).await.unwrap().position
    }
}

fn reason() -> Reason {
    Reason::parse("a test").unwrap()
}
