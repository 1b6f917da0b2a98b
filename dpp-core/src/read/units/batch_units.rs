//! The units of one batch, as anybody sees them who lists, exports or resolves them.

use std::ops::Range;
use std::sync::Arc;

use crate::identity::{BatchIdentity, LotId, ProvidedSerials, UnitUrls, Units};
use crate::mint::{BatchCodes, BatchFacts};
use crate::store::BatchRecord;
use crate::time::Timestamp;
use crate::unit::UnitStatus;

/// A batch whose identities are fixed, with all that its units are derived from.
///
/// Units whose serials the brand brought need those: [`Reads`](crate::read::Reads) brings them.
#[derive(Debug, Clone)]
pub struct BatchUnits {
    record: Arc<BatchRecord>,
    codes: Arc<BatchCodes>,
}

impl BatchUnits {
    /// The units of this batch; none before its job was reserved.
    pub fn of(record: Arc<BatchRecord>) -> Option<Self> {
        let fixed = record.batch.identity.as_ref()?;
        let codes = BatchCodes::of(&record.batch.facts, fixed);
        Some(Self::with(record, Arc::new(codes)))
    }

    /// The same with codes that were made before.
    pub(in crate::read) const fn with(record: Arc<BatchRecord>, codes: Arc<BatchCodes>) -> Self {
        Self { record, codes }
    }

    /// The batch.
    pub fn record(&self) -> &BatchRecord {
        &self.record
    }

    pub(in crate::read) fn record_arc(&self) -> Arc<BatchRecord> {
        self.record.clone()
    }

    pub(crate) fn codes(&self) -> Arc<BatchCodes> {
        self.codes.clone()
    }

    /// What was fixed when its job was accepted.
    pub fn facts(&self) -> &BatchFacts {
        &self.record.batch.facts
    }

    /// How its units are derived and decoded.
    pub fn identity(&self) -> &BatchIdentity {
        self.codes.identity()
    }

    /// How its resolver URLs are written.
    pub fn urls(&self) -> &UnitUrls {
        self.codes.urls()
    }

    /// The ids of its lots, in order.
    pub fn lot_ids(&self) -> &[LotId] {
        self.codes.lot_ids()
    }

    /// What is printed on the items of the lot with this number, from 0.
    pub fn lot_url(&self, number: usize) -> Option<String> {
        self.urls().lot_url(number).map(str::to_owned)
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
}
