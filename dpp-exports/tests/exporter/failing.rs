//! Storages that fail.

use std::fs;
use std::path::Path;

use dpp_core::export::{ExportFormat, PackStatus};
use dpp_core::{ExportId, Timestamp};
use dpp_exports::storage::{PackStorage, StorageError};
use dpp_exports::{ExportDid, Exporter, ExporterError, PackFailure};
use tempfile::TempDir;

use crate::common::World;
use crate::support::{Fault, Op, assert_whole, faulty, make_all, named, paths};

async fn failing_step(exporter: &Exporter, now: Timestamp) -> PackFailure {
    let mut worker = exporter.worker(named("w"));
    worker.run_once(now).await.unwrap();
    match worker.run_once(now).await.unwrap().did {
        ExportDid::Failed {
            error: ExporterError::PackFailed { source, .. },
            ..
        } => source,
        other => panic!("{other:?}"),
    }
}

/// Why the pack could not be made, as it is listed.
fn listed_reason(world: &World, export: ExportId) -> String {
    let row = world.listed(export).remove(0);
    assert_eq!((row.status, row.path), (PackStatus::Failed, None));
    row.failure.unwrap().to_string()
}

/// After a minute it is tried again, and made.
async fn assert_made_in_the_end(world: &World, exporter: &Exporter, export: ExportId) {
    assert!(make_all(exporter, "soon", world.now()).await.is_empty());
    world.wait(60);
    assert_eq!(make_all(exporter, "later", world.now()).await.len(), 1);
    let files = world.completed(export);
    assert_whole(exporter.storage(), &files).await;
}

#[tokio::test]
async fn a_pack_that_the_storage_does_not_take_fails_with_a_reason_and_is_made_later() {
    let faults = [
        (
            Fault::Denied,
            "the storage refuses to ",
            "the key may only read",
        ),
        (
            Fault::Full,
            "the storage failed to ",
            "no space left on device",
        ),
        (
            Fault::Unreachable,
            "the storage failed to ",
            "connection refused",
        ),
        (Fault::Lost, "the storage failed to ", "the answer got lost"),
    ];
    for (fault, begins, ends) in faults {
        for (op, doing) in [
            (Op::Put, "write"),
            (Op::Get, "look at"),
            (Op::Rename, "name"),
            (Op::Copy, "name"),
            (Op::Delete, "name"),
        ] {
            let world = World::new();
            let batch = world.batch_of(10);
            let (faulty, storage) = faulty();
            let exporter = world.exporter(&storage);
            let export = world.ask(&exporter, batch, ExportFormat::Manifest).await;
            faulty.next(op, fault.clone());
            failing_step(&exporter, world.now()).await;
            assert!(faulty.is_done());
            let told = listed_reason(&world, export);
            let begins = format!("{begins}{doing} `{}/{batch}/{export}/", world.brand());
            assert!(told.starts_with(&begins) && told.ends_with(ends), "{told}");
            assert_made_in_the_end(&world, &exporter, export).await;
            assert_eq!(paths(&faulty).await.len(), 1, "{op:?} {fault:?}");
        }
    }
}

/// The storage says that all is well, and it is not.
#[tokio::test]
async fn a_torn_pack_is_found_out_before_it_is_visible() {
    let world = World::new();
    let batch = world.batch_of(10);
    let (faulty, storage) = faulty();
    let exporter = world.exporter(&storage);
    let export = world.ask(&exporter, batch, ExportFormat::Manifest).await;
    faulty.next(Op::Put, Fault::Torn);
    let failure = failing_step(&exporter, world.now()).await;
    let PackFailure::Storage(StorageError::Torn { found, written, .. }) = failure else {
        panic!("{failure:?}");
    };
    assert_eq!(found, written / 2);
    assert!(paths(&faulty).await.is_empty());
    assert!(listed_reason(&world, export).contains("bytes in the storage"));
    assert_made_in_the_end(&world, &exporter, export).await;
}

/// As root may write wherever it likes, a file stands where a directory should be.
#[tokio::test]
async fn a_directory_that_cannot_be_written_to_fails_the_pack_until_it_is_mended() {
    let world = World::new();
    let batch = world.batch_of(10);
    let directory = TempDir::new().unwrap();
    let storage = PackStorage::directory(directory.path()).unwrap();
    let exporter = world.exporter(&storage);
    let export = world.ask(&exporter, batch, ExportFormat::Manifest).await;
    let in_the_way = directory.path().join(world.brand().to_string());
    fs::write(&in_the_way, "not a directory").unwrap();
    failing_step(&exporter, world.now()).await;
    let told = listed_reason(&world, export);
    let begins = format!("the storage failed to write `{}/{batch}/", world.brand());
    assert!(told.starts_with(&begins), "{told}");
    fs::remove_file(in_the_way).unwrap();
    assert_made_in_the_end(&world, &exporter, export).await;
    assert_no_folder_but_the_packs(directory.path(), &world, export);
}

fn assert_no_folder_but_the_packs(directory: &Path, world: &World, export: ExportId) {
    let file = &world.completed(export)[0];
    let folder = directory.join(file.path.as_str());
    let folder = folder.ancestors().nth(2).unwrap();
    let left: Vec<_> = fs::read_dir(folder).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

/// Each failure in a row makes the export wait for longer, and no other one.
#[tokio::test]
async fn a_storage_that_stays_full_keeps_nobody_busy() {
    let world = World::new();
    let (first, second) = (world.batch_of(10), world.batch_of(10));
    let (faulty, storage) = faulty();
    let exporter = world.exporter(&storage);
    let export = world.ask(&exporter, first, ExportFormat::Manifest).await;
    for minutes in [1, 2, 4, 8] {
        faulty.next(Op::Put, Fault::Full);
        failing_step(&exporter, world.now()).await;
        world.wait(60 * minutes - 1);
        assert!(make_all(&exporter, "w", world.now()).await.is_empty());
        world.wait(1);
    }
    faulty.next(Op::Put, Fault::Full);
    failing_step(&exporter, world.now()).await;
    let other = world.ask(&exporter, second, ExportFormat::Manifest).await;
    let made = make_all(&exporter, "w", world.now()).await;
    assert_eq!(made[0].export, other);
    assert_eq!(world.completed(export), []);
}
