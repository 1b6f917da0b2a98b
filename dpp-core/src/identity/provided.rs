//! Serials that a brand brought itself, for a run of units.

use std::ops::Range;

use super::ids::MintBatchId;
use crate::gs1::{Cset82Error, Serial};
use crate::text_rows::TextRows;

/// The brand's own serials for a run of units of one batch: valid, and bound to their units,
/// so that they cannot be taken for those of others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvidedSerials {
    batch: MintBatchId,
    first: u32,
    rows: TextRows,
}

impl ProvidedSerials {
    /// The serials of the units of `batch` from index `first` on.
    ///
    /// # Errors
    /// [`Cset82Error`] when a row is no serial.
    pub fn new(batch: MintBatchId, first: u32, rows: TextRows) -> Result<Self, Cset82Error> {
        rows.iter()
            .try_for_each(|row| Serial::parse(row).map(drop))?;
        Ok(Self { batch, first, rows })
    }

    /// The batch.
    pub const fn batch(&self) -> MintBatchId {
        self.batch
    }

    /// The indexes of the units that it has serials for.
    pub fn indexes(&self) -> Range<u32> {
        let count = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        self.first..self.first.saturating_add(count)
    }

    /// The serial of the unit with this index.
    pub fn get(&self, index: u32) -> Option<Serial> {
        let row = self.rows.get(index.checked_sub(self.first)? as usize)?;
        Serial::parse(row).ok()
    }
}
