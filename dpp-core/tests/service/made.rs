//! A batch of brand 1, and what happens to its units.

use std::ops::Range;
use std::sync::Arc;

use crate::support::*;
use dpp_core::identity::{LotId, MintBatchId, MintUnitId};
use dpp_core::mint::{ActivationMode, BatchStatus, MintRequest};
use dpp_core::read::{ReadFold, UnitRow};
use dpp_core::service::{
    ActivateAnswer, MintService, RevokeAnswer, Settings, UnitError, UnitSelection,
};
use dpp_core::store::log::{PageLimit, RecordedEvent};
use dpp_core::store::{EventStore, ReadStore};
use dpp_core::unit::{UnitCounts, UnitStatus};
use dpp_core::{Caller, Reason};
use dpp_store_memory::MemoryStore;
use futures::TryStreamExt;
use futures::executor::block_on;

pub(crate) fn first_scan(request: MintRequest) -> MintRequest {
    MintRequest {
        activation_mode: ActivationMode::FirstScan,
        ..request
    }
}

pub(crate) fn units_of(service: &MintService, batch: MintBatchId) -> Vec<UnitRow> {
    let scope = owner(brand(1)).to_read(brand(1)).unwrap();
    let reads = service.reads();
    block_on(async {
        let units = reads.units(&scope, batch, 0).await.unwrap();
        units.try_collect().await.unwrap()
    })
}

pub(crate) fn lot_ids(service: &MintService, batch: MintBatchId) -> Vec<LotId> {
    let scope = owner(brand(1)).to_read(brand(1)).unwrap();
    let units = block_on(service.reads().batch_units(&scope, batch)).unwrap();
    units.lot_ids().to_vec()
}

pub(crate) fn first_lot(service: &MintService, batch: MintBatchId) -> LotId {
    lot_ids(service, batch)[0]
}

pub(crate) fn reason() -> Reason {
    "a recall".parse().unwrap()
}

/// A batch of brand 1 that was made whole.
pub(crate) struct Made {
    pub(crate) store: Arc<MemoryStore>,
    pub(crate) service: MintService,
    pub(crate) batch: MintBatchId,
    pub(crate) units: Vec<UnitRow>,
}

pub(crate) fn made(request: MintRequest) -> Made {
    let store = Arc::new(MemoryStore::default());
    let service = service(store.clone(), 1, Settings::default());
    let batch = mint(&service, request);
    Made {
        units: units_of(&service, batch),
        store,
        service,
        batch,
    }
}

pub(crate) fn mint(service: &MintService, request: MintRequest) -> MintBatchId {
    let job = crate::work::submit(service, request);
    block_on(work_off(service, noon()));
    job.batch()
}

impl Made {
    pub(crate) fn unit(&self, index: usize) -> MintUnitId {
        self.units[index].mint_unit_id
    }

    pub(crate) fn activate(&self, index: usize) -> ActivateAnswer {
        self.activate_id(self.unit(index)).unwrap()
    }

    pub(crate) fn activate_id(&self, unit: MintUnitId) -> Result<ActivateAnswer, UnitError> {
        let scan = Caller::scan();
        block_on(self.service.activate_unit(&scan, brand(1), unit, noon()))
    }

    pub(crate) fn activate_lot(&self, lot: LotId) -> Result<ActivateAnswer, UnitError> {
        let scan = Caller::scan();
        block_on(self.service.activate_lot(&scan, brand(1), lot, noon()))
    }

    pub(crate) fn revoke(&self, index: usize) -> RevokeAnswer {
        self.revoke_id(self.unit(index)).unwrap()
    }

    pub(crate) fn revoke_id(&self, unit: MintUnitId) -> Result<RevokeAnswer, UnitError> {
        let caller = owner(brand(1));
        let revoked = self
            .service
            .revoke_unit(&caller, brand(1), unit, reason(), noon());
        block_on(revoked)
    }

    pub(crate) fn revoke_together(&self, units: Range<u32>) -> u32 {
        let (caller, units) = (owner(brand(1)), UnitSelection::Range(units));
        let batch = self.batch;
        let revoked = self
            .service
            .revoke_units(&caller, brand(1), batch, &units, reason(), noon());
        block_on(revoked).unwrap().revoked
    }

    pub(crate) fn void(&self) {
        let (caller, why) = (owner(brand(1)), Some(reason()));
        let (batch, to) = (self.batch, BatchStatus::Voided);
        let set = self
            .service
            .set_mint_batch_status(&caller, brand(1), batch, to, why, noon());
        block_on(set).unwrap();
    }

    pub(crate) fn statuses(&self) -> Vec<UnitStatus> {
        let fold = ReadFold::new(self.store.clone());
        let record = block_on(fold.batch(brand(1), self.batch)).unwrap().unwrap();
        let exceptions = block_on(fold.unit_exceptions(brand(1), self.batch)).unwrap();
        let units = record.of_units();
        let status = |index| units.status(&exceptions, index);
        (0..record.batch.minted).map(status).collect()
    }

    pub(crate) fn counts(&self) -> UnitCounts {
        let fold = ReadFold::new(self.store.clone());
        let record = block_on(fold.batch(brand(1), self.batch)).unwrap().unwrap();
        record.units
    }
}

pub(crate) fn feed(store: &MemoryStore) -> Vec<RecordedEvent> {
    let page = block_on(store.read_feed(brand(1), None, PageLimit::MAX)).unwrap();
    page.events
}

/// How many events of a type the log of brand 1 has.
pub(crate) fn events_of(store: &MemoryStore, event_type: &str) -> usize {
    let events = feed(store).into_iter();
    let of_type = events.filter(|recorded| recorded.event.event_type.as_str() == event_type);
    of_type.count()
}
