//! What a history told of one batch, and what follows from it by plain counting.

use std::collections::BTreeSet;

use crate::Timestamp;
use crate::identity::serial::SerialAllocation;
use crate::identity::{BatchIdentity, MintBatchId};
use crate::mint::{BatchFacts, BatchStatus, MintBatch, MintEvent, evolve};
use crate::store::{BatchRecord, CycleRecord, JobKey};
use crate::unit::{UnitCounts, UnitStatus};

/// What was told of one batch.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    pub(crate) accepted_at: Timestamp,
    pub(crate) changed_at: Timestamp,
    pub(crate) batch: MintBatch,
    pub(crate) cycles: Vec<CycleRecord>,
    pub(crate) failure: Option<String>,
    pub(crate) activated: BTreeSet<u32>,
    pub(crate) revoked: BTreeSet<u32>,
    pub(crate) lots: BTreeSet<u32>,
}

impl Told {
    /// What the first event of a batch tells; nothing if it is not one that a batch begins
    /// with.
    pub(crate) fn first(event: &MintEvent, at: Timestamp) -> Option<Self> {
        Some(Self {
            accepted_at: at,
            changed_at: at,
            batch: evolve(None, event)?,
            cycles: Vec::new(),
            failure: None,
            activated: BTreeSet::new(),
            revoked: BTreeSet::new(),
            lots: BTreeSet::new(),
        })
    }

    pub(crate) fn then(&mut self, event: &MintEvent, at: Timestamp) {
        self.changed_at = at;
        match event {
            MintEvent::CycleMinted(cycle) => {
                let end = cycle.from + cycle.count;
                self.cycles.pop_if(|last| last.at == at);
                self.cycles.push(CycleRecord { end, at });
                self.failure = None;
            }
            MintEvent::CycleFailed(failed) => self.failure = Some(failed.reason.clone()),
            MintEvent::Failed(failed) => self.failure = Some(failed.reason.clone()),
            _ => (),
        }
        if let Some(batch) = evolve(Some(self.batch.clone()), event) {
            self.batch = batch;
        }
    }

    pub(crate) fn facts(&self) -> &BatchFacts {
        &self.batch.facts
    }

    pub(crate) fn id(&self) -> MintBatchId {
        self.facts().mint_batch_id
    }

    pub(crate) fn key(&self) -> JobKey {
        JobKey {
            accepted_at: self.accepted_at,
            batch: self.id(),
        }
    }

    pub(crate) fn allocation(&self) -> Option<&SerialAllocation> {
        self.batch.identity.as_ref().map(|fixed| &fixed.serials)
    }

    pub(crate) fn identity(&self) -> Option<BatchIdentity> {
        let fixed = self.batch.identity.as_ref()?;
        let quantity = self.facts().requested_quantity;
        Some(BatchIdentity::new(self.id(), quantity, fixed))
    }

    pub(crate) fn record(&self) -> BatchRecord {
        BatchRecord {
            accepted_at: self.accepted_at,
            changed_at: self.changed_at,
            batch: self.batch.clone(),
            cycles: self.cycles.clone(),
            failure: self.failure.clone(),
            units: self.counts(),
        }
    }

    /// Where a unit stands: revoked over active over minted, of all that happened to it, its
    /// lot and its batch.
    pub(crate) fn standing(&self, index: u32) -> UnitStatus {
        let facts = self.facts();
        let lot = facts.lots.number_of(index);
        let lot = lot.and_then(|lot| u32::try_from(lot).ok());
        if self.batch.status == BatchStatus::Voided || self.revoked.contains(&index) {
            return UnitStatus::Revoked;
        }
        let activated = self.activated.contains(&index);
        if activated || lot.is_some_and(|lot| self.lots.contains(&lot)) {
            return UnitStatus::Active;
        }
        UnitStatus::at_mint(facts.activation_mode)
    }

    /// How many units stand where, unit by unit.
    pub(crate) fn counts(&self) -> UnitCounts {
        let mut counts = UnitCounts::default();
        for index in 0..self.batch.minted {
            counts.made += 1;
            match self.standing(index) {
                UnitStatus::Minted => (),
                UnitStatus::Active => counts.active += 1,
                UnitStatus::Revoked => counts.revoked += 1,
            }
        }
        counts
    }
}
