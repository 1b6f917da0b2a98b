//! What can go wrong.

use std::io;

use dpp_core::read::{ListLimitError, ReadsError};
use dpp_core::service::{ControlError, SubmitError, UnitError};
use dpp_core::{AccessError, IdError, ReasonError};

use crate::{CatalogueError, StoreError, WorkError};

/// Why it did not come to its end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BrowseError {
    /// The catalogue cannot be read.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// There is no store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The service refused a request. Correct the catalogue.
    #[error("the catalogue has no product that can be minted")]
    Blocked,
    /// The report cannot be printed.
    #[error("the report cannot be printed: {0}")]
    Print(#[from] io::Error),
    /// A fixed id is none.
    #[error(transparent)]
    Id(#[from] IdError),
    /// The job is not done.
    #[error(transparent)]
    Work(#[from] WorkError),
    /// A fixed reason is none.
    #[error(transparent)]
    Reason(#[from] ReasonError),
    /// A fixed length of a page is none.
    #[error(transparent)]
    Limit(#[from] ListLimitError),
    /// A fixed lot code is none.
    #[error(transparent)]
    Lot(#[from] dpp_core::gs1::Cset82Error),
    /// The caller may not do it.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// A request was not accepted.
    #[error(transparent)]
    Submit(#[from] SubmitError),
    /// A unit was not changed.
    #[error(transparent)]
    Unit(#[from] UnitError),
    /// A batch was not moved on.
    #[error(transparent)]
    Control(#[from] ControlError),
    /// Something cannot be read.
    #[error(transparent)]
    Reads(#[from] ReadsError),
}
