//! Going on behind the last completed pack.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use dpp_core::ExportId;
use dpp_core::export::{ExportFormat, PackFile, PackStatus};
use dpp_exports::storage::PackStorage;
use dpp_exports::{ExportDid, Exporter, Progress};
use tempfile::TempDir;

use crate::common::World;
use crate::support::{Fault, LOCK, Op, assert_whole, faulty, make_all, named, pack};

/// Makes the first pack, and stops there without a word.
async fn make_first(world: &World, exporter: &Exporter) -> Progress {
    let mut worker = exporter.worker(named("first"));
    worker.run_once(world.now()).await.unwrap();
    match worker.run_once(world.now()).await.unwrap().did {
        ExportDid::Made(progress) => progress,
        other => panic!("{other:?}"),
    }
}

/// The bytes of a file, and when they were last changed.
fn seen(directory: &Path, file: &PackFile) -> (Vec<u8>, SystemTime) {
    let path = directory.join(file.path.as_str());
    let changed = fs::metadata(&path).unwrap().modified().unwrap();
    (fs::read(&path).unwrap(), changed)
}

async fn again(world: &World, exporter: &Exporter, export: ExportId, completed: u32) {
    let batch = world.listed(export)[0].mint_batch_id;
    let order = world.order(batch, ExportFormat::Manifest);
    let asked = exporter.request(world.caller(), &order, world.now()).await;
    let answer = asked.unwrap();
    assert_eq!(answer.export_id, export);
    assert!(answer.is_duplicate);
    assert_eq!(answer.completed_packs, completed);
}

#[tokio::test]
async fn a_repeated_request_goes_on_behind_the_last_completed_pack() {
    let world = World::new();
    let batch = world.batch_of(20_001);
    let directory = TempDir::new().unwrap();
    let storage = PackStorage::directory(directory.path()).unwrap();
    let exporter = world.exporter(&storage);
    let export = world.ask(&exporter, batch, ExportFormat::Manifest).await;
    let first = make_first(&world, &exporter).await.file;
    let before = seen(directory.path(), &first);

    again(&world, &exporter, export, 1).await;
    assert!(make_all(&exporter, "second", world.now()).await.is_empty());
    world.wait(LOCK);
    again(&world, &exporter, export, 1).await;
    let made = make_all(&exporter, "second", world.now()).await;

    let numbers: Vec<_> = made.iter().map(|made| made.pack.get()).collect();
    assert_eq!(numbers, [2, 3]);
    assert_eq!(seen(directory.path(), &first), before);
    let files = world.completed(export);
    assert_eq!((files.len(), &files[0]), (3, &first));
    assert_whole(&storage, &files).await;
    again(&world, &exporter, export, 3).await;
    assert!(make_all(&exporter, "third", world.now()).await.is_empty());
    assert_eq!(seen(directory.path(), &first), before);
}

#[tokio::test]
async fn an_export_whose_pack_failed_goes_on_with_that_pack() {
    let world = World::new();
    let batch = world.batch_of(20_001);
    let (faulty, storage) = faulty();
    let exporter = world.exporter(&storage);
    let export = world.ask(&exporter, batch, ExportFormat::Manifest).await;
    let first = make_first(&world, &exporter).await.file;
    world.wait(LOCK);
    faulty.next(Op::Put, Fault::Full);
    let mut worker = exporter.worker(named("second"));
    worker.run_once(world.now()).await.unwrap();
    let step = worker.run_once(world.now()).await.unwrap();
    assert!(matches!(&step.did, ExportDid::Failed { pack: of, .. } if *of == pack(2)));
    assert_eq!(worker.holds(), None);
    assert_eq!(world.listed(export)[1].status, PackStatus::Failed);

    again(&world, &exporter, export, 1).await;
    world.wait(61);
    let made = make_all(&exporter, "third", world.now()).await;
    assert_eq!(made.len(), 2);
    let files = world.completed(export);
    assert_eq!((files.len(), &files[0]), (3, &first));
    assert_whole(&storage, &files).await;
}

#[tokio::test]
async fn a_worker_that_lets_go_makes_room_at_once() {
    let world = World::new();
    let batch = world.batch_of(10_001);
    let exporter = world.exporter(&PackStorage::memory());
    world.ask(&exporter, batch, ExportFormat::Manifest).await;
    let mut worker = exporter.worker(named("first"));
    worker.run_once(world.now()).await.unwrap();
    assert!(make_all(&exporter, "second", world.now()).await.is_empty());
    worker.let_go(world.now()).await.unwrap();
    assert_eq!(worker.holds(), None);
    worker.let_go(world.now()).await.unwrap();
    assert_eq!(make_all(&exporter, "second", world.now()).await.len(), 2);
}
