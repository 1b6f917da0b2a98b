//! A naive store with switches: each flaw changes one thing that a real store could get wrong.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::Poll;

use dpp_core::store::EventStore;
use dpp_core::store::log::{
    ClaimSpace, ClaimValue, Commit, CommitError, CommitFingerprint, Conflict, Expected, FeedPage,
    Head, HeadPage, PageLimit, Position, ReadError, Receipt, RecordedEvent, StoreFault,
    StreamCheck, StreamId, StreamPage, TakenClaim, Version, WrittenStream,
};
use dpp_core::{BrandId, CommitId, TextRows};

use super::flaw::Flaw;

type Kept = (CommitFingerprint, Option<Receipt>);

#[derive(Debug, Clone, Default)]
struct Log {
    drawn: u64,
    events: BTreeMap<(BrandId, u64), (RecordedEvent, CommitId)>,
    streams: HashMap<(BrandId, StreamId), BTreeMap<Version, u64>>,
    claims: HashMap<(BrandId, ClaimSpace, String), ClaimValue>,
    commits: HashMap<(BrandId, CommitId), Kept>,
}

#[derive(Debug)]
pub(crate) struct ToyStore {
    flaw: Flaw,
    identity: RandomState,
    log: Arc<Mutex<Log>>,
}

impl ToyStore {
    pub(crate) fn new(flaw: Flaw) -> Self {
        Self {
            flaw,
            identity: RandomState::new(),
            log: Arc::default(),
        }
    }

    /// Another handle, of a store that was closed and opened again.
    pub(crate) fn reopened(&self) -> Self {
        let mut log = self.lock().clone();
        match self.flaw {
            Flaw::T06 => log.commits.clear(),
            Flaw::T06Claims => log.claims.clear(),
            _ => (),
        }
        Self {
            flaw: self.flaw,
            identity: self.identity.clone(),
            log: Arc::new(Mutex::new(log)),
        }
    }

    pub(crate) fn handle(&self) -> Self {
        Self {
            flaw: self.flaw,
            identity: self.identity.clone(),
            log: Arc::clone(&self.log),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap()
    }

    fn is(&self, flaw: Flaw) -> bool {
        self.flaw == flaw
    }

    fn position(&self, brand: BrandId, number: u64) -> Position {
        let tag = match self.flaw {
            Flaw::R05 => 0,
            _ => self.identity.hash_one(brand),
        };
        let bytes = [tag.to_be_bytes(), number.to_be_bytes()].concat();
        Position::from_bytes(bytes.try_into().unwrap())
    }

    /// A look at the log that is over before the write begins: the moment in which others
    /// come in between. It lasts longer for larger commits.
    async fn gap(&self, commit: &Commit) {
        let events: usize = commit.writes().iter().map(|write| write.events.len()).sum();
        match self.flaw {
            Flaw::T02 | Flaw::T03 | Flaw::T04 => {
                std::thread::sleep(std::time::Duration::from_millis(1));
            }
            Flaw::T05Threads => {
                std::thread::sleep(std::time::Duration::from_millis(events as u64 % 3));
            }
            Flaw::T05 => {
                let mut left = events;
                let turn = |context: &mut std::task::Context<'_>| {
                    context.waker().wake_by_ref();
                    left = left.saturating_sub(1);
                    match left {
                        0 => Poll::Ready(()),
                        _ => Poll::Pending,
                    }
                };
                std::future::poll_fn(turn).await;
            }
            _ => (),
        }
    }

    fn repeated(&self, log: &Log, commit: &Commit) -> Option<Result<Receipt, CommitError>> {
        let key = (self.owner(Flaw::T01Ids, commit.brand()), commit.id());
        let (fingerprint, receipt) = log.commits.get(&key)?;
        let same = *fingerprint == commit.fingerprint() || self.is(Flaw::C10);
        let Some(receipt) = receipt.as_ref().filter(|_| same) else {
            return Some(Err(CommitError::CommitIdReused { id: commit.id() }));
        };
        let mut receipt = receipt.clone();
        if self.is(Flaw::C09) {
            for written in &mut receipt.streams {
                written.last = log.last(commit.brand(), written.stream).unwrap();
            }
        }
        Some(Ok(receipt))
    }

