//! The faulty store fails as it was told to, and otherwise is as good as what it wraps.

use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use dpp_core::event_store_conformance;
use dpp_core::store::EventStore;
use dpp_core::store::log::{
    Actor, Commit, CommitError, EventType, Expected, PageLimit, ReadError, StreamId, StreamKind,
    Version, WorkerName,
};
use dpp_core::testing::conformance::Fixture;
use dpp_core::testing::{Faults, FaultyStore, Injected};
use dpp_core::{BrandId, CommitId, CorrelationId, Timestamp};
use dpp_store_memory::MemoryStore;
use futures::executor::block_on;
use uuid::Uuid;

const SEED: u64 = 20_270_218;

fn faulty(faults: Faults) -> FaultyStore {
    FaultyStore::new(Arc::new(MemoryStore::default()), SEED, faults)
}

event_store_conformance!(
    slow_with_short_pages,
    Fixture::new(|| async { faulty(Faults::ALLOWED) })
);

event_store_conformance!(
    without_faults,
    Fixture::new(|| async { faulty(Faults::NONE) })
);

fn brand() -> BrandId {
    BrandId::from_uuid(Uuid::from_u128(1))
}

fn stream(number: u128) -> StreamId {
    StreamId::new(StreamKind::MintBatch, Uuid::from_u128(number))
}

/// A commit of three events, to a stream of its own.
fn commit(number: u128) -> Commit {
    let id = CommitId::from_uuid(Uuid::from_u128(number));
    let actor = Actor::Worker(WorkerName::parse("worker").unwrap());
    let request = CorrelationId::from_uuid(Uuid::nil());
    let at = Timestamp::from_unix_millis(0);
    let event = || (EventType::new("kit_event"), 1, b"{}".to_vec());
    Commit::builder(brand(), id, at, actor, request)
        .write(
            stream(number),
            Expected::NoStream,
            [event(), event(), event()],
        )
        .build()
        .unwrap()
}

fn events_of(store: &dyn EventStore, number: u128) -> usize {
    let page = store.read_stream(brand(), stream(number), Version::FIRST, PageLimit::MAX);
    block_on(page).unwrap().events.len()
}

/// What a hundred calls came to.
fn story(store: &FaultyStore) -> (Vec<String>, Injected) {
    let calls = (0..50).flat_map(|number| {
        let committed = block_on(store.commit(&commit(number)));
        let read = block_on(store.read_feed(brand(), None, PageLimit::MAX));
        let committed = committed.map_or_else(|error| error.to_string(), |_| "made".to_owned());
        let read = read.map_or_else(
            |error| error.to_string(),
            |page| page.events.len().to_string(),
        );
        [committed, read]
    });
    (calls.collect(), store.injected())
}

#[test]
fn the_same_seed_and_calls_give_the_same_faults() {
    let first = story(&faulty(Faults::HEAVY));
    assert_eq!(first, story(&faulty(Faults::HEAVY)));
    let other = FaultyStore::new(Arc::new(MemoryStore::default()), SEED + 1, Faults::HEAVY);
    assert_ne!(first, story(&other));
}

#[test]
fn heavy_faults_are_of_every_kind() {
    let (_, injected) = story(&faulty(Faults::HEAVY));
    let counts = [
        injected.not_committed,
        injected.unknown_not_made,
        injected.unknown_after,
        injected.failed_reads,
        injected.delays,
        injected.short_reads,
    ];
    assert!(counts.iter().all(|&count| count > 0), "{injected:?}");
}

#[test]
fn what_is_allowed_is_slow_answers_and_short_pages() {
    let (_, injected) = story(&faulty(Faults::ALLOWED));
    assert!(injected.delays > 0 && injected.short_reads > 0);
    let failures = [
        injected.not_committed,
        injected.unknown_not_made,
        injected.unknown_after,
        injected.failed_reads,
    ];
    assert_eq!(failures, [0; 4]);
}

#[test]
fn without_faults_nothing_is_injected() {
    let (calls, injected) = story(&faulty(Faults::NONE));
    assert_eq!(injected, Injected::default());
    assert_eq!(calls.last().map(String::as_str), Some("150"));
}

#[test]
fn a_commit_that_fails_before_leaves_nothing() {
    let store = faulty(Faults {
        before_commit: 1.0,
        ..Faults::NONE
    });
    let mut unknown = 0;
    for number in 0..40 {
        match block_on(store.commit(&commit(number))) {
            Err(CommitError::NotCommitted(_)) => (),
            Err(CommitError::Unknown(_)) => unknown += 1,
            other => panic!("{other:?}"),
        }
        assert_eq!(events_of(&store, number), 0);
    }
    assert_eq!(store.injected().unknown_not_made, unknown);
    assert_eq!(store.injected().not_committed, 40 - unknown);
    assert!((1..40).contains(&unknown));
}

#[test]
fn repeating_a_commit_settles_a_lost_answer() {
    let store = faulty(Faults {
        after_commit: 1.0,
        ..Faults::NONE
    });
    let lost = block_on(store.commit(&commit(1)));
    assert!(matches!(lost, Err(CommitError::Unknown(_))));
    assert_eq!(store.injected().unknown_after, 1);
    assert_eq!(events_of(&store, 1), 3);

    store.set_faults(Faults::NONE);
    assert!(block_on(store.commit(&commit(1))).is_ok());
    assert_eq!(events_of(&store, 1), 3);
}

#[test]
fn a_delayed_commit_can_be_dropped_on_either_side_of_its_making() {
    let always = Faults {
        delay: 1.0,
        max_yields: 1,
        ..Faults::NONE
    };
    for (polls, made) in [(0, 0), (1, 0), (2, 3)] {
        let store = faulty(always);
        let commit = commit(1);
        let mut future = store.commit(&commit);
        for _ in 0..polls {
            let mut context = Context::from_waker(Waker::noop());
            assert!(matches!(future.as_mut().poll(&mut context), Poll::Pending));
        }
        drop(future);
        store.set_faults(Faults::NONE);
        assert_eq!(events_of(&store, 1), made, "after {polls} polls");
    }
}

#[test]
fn a_failed_read_can_be_tried_again() {
    let store = faulty(Faults {
        read: 1.0,
        ..Faults::NONE
    });
    let failed = block_on(store.heads(None, PageLimit::MAX));
    assert!(matches!(failed, Err(ReadError::Unavailable(_))));
    store.set_faults(Faults::NONE);
    assert!(block_on(store.heads(None, PageLimit::MAX)).is_ok());
}

#[test]
fn a_short_page_has_a_row_and_leads_on() {
    let store = faulty(Faults {
        short_read: 1.0,
        ..Faults::NONE
    });
    block_on(store.commit(&commit(1))).unwrap();
    let feed = block_on(store.read_feed(brand(), None, PageLimit::MAX)).unwrap();
    assert!((1..3).contains(&feed.events.len()));
    assert_eq!(feed.upto, feed.events.last().map(|event| event.position));
    assert!(feed.more);
    assert_eq!(store.injected().short_reads, 1);
}
