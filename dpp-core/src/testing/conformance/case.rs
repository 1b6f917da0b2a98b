//! One clause being checked: a store, ids that nobody else has, and the usual questions.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::{Arc, Barrier};

use super::fixture::Fixture;
use crate::store::EventStore;
use crate::store::log::{ClaimSpace, ClaimValue, Commit, CommitBuilder, CommitError};
use crate::store::log::{Conflict, EventType, NewEvent, PageLimit, Position, Receipt};
use crate::store::log::{RecordedEvent, StreamId, StreamKind, TakenClaim, Version};
pub(super) use crate::testing::kit::Checked;
use crate::testing::kit::Trial;
use crate::{BrandId, CommitId, TextRows, Timestamp};

pub(super) type Body = (EventType, u16, Vec<u8>);

/// Bodies that tell by their number which they are.
pub(super) fn events(numbers: std::ops::Range<u32>) -> impl Iterator<Item = Body> {
    numbers.map(|number| {
        let body = format!("{{\"number\":{number}}}");
        (EventType::new("kit_event"), 1, body.into_bytes())
    })
}

/// The version with this number, from 1.
pub(super) fn version(number: u64) -> Version {
    Version::FIRST.plus(number.saturating_sub(1))
}

/// A claim's value with these bytes, of which the longest value keeps the first.
pub(super) fn value(bytes: &[u8]) -> ClaimValue {
    let kept = bytes.get(..ClaimValue::MAX).unwrap_or(bytes);
    ClaimValue::new(kept).unwrap_or_else(|_| value(&[]))
}

pub(super) struct Case<'a> {
    trial: Trial,
    fixture: &'a Fixture,
    pub(super) store: Arc<dyn EventStore>,
    /// A brand without events.
    pub(super) brand: BrandId,
}

impl<'a> Case<'a> {
    pub(super) async fn open(fixture: &'a Fixture, clause: &'static str) -> Self {
        let trial = fixture.run.trial(clause);
        Self {
            brand: trial.brand(0),
            trial,
            fixture,
            store: fixture.open().await,
        }
    }

    /// The same case with the store closed and opened again.
    pub(super) async fn reopen(self) -> Self {
        let store = self.fixture.reopen(self.store).await;
        Self { store, ..self }
    }

    pub(super) async fn open_another(&self) -> Arc<dyn EventStore> {
        self.fixture.open().await
    }

    pub(super) fn stream(&self, number: u64) -> StreamId {
        StreamId::new(StreamKind::MintBatch, self.uuid("stream", number))
    }
}

impl Deref for Case<'_> {
    type Target = Trial;

    fn deref(&self) -> &Trial {
        &self.trial
    }
}

/// Commits.
impl Case<'_> {
    /// The beginning of a commit of the case's brand, under a new id.
    pub(super) fn draft(&self) -> CommitBuilder {
        self.draft_as(self.brand, self.commit_id())
    }

    pub(super) fn draft_as(&self, brand: BrandId, id: CommitId) -> CommitBuilder {
        self.draft_at(brand, id, Timestamp::from_unix_millis(1_800_000_000_000))
    }

    /// Makes a commit that has to be made.
    pub(super) async fn made(&self, commit: &Commit) -> Checked<Receipt> {
        let refused = |error| self.violation(format!("a good commit was refused: {error}"));
        self.store.commit(commit).await.map_err(refused)
    }

    /// Builds and makes a commit that has to be made.
    pub(super) async fn make(&self, draft: CommitBuilder) -> Checked<Commit> {
        let commit = self.build(draft)?;
        self.made(&commit).await?;
        Ok(commit)
    }

    /// Makes a commit that has to fail with just this conflict.
    pub(super) async fn conflicts(&self, commit: &Commit, due: Conflict) -> Checked {
        match self.store.commit(commit).await {
            Err(CommitError::Conflict(conflict)) => self.same("the conflict", &conflict, &due),
            other => Err(self.violation(format!("instead of `{due}` came {}", outcome(&other)))),
        }
    }

    /// Makes a commit that has to fail because just these keys are taken.
    pub(super) async fn is_taken(&self, commit: &Commit, due: &[TakenClaim]) -> Checked {
        match self.store.commit(commit).await {
            Err(CommitError::ClaimsTaken { taken }) => {
                self.same("what is taken", &taken.as_slice(), &due)
            }
            other => Err(self.violation(format!("taken keys gave {}", outcome(&other)))),
        }
    }

    /// Makes all of these commits at once, each on a thread of its own.
    pub(super) fn race(&self, commits: &[Commit]) -> Checked<Vec<Result<Receipt, CommitError>>> {
        let start = Barrier::new(commits.len());
        let racer = |commit| {
            start.wait();
            self.fixture.run.drive(self.store.commit(commit))
        };
        let raced: Option<Vec<_>> = std::thread::scope(|scope| {
            let spawn = |commit| scope.spawn(move || racer(commit));
            let threads: Vec<_> = commits.iter().map(spawn).collect();
            let joined = threads
                .into_iter()
                .map(|thread| thread.join().ok().flatten());
            joined.collect()
        });
        raced.ok_or_else(|| self.violation("a thread of a race did not come to its end"))
    }

    /// Runs each of these on a thread of its own.
    pub(super) fn together<'f, F>(&self, futures: Vec<F>) -> Checked
    where
        F: Future<Output = Checked> + Send + 'f,
    {
        let lost = || Err(self.violation("a thread did not come to its end"));
        std::thread::scope(|scope| {
            let spawn = |future| scope.spawn(move || self.fixture.run.drive(future));
            let threads: Vec<_> = futures.into_iter().map(spawn).collect();
            let joined = threads
                .into_iter()
                .map(|thread| thread.join().ok().flatten());
            let joined: Vec<_> = joined.collect();
            joined
                .into_iter()
                .try_for_each(|done| done.unwrap_or_else(lost))
        })
    }
}

