//! Which export a worker takes, over all brands.

use std::sync::Arc;
use std::time::Duration;

use super::support::*;
use crate::support::*;
use crate::watched::Watched;
use dpp_core::export::{EXPORT_RETRY, ExportFormat};
use dpp_core::mint::MintRequest;
use dpp_core::read::ReadFold;
use dpp_core::service::{ExportError, ExportRequest, ExportService, Settings};
use dpp_core::store::EventStore;
use dpp_core::store::log::{EventType, StreamKind};
use dpp_core::{BrandId, ExportId, WorkerName};
use futures::executor::block_on;

fn taken(world: &World, worker: &str, second: u64) -> Option<ExportId> {
    world.take(worker, second).map(|held| held.id())
}

/// An export of a batch of brand 2.
fn foreign(world: &World, second: u64) -> ExportId {
    let request = MintRequest {
        brand_id: brand(2),
        ..serials(9, 5)
    };
    let caller = owner(brand(2));
    let submitted = block_on(world.service.submit(&caller, request, noon())).unwrap();
    block_on(work_off(&world.service, noon()));
    let batch = submitted.batch().unwrap();
    let request = ExportRequest::of(brand(2), batch, ExportFormat::Manifest);
    world.asked(&request, second)
}

#[test]
fn exports_are_taken_oldest_first_over_all_brands() {
    let world = batch_of(10);
    let expected = [
        world.asked(&world.of(ExportFormat::QrBundle), 1),
        foreign(&world, 2),
        world.asked(&world.manifest(), 3),
    ];
    for id in expected {
        assert_eq!(taken(&world, "a", 4), Some(id));
    }
    assert_eq!(taken(&world, "a", 4), None);
}

#[test]
fn what_a_worker_takes_is_noted_under_its_name_and_not_that_of_a_person() {
    let world = batch_of(10);
    let id = foreign(&world, 0);
    let held = world.take("a", 1).unwrap();
    assert_eq!((held.brand(), held.id()), (brand(2), id));
    let page = world
        .store
        .read_feed(brand(2), None, dpp_core::PageLimit::MAX);
    let events = block_on(page).unwrap().events;
    let actor = &events.last().unwrap().event.metadata.actor;
    assert_eq!(actor.to_string(), "worker:a");
}

#[test]
fn what_is_held_completed_or_over_is_not_taken() {
    let world = batch_of(10);
    let id = world.asked(&world.manifest(), 0);
    assert_eq!(taken(&world, "a", 1), Some(id));
    for worker in ["a", "b"] {
        assert_eq!(taken(&world, worker, LOCK), None);
    }
    assert_eq!(taken(&world, "b", LOCK + 1), Some(id));
    world.make(id, "b", LOCK + 2);
    assert_eq!(taken(&world, "b", LOCK + 3), None);
    world.asked(&world.of(ExportFormat::QrBundle), LOCK + 3);
    assert_eq!(taken(&world, "b", LOCK + 3 + 30 * DAY), None);
}

#[test]
fn an_export_that_failed_rests_before_it_is_taken_again_each_time_longer() {
    let world = batch_of(10);
    let id = world.asked(&world.manifest(), 0);
    let later = world.asked(&world.of(ExportFormat::QrBundle), 1);
    let mut second = 10;
    for round in 0..3 {
        let mut held = world.take("a", second).unwrap();
        assert_eq!(held.id(), id);
        world.start(&mut held, second).unwrap();
        world.fail(held, 1, "the disk is full", second).unwrap();
        second += EXPORT_RETRY.as_secs() << round;
        let other = world.take("a", second - 1).unwrap();
        assert_eq!(other.id(), later);
        world.release(other, second - 1);
    }
    assert_eq!(taken(&world, "a", second), Some(id));
}

#[test]
fn one_that_cannot_be_taken_does_not_keep_those_behind_it_back() {
    let world = batch_of(10);
    let held = world.asked(&world.manifest(), 0);
    world.asked(&world.with_profile("zebra"), 1);
    let behind = world.asked(&world.of(ExportFormat::QrBundle), 2);
    world.hold(held, "a", 3).unwrap();
    assert_eq!(taken(&world, "b", 4), Some(behind));
    assert_eq!(taken(&world, "b", 4), None);
}

#[test]
fn any_number_that_cannot_be_taken_does_not_keep_those_behind_them_back() {
    let world = batch_of(10);
    let held = world.asked(&world.manifest(), 0);
    for number in 0..80 {
        world.asked(&world.with_profile(&format!("p{number}")), 1);
    }
    let behind = world.asked(&world.of(ExportFormat::QrBundle), 2);
    world.hold(held, "a", 3).unwrap();
    assert_eq!(taken(&world, "b", 4), Some(behind));
}

