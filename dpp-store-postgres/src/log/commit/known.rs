//! What a commit has to know of a brand's log, and the decision whether it is made.

use std::collections::HashMap;

use dpp_core::CommitId;
use dpp_core::store::log::{
    ClaimSpace, ClaimValue, Commit, CommitError, CommitFingerprint, Conflict, NewEvent, Receipt,
    StreamId, TakenClaim, Version, WrittenStream,
};

use crate::log::position::FeedTag;

/// What commits that are to be made one after the other have to know of their brand's log. It
/// was read under the lock of the brand's head, so nobody else changes it meanwhile.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) tag: FeedTag,
    /// The number of the last event.
    pub(crate) last: i64,
    pub(crate) versions: HashMap<StreamId, Version>,
    pub(crate) claims: HashMap<(ClaimSpace, Box<str>), ClaimValue>,
    pub(crate) commits: HashMap<CommitId, (CommitFingerprint, Receipt)>,
}

/// An event with its place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Placed<'a> {
    pub(crate) number: i64,
    pub(crate) stream: StreamId,
    pub(crate) version: Version,
    pub(crate) event: &'a NewEvent,
}

/// What a commit comes to.
#[derive(Debug)]
pub(crate) enum Taken<'a> {
    /// It is made: these events are to be written, with its claims and its id.
    Now(Receipt, Vec<Placed<'a>>),
    /// It was made before.
    Before(Receipt),
}

impl Known {
    /// Decides on the next commit; one that is made is known to those that follow.
    pub(crate) fn take<'a>(&mut self, commit: &'a Commit) -> Result<Taken<'a>, CommitError> {
        let (id, fingerprint) = (commit.id(), commit.fingerprint());
        match self.commits.get(&id) {
            Some((first, receipt)) if *first == fingerprint => {
                return Ok(Taken::Before(receipt.clone()));
            }
            Some(_) => return Err(CommitError::CommitIdReused { id }),
            None => {}
        }
        self.check_expectations(commit)?;
        self.check_claims(commit)?;
        let mut placed = Vec::new();
        let writes = commit.writes().iter();
        let streams = writes
            .map(|write| self.append(write.stream, &write.events, &mut placed))
            .collect();
        for claim in commit.claims() {
            self.claims
                .insert((claim.space, claim.key.into()), claim.value);
        }
        let position = self.tag.position(self.last);
        let receipt = Receipt { position, streams };
        self.commits.insert(id, (fingerprint, receipt.clone()));
        Ok(Taken::Now(receipt, placed))
    }

    fn check_expectations(&self, commit: &Commit) -> Result<(), Conflict> {
        for asked in commit.expectations() {
            let actual = self.versions.get(&asked.stream).copied();
            if !asked.expected.is_met_by(actual) {
                return Err(Conflict {
                    stream: asked.stream,
                    expected: asked.expected,
                    actual,
                });
            }
        }
        Ok(())
    }

    fn check_claims(&self, commit: &Commit) -> Result<(), CommitError> {
        if self.claims.is_empty() {
            return Ok(());
        }
        let taken = commit.claims().filter_map(|claim| {
            let value = self.claims.get(&(claim.space, claim.key.into()))?;
            Some(TakenClaim {
                space: claim.space,
                key: claim.key.to_owned(),
                value: *value,
            })
        });
        let taken: Vec<_> = taken.collect();
        match taken.is_empty() {
            true => Ok(()),
            false => Err(CommitError::ClaimsTaken { taken }),
        }
    }

    fn append<'a>(
        &mut self,
        stream: StreamId,
        events: &'a [NewEvent],
        placed: &mut Vec<Placed<'a>>,
    ) -> WrittenStream {
        let first = Version::after(self.versions.get(&stream).copied());
        let mut last = first;
        for (event, version) in events.iter().zip(0_u64..) {
            last = first.plus(version);
            self.last += 1;
            placed.push(Placed {
                number: self.last,
                stream,
                version: last,
                event,
            });
        }
        self.versions.insert(stream, last);
        WrittenStream {
            stream,
            first,
            last,
        }
    }
}