pub(super) fn outcome(outcome: &Result<Receipt, CommitError>) -> String {
    match outcome {
        Ok(_) => "success".to_owned(),
        Err(error) => format!("`{error}`"),
    }
}

/// Reads, which take pages of any length. Streams are read on from the last version that was
/// seen, so that only R01 depends on what `next` says.
impl Case<'_> {
    pub(super) async fn stream_events(
        &self,
        brand: BrandId,
        stream: StreamId,
    ) -> Checked<Vec<RecordedEvent>> {
        let mut events: Vec<RecordedEvent> = Vec::new();
        loop {
            let from = Version::after(events.last().map(|event| event.version));
            let page = self
                .store
                .read_stream(brand, stream, from, PageLimit::MAX)
                .await;
            let failed = |error| self.violation(format!("reading a stream failed: {error}"));
            let page = page.map_err(failed)?;
            let last = page.events.last().map(|event| event.version);
            self.require(
                page.next.is_none() || last >= Some(from),
                "a stream's page has neither events nor the stream's end",
            )?;
            events.extend(page.events);
            if page.next.is_none() {
                return Ok(events);
            }
        }
    }

    pub(super) async fn feed_events(&self, brand: BrandId) -> Checked<Vec<RecordedEvent>> {
        let mut tail = Tail::new(brand);
        tail.advance(self, PageLimit::MAX).await?;
        Ok(tail.seen)
    }

    pub(super) async fn claimed(
        &self,
        brand: BrandId,
        space: ClaimSpace,
        keys: &[&str],
    ) -> Checked<Vec<Option<ClaimValue>>> {
        let keys: TextRows = keys.iter().copied().collect();
        let values = self.store.claimed(brand, space, &keys).await;
        values.map_err(|error| self.violation(format!("looking up claims failed: {error}")))
    }

    /// Whether the brand's feed and streams hold just what these commits wrote, in their order.
    pub(super) async fn holds(&self, brand: BrandId, commits: &[&Commit]) -> Checked {
        let feed = self.feed_events(brand).await?;
        let writes = commits.iter().flat_map(|commit| commit.writes());
        let due = writes.flat_map(|write| write.events.iter().map(|event| (write.stream, event)));
        let due: Vec<_> = due.collect();
        self.same("the number of events in the feed", &feed.len(), &due.len())?;

        let mut streams: BTreeMap<StreamId, Vec<&RecordedEvent>> = BTreeMap::new();
        for (got, (stream, event)) in feed.iter().zip(due) {
            let in_stream = streams.entry(stream).or_default();
            in_stream.push(got);
            self.same("the stream of an event", &got.stream, &stream)?;
            let due = version(in_stream.len() as u64);
            self.same("the version of an event in the feed", &got.version, &due)?;
            self.same_event(&got.event, event)?;
        }
        for (stream, due) in streams {
            let got = self.stream_events(brand, stream).await?;
            self.same("the length of a stream", &got.len(), &due.len())?;
            let differs = got.iter().zip(due).find(|(got, due)| got != due);
            self.require(
                differs.is_none(),
                format!("the feed and stream `{stream}` tell different events"),
            )?;
        }
        Ok(())
    }

    /// Whether a stream has no event, by the stream itself; the brand must have others.
    pub(super) async fn is_empty(&self, stream: StreamId) -> Checked {
        let events = self.stream_events(self.brand, stream).await?;
        self.same("the length of a stream", &events.len(), &0)
    }

    fn same_event(&self, got: &NewEvent, due: &NewEvent) -> Checked {
        self.same("the type of an event", &got.event_type, &due.event_type)?;
        let schema = (got.schema_version, due.schema_version);
        self.same("the schema version of an event", &schema.0, &schema.1)?;
        self.same("the metadata of an event", &got.metadata, &due.metadata)?;
        let pairs = got.payload.iter().zip(due.payload.iter());
        let same = pairs.take_while(|(got, due)| got == due).count();
        let lengths = (got.payload.len(), due.payload.len());
        self.require(
            got.payload == due.payload,
            format!(
                "a payload of {} bytes became one of {}, the same for {same} bytes",
                lengths.1, lengths.0
            ),
        )
    }
}

/// A reader that goes on from where it stopped.
pub(super) struct Tail {
    brand: BrandId,
    upto: Option<Position>,
    pub(super) seen: Vec<RecordedEvent>,
}

impl Tail {
    pub(super) fn new(brand: BrandId) -> Self {
        Self {
            brand,
            upto: None,
            seen: Vec::new(),
        }
    }

    /// Reads all that there is now. A page may be short: only `more` tells the end.
    pub(super) async fn advance(&mut self, case: &Case<'_>, limit: PageLimit) -> Checked {
        loop {
            let page = case.store.read_feed(self.brand, self.upto, limit).await;
            let failed = |error| case.violation(format!("reading the feed failed: {error}"));
            let page = page.map_err(failed)?;
            let end = !page.more;
            case.require(
                end || page.upto > self.upto,
                "a page of the feed does not lead on",
            )?;
            case.require(page.upto >= self.upto, "a page of the feed leads back")?;
            self.upto = page.upto;
            self.seen.extend(page.events);
            if end {
                return Ok(());
            }
        }
    }
}
