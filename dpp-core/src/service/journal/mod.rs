//! Reading streams into states, and committing so that a lost answer is settled.

mod keys;
mod states;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

pub(in crate::service) use keys::KeyValue;
pub(in crate::service) use states::{
    batch_stream, export_stream, lot_stream, pool_stream, quota_stream, revocations_stream,
    unit_stream,
};

use super::host::{EntropyError, Host};
use crate::access::{BrandScope, MayCommit};
use crate::ids::BrandId;
use crate::read::ProvidedLog;
use crate::store::log::{
    ClaimGroup, Commit, CommitBuilder, CommitError, Conflict, Expected, InvalidCommit, PageLimit,
    Position, ReadError, Receipt, RecordedEvent, StreamId, Version,
};
use crate::store::{Codec, DecodeError, EventStore, TypedEvents};
use crate::time::Timestamp;

/// A state with the version of the stream that it is the fold of.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::service) struct Folded<S> {
    pub(in crate::service) state: S,
    pub(in crate::service) version: Option<Version>,
}

impl<S: Default> Default for Folded<S> {
    fn default() -> Self {
        Self {
            state: S::default(),
            version: None,
        }
    }
}

/// Why the log could not be read or written. Nothing is half done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JournalError {
    /// The log cannot be read. Try again.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The commit was not made, or it is open whether it was. To try again is safe: nothing is
    /// done twice.
    #[error(transparent)]
    Commit(#[from] CommitError),
    /// The log has an event that this release cannot read. Update, or restore the log.
    #[error(
        "event {version} of stream `{stream}`, at position `{position}`, cannot be read: {source}"
    )]
    Decode {
        /// The stream.
        stream: StreamId,
        /// Its place in the stream.
        version: Version,
        /// Its place in the feed.
        position: Position,
        /// What is wrong with it.
        source: DecodeError,
    },
    /// A stream lacks an event. The log was damaged: restore it.
    #[error("stream `{stream}` goes on with event {found} where {expected} should be")]
    Gap {
        /// The stream.
        stream: StreamId,
        /// The version that should be there.
        expected: Version,
        /// The version that is.
        found: Version,
    },
    /// A key is claimed for a stream that has no event. The log was damaged: restore it.
    #[error("stream `{stream}` is empty, though a key is claimed for it")]
    Missing {
        /// The stream.
        stream: StreamId,
    },
    /// A commit could not be put together. This is a fault of the library: report it.
    #[error("a commit could not be put together: {0}")]
    Invalid(#[from] InvalidCommit),
    /// An event could not be written as JSON. This is a fault of the library: report it.
    #[error("an event could not be written as JSON: {0}")]
    Encode(#[from] serde_json::Error),
    /// There is no entropy to be had.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// Others were faster too many times in a row. Try again.
    #[error("others were faster {attempts} times in a row")]
    Contended {
        /// How many times.
        attempts: u32,
    },
}

impl JournalError {
    /// Whether another commit came first, so that the decision has to be made anew.
    pub(in crate::service) const fn lost_race(&self) -> bool {
        matches!(
            self,
            Self::Commit(CommitError::Conflict(_) | CommitError::ClaimsTaken { .. })
        )
    }

    /// The conflict, if it is one.
    pub(in crate::service) const fn conflict(&self) -> Option<&Conflict> {
        match self {
            Self::Commit(CommitError::Conflict(conflict)) => Some(conflict),
            _ => None,
        }
    }
}

/// The log with the codec.
#[derive(Debug)]
pub(in crate::service) struct Journal {
    log: Arc<dyn EventStore>,
    codec: Codec,
    attempts: u32,
}

const PAGE: PageLimit = PageLimit::new(1_000);

impl Journal {
    pub(in crate::service) fn new(log: Arc<dyn EventStore>, codec: Codec, attempts: u32) -> Self {
        Self {
            log,
            codec,
            attempts,
        }
    }

    /// The log itself, for another that works on it.
    pub(in crate::service) fn shared(&self) -> Arc<dyn EventStore> {
        self.log.clone()
    }

    pub(in crate::service) fn store(&self) -> &dyn EventStore {
        self.log.as_ref()
    }

    /// Reads a stream on from where a fold stands.
    pub(in crate::service) async fn read_on<S, E: TypedEvents>(
        &self,
        brand: BrandId,
        stream: StreamId,
        mut folded: Folded<S>,
        evolve: impl Fn(S, &E) -> S,
    ) -> Result<Folded<S>, JournalError> {
        loop {
            let from = Version::after(folded.version);
            let page = self.log.read_stream(brand, stream, from, PAGE).await?;
            for recorded in &page.events {
                let expected = Version::after(folded.version);
                if recorded.version != expected {
                    let found = recorded.version;
                    return Err(JournalError::Gap {
                        stream,
                        expected,
                        found,
                    });
                }
                let event = self.decode(recorded)?;
                folded.state = evolve(folded.state, &event);
                folded.version = Some(recorded.version);
            }
            if page.next.is_none() {
                return Ok(folded);
            }
        }
    }

    pub(in crate::service) fn decode<E: TypedEvents>(
        &self,
        recorded: &RecordedEvent,
    ) -> Result<E, JournalError> {
        self.codec
            .decode(&recorded.event)
            .map_err(|source| JournalError::Decode {
                stream: recorded.stream,
                version: recorded.version,
                position: recorded.position,
                source,
            })
    }

    /// The serials that brands brought.
    pub(in crate::service) fn provided(&self) -> ProvidedLog<'_> {
        ProvidedLog {
            log: self.log.as_ref(),
            codec: &self.codec,
        }
    }

    /// Begins a commit.
    pub(in crate::service) fn begin<A: MayCommit>(
        &self,
        host: &Host,
        scope: &BrandScope<A>,
        now: Timestamp,
    ) -> Result<Draft<'_>, JournalError> {
        let (id, correlation) = (host.commit_id()?, host.correlation_id()?);
        let actor = scope.actor().clone();
        Ok(Draft {
            journal: self,
            commit: Commit::builder(scope.brand(), id, now, actor, correlation),
        })
    }

    /// The position of a commit's last event, if it stands where it would stand.
    async fn position_of(&self, commit: &Commit) -> Result<Option<Position>, ReadError> {
        let Some(write) = commit.writes().last() else {
            return Ok(None);
        };
        let first = match write.expected {
            Expected::NoStream => Version::FIRST,
            Expected::Exactly(version) => version.next(),
            Expected::Any => return Ok(None),
        };
        let place = first.plus(write.events.len().saturating_sub(1) as u64);
        let one = PageLimit::new(1);
        let page = self
            .log
            .read_stream(commit.brand(), write.stream, place, one)
            .await?;
        let ours = write.events.last().map(|event| event.metadata.event_id);
        let there = page.events.into_iter().next();
        Ok(there
            .filter(|recorded| Some(recorded.event.metadata.event_id) == ours)
            .map(|recorded| recorded.position))
    }

    /// Makes a commit, repeating it under its id while the store fails, unless somebody has to
    /// mend it first: if an earlier attempt went through, the store says so.
    async fn commit(&self, commit: &Commit) -> Result<Receipt, JournalError> {
        let mut open = None;
        let mut failed = None;
        for _ in 0..self.attempts {
            match self.log.commit(commit).await {
                Err(unknown @ CommitError::Unknown(_)) => open = Some(unknown),
                Err(CommitError::NotCommitted(fault)) if fault.needs_mending() => {
                    failed = Some(CommitError::NotCommitted(fault));
                    break;
                }
                Err(fault @ CommitError::NotCommitted(_)) => failed = Some(fault),
                Err(other) => return Err(other.into()),
                Ok(receipt) => return Ok(receipt),
            }
        }
        let error = open.or(failed);
        Err(error.map_or(
            JournalError::Contended {
                attempts: self.attempts,
            },
            Into::into,
        ))
    }
}

