//! Commits: what is written together or not at all.

use std::collections::HashSet;
use std::fmt;

use super::claim::{Claim, ClaimGroup};
use super::event::{EventType, Metadata, NewEvent};
use super::position::Position;
use super::stream::{Expected, StreamId, Version};
use crate::actor::Actor;
use crate::ids::{BrandId, CommitId, CorrelationId, EventId};
use crate::time::Timestamp;

/// Events for one or more streams of one brand, with what the writer believes of them.
///
/// A commit has at least one event, names each stream once, and takes each key once;
/// [`CommitBuilder::build`] sees to it.
#[derive(Debug, Clone)]
pub struct Commit {
    brand: BrandId,
    id: CommitId,
    writes: Vec<StreamWrite>,
    checks: Vec<StreamCheck>,
    claims: Vec<ClaimGroup>,
    fingerprint: CommitFingerprint,
}

/// Events for one stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamWrite {
    /// The stream.
    pub stream: StreamId,
    /// Where the writer believes it to end.
    pub expected: Expected,
    /// The events, at least one.
    pub events: Vec<NewEvent>,
}

/// A stream that is not written, but must be where the writer believes it to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamCheck {
    /// The stream.
    pub stream: StreamId,
    /// Where the writer believes it to end.
    pub expected: Expected,
}

/// A digest over everything in a commit but its id: two commits with the same fingerprint
/// have the same content.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct CommitFingerprint([u8; 32]);

impl CommitFingerprint {
    /// The fingerprint with these bytes, as a store kept them.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for CommitFingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Why a commit cannot be made of its parts. All of these are faults of the caller.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidCommit {
    /// There is nothing to write. Do not commit.
    #[error("the commit writes no event")]
    Empty,
    /// A stream is named twice. Put its events into one write.
    #[error("the commit names stream `{0}` twice")]
    StreamTwice(StreamId),
    /// A key is named twice. Take it once.
    #[error("the commit takes `{0}` twice")]
    ClaimTwice(String),
    /// A key has a length that stores need not keep. Keep it between 1 and 255 bytes.
    #[error("the key `{0}` does not have 1 to 255 bytes")]
    ClaimLength(String),
}

/// What a commit did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The position of its last event.
    pub position: Position,
    /// Where its writes went, in the commit's order.
    pub streams: Vec<WrittenStream>,
}

/// Where the events of one write went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrittenStream {
    /// The stream.
    pub stream: StreamId,
    /// The version of the first event.
    pub first: Version,
    /// The version of the last event.
    pub last: Version,
}

impl Commit {
    /// Begins a commit: under this id, at this time, by this actor, for this request.
    pub fn builder(
        brand: BrandId,
        id: CommitId,
        at: Timestamp,
        actor: Actor,
        correlation: CorrelationId,
    ) -> CommitBuilder {
        CommitBuilder {
            brand,
            id,
            at,
            actor,
            correlation,
            causation: None,
            events: 0,
            writes: Vec::new(),
            checks: Vec::new(),
            claims: Vec::new(),
        }
    }

    /// The brand that it belongs to.
    pub fn brand(&self) -> BrandId {
        self.brand
    }

    /// Its id.
    pub fn id(&self) -> CommitId {
        self.id
    }

    /// What it writes: at least one, each to a stream of its own.
    pub fn writes(&self) -> &[StreamWrite] {
        &self.writes
    }

    /// What it checks without writing.
    pub fn checks(&self) -> &[StreamCheck] {
        &self.checks
    }

    /// The keys that it takes, each once.
    pub fn claims(&self) -> impl Iterator<Item = Claim<'_>> {
        self.claims.iter().flat_map(ClaimGroup::iter)
    }

    /// How many keys it takes.
    pub fn claim_count(&self) -> usize {
        self.claims.iter().map(ClaimGroup::len).sum()
    }

    /// Every expectation, of what it writes and of what it only checks.
    pub fn expectations(&self) -> impl Iterator<Item = StreamCheck> + '_ {
        let written = self.writes.iter().map(|write| StreamCheck {
            stream: write.stream,
            expected: write.expected,
        });
        written.chain(self.checks.iter().copied())
    }

    /// A digest of its content. A store keeps it with the id, to tell a repeated commit
    /// from another one with the same id.
    pub fn fingerprint(&self) -> CommitFingerprint {
        self.fingerprint
    }
}

/// Puts a commit together.
#[derive(Debug)]
pub struct CommitBuilder {
    brand: BrandId,
    id: CommitId,
    at: Timestamp,
    actor: Actor,
    correlation: CorrelationId,
    causation: Option<EventId>,
    events: u64,
    writes: Vec<StreamWrite>,
    checks: Vec<StreamCheck>,
    claims: Vec<ClaimGroup>,
}

impl CommitBuilder {
    /// Names the event that led to this commit.
    #[must_use]
    pub fn caused_by(mut self, event: EventId) -> Self {
        self.causation = Some(event);
        self
    }

