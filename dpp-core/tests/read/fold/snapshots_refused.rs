//! Snapshots that are refused, and by which name.

use std::sync::Arc;

use dpp_core::identity::MintBatchId;
use dpp_core::read::{ReadFold, SnapshotError};
use dpp_core::store::{EventQuery, EventStore, Order, ReadStore};
use dpp_core::{EventId, ExportId, PageLimit};
use dpp_store_memory::MemoryStore;
use futures::executor::block_on;
use proptest::collection::vec;
use proptest::prelude::*;
use uuid::Uuid;

use crate::exceptions::Writer;
use crate::fold::history::history;
use crate::fold::laid_over::LaidOver;
use crate::support::*;
use crate::watched::Watched;

fn refusal(log: Arc<dyn EventStore>, bytes: &[u8]) -> SnapshotError {
    block_on(ReadFold::load(log, bytes)).expect_err("it was loaded")
}

/// A log with something of everything, and a snapshot of it.
fn written(steps: usize) -> (Arc<MemoryStore>, Vec<u8>) {
    block_on(async {
        let history = history(3, steps).await;
        let fold = ReadFold::new(history.store());
        fold.catch_up().await.unwrap();
        (history.log.clone(), fold.snapshot().unwrap())
    })
}

/// The same bytes with a checksum that is right.
fn sealed(content: &[u8]) -> Vec<u8> {
    let mut bytes = content.to_vec();
    bytes.extend_from_slice(blake3::hash(content).as_bytes());
    bytes
}

#[test]
fn what_is_no_snapshot_is_called_so() {
    let log = Arc::new(MemoryStore::default());
    for bytes in [&b""[..], b"dpp", b"{\"brands\": []}", &[0; 4_096]] {
        let error = refusal(log.clone(), bytes);
        assert!(matches!(error, SnapshotError::NotASnapshot), "{error}");
    }
}

#[test]
fn any_byte_that_is_changed_missing_or_added_is_found() {
    let (log, snapshot) = written(40);
    assert!(
        (1_000..20_000).contains(&snapshot.len()),
        "{}",
        snapshot.len()
    );
    for place in 0..snapshot.len() {
        let mut changed = snapshot.clone();
        changed[place] ^= 1 << (place % 8);
        let error = refusal(log.clone(), &changed);
        match place {
            0..8 => assert!(matches!(error, SnapshotError::NotASnapshot), "{error}"),
            _ => assert!(matches!(error, SnapshotError::Damaged), "{place}: {error}"),
        }
        let mut added = snapshot.clone();
        added.insert(place, 0);
        refusal(log.clone(), &added);
        refusal(log.clone(), &snapshot[..place]);
    }
    let longer = [&snapshot[..], b"\0"].concat();
    assert!(matches!(refusal(log, &longer), SnapshotError::Damaged));
}

#[test]
fn a_newer_format_is_named() {
    let (log, snapshot) = written(40);
    let mut content = snapshot[..snapshot.len() - 32].to_vec();
    content[8..12].copy_from_slice(&7_u32.to_be_bytes());
    let error = refusal(log, &sealed(&content));
    assert_eq!(
        error.to_string(),
        "the snapshot has format 7, and this release reads up to 2"
    );
}

#[test]
fn a_snapshot_of_another_store_does_not_fit() {
    let (_, snapshot) = written(40);
    let error = refusal(Arc::new(MemoryStore::default()), &snapshot);
    assert!(matches!(error, SnapshotError::DoesNotFit { brand: of } if of == brand(1)));
    // The same history once more, with other positions.
    let (again, _) = written(40);
    let error = refusal(again, &snapshot);
    assert!(matches!(error, SnapshotError::DoesNotFit { .. }), "{error}");
}

#[test]
fn a_snapshot_of_one_event_does_not_fit_a_log_that_began_otherwise() {
    block_on(async {
        let log = Arc::new(MemoryStore::default());
        let job = MintBatchId::new(noon(), [4; 10]);
        let export = ExportId::from_uuid(Uuid::from_u128(1));
        let writer = Writer::new(log.clone(), 1);
        writer.request_export(brand(1), export, job, noon()).await;
        let fold = ReadFold::new(log.clone());
        fold.catch_up().await.unwrap();
        let snapshot = fold.snapshot().unwrap();
        ReadFold::load(log, &snapshot).await.unwrap();

        let other = Arc::new(MemoryStore::default());
        let writer = Writer::new(other.clone(), 2);
        writer.request_export(brand(1), export, job, noon()).await;
        let error = ReadFold::load(other, &snapshot).await.unwrap_err();
        assert!(matches!(error, SnapshotError::DoesNotFit { .. }), "{error}");
    });
}

