//! What can go wrong.

use std::io;

use dpp_core::gs1::ResolverBaseError;
use dpp_core::read::{ListLimitError, ReadsError};
use dpp_core::resolver::HostError;
use dpp_core::service::SubmitError;
use dpp_core::{AccessError, IdError};
use dpp_exports::qr::EncodeError;

use crate::{CatalogueError, StoreError, WorkError};

/// Why it does not listen, or does not any more.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// Another program listens there. Choose another port.
    #[error("port `{port}` of 127.0.0.1 is taken: give another with --port, or 0 for any")]
    Taken {
        /// The port.
        port: u16,
    },
    /// The system does not allow it. Choose another port.
    #[error("port `{port}` of 127.0.0.1 cannot be listened at: {source}")]
    Listen {
        /// The port.
        port: u16,
        /// What is wrong.
        source: io::Error,
    },
    /// The server ended without having been asked to. Start it again.
    #[error("the server ended by itself")]
    Ended,
    /// The catalogue cannot be read.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// There is no store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No product of the catalogue is ready for so many units.
    #[error("the catalogue has no product that can be minted")]
    Blocked,
    /// What listens has no address that a code can hold.
    #[error(transparent)]
    Base(#[from] ResolverBaseError),
    /// A fixed host is none.
    #[error(transparent)]
    Host(#[from] HostError),
    /// A fixed id is none.
    #[error(transparent)]
    Id(#[from] IdError),
    /// The caller may not do it.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The request was not accepted.
    #[error(transparent)]
    Submit(#[from] SubmitError),
    /// The job is not done.
    #[error(transparent)]
    Work(#[from] WorkError),
    /// A fixed length of a page is none.
    #[error(transparent)]
    Limit(#[from] ListLimitError),
    /// The units cannot be read.
    #[error(transparent)]
    Reads(#[from] ReadsError),
    /// The code cannot be drawn.
    #[error(transparent)]
    Code(#[from] EncodeError),
    /// The report cannot be printed.
    #[error("the report cannot be printed: {0}")]
    Print(#[from] io::Error),
}