/// A commit that is being put together.
pub(in crate::service) struct Draft<'a> {
    journal: &'a Journal,
    commit: CommitBuilder,
}

impl Draft<'_> {
    pub(in crate::service) fn write<E: TypedEvents>(
        self,
        stream: StreamId,
        version: Option<Version>,
        events: &[E],
    ) -> Result<Self, JournalError> {
        let encoded: Result<Vec<_>, _> = events
            .iter()
            .map(|event| self.journal.codec.encode(event))
            .collect();
        let commit = self.commit.write(stream, Expected::at(version), encoded?);
        Ok(Self { commit, ..self })
    }

    /// Makes the commit depend on a stream that it does not write to.
    pub(in crate::service) fn check(self, stream: StreamId, version: Option<Version>) -> Self {
        let commit = self.commit.check(stream, Expected::at(version));
        Self { commit, ..self }
    }

    pub(in crate::service) fn claim(self, claims: ClaimGroup) -> Self {
        let commit = self.commit.claim(claims);
        Self { commit, ..self }
    }

    /// Makes the commit, and gives the position of its last event. If its answer was lost
    /// every time, the log is asked whether that event is there.
    pub(in crate::service) async fn commit(self) -> Result<Position, JournalError> {
        let commit = self.commit.build()?;
        match self.journal.commit(&commit).await {
            Err(error @ JournalError::Commit(CommitError::Unknown(_))) => {
                let found = self.journal.position_of(&commit).await;
                found.ok().flatten().ok_or(error)
            }
            other => other.map(|receipt| receipt.position),
        }
    }
}

/// The folds that were used last, each to be read on from where it stands.
#[derive(Debug)]
pub(in crate::service) struct Recent<S> {
    most: usize,
    folds: Mutex<HashMap<(BrandId, StreamId), Folded<S>>>,
}

impl<S: Clone + Default> Recent<S> {
    /// At most so many folds.
    pub(in crate::service) fn of_most(most: usize) -> Self {
        Self {
            most,
            folds: Mutex::default(),
        }
    }

    pub(in crate::service) fn get(&self, brand: BrandId, stream: StreamId) -> Folded<S> {
        let folds = self.folds.lock().unwrap_or_else(PoisonError::into_inner);
        folds.get(&(brand, stream)).cloned().unwrap_or_default()
    }

    /// Keeps a fold, unless a later one is there.
    pub(in crate::service) fn put(&self, brand: BrandId, stream: StreamId, folded: Folded<S>) {
        let mut folds = self.folds.lock().unwrap_or_else(PoisonError::into_inner);
        if folds.len() >= self.most {
            folds.clear();
        }
        let kept = folds.entry((brand, stream)).or_default();
        if kept.version <= folded.version {
            *kept = folded;
        }
    }

    pub(in crate::service) fn forget(&self, brand: BrandId, stream: StreamId) {
        let mut folds = self.folds.lock().unwrap_or_else(PoisonError::into_inner);
        folds.remove(&(brand, stream));
    }
}
