//! A process that ends between the removal of files and the note of it.

use std::sync::Arc;

use dpp_core::export::{ExportEvent, ExportFormat};
use dpp_core::testing::{Faults, FaultyStore};
use dpp_exports::Exporter;
use dpp_exports::storage::PackStorage;
use object_store::memory::InMemory;

use crate::common::World;
use crate::support::within;
use crate::support::{DAY, FaultyStorage, Op, StorageFaults, faulty, make_all, named, paths};

#[tokio::test]
async fn an_expiry_that_is_broken_off_anywhere_is_brought_to_its_end() {
    for seed in 0..40 {
        let world = World::new();
        let batch = world.batch_of(10_001);
        let lying = Arc::new(InMemory::new());
        let slow = FaultyStorage::like_a_cloud(lying.clone(), seed);
        slow.set_faults(StorageFaults::SLOW);
        let storage = PackStorage::of(Arc::new(slow));
        let log = FaultyStore::new(world.log().clone(), seed, Faults::ALLOWED);
        let exporter = Exporter::new(world.exports_on(Arc::new(log)), storage);
        let export = world.ask(&exporter, batch, ExportFormat::Manifest).await;
        make_all(&exporter, "w", world.now()).await;
        world.wait(31 * DAY);
        let mut random = fastrand::Rng::with_seed(seed);
        for attempt in 0..6 {
            let polls = random.u32(0..20) + attempt;
            let (name, now) = (named("end"), world.now());
            within(polls, exporter.expire(&name, now)).await;
            assert_noted_last(&world, export, &lying).await;
        }
        let name = named("end");
        exporter.expire(&name, world.now()).await.unwrap();
        assert!(paths(lying.as_ref()).await.is_empty(), "{seed}");
        let ends = world.story(export).into_iter().rev().take(2);
        let ends: Vec<_> = ends.collect();
        assert!(matches!(ends[0], ExportEvent::FilesRemoved(_)), "{ends:?}");
        assert!(matches!(ends[1], ExportEvent::Expired(_)), "{ends:?}");
    }
}

/// As long as files lie there their removal is not noted, and as long as their time is not noted
/// to be over they lie there.
async fn assert_noted_last(world: &World, export: dpp_core::ExportId, lying: &InMemory) {
    let story = world.story(export);
    let noted = |is: fn(&ExportEvent) -> bool| story.iter().any(is);
    let left = paths(lying).await.len();
    if noted(|event| matches!(event, ExportEvent::FilesRemoved(_))) {
        assert_eq!(left, 0);
    }
    if !noted(|event| matches!(event, ExportEvent::Expired(_))) {
        assert_eq!(left, 2);
    }
}

/// All files are removed, and the process is killed before it notes so.
#[tokio::test]
async fn files_that_are_gone_already_are_noted_by_the_next() {
    let world = World::new();
    let batch = world.batch_of(10);
    let (faulty, storage) = faulty();
    let log = Arc::new(FaultyStore::new(world.log().clone(), 1, Faults::NONE));
    let exporter = Exporter::new(world.exports_on(log.clone()), storage);
    let export = world.ask(&exporter, batch, ExportFormat::Manifest).await;
    make_all(&exporter, "w", world.now()).await;
    world.wait(31 * DAY);
    let (gate, name, now) = (faulty.stop_at(Op::List), named("end"), world.now());
    let expiry = exporter.expire(&name, now);
    let kill = async {
        gate.reached().await;
        log.set_faults(Faults {
            before_commit: 1.0,
            ..Faults::NONE
        });
        gate.open();
    };
    let (expired, ()) = tokio::join!(expiry, kill);
    let expired = expired.unwrap();
    assert_eq!((expired.exports.len(), expired.failed.len()), (0, 1));
    assert!(paths(&faulty).await.is_empty());
    assert!(matches!(
        world.story(export).last(),
        Some(ExportEvent::Expired(_))
    ));
    log.set_faults(Faults::NONE);
    let expired = exporter.expire(&name, world.now()).await.unwrap();
    assert_eq!(expired.exports, [export]);
}

/// Two hosts look at the same time, and each calls it removed: it is noted once.
#[tokio::test]
async fn of_two_that_expire_at_once_one_notes_it() {
    let world = World::new();
    let batch = world.batch_of(10);
    let (faulty, storage) = faulty();
    let (one, other) = (world.exporter(&storage), world.exporter(&storage));
    let export = world.ask(&one, batch, ExportFormat::Manifest).await;
    make_all(&one, "w", world.now()).await;
    world.wait(31 * DAY);
    faulty.set_faults(StorageFaults::SLOW);
    let names = [named("a"), named("b")];
    let (one, other) = tokio::join!(
        one.expire(&names[0], world.now()),
        other.expire(&names[1], world.now()),
    );
    assert_eq!(one.unwrap().exports, [export]);
    assert_eq!(other.unwrap().exports, [export]);
    let story = world.story(export);
    let noted = story.iter().filter(|event| {
        matches!(
            event,
            ExportEvent::Expired(_) | ExportEvent::FilesRemoved(_)
        )
    });
    assert_eq!(noted.count(), 2);
}