    fn owner(&self, flaw: Flaw, brand: BrandId) -> BrandId {
        match self.is(flaw) {
            true => BrandId::from_uuid(uuid::Uuid::nil()),
            false => brand,
        }
    }

    fn conflict(&self, log: &Log, brand: BrandId, check: StreamCheck) -> Result<(), Conflict> {
        let actual = log.last(brand, check.stream);
        let met = match (self.flaw, check.expected, actual) {
            (Flaw::C02, Expected::NoStream, Some(Version::FIRST)) => true,
            (Flaw::C03, Expected::Exactly(version), Some(actual)) => version >= actual,
            (Flaw::C04, Expected::Any, actual) => actual.is_none(),
            (_, expected, actual) => expected.is_met_by(actual),
        };
        let conflict = Conflict {
            stream: check.stream,
            expected: check.expected,
            actual,
        };
        met.then_some(()).ok_or(conflict)
    }

    fn conflicts(&self, log: &Log, commit: &Commit) -> Result<(), Conflict> {
        let written = commit.writes().iter().map(|write| StreamCheck {
            stream: write.stream,
            expected: write.expected,
        });
        for check in written {
            self.conflict(log, commit.brand(), check)?;
        }
        let sound = Self::new(Flaw::None);
        for check in commit.checks().iter().filter(|_| !self.is(Flaw::C06)) {
            sound.conflict(log, commit.brand(), *check)?;
        }
        Ok(())
    }

    fn taken(&self, log: &Log, commit: &Commit) -> Result<(), CommitError> {
        let owner = self.owner(Flaw::T01, commit.brand());
        let taken = commit.claims().filter_map(|claim| {
            let key = claim.key.to_owned();
            let value = *log.claims.get(&(owner, claim.space, key.clone()))?;
            let space = claim.space;
            Some(TakenClaim { space, key, value })
        });
        let mut taken: Vec<_> = taken.collect();
        if self.is(Flaw::C08) {
            taken.truncate(1);
        }
        match taken.is_empty() {
            true => Ok(()),
            false => Err(CommitError::ClaimsTaken { taken }),
        }
    }

    fn take(&self, log: &mut Log, commit: &Commit) {
        let owner = self.owner(Flaw::T01, commit.brand());
        for claim in commit.claims() {
            let key = (owner, claim.space, claim.key.to_owned());
            log.claims.insert(key, claim.value);
        }
    }

    /// Writes the first so many writes of a commit, from this number on.
    fn write(&self, log: &mut Log, commit: &Commit, writes: usize, mut number: u64) -> Receipt {
        let brand = commit.brand();
        let mut streams = Vec::new();
        for write in commit.writes().iter().take(writes) {
            let mut events = write.events.clone();
            if self.is(Flaw::C01) {
                events.sort_by(|a, b| a.event_type.cmp(&b.event_type));
            }
            let first = Version::after(log.last(brand, write.stream));
            let last = first.plus(events.len() as u64 - 1);
            let stream = write.stream;
            streams.push(WrittenStream {
                stream,
                first,
                last,
            });
            for (mut event, place) in events.into_iter().zip(0..) {
                if self.is(Flaw::C15) {
                    let value: Option<serde_json::Value> =
                        serde_json::from_slice(&event.payload).ok();
                    event.payload = value.map_or(event.payload, |value| {
                        serde_json::to_vec(&value).unwrap().into()
                    });
                }
                if self.is(Flaw::C15Causation) {
                    event.metadata.causation = None;
                }
                number += 1;
                let recorded = RecordedEvent {
                    stream,
                    version: first.plus(place),
                    position: self.position(brand, number),
                    event,
                };
                let places = log.streams.entry((brand, stream)).or_default();
                places.insert(recorded.version, number);
                log.events.insert((brand, number), (recorded, commit.id()));
            }
        }
        if self.is(Flaw::C12) {
            streams.sort_by_key(|written| written.stream);
        }
        Receipt {
            position: self.position(brand, number),
            streams,
        }
    }

