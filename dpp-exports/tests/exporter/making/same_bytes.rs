//! A pack has the same bytes by whomever, whenever and wherever it is made.

use dpp_core::export::{ExportFormat, Sha256Digest};
use dpp_core::{ExportId, identity::MintBatchId};
use dpp_exports::storage::PackStorage;
use dpp_exports::table::TableLayout;
use dpp_exports::{ExportDid, sha256};
use object_store::memory::InMemory;
use std::sync::Arc;
use tempfile::TempDir;

use crate::common::World;
use crate::support::{
    DAY, FORMATS, FaultyStorage, LOCK, StorageFaults, assert_whole, make_all, named,
};

const UNITS: u64 = 10_020;

/// The same world each time it is made: its clock and entropy are fixed.
fn world() -> (World, MintBatchId) {
    let world = World::new();
    let batch = world.batch_of(UNITS);
    (world, batch)
}

fn digests(world: &World, export: ExportId) -> Vec<Sha256Digest> {
    let files = world.completed(export).into_iter();
    files.map(|file| file.sha256).collect()
}

async fn made_at_once(format: ExportFormat) -> Vec<Sha256Digest> {
    let (world, batch) = world();
    let exporter = world.exporter(&PackStorage::memory());
    let export = world.ask(&exporter, batch, format).await;
    make_all(&exporter, "w", world.now()).await;
    digests(&world, export)
}

/// Pack by pack, each by another worker of another process after the lock of the one before ran
/// out, with a storage in a directory that is slow.
async fn made_with_stops(format: ExportFormat) -> Vec<Sha256Digest> {
    let (world, batch) = world();
    let directory = TempDir::new().unwrap();
    let kept = object_store::local::LocalFileSystem::new_with_prefix(directory.path()).unwrap();
    let slow = FaultyStorage::like_a_directory(Arc::new(kept), 7);
    slow.set_faults(StorageFaults::SLOW);
    let export = world
        .ask(&world.exporter(&PackStorage::memory()), batch, format)
        .await;
    for number in 1..=2 {
        world.wait(LOCK);
        let storage = PackStorage::of(Arc::new(slow.clone()));
        let exporter = world.exporter(&storage);
        let mut worker = exporter.worker(named(&format!("w-{number}")));
        worker.run_once(world.now()).await.unwrap();
        let step = worker.run_once(world.now()).await.unwrap();
        assert!(matches!(step.did, ExportDid::Made(_)), "{step:?}");
    }
    let lying = PackStorage::directory(directory.path()).unwrap();
    assert_whole(&lying, &world.completed(export)).await;
    digests(&world, export)
}

#[tokio::test]
async fn other_workers_processes_and_storages_make_the_same_bytes() {
    for format in FORMATS {
        let at_once = made_at_once(format).await;
        assert_eq!(at_once.len(), 2);
        assert_eq!(made_with_stops(format).await, at_once, "{format}");
    }
}

/// The first was made and expired before the second was asked for.
#[tokio::test]
async fn a_later_export_of_the_same_has_the_same_bytes() {
    let (world, batch) = world();
    let storage = PackStorage::memory();
    let exporter = world.exporter(&storage);
    for format in [ExportFormat::Manifest, ExportFormat::NfcManifest] {
        let first = world.ask(&exporter, batch, format).await;
        make_all(&exporter, "w", world.now()).await;
        world.wait(31 * DAY);
        let second = world.ask(&exporter, batch, format).await;
        assert_ne!(first, second);
        make_all(&exporter, "w", world.now()).await;
        assert_eq!(digests(&world, first), digests(&world, second), "{format}");
        let (old, new) = (world.completed(first), world.completed(second));
        assert!(old.iter().zip(&new).all(|(old, new)| old.path != new.path));
    }
}

#[tokio::test]
async fn a_table_is_what_its_layout_writes() {
    let (world, batch) = world();
    let units = world.units(batch);
    for format in [ExportFormat::Manifest, ExportFormat::RfidManifest] {
        let layout = TableLayout::of_format(format).unwrap();
        let written = world.packs(&units).into_iter().map(|pack| {
            let mut bytes = Vec::new();
            layout.write(&pack, &mut bytes).unwrap();
            sha256(&bytes)
        });
        assert_eq!(made_at_once(format).await, written.collect::<Vec<_>>());
    }
}

/// A host that counts its memory may give a bundle more threads.
#[tokio::test]
async fn threads_change_nothing_of_a_bundle() {
    let (world, batch) = world();
    let storage = PackStorage::of(Arc::new(InMemory::new()));
    let threads = std::num::NonZeroUsize::new(3).unwrap();
    let exporter = world.exporter(&storage).with_threads(threads);
    let export = world.ask(&exporter, batch, ExportFormat::QrBundle).await;
    make_all(&exporter, "w", world.now()).await;
    let at_once = made_at_once(ExportFormat::QrBundle).await;
    assert_eq!(digests(&world, export), at_once);
}