    /// Adds events for a stream: type, schema version and JSON body of each. Their ids are
    /// derived from the commit's, so repeating a commit repeats its events' ids.
    #[must_use]
    pub fn write(
        mut self,
        stream: StreamId,
        expected: Expected,
        events: impl IntoIterator<Item = (EventType, u16, Vec<u8>)>,
    ) -> Self {
        let mut write = StreamWrite {
            stream,
            expected,
            events: Vec::new(),
        };
        for (event_type, schema_version, payload) in events {
            let metadata = self.next_metadata();
            write.events.push(NewEvent {
                event_type,
                schema_version,
                payload: payload.into(),
                metadata,
            });
        }
        if !write.events.is_empty() {
            self.writes.push(write);
        }
        self
    }

    fn next_metadata(&mut self) -> Metadata {
        self.events += 1;
        Metadata {
            event_id: event_id(self.brand, self.id, self.events),
            at: self.at,
            actor: self.actor.clone(),
            correlation: self.correlation,
            causation: self.causation,
        }
    }

    /// Adds a stream that must be where it is expected, and is not written.
    #[must_use]
    pub fn check(mut self, stream: StreamId, expected: Expected) -> Self {
        self.checks.push(StreamCheck { stream, expected });
        self
    }

    /// Adds keys to take.
    #[must_use]
    pub fn claim(mut self, claims: ClaimGroup) -> Self {
        self.claims.push(claims);
        self
    }

    /// The commit.
    ///
    /// # Errors
    /// [`InvalidCommit`] when it writes nothing, names a stream twice, or takes a key twice.
    pub fn build(self) -> Result<Commit, InvalidCommit> {
        if self.writes.is_empty() {
            return Err(InvalidCommit::Empty);
        }
        let mut commit = Commit {
            brand: self.brand,
            id: self.id,
            writes: self.writes,
            checks: self.checks,
            claims: self.claims,
            fingerprint: CommitFingerprint([0; 32]),
        };
        check_streams(&commit)?;
        check_claims(&commit)?;
        commit.fingerprint = fingerprint(&commit);
        Ok(commit)
    }
}

fn check_streams(commit: &Commit) -> Result<(), InvalidCommit> {
    let mut seen = HashSet::new();
    let twice = commit
        .expectations()
        .find(|expectation| !seen.insert(expectation.stream));
    twice.map_or(Ok(()), |twice| {
        Err(InvalidCommit::StreamTwice(twice.stream))
    })
}

fn check_claims(commit: &Commit) -> Result<(), InvalidCommit> {
    let mut seen = HashSet::with_capacity(commit.claim_count());
    for claim in commit.claims() {
        if claim.key.is_empty() || claim.key.len() > 255 {
            return Err(InvalidCommit::ClaimLength(claim.key.to_owned()));
        }
        if !seen.insert((claim.space, claim.key)) {
            let key = format!("{}/{}", claim.space, claim.key);
            return Err(InvalidCommit::ClaimTwice(key));
        }
    }
    Ok(())
}

fn event_id(brand: BrandId, commit: CommitId, number: u64) -> EventId {
    let mut hasher = blake3::Hasher::new_derive_key("dpp 1 event id of commit");
    hasher.update(brand.as_uuid().as_bytes());
    hasher.update(commit.as_uuid().as_bytes());
    hasher.update(&number.to_be_bytes());
    let mut bytes = [0; 16];
    hasher.finalize_xof().fill(&mut bytes);
    EventId::from_uuid(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

fn fingerprint(commit: &Commit) -> CommitFingerprint {
    let mut content = Content(blake3::Hasher::new_derive_key("dpp 1 commit content"));
    content.bytes(commit.brand.as_uuid().as_bytes());
    content.number(commit.writes.len());
    for write in &commit.writes {
        content.expectation(write.stream, write.expected);
        content.number(write.events.len());
        write.events.iter().for_each(|event| content.event(event));
    }
    content.number(commit.checks.len());
    for check in &commit.checks {
        content.expectation(check.stream, check.expected);
    }
    content.number(commit.claim_count());
    for claim in commit.claims() {
        content.text(claim.space.kind().as_str());
        content.bytes(claim.space.scope().as_bytes());
        content.text(claim.key);
        content.bytes(claim.value.as_bytes());
    }
    CommitFingerprint(*content.0.finalize().as_bytes())
}

/// Every part goes in behind its length, so that no two contents give the same bytes.
struct Content(blake3::Hasher);

impl Content {
    fn number(&mut self, number: usize) {
        self.0.update(&(number as u64).to_be_bytes());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len());
        self.0.update(bytes);
    }

    fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    fn expectation(&mut self, stream: StreamId, expected: Expected) {
        self.text(stream.kind().as_str());
        self.bytes(stream.id().as_bytes());
        self.text(&expected.to_string());
    }

    fn event(&mut self, event: &NewEvent) {
        let metadata = &event.metadata;
        self.text(event.event_type.as_str());
        self.number(usize::from(event.schema_version));
        self.bytes(&event.payload);
        self.bytes(metadata.event_id.as_uuid().as_bytes());
        self.bytes(&metadata.at.unix_millis().to_be_bytes());
        self.text(&metadata.actor.to_string());
        self.bytes(metadata.correlation.as_uuid().as_bytes());
        let causation = metadata
            .causation
            .as_ref()
            .map(|event| event.as_uuid().as_bytes());
        self.bytes(causation.map_or(&[], |event| event.as_slice()));
    }
}