/// To find out that a batch and format is taken costs the same for one export of it and for many.
#[test]
fn what_cannot_be_taken_costs_a_worker_no_more_for_being_many() {
    let costs = |exports: u64| {
        let world = batch_of(10);
        let held = world.asked(&world.manifest(), 0);
        for number in 0..exports {
            world.asked(&world.with_profile(&format!("p{number}")), 1);
        }
        world.hold(held, "a", 3).unwrap();
        let watched = Arc::new(Watched::new(world.store.clone(), |_| false));
        let exports = exports_on(watched.clone(), 7);
        assert!(take_by(&exports, "b", 4).unwrap().is_none());
        let before = watched.streams_read();
        assert!(take_by(&exports, "b", 5).unwrap().is_none());
        watched.streams_read() - before
    };
    assert!(costs(20) <= costs(2) + 20, "{} {}", costs(20), costs(2));
}

fn take_by(
    exports: &ExportService,
    worker: &str,
    second: u64,
) -> Result<Option<ExportId>, ExportError> {
    let held = block_on(exports.take(&named(worker), at(second)))?;
    Ok(held.map(|held| held.id()))
}

/// A log in which the events of one export's stream are unreadable, beside reads that know
/// nothing of it.
fn with_damaged(world: &World, damaged: ExportId) -> ExportService {
    let log = Watched::changing(world.store.clone(), move |recorded| {
        if recorded.stream.kind() == StreamKind::Export && recorded.stream.id() == damaged.as_uuid()
        {
            recorded.event.event_type = EventType::new("export_forgotten");
        }
    });
    let reads = Arc::new(ReadFold::new(world.store.clone()));
    ExportService::new(Arc::new(log), reads, host(7), &Settings::default())
}

#[test]
fn what_stopped_a_worker_is_told_when_there_is_nothing_else_to_take() {
    let world = batch_of(10);
    let damaged = world.asked(&world.manifest(), 0);
    let whole = world.asked(&world.of(ExportFormat::QrBundle), 1);
    let exports = with_damaged(&world, damaged);
    assert_eq!(take_by(&exports, "a", 2).unwrap(), Some(whole));
    let error = take_by(&exports, "a", 2).unwrap_err();
    assert!(error.to_string().contains(&damaged.to_string()), "{error}");
}

fn garbled(of: BrandId, store: Arc<dyn EventStore>) -> ExportService {
    let log = Watched::changing(store, move |recorded| {
        if recorded.event.metadata.actor.to_string() == format!("worker:of-{of}") {
            recorded.event.event_type = EventType::new("export_forgotten");
        }
    });
    exports_on(Arc::new(log), 7)
}

#[test]
fn a_brand_that_cannot_be_read_does_not_keep_the_others_back() {
    let world = batch_of(10);
    let id = world.asked(&world.manifest(), 0);
    let other = foreign(&world, 1);
    let name = WorkerName::parse(&format!("of-{}", brand(1))).unwrap();
    let held = block_on(world.exports.take(&name, at(1))).unwrap().unwrap();
    assert_eq!(held.id(), id);
    world.release(held, 1);
    let exports = garbled(brand(1), world.store.clone());
    assert_eq!(take_by(&exports, "a", 2).unwrap(), Some(other));
    let error = take_by(&exports, "a", 2).unwrap_err();
    assert!(matches!(error, ExportError::Reads(_)), "{error:?}");
}

#[test]
fn workers_that_take_at_once_share_what_there_is() {
    for seed in 0..20 {
        let world = batch_of(10);
        let formats = [
            ExportFormat::Manifest,
            ExportFormat::QrManifest,
            ExportFormat::NfcManifest,
        ];
        let mut expected: Vec<_> = formats
            .map(|format| world.asked(&world.of(format), 0))
            .into();
        let start = std::sync::Barrier::new(6);
        let mut taken: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..6)
                .map(|number| {
                    let exports = exports_on(world.store.clone(), 100 + 10 * seed + number);
                    let start = &start;
                    scope.spawn(move || {
                        start.wait();
                        take_by(&exports, &format!("w{number}"), 1).unwrap()
                    })
                })
                .collect();
            let answers = threads.into_iter().map(|one| one.join().unwrap());
            answers.flatten().collect()
        });
        taken.sort();
        expected.sort();
        assert_eq!(taken, expected);
        world.check_laws();
    }
}

#[test]
fn idle_exports_of_a_host_with_nothing_are_none() {
    let store = Arc::new(dpp_store_memory::MemoryStore::default());
    let exports = exports_on(store, 1);
    assert_eq!(take_by(&exports, "a", 0).unwrap(), None);
    let limit = dpp_core::PageLimit::MAX;
    let due = block_on(exports.expiring(noon().after(Duration::from_secs(1)), limit)).unwrap();
    assert!(due.exports.is_empty() && due.unreadable.is_empty());
}
