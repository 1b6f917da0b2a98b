//! What rebuilding and verifying report.

use std::fmt;
use std::sync::Arc;

use dpp_core::BrandId;
use dpp_core::store::log::{Position, ReadError, StoreFault};
use dpp_core::store::{DecodeError, ReadStoreError};
use uuid::Uuid;

use super::feed::Head;
use super::fold::Unreadables;
use crate::fault::Failed;

/// How far a rebuild has come: it was called after a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The brand.
    pub brand: BrandId,
    /// The id of the batch whose rows were replaced.
    pub batch: Uuid,
    /// How many were replaced so far, this one included.
    pub done: u64,
    /// How many the log knew when the rebuild began. Rows of batches that it does not know are
    /// removed beside those.
    pub of: u64,
}

/// What a rebuild did for one brand.
#[derive(Debug, Clone)]
pub struct Rebuilt {
    /// The brand.
    pub brand: BrandId,
    /// How many batches had their rows replaced.
    pub batches: u64,
    /// The position that the rows follow at least; none if the brand has no events.
    pub upto: Option<Position>,
    /// The events that this release cannot read.
    pub unreadable: UnreadableEvents,
}

/// What verifying one brand found.
#[derive(Debug, Clone)]
pub struct Verified {
    /// The brand.
    pub brand: BrandId,
    /// How many batches were compared.
    pub batches: u64,
    /// The position at which rows and events were compared; none if the brand has no events.
    pub upto: Option<Position>,
    /// The differences, the first [`MOST_DIFFERENCES`] of them.
    pub differences: Vec<Difference>,
    /// How many there are.
    pub count: u64,
    /// The events that this release cannot read. They are no difference: rows follow from the
    /// others.
    pub unreadable: UnreadableEvents,
}

impl Verified {
    /// Whether all rows are as the log has them.
    pub const fn is_clean(&self) -> bool {
        self.count == 0
    }
}

/// How many differences are named; the rest is counted.
pub const MOST_DIFFERENCES: usize = 100;

/// The events of a brand that this release cannot read.
#[derive(Debug, Clone, Default)]
pub struct UnreadableEvents {
    /// The first, with its position and what is wrong with it.
    pub first: Option<ReadStoreError>,
    /// How many there are.
    pub count: u64,
}

/// A row, or a column of one, that is not as the log has it. It shows no seed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The table.
    pub table: &'static str,
    /// The batch that the row tells of, or that it names.
    pub batch: Option<Uuid>,
    /// Which row of the batch's or the brand's it is: a lot, a chunk, a serial, a product, an
    /// export.
    pub row: String,
    /// The column; none if the row as a whole is missing or too many.
    pub column: Option<&'static str>,
    /// What is there; none if nothing is.
    pub there: Option<String>,
    /// What should be there; none if nothing should.
    pub due: Option<String>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.table)?;
        if let Some(batch) = self.batch {
            write!(f, " of batch `{batch}`")?;
        }
        if !self.row.is_empty() {
            write!(f, ", {}", self.row)?;
        }
        match (self.column, &self.there, &self.due) {
            (Some(column), Some(there), Some(due)) => {
                write!(f, ": {column} is `{there}`, and should be `{due}`")
            }
            (_, None, _) => write!(f, ": it is missing"),
            _ => write!(f, ": it should not be there"),
        }
    }
}

/// Why rows could not be rebuilt or verified. Each batch is as it was, or rebuilt.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum RebuildError {
    /// The database cannot be reached, failed, or has an event whose row is damaged, which its
    /// words name. If it may pass, call again.
    #[error("the read tables cannot be rebuilt or verified: {0}")]
    Unavailable(#[source] StoreFault),
}

impl From<Failed> for RebuildError {
    fn from(failed: Failed) -> Self {
        Self::Unavailable(failed.fault)
    }
}

impl From<ReadError> for RebuildError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Unavailable(fault) => Self::Unavailable(fault),
            other => Self::Unavailable(StoreFault::new(other.to_string())),
        }
    }
}

impl UnreadableEvents {
    pub(super) fn of(brand: BrandId, head: Head, found: &Unreadables) -> Self {
        let error = |(number, source): &(i64, Arc<DecodeError>)| ReadStoreError::Decode {
            brand,
            position: head.tag.position(*number),
            source: source.clone(),
        };
        Self {
            first: found.first.as_ref().map(error),
            count: found.count,
        }
    }
}
