//! An optional table with one row for each unit, for SQL that goes beyond this library's
//! questions.
//!
//! Nothing depends on it: units are derived, here as everywhere. It is written only when somebody
//! asks, reads facts like any reader, and locks nothing that a commit needs.

mod forget;
mod materialise;
mod rows;

use dpp_core::BrandId;
use dpp_core::identity::MintBatchId;
use dpp_core::store::log::{Position, StoreFault};

use crate::fault::Failed;
use crate::store::PostgresStore;

/// How far the units of a batch are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Materialised {
    /// How many units are there: those with the indexes below.
    pub upto: u32,
    /// Each of them stands as it stood at this position of the brand's feed, or later.
    pub as_of: Position,
    /// How many rows this call has written anew.
    pub written: u32,
    /// How many rows this call found to stand elsewhere now.
    pub changed: u32,
}

/// Why units could not be written or removed. What was written so far is whole, and the table
/// `unit_batch` says how far it goes.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum UnitsError {
    /// The database failed. Call again: it goes on where it stopped.
    #[error("the units of a batch cannot be written: {0}")]
    Unavailable(#[source] StoreFault),
    /// The brand has no such batch, or its job is not reserved yet. Call again once it has
    /// units.
    #[error("batch `{0}` has no units to write")]
    NoUnits(MintBatchId),
    /// The log has an event that this release cannot read, and the
    /// [options](crate::Unreadable) say to refuse then. Update.
    #[error("brand `{brand}` has an event at position `{position}` that cannot be read")]
    Unreadable {
        /// The brand.
        brand: BrandId,
        /// Where the event stands.
        position: Position,
    },
    /// The batch was [forgotten](PostgresStore::forget) meanwhile.
    #[error("the units of batch `{0}` were removed while they were written")]
    Forgotten(MintBatchId),
}

impl From<Failed> for UnitsError {
    fn from(failed: Failed) -> Self {
        Self::Unavailable(failed.fault)
    }
}

impl PostgresStore {
    /// Writes the units that a batch has made so far to the table `unit`, one to a row: those
    /// that are not there yet, and the status of those that stand elsewhere now. It is for
    /// reports and joins; nothing of this library reads it, and it is as fresh as its last call.
    ///
    /// It has a connection of its own and a transaction for every 20,000 units, and waits for
    /// nobody but another call for the same batch, with which it takes turns. Commits do not
    /// wait for it. The row of the batch in `unit_batch` says how far it is.
    ///
    /// A unit has some 300 bytes with its indexes: think before you ask for a billion.
    ///
    /// Dropped at any moment it leaves whole transactions behind, and the next call goes on
    /// there.
    ///
    /// # Errors
    /// [`UnitsError`] when the database fails, or the batch has no units to write.
    pub async fn materialise(
        &self,
        brand: BrandId,
        batch: MintBatchId,
    ) -> Result<Materialised, UnitsError> {
        materialise::materialise(&self.shared, brand, batch).await
    }

    /// Removes the rows that [`materialise`](Self::materialise) wrote for a batch, 20,000 to a
    /// transaction; how many there were. A call that still writes them is stopped with
    /// [`UnitsError::Forgotten`].
    ///
    /// Dropped at any moment it leaves the first of them; the next call of either goes on there.
    ///
    /// # Errors
    /// [`UnitsError::Unavailable`] when the database fails.
    pub async fn forget(&self, brand: BrandId, batch: MintBatchId) -> Result<u64, UnitsError> {
        Ok(forget::forget(&self.shared.pool, brand, batch).await?)
    }
}