#[test]
fn a_snapshot_of_a_log_that_was_cut_shorter_does_not_fit() {
    block_on(async {
        let history = history(5, 80).await;
        let page = history.log.read_feed(brand(1), None, PageLimit::MAX);
        let all = page.await.unwrap().events.len() as u64;
        let fold = ReadFold::new(history.store());
        fold.catch_up_brand(brand(1)).await.unwrap();
        let snapshot = fold.snapshot().unwrap();
        for shown in [all, all - 1, all - 2, 1, 0] {
            let cut = Arc::new(LaidOver::new(history.store(), shown));
            let loaded = ReadFold::load(cut, &snapshot).await;
            assert_eq!(loaded.is_ok(), shown == all, "{shown} of {all}");
            if let Err(error) = loaded {
                assert!(matches!(error, SnapshotError::DoesNotFit { .. }), "{error}");
            }
        }
    });
}

#[test]
fn a_snapshot_of_a_log_that_went_on_differently_does_not_fit() {
    block_on(async {
        let export = ExportId::from_uuid(Uuid::from_u128(1));
        let job = MintBatchId::new(noon(), [4; 10]);
        let log = Arc::new(MemoryStore::default());
        let writer = Writer::new(log.clone(), 1);
        writer.request_export(brand(1), export, job, noon()).await;
        writer.complete_export(brand(1), export, noon()).await;
        let fold = ReadFold::new(log.clone());
        fold.catch_up().await.unwrap();
        let snapshot = fold.snapshot().unwrap();

        let same = Watched::changing(log.clone(), |_| ());
        ReadFold::load(Arc::new(same), &snapshot).await.unwrap();
        let went_on = Watched::changing(log, |event| {
            event.event.metadata.event_id = EventId::from_uuid(Uuid::from_u128(7));
        });
        let error = ReadFold::load(Arc::new(went_on), &snapshot).await;
        let error = error.unwrap_err();
        assert!(matches!(error, SnapshotError::DoesNotFit { .. }), "{error}");
    });
}

#[test]
fn a_log_that_fails_for_the_moment_is_another_error() {
    let (log, snapshot) = written(40);
    let failing = LaidOver::new(log, u64::MAX);
    failing.fail();
    let error = refusal(Arc::new(failing), &snapshot);
    assert!(matches!(error, SnapshotError::Unavailable(_)), "{error}");
}

proptest! {
    /// Whoever can make a checksum can make any content. Nothing of it may panic.
    #[test]
    fn hostile_bytes_are_refused_or_loaded(
        places in vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let (log, snapshot) = snapshot_of_everything();
        let mut content = snapshot[..snapshot.len() - 32].to_vec();
        for (place, byte) in places {
            let place = 12 + place.index(content.len() - 12);
            content[place] = byte;
        }
        if let Some(cut) = cut {
            content.truncate(12 + cut.index(content.len() - 12));
        }
        if let Ok(loaded) = block_on(ReadFold::load(log.clone(), &sealed(&content))) {
            loaded.snapshot().unwrap();
            let (query, order) = (EventQuery::default(), Order::NewestFirst);
            let page = loaded.events(brand(1), &query, order, None, PageLimit::MAX);
            let _any_answer = block_on(page);
        }
    }

    #[test]
    fn hostile_lengths_are_refused(len: u64, rest in vec(any::<u8>(), 0..64)) {
        let (log, snapshot) = snapshot_of_everything();
        let content = [&snapshot[..12], &len.to_be_bytes(), &rest].concat();
        let error = refusal(log.clone(), &sealed(&content));
        prop_assert!(matches!(error, SnapshotError::Damaged), "{}", error);
    }
}

fn snapshot_of_everything() -> &'static (Arc<MemoryStore>, Vec<u8>) {
    static WRITTEN: std::sync::OnceLock<(Arc<MemoryStore>, Vec<u8>)> = std::sync::OnceLock::new();
    WRITTEN.get_or_init(|| written(120))
}
