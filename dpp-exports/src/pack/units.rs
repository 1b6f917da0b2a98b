//! The units of one pack, with all that its file tells of them.

use std::ops::Range;

use dpp_core::Timestamp;
use dpp_core::export::Slice;
use dpp_core::gs1::{Gtin, LotCode, Serial};
use dpp_core::identity::{MintBatchId, ProvidedSerials, Unit, Units};
use dpp_core::mint::{BatchFacts, IdentityMode};
use dpp_core::read::{BatchUnits, UnitStatuses};
use dpp_core::unit::UnitStatus;

use super::error::PackError;

/// The units of one pack: a run of at most 10,000 of one batch, with where each stood at the
/// moment that the pack shows. Made of the same, a pack has the same bytes.
#[derive(Debug, Clone)]
pub struct PackUnits {
    units: BatchUnits,
    slice: Slice,
    provided: Option<ProvidedSerials>,
    statuses: UnitStatuses,
}

impl PackUnits {
    /// The units of a slice.
    ///
    /// `provided` are the serials that [`Reads::provided`](dpp_core::read::Reads::provided) has
    /// for the slice's indexes: none for a batch that derives its serials. `statuses` are those
    /// of [`Reads::unit_statuses_as_of`](dpp_core::read::Reads::unit_statuses_as_of).
    ///
    /// # Errors
    /// [`PackError`] when these are not of one batch, or have not all units of the slice.
    pub fn new(
        units: BatchUnits,
        slice: Slice,
        provided: Option<ProvidedSerials>,
        statuses: UnitStatuses,
    ) -> Result<Self, PackError> {
        let pack = Self {
            units,
            slice,
            provided,
            statuses,
        };
        pack.check_statuses()?;
        pack.check_serials()?;
        Ok(pack)
    }

    fn check_statuses(&self) -> Result<(), PackError> {
        if self.statuses.batch() != self.batch() {
            return Err(PackError::OtherBatch {
                expected: self.batch(),
                found: self.statuses.batch(),
            });
        }
        let minted = self.statuses.made().min(self.units.minted());
        match minted < self.slice.indexes().end {
            true => Err(PackError::NotMade {
                units: self.slice.indexes(),
                minted,
            }),
            false => Ok(()),
        }
    }

    fn check_serials(&self) -> Result<(), PackError> {
        let (batch, indexes) = (self.batch(), self.slice.indexes());
        let right = |given: &ProvidedSerials| given.batch() == batch && given.indexes() == indexes;
        match (self.units.identity().needs_serials(), &self.provided) {
            (true, given) if !given.as_ref().is_some_and(right) => Err(PackError::SerialsNeeded {
                batch,
                units: indexes,
            }),
            (false, Some(_)) => Err(PackError::SerialsNotNeeded(batch)),
            _ => Ok(()),
        }
    }

    /// The batch.
    pub fn batch(&self) -> MintBatchId {
        self.units.identity().batch()
    }

    /// What was fixed about the batch when its job was accepted.
    pub fn facts(&self) -> &BatchFacts {
        self.units.facts()
    }

    /// The product's GTIN, if the batch has one.
    pub fn gtin(&self) -> Option<Gtin> {
        self.facts().gtin
    }

    /// Whether units have serials, or the batch is one of lots.
    pub fn has_serials(&self) -> bool {
        self.facts().identity_mode == IdentityMode::Serial
    }

    /// The slice.
    pub const fn slice(&self) -> &Slice {
        &self.slice
    }

    /// All of its units, in order.
    pub fn units(&self) -> Units<'_> {
        self.units_within(self.slice.indexes())
    }

    /// Those of its units whose index lies in this range, in order.
    pub fn units_within(&self, indexes: Range<u32>) -> Units<'_> {
        let whole = self.slice.indexes();
        let start = indexes.start.clamp(whole.start, whole.end);
        let end = indexes.end.clamp(start, whole.end);
        self.units.units(start..end, self.provided.clone())
    }

    /// The serial of a unit that has one.
    ///
    /// # Errors
    /// [`PackError::NoSerial`] when it has none.
    pub fn serial(&self, unit: &Unit) -> Result<Serial, PackError> {
        unit.serial.ok_or(PackError::NoSerial {
            batch: self.batch(),
            index: unit.index,
        })
    }

    /// The lots that units of the pack are of, in order: the code, the resolver URL that all of
    /// its items share, and how many of the pack's units it has.
    pub fn lots(&self) -> impl Iterator<Item = (LotCode, String, u32)> {
        let pack = self.slice.indexes();
        let lots = &self.facts().lots;
        let numbers = 0..lots.as_slice().len();
        numbers.filter_map(move |number| {
            let lot = lots.as_slice().get(number)?;
            let units = lots.units_of(number)?;
            let (start, end) = (units.start.max(pack.start), units.end.min(pack.end));
            let url = self.units.lot_url(number)?;
            (start < end).then(|| (lot.lot_code, url, end - start))
        })
    }

    /// That a unit has a serial if it should.
    ///
    /// # Errors
    /// [`PackError::NoSerial`] when it has none.
    pub fn check(&self, unit: &Unit) -> Result<(), PackError> {
        match unit.serial {
            None if self.has_serials() => Err(PackError::NoSerial {
                batch: self.batch(),
                index: unit.index,
            }),
            _ => Ok(()),
        }
    }

    /// Appends the resolver URL of a unit.
    pub fn write_url(&self, unit: &Unit, out: &mut Vec<u8>) {
        self.units.urls().write(unit, out);
    }

    /// Where a unit stood at the moment that the pack shows.
    pub fn status(&self, index: u32) -> UnitStatus {
        self.statuses.status(index)
    }

    /// When a unit was made.
    pub fn made_at(&self, index: u32) -> Option<Timestamp> {
        self.units.made_at(index)
    }
}
