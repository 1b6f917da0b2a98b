//! What can go wrong.

use std::io;
use std::time::Duration;

use dpp_core::read::ReadsError;
use dpp_core::service::{ProcessError, SubmitError, VerifyError};
use dpp_core::store::DecodeError;
use dpp_core::store::log::{ActorError, ReadError};
use dpp_core::{AccessError, IdError};

use crate::{CatalogueError, StoreError};

/// Why it did not come to its end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TwoWorkersError {
    /// There is no database to use. Its words say what to install.
    #[error("{0}")]
    NoServer(String),
    /// The catalogue cannot be read.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No product of the catalogue can be minted. Correct one.
    #[error("the catalogue has no product that can be minted")]
    Blocked,
    /// A worker process could not be started, or not be killed.
    #[error("{doing}: {source}")]
    Child {
        /// What was attempted.
        doing: &'static str,
        /// What came of it.
        source: io::Error,
    },
    /// A worker process ended by itself. What it said last tells why.
    #[error("{0} ended before its time")]
    Ended(String),
    /// Somebody else works on this database. Stop that, or name another schema.
    #[error("`{0}`, which is none of the two, works on this database")]
    Stranger(String),
    /// The job was over before its worker could be killed. Ask for more units.
    #[error("the job was over before its worker could be killed")]
    TooFast,
    /// Nothing went on.
    #[error("nothing went on for {} seconds", .0.as_secs())]
    Stuck(Duration),
    /// Something does not hold.
    #[error("what should hold does not: see above")]
    DoesNotHold,
    /// The report cannot be printed.
    #[error("the report cannot be printed: {0}")]
    Print(#[from] io::Error),
    /// A fixed id is none.
    #[error(transparent)]
    Id(#[from] IdError),
    /// The name of a worker is none.
    #[error(transparent)]
    Name(#[from] ActorError),
    /// The caller may not do it.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The request was not accepted.
    #[error(transparent)]
    Submit(#[from] SubmitError),
    /// A worker failed too often.
    #[error(transparent)]
    Process(#[from] ProcessError),
    /// The log cannot be read.
    #[error(transparent)]
    Log(#[from] ReadError),
    /// An event cannot be read.
    #[error(transparent)]
    Event(#[from] DecodeError),
    /// The units cannot be read.
    #[error(transparent)]
    Reads(#[from] ReadsError),
    /// The batch cannot be verified.
    #[error(transparent)]
    Verify(#[from] VerifyError),
}