    /// What a commit that is refused leaves behind in some stores.
    fn leave(&self, log: &mut Log, commit: &Commit, error: &CommitError) {
        if self.is(Flaw::C11) {
            let key = (commit.brand(), commit.id());
            log.commits.insert(key, (commit.fingerprint(), None));
        }
        let CommitError::Conflict(conflict) = error else {
            return;
        };
        let mut writes = commit.writes().iter();
        let place = writes.position(|write| write.stream == conflict.stream);
        if self.is(Flaw::C05)
            && let Some(place) = place
        {
            let number = log.draw(place as u64 * 100);
            self.write(log, commit, place, number);
        }
        if self.is(Flaw::C05Claims) && commit.writes().len() > 1 {
            self.take(log, commit);
        }
    }

    fn check(&self, log: &Log, commit: &Commit, but: Flaw) -> Result<(), CommitError> {
        if self.is(Flaw::C08Order) {
            self.taken(log, commit)?;
        }
        if but != Flaw::T02 {
            self.conflicts(log, commit)?;
        }
        if but != Flaw::T03 {
            self.taken(log, commit)?;
        }
        Ok(())
    }

    async fn try_commit(&self, commit: &Commit) -> Result<Receipt, CommitError> {
        let events: usize = commit.writes().iter().map(|write| write.events.len()).sum();
        let limit = match self.flaw {
            Flaw::C13 => events <= 10_000,
            Flaw::C14 => commit.claim_count() <= 65_535,
            _ => true,
        };
        if !limit {
            let reason = "there is a limit".to_owned();
            return Err(CommitError::TooLarge { reason });
        }

        let early = match self.flaw {
            Flaw::T02 | Flaw::T03 | Flaw::T04 | Flaw::T05 | Flaw::T05Threads => {
                let mut log = self.lock();
                match (self.repeated(&log, commit), self.flaw) {
                    (Some(repeated), _) => return repeated,
                    (None, Flaw::T02) => self.conflicts(&log, commit)?,
                    (None, Flaw::T03) => {
                        self.conflicts(&log, commit)?;
                        self.taken(&log, commit)?;
                    }
                    _ => (),
                }
                match self.flaw {
                    Flaw::T05 | Flaw::T05Threads => Some(log.draw(events as u64)),
                    _ => None,
                }
            }
            _ => None,
        };
        self.gap(commit).await;

        let mut log = self.lock();
        if !self.is(Flaw::T04)
            && let Some(repeated) = self.repeated(&log, commit)
        {
            return repeated;
        }
        if let Err(error) = self.check(&log, commit, self.flaw) {
            self.leave(&mut log, commit, &error);
            return Err(error);
        }
        let number = early.unwrap_or_else(|| log.draw(events as u64));
        let receipt = self.write(&mut log, commit, usize::MAX, number);
        self.take(&mut log, commit);
        let key = (self.owner(Flaw::T01Ids, commit.brand()), commit.id());
        let kept = (commit.fingerprint(), Some(receipt.clone()));
        log.commits.insert(key, kept);
        Ok(receipt)
    }
}

impl Log {
    fn draw(&mut self, count: u64) -> u64 {
        self.drawn += count;
        self.drawn - count
    }

    fn of(&self, brand: BrandId) -> impl Iterator<Item = &(RecordedEvent, CommitId)> {
        let all = (brand, 0)..=(brand, u64::MAX);
        self.events.range(all).map(|(_, event)| event)
    }

