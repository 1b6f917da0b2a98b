//! The plain model: what should be, without a thought for how it is done.

use std::collections::HashMap;

use dpp_core::identity::{LotId, MintBatchId, MintUnitId};
use dpp_core::mint::{BatchStatus, JobStatus};
use dpp_core::unit::UnitStatus;

#[derive(Debug, Default)]
pub struct Model {
    /// In the order in which their jobs were accepted.
    pub batches: Vec<PlainBatch>,
    pub units: HashMap<MintUnitId, PlainUnit>,
    /// How many events of each type there should be.
    pub events: HashMap<&'static str, usize>,
}

#[derive(Debug)]
pub struct PlainBatch {
    pub id: MintBatchId,
    pub product: u128,
    pub job: JobStatus,
    pub status: BatchStatus,
    pub requested: u32,
    pub born: UnitStatus,
    pub lots: Vec<PlainLot>,
    /// In index order.
    pub units: Vec<MintUnitId>,
}

#[derive(Debug, Clone)]
pub struct PlainLot {
    pub code: String,
    pub qty: u32,
    pub id: Option<LotId>,
    pub activated: bool,
}

#[derive(Debug, Clone)]
pub struct PlainUnit {
    pub batch: usize,
    pub index: u32,
    pub serial: Option<String>,
    pub status: UnitStatus,
}

impl PlainBatch {
    /// The number of the lot of a unit.
    pub fn lot_of(&self, index: u32) -> Option<usize> {
        let mut end = 0;
        self.lots.iter().position(|lot| {
            end += lot.qty;
            index < end
        })
    }

    pub fn units_of(&self, lot: usize) -> Vec<MintUnitId> {
        let of_lot = (0..).zip(&self.units);
        of_lot
            .filter(|(index, _)| self.lot_of(*index) == Some(lot))
            .map(|(_, id)| *id)
            .collect()
    }
}

impl Model {
    pub fn count(&self, status: UnitStatus) -> u64 {
        let units = self.units.values();
        units.filter(|unit| unit.status == status).count() as u64
    }

    pub fn status(&self, unit: &MintUnitId) -> UnitStatus {
        self.units[unit].status
    }

    pub fn made(&mut self, batch: usize, unit: MintUnitId, serial: Option<String>) {
        let of = &mut self.batches[batch];
        let index = of.units.len() as u32;
        let lot_active = of.lot_of(index).is_some_and(|lot| of.lots[lot].activated);
        let status = match lot_active {
            true => UnitStatus::Active,
            false => of.born,
        };
        of.units.push(unit);
        let plain = PlainUnit {
            batch,
            index,
            serial,
            status,
        };
        assert!(self.units.insert(unit, plain).is_none(), "{unit} twice");
    }

    /// Whether it changed anything.
    pub fn activate(&mut self, unit: &MintUnitId) -> bool {
        let unit = self.units.get_mut(unit).unwrap();
        let minted = unit.status == UnitStatus::Minted;
        if minted {
            unit.status = UnitStatus::Active;
        }
        minted
    }

    /// Whether it changed anything.
    pub fn revoke(&mut self, unit: &MintUnitId) -> bool {
        let unit = self.units.get_mut(unit).unwrap();
        let standing = unit.status != UnitStatus::Revoked;
        unit.status = UnitStatus::Revoked;
        standing
    }

    pub fn note(&mut self, event: &'static str) {
        *self.events.entry(event).or_default() += 1;
    }
}
