//! What can go wrong.

use std::io;
use std::path::PathBuf;

use dpp_core::read::ReadsError;
use dpp_core::service::SubmitError;
use dpp_core::{AccessError, ActorError, IdError};
use dpp_exports::logo::LogoError;
use dpp_exports::{ExporterError, storage::StorageError};

use crate::file_log::FileLogError;
use crate::{CatalogueError, WorkError};

/// Why it did not come to its end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PrintRunError {
    /// Somebody broke it off. Start it again: it goes on where it was.
    #[error("broken off; start it again with `--out {}` to go on", .folder.display())]
    Interrupted {
        /// Where everything is kept.
        folder: PathBuf,
    },
    /// The catalogue cannot be read.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// The log cannot be opened.
    #[error(transparent)]
    Log(#[from] FileLogError),
    /// A file or folder cannot be read or written.
    #[error("`{}`: {source}", .path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What is wrong.
        source: io::Error,
    },
    /// The logo cannot be used.
    #[error("`{}`: {source}", .path.display())]
    Logo {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: LogoError,
    },
    /// The catalogue's product is not ready for so many units.
    #[error("the product is not ready for this request")]
    Blocked,
    /// A fixed id is none.
    #[error(transparent)]
    Id(#[from] IdError),
    /// A fixed name is none.
    #[error(transparent)]
    Name(#[from] ActorError),
    /// The caller may not do it.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The request was not accepted.
    #[error(transparent)]
    Submit(#[from] SubmitError),
    /// The job is not done.
    #[error(transparent)]
    Work(#[from] WorkError),
    /// The units cannot be read.
    #[error(transparent)]
    Reads(#[from] ReadsError),
    /// The export cannot be made.
    #[error(transparent)]
    Export(Box<ExporterError>),
    /// A pack cannot be read back.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The report cannot be printed.
    #[error("the report cannot be printed: {0}")]
    Print(#[from] io::Error),
}

impl From<ExporterError> for PrintRunError {
    fn from(error: ExporterError) -> Self {
        Self::Export(Box::new(error))
    }
}
