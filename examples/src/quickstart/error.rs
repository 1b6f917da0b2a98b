//! What can go wrong.

use std::io;
use std::path::PathBuf;

use dpp_core::identity::MintBatchId;
use dpp_core::read::ReadsError;
use dpp_core::service::{EntropyError, SubmitError, VerifyError};
use dpp_core::{AccessError, IdError};
use dpp_exports::PackError;
use dpp_exports::table::LayoutError;

use crate::{CatalogueError, StoreError, WorkError};

/// Why it did not come to its end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum QuickstartError {
    /// The catalogue cannot be read.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// There is no store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No product of the catalogue passes its checks. Correct one, or ask for fewer units.
    #[error("no product of the catalogue is ready for so many units")]
    NothingReady,
    /// The service refused what passed its checks.
    #[error("the request was refused after it had passed its checks")]
    Blocked,
    /// The batch is not what its log says.
    #[error("batch `{batch}` does not verify: {mismatches} cycles differ")]
    NotVerified {
        /// The batch.
        batch: MintBatchId,
        /// How many cycles differ.
        mismatches: usize,
    },
    /// A file cannot be written. Free some space, or name another folder with `--out`.
    #[error("`{}` cannot be written: {source}", .path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What is wrong.
        source: io::Error,
    },
    /// A pack cannot be written.
    #[error("`{}` cannot be exported: {source}", .path.display())]
    Export {
        /// The pack's file.
        path: PathBuf,
        /// What is wrong.
        source: PackError,
    },
    /// The manifest cannot be laid out.
    #[error(transparent)]
    Layout(#[from] LayoutError),
    /// The report cannot be printed.
    #[error("the report cannot be printed: {0}")]
    Print(#[from] io::Error),
    /// The system gives no random ids. Try again.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// A fixed id is none.
    #[error(transparent)]
    Id(#[from] IdError),
    /// The job is not done.
    #[error(transparent)]
    Work(#[from] WorkError),
    /// The caller may not do it.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The request was not accepted.
    #[error(transparent)]
    Submit(#[from] SubmitError),
    /// The units cannot be read.
    #[error(transparent)]
    Reads(#[from] ReadsError),
    /// The batch cannot be verified.
    #[error(transparent)]
    Verify(#[from] VerifyError),
}
