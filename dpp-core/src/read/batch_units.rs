//! The units of one batch, as anybody sees them who lists, exports or resolves them.

use std::ops::Range;
use std::sync::Arc;

use serde::Serialize;

use crate::gs1::{Gtin, LotCode, Serial};
use crate::identity::{
    BatchIdentity, LotId, MintBatchId, MintUnitId, ProvidedSerials, Unit, UnitUrls, Units,
};
use crate::mint::{BatchCodes, BatchFacts};
use crate::store::BatchRecord;
use crate::time::Timestamp;
use crate::unit::UnitStatus;

/// A batch whose identities are fixed, with all that its units are derived from.
///
/// Units whose serials the brand brought need those: [`Reads`](super::Reads) brings them.
#[derive(Debug, Clone)]
pub struct BatchUnits {
    record: Arc<BatchRecord>,
    codes: BatchCodes,
}

/// One unit with everything that a listing shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnitRow {
    /// Its id.
    pub mint_unit_id: MintUnitId,
    /// Its batch.
    pub mint_batch_id: MintBatchId,
    /// Its place in its batch, from 0.
    pub index: u32,
    /// Its serial; none in lot mode.
    pub serial: Option<Serial>,
    /// Its product's GTIN.
    pub gtin: Option<Gtin>,
    /// What is printed on it.
    pub resolver_url: String,
    /// Its lot; none in serial mode.
    pub lot_code: Option<LotCode>,
    /// Where it stands.
    pub status: UnitStatus,
    /// When it was made.
    pub created_at: Timestamp,
}

impl BatchUnits {
    /// The units of this batch; none before its job was reserved.
    pub fn of(record: Arc<BatchRecord>) -> Option<Self> {
        let fixed = record.batch.identity.as_ref()?;
        let codes = BatchCodes::of(&record.batch.facts, fixed);
        Some(Self { record, codes })
    }

    /// The batch.
    pub fn record(&self) -> &BatchRecord {
        &self.record
    }

    /// What was fixed when its job was accepted.
    pub fn facts(&self) -> &BatchFacts {
        &self.record.batch.facts
    }

    /// How its units are derived and decoded.
    pub const fn identity(&self) -> &BatchIdentity {
        self.codes.identity()
    }

    /// How its resolver URLs are written.
    pub const fn urls(&self) -> &UnitUrls {
        self.codes.urls()
    }

    /// The ids of its lots, in order.
    pub fn lot_ids(&self) -> &[LotId] {
        self.codes.lot_ids()
    }

    /// How many units were made.
    pub fn minted(&self) -> u32 {
        self.record.batch.minted
    }

    /// Units that were made, in order; what was not made is left out. `provided` are the
    /// brand's own serials of these indexes, for a batch that has such.
    pub fn units(&self, indexes: Range<u32>, provided: Option<ProvidedSerials>) -> Units<'_> {
        let end = indexes.end.min(self.minted());
        let start = indexes.start.min(end);
        self.codes.units(start..end, provided)
    }

    /// Where its units stand as long as nothing happened to them.
    pub fn first_status(&self) -> UnitStatus {
        UnitStatus::at_mint(self.record.batch.facts.activation_mode)
    }

    /// When a unit was made; none if it was not.
    pub fn made_at(&self, index: u32) -> Option<Timestamp> {
        self.record.made_at(index)
    }

    /// A unit as a listing shows it; none if it was not made.
    pub fn row(&self, unit: &Unit) -> Option<UnitRow> {
        let facts = &self.record.batch.facts;
        Some(UnitRow {
            mint_unit_id: unit.id,
            mint_batch_id: facts.mint_batch_id,
            index: unit.index,
            serial: unit.serial,
            gtin: facts.gtin,
            resolver_url: self.urls().url(unit),
            lot_code: facts.lots.lot_of(unit.index).map(|lot| lot.lot_code),
            status: self.first_status(),
            created_at: self.made_at(unit.index)?,
        })
    }
}
