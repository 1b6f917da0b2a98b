//! What a store answers when it cannot do as it was asked.

use std::error::Error;
use std::sync::Arc;

use super::claim::{ClaimSpace, ClaimValue};
use super::position::Position;
use super::stream::{Expected, StreamId, Version};
use crate::ids::{BrandId, CommitId};

/// Why a commit was not made, or may not have been.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum CommitError {
    /// A stream is not where the writer believed it to be. Read it again, decide again,
    /// and commit under a new id.
    #[error(transparent)]
    Conflict(#[from] Conflict),

    /// Keys are taken already. Choose others, or read what took them.
    #[error("{} claims are taken already, the first is `{}`", .taken.len(), first_key(.taken))]
    ClaimsTaken {
        /// Each key that is taken, in the commit's order, with what holds it.
        taken: Vec<TakenClaim>,
    },

    /// The commit's id was used with other content. This is a fault of the caller: give
    /// every commit an id of its own.
    #[error("commit id `{id}` was used before with other content")]
    CommitIdReused {
        /// The id.
        id: CommitId,
    },

    /// The commit is over a limit of this store. Split it.
    #[error("the commit is too large for this store: {reason}")]
    TooLarge {
        /// Which limit, and by how much.
        reason: String,
    },

    /// Nothing was committed, because the store failed. The same commit can be tried again.
    #[error("nothing was committed: {0}")]
    NotCommitted(#[source] StoreFault),

    /// The store failed so that it is open whether the commit was made. Repeat the same
    /// commit under the same id: that settles it.
    #[error("it is open whether the commit was made: {0}")]
    Unknown(#[source] StoreFault),
}

fn first_key(taken: &[TakenClaim]) -> &str {
    taken.first().map_or("", |claim| &claim.key)
}

/// A stream is not where a writer believed it to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("stream `{stream}` was expected at {expected}, and is at {}", actual_text(.actual))]
pub struct Conflict {
    /// The stream.
    pub stream: StreamId,
    /// What the writer expected.
    pub expected: Expected,
    /// The version that it ends with; none if it has no event.
    pub actual: Option<Version>,
}

fn actual_text(actual: &Option<Version>) -> String {
    match actual {
        Some(version) => format!("version {version}"),
        None => "no event".to_owned(),
    }
}

/// A key that is taken, and what holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenClaim {
    /// Where the key is unique.
    pub space: ClaimSpace,
    /// The key.
    pub key: String,
    /// The value that it was taken with.
    pub value: ClaimValue,
}

/// Why something could not be read.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The position was not given by this store for this brand. Start from a checkpoint of
    /// this feed, or from its beginning.
    #[error("position `{position}` does not belong to the feed of brand `{brand}` in this store")]
    ForeignPosition {
        /// The position.
        position: Position,
        /// The brand whose feed was asked for.
        brand: BrandId,
    },

    /// The store failed. Reading can be tried again.
    #[error(transparent)]
    Unavailable(#[from] StoreFault),
}

/// A failure below a store: a network, a disk, a database.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub struct StoreFault {
    message: String,
    needs_mending: bool,
    #[source]
    source: Option<Arc<dyn Error + Send + Sync>>,
}

impl StoreFault {
    /// A failure with these words, lower case and without a full stop. It is taken to pass: to
    /// try again soon makes sense.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            needs_mending: false,
            source: None,
        }
    }

    /// The same, which lasts until somebody has mended what is below the store: a full disk, a
    /// right that is missing.
    #[must_use]
    pub fn until_mended(self) -> Self {
        Self {
            needs_mending: true,
            ..self
        }
    }

    /// Whether it makes no sense to try again before somebody has mended what is below the
    /// store.
    pub const fn needs_mending(&self) -> bool {
        self.needs_mending
    }

    /// The same, with the error that caused it.
    #[must_use]
    pub fn caused_by(self, source: impl Error + Send + Sync + 'static) -> Self {
        Self {
            source: Some(Arc::new(source)),
            ..self
        }
    }
}