    fn last(&self, brand: BrandId, stream: StreamId) -> Option<Version> {
        let stream = self.streams.get(&(brand, stream))?;
        stream.last_key_value().map(|(&last, _)| last)
    }
}

#[async_trait::async_trait]
impl EventStore for ToyStore {
    async fn commit(&self, commit: &Commit) -> Result<Receipt, CommitError> {
        self.try_commit(commit).await
    }

    async fn claimed(
        &self,
        brand: BrandId,
        space: ClaimSpace,
        keys: &TextRows,
    ) -> Result<Vec<Option<ClaimValue>>, ReadError> {
        let log = self.lock();
        let owner = self.owner(Flaw::T01, brand);
        let mut keys: Vec<_> = keys.iter().collect();
        if self.is(Flaw::C07) {
            keys.sort_unstable();
        }
        let value = |key: &str| log.claims.get(&(owner, space, key.to_owned())).copied();
        Ok(keys.into_iter().map(value).collect())
    }

    async fn read_stream(
        &self,
        brand: BrandId,
        stream: StreamId,
        from: Version,
        limit: PageLimit,
    ) -> Result<StreamPage, ReadError> {
        let log = self.lock();
        if self.is(Flaw::R02) && log.of(brand).next().is_none() {
            return Err(StoreFault::new("no such brand").into());
        }
        let limit = limit.get() + usize::from(self.is(Flaw::R03));
        let places = log.streams.get(&(brand, stream));
        let places = places.into_iter().flat_map(|places| places.range(from..));
        let mut all = places.map(|(_, &number)| &log.events[&(brand, number)].0);
        let events: Vec<_> = all.by_ref().take(limit).cloned().collect();
        let more = all.next().is_some();
        let skip = 1 + u64::from(self.is(Flaw::R01));
        let next = events.last().map(|event| event.version.plus(skip));
        Ok(StreamPage {
            next: next.filter(|_| more),
            events,
        })
    }

    async fn read_feed(
        &self,
        brand: BrandId,
        after: Option<Position>,
        limit: PageLimit,
    ) -> Result<FeedPage, ReadError> {
        let log = self.lock();
        let mut all: Vec<_> = log.of(brand).collect();
        if self.is(Flaw::R04) {
            all.sort_by_key(|(event, _)| event.event.metadata.at);
        }
        let place = |position| all.iter().position(|(event, _)| event.position == position);
        let mut seen = match (after, after.and_then(place)) {
            (None, _) => 0,
            (Some(_), Some(place)) => place + 1,
            (Some(_), None) if self.is(Flaw::R05) => 0,
            (Some(position), None) => return Err(ReadError::ForeignPosition { position, brand }),
        };
        if self.is(Flaw::R04Inside) && seen > 0 {
            let commit = all[seen - 1].1;
            while all.get(seen).is_some_and(|event| event.1 == commit) {
                seen += 1;
            }
        }
        let limit = limit.get() + usize::from(self.is(Flaw::R03));
        let rows = all.iter().skip(seen).take(limit);
        let events: Vec<_> = rows.map(|(event, _)| event.clone()).collect();
        Ok(FeedPage {
            upto: events.last().map(|event| event.position).or(after),
            more: seen + events.len() < all.len(),
            events,
        })
    }

    async fn heads(&self, after: Option<BrandId>, limit: PageLimit) -> Result<HeadPage, ReadError> {
        let log = self.lock();
        let mut heads = BTreeMap::new();
        for (&(brand, _), (event, _)) in &log.events {
            heads.insert(brand, event.position);
        }
        let of = |(brand, position)| Head { brand, position };
        let heads = heads.into_iter().map(of);
        let from_after = self.is(Flaw::R06);
        let mut heads = heads
            .filter(|head| after < Some(head.brand) || (from_after && after == Some(head.brand)));
        Ok(HeadPage {
            heads: heads.by_ref().take(limit.get()).collect(),
            more: heads.next().is_some(),
        })
    }
}
