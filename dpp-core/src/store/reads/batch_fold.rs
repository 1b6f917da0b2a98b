//! The fold of everything that tells of one batch.

use std::sync::Arc;

use super::records::BatchRecord;
use super::told::OfBatch;
use crate::mint::{MintEvent, evolve};
use crate::time::Timestamp;
use crate::unit::{LotEvent, UnitEvent, UnitExceptions, UnitsEvent};

/// A batch with the units that are not as it is: the fold of its stream and of those of its
/// units and lots. Every read side keeps this, in its own form.
///
/// The exceptions need not be whole: to take in what happened to one unit, what is known of
/// that unit and of the lots will do.
#[derive(Debug, Clone, PartialEq)]
pub struct BatchFold {
    /// The job and its batch.
    pub record: Arc<BatchRecord>,
    /// The units that are not as the batch is.
    pub exceptions: Arc<UnitExceptions>,
}

impl BatchFold {
    /// The fold of the first event of a batch; none if no batch begins with it.
    pub fn begun_by(told: &OfBatch, at: Timestamp) -> Option<Self> {
        let OfBatch::Mint(event) = told else {
            return None;
        };
        Some(Self {
            record: Arc::new(BatchRecord::accepted(evolve(None, event)?, at)),
            exceptions: Arc::default(),
        })
    }

    /// Takes in the next event that tells of the batch, and counts its units anew.
    pub fn take_in(&mut self, told: &OfBatch, at: Timestamp) {
        match told {
            OfBatch::Mint(event) => self.take_in_mint(event, at),
            OfBatch::Unit(UnitEvent::Activated(event)) => {
                self.change_one(event.index, |exceptions| {
                    exceptions.activated.insert(event.index)
                });
            }
            OfBatch::Unit(UnitEvent::Revoked(event)) => {
                self.change_one(event.index, |exceptions| {
                    exceptions.revoked.insert(event.index)
                });
            }
            OfBatch::Lot(LotEvent::Activated(event)) => {
                self.change(|exceptions| exceptions.lots.insert(event.lot));
            }
            OfBatch::Units(UnitsEvent::Revoked(event)) => {
                self.change(|exceptions| exceptions.revoked.add(&event.units));
            }
        }
    }

    /// Whether an event changes what is known of all units at once, so that the exceptions must
    /// be whole to take it in.
    pub const fn needs_all_units(told: &OfBatch) -> bool {
        !matches!(told, OfBatch::Unit(_))
    }

    fn take_in_mint(&mut self, event: &MintEvent, at: Timestamp) {
        Arc::make_mut(&mut self.record).evolve(event, at);
        self.count();
    }

    /// Changes what is known of one unit. The counts follow from where it stood and stands:
    /// to count the batch anew would cost too much for each scan.
    fn change_one(&mut self, index: u32, change: impl FnOnce(&mut UnitExceptions) -> bool) {
        let was = self.record.of_units().status(&self.exceptions, index);
        if !change(Arc::make_mut(&mut self.exceptions)) || index >= self.record.batch.minted {
            return;
        }
        let is = self.record.of_units().status(&self.exceptions, index);
        if was != is {
            Arc::make_mut(&mut self.record).units.step(was, is);
        }
    }

    fn change<T>(&mut self, change: impl FnOnce(&mut UnitExceptions) -> T) {
        change(Arc::make_mut(&mut self.exceptions));
        self.count();
    }

    /// Counts the units by what is known of them.
    pub(crate) fn count(&mut self) {
        let counted = self.record.of_units().count(&self.exceptions);
        if counted != self.record.units {
            Arc::make_mut(&mut self.record).units = counted;
        }
    }
}
