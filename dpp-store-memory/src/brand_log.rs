//! The log of one brand: what is behind one lock.

use std::collections::HashMap;

use dpp_core::store::log::WrittenStream;
use dpp_core::store::log::{ClaimSpace, ClaimValue, Commit, CommitError, CommitFingerprint};
use dpp_core::store::log::{Conflict, FeedPage, PageLimit, Position, ReadError, Receipt};
use dpp_core::store::log::{RecordedEvent, StreamId, StreamPage, StreamWrite, TakenClaim, Version};
use dpp_core::{BrandId, CommitId, TextRows};

/// The events are kept once, in the feed; a stream is where its events are in it.
pub(crate) struct BrandLog {
    tag: u64,
    feed: Vec<RecordedEvent>,
    streams: HashMap<StreamId, Vec<usize>>,
    claims: HashMap<ClaimSpace, HashMap<Box<str>, ClaimValue>>,
    commits: HashMap<CommitId, (CommitFingerprint, Receipt)>,
}

impl BrandLog {
    /// An empty log, whose positions begin with this tag.
    pub(crate) fn new(tag: u64) -> Self {
        Self {
            tag,
            feed: Vec::new(),
            streams: HashMap::new(),
            claims: HashMap::new(),
            commits: HashMap::new(),
        }
    }

    pub(crate) fn commit(&mut self, commit: &Commit) -> Result<Receipt, CommitError> {
        let id = commit.id();
        let fingerprint = commit.fingerprint();
        match self.commits.get(&id) {
            Some((first, receipt)) if *first == fingerprint => return Ok(receipt.clone()),
            Some(_) => return Err(CommitError::CommitIdReused { id }),
            None => (),
        }
        self.check_expectations(commit)?;
        self.check_claims(commit)?;

        let writes = commit.writes().iter();
        let streams = writes.map(|write| self.append(write)).collect();
        self.take_claims(commit);
        let position = self.position(self.feed.len());
        let receipt = Receipt { position, streams };
        self.commits.insert(id, (fingerprint, receipt.clone()));
        Ok(receipt)
    }

    fn check_expectations(&self, commit: &Commit) -> Result<(), Conflict> {
        for expectation in commit.expectations() {
            let actual = self.last_version(expectation.stream);
            if !expectation.expected.is_met_by(actual) {
                return Err(Conflict {
                    stream: expectation.stream,
                    expected: expectation.expected,
                    actual,
                });
            }
        }
        Ok(())
    }

    fn check_claims(&self, commit: &Commit) -> Result<(), CommitError> {
        let taken = commit.claims().filter_map(|claim| {
            let value = self.claim(claim.space, claim.key)?;
            Some(TakenClaim {
                space: claim.space,
                key: claim.key.to_owned(),
                value,
            })
        });
        let taken: Vec<_> = taken.collect();
        if taken.is_empty() {
            return Ok(());
        }
        Err(CommitError::ClaimsTaken { taken })
    }

    fn append(&mut self, write: &StreamWrite) -> WrittenStream {
        let stream = write.stream;
        let first = Version::after(self.last_version(stream));
        let mut last = first;
        for (event, number) in write.events.iter().zip(0_u64..) {
            last = first.plus(number);
            let index = self.feed.len();
            self.feed.push(RecordedEvent {
                stream,
                version: last,
                position: self.position(index + 1),
                event: event.clone(),
            });
            self.streams.entry(stream).or_default().push(index);
        }
        WrittenStream {
            stream,
            first,
            last,
        }
    }

    fn take_claims(&mut self, commit: &Commit) {
        for claim in commit.claims() {
            let space = self.claims.entry(claim.space).or_default();
            space.insert(claim.key.into(), claim.value);
        }
    }

    pub(crate) fn claimed(&self, space: ClaimSpace, keys: &TextRows) -> Vec<Option<ClaimValue>> {
        keys.iter().map(|key| self.claim(space, key)).collect()
    }

    fn claim(&self, space: ClaimSpace, key: &str) -> Option<ClaimValue> {
        self.claims.get(&space)?.get(key).copied()
    }

    pub(crate) fn stream_page(
        &self,
        stream: StreamId,
        from: Version,
        limit: PageLimit,
    ) -> StreamPage {
        let stream = self.streams.get(&stream).map_or(&[][..], Vec::as_slice);
        let before = usize::try_from(from.get() - 1).unwrap_or(usize::MAX);
        let rest = stream.get(before..).unwrap_or_default();
        let rows = rest.iter().take(limit.get());
        let events = rows.filter_map(|&index| self.feed.get(index));
        StreamPage {
            events: events.cloned().collect(),
            next: (rest.len() > limit.get()).then(|| from.plus(limit.get() as u64)),
        }
    }

    /// # Errors
    /// [`ReadError::ForeignPosition`] when this log has no event at `after`.
    pub(crate) fn feed_page(
        &self,
        brand: BrandId,
        after: Option<Position>,
        limit: PageLimit,
    ) -> Result<FeedPage, ReadError> {
        let seen = match after {
            Some(position) => self
                .count_upto(position)
                .ok_or(ReadError::ForeignPosition { position, brand })?,
            None => 0,
        };
        let rest = self.feed.get(seen..).unwrap_or_default();
        let events = rest.get(..limit.get()).unwrap_or(rest);
        Ok(FeedPage {
            upto: events.last().map(|event| event.position).or(after),
            more: rest.len() > events.len(),
            events: events.to_vec(),
        })
    }

    pub(crate) fn last_position(&self) -> Option<Position> {
        self.feed.last().map(|event| event.position)
    }

    fn last_version(&self, stream: StreamId) -> Option<Version> {
        Version::new(self.streams.get(&stream)?.len() as u64)
    }

    /// The position of the event that has so many events up to it, itself included.
    fn position(&self, count: usize) -> Position {
        let mut bytes = [0; 16];
        let (tag, number) = bytes.split_at_mut(8);
        tag.copy_from_slice(&self.tag.to_be_bytes());
        number.copy_from_slice(&(count as u64).to_be_bytes());
        Position::from_bytes(bytes)
    }

    /// How many events there are up to this position; none if no event is at it.
    fn count_upto(&self, position: Position) -> Option<usize> {
        let bytes = position.to_bytes();
        let number = bytes.last_chunk().copied().map(u64::from_be_bytes)?;
        let count = usize::try_from(number).ok()?;
        let given = (1..=self.feed.len()).contains(&count);
        (given && self.position(count) == position).then_some(count)
    }
}
