//! Files go when their time is over, and their history stays.

use std::fs;

use dpp_core::ExportId;
use dpp_core::export::{ExportFormat, ExportRejection, PackStatus};
use dpp_exports::storage::{PackStorage, StorageError};
use dpp_exports::{Exporter, ExporterError};
use tempfile::TempDir;

use crate::common::World;
use crate::support::{DAY, Fault, LOCK, Op, assert_whole, faulty, make_all, named, paths};
use crate::support::{pack, try_content};

async fn expire(world: &World, exporter: &Exporter) -> Vec<ExportId> {
    let expired = exporter.expire(&named("end"), world.now()).await.unwrap();
    assert!(
        expired.failed.is_empty() && expired.unreadable.is_empty(),
        "{expired:?}"
    );
    expired.exports
}

async fn made(world: &World, exporter: &Exporter, units: u64) -> ExportId {
    let batch = world.batch_of(units);
    let export = world.ask(exporter, batch, ExportFormat::Manifest).await;
    make_all(exporter, "w", world.now()).await;
    export
}

fn types(world: &World, export: ExportId) -> Vec<String> {
    let events = world.story(export).into_iter();
    let shown = events.map(|event| format!("{event:?}"));
    let names = shown.map(|event| event.split('(').next().unwrap().to_owned());
    names.collect()
}

#[tokio::test]
async fn a_file_is_gone_after_30_days_and_its_history_is_not() {
    let world = World::new();
    let (faulty, storage) = faulty();
    let exporter = world.exporter(&storage);
    let export = made(&world, &exporter, 10_001).await;
    let files = world.completed(export);
    world.wait(30 * DAY - 1);
    assert!(expire(&world, &exporter).await.is_empty());
    assert_whole(&storage, &files).await;

    world.wait(2);
    let before = world.story(export);
    assert_eq!(expire(&world, &exporter).await, [export]);
    for file in &files {
        let gone = try_content(&storage, file).await;
        assert!(matches!(gone, Err(StorageError::NotFound { .. })));
    }
    assert!(paths(&faulty).await.is_empty());
    let after = world.story(export);
    assert_eq!(after[..before.len()], before);
    assert_eq!(
        types(&world, export)[before.len()..],
        ["Expired", "FilesRemoved"]
    );
    let rows = world.listed(export);
    assert!(rows.iter().all(|row| row.status == PackStatus::Expired));
    let told: Vec<_> = rows.into_iter().map(|row| row.path.unwrap()).collect();
    assert!(told.iter().eq(files.iter().map(|file| &file.path)));
    assert!(expire(&world, &exporter).await.is_empty());
    assert_eq!(world.story(export), after);
}

#[tokio::test]
async fn the_30_days_begin_when_the_last_pack_was_made() {
    let world = World::new();
    let exporter = world.exporter(&PackStorage::memory());
    let batch = world.batch_of(10_001);
    let export = world.ask(&exporter, batch, ExportFormat::Manifest).await;
    let mut worker = exporter.worker(named("w"));
    worker.run_once(world.now()).await.unwrap();
    worker.run_once(world.now()).await.unwrap();
    world.wait(20 * DAY);
    make_all(&exporter, "w", world.now()).await;
    world.wait(29 * DAY);
    assert!(expire(&world, &exporter).await.is_empty());
    assert_whole(exporter.storage(), &world.completed(export)).await;
    world.wait(DAY);
    assert_eq!(expire(&world, &exporter).await, [export]);
}

#[tokio::test]
async fn a_half_made_export_goes_with_what_there_is_of_it() {
    let world = World::new();
    let (faulty, storage) = faulty();
    let exporter = world.exporter(&storage);
    let batch = world.batch_of(10_001);
    let export = world.ask(&exporter, batch, ExportFormat::Manifest).await;
    let mut worker = exporter.worker(named("w"));
    worker.run_once(world.now()).await.unwrap();
    worker.run_once(world.now()).await.unwrap();
    world.wait(30 * DAY);
    assert_eq!(expire(&world, &exporter).await, [export]);
    assert!(paths(&faulty).await.is_empty());
    let step = worker.run_once(world.now()).await.unwrap();
    assert!(
        matches!(step.did, dpp_exports::ExportDid::LetGo(_)),
        "{step:?}"
    );
    assert!(make_all(&exporter, "w", world.now()).await.is_empty());
}

#[tokio::test]
async fn a_link_to_what_expired_is_refused_with_its_reason() {
    let world = World::new();
    let exporter = world
        .exporter(&PackStorage::memory())
        .with_links(super::download::signer());
    let export = made(&world, &exporter, 10).await;
    world.wait(31 * DAY);
    for _ in 0..2 {
        let (caller, brand) = (world.caller(), world.brand());
        let link = exporter.download_link(caller, brand, export, pack(1), world.now());
        let ExporterError::Export(error) = link.await.unwrap_err() else {
            panic!("not refused");
        };
        let expired = matches!(error.rejection(), Some(ExportRejection::Expired { .. }));
        assert!(expired, "{error:?}");
        expire(&world, &exporter).await;
    }
}

/// Of two exports one cannot be removed: the other is, and it is tried again.
#[tokio::test]
async fn what_cannot_be_removed_is_told_and_tried_again() {
    for op in [Op::Delete, Op::List] {
        let world = World::new();
        let (faulty, storage) = faulty();
        let exporter = world.exporter(&storage);
        let first = made(&world, &exporter, 10).await;
        world.wait(1);
        let second = made(&world, &exporter, 10).await;
        world.wait(31 * DAY);
        faulty.next(op, Fault::Unreachable);
        let expired = exporter.expire(&named("end"), world.now()).await.unwrap();
        assert_eq!(expired.exports, [second]);
        let (of, error) = &expired.failed[0];
        assert_eq!((*of, expired.failed.len()), (first, 1));
        assert!(error.to_string().ends_with("connection refused"), "{error}");
        assert_eq!(types(&world, first).last().unwrap(), "Expired");
        assert_eq!(expire(&world, &exporter).await, [first]);
        assert_eq!(types(&world, first).last().unwrap(), "FilesRemoved");
        assert!(paths(&faulty).await.is_empty());
    }
}

#[tokio::test]
async fn nothing_is_removed_that_another_export_or_batch_has() {
    let world = World::new();
    let directory = TempDir::new().unwrap();
    let storage = PackStorage::directory(directory.path()).unwrap();
    let exporter = world.exporter(&storage);
    let first = made(&world, &exporter, 10).await;
    world.wait(DAY);
    let batch = world.listed(first)[0].mint_batch_id;
    let beside = world.ask(&exporter, batch, ExportFormat::NfcManifest).await;
    let elsewhere = made(&world, &exporter, 10).await;
    world.wait(29 * DAY + LOCK);
    assert_eq!(expire(&world, &exporter).await, [first]);
    for export in [beside, elsewhere] {
        assert_whole(&storage, &world.completed(export)).await;
    }
    let folder = directory.path().join(format!("{}/{batch}", world.brand()));
    let left: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|left| left.unwrap())
        .collect();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].file_name().to_string_lossy(), beside.to_string());
}
