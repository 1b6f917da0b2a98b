//! Many workers on many exports.

use std::collections::BTreeSet;

use dpp_core::ExportId;
use dpp_core::Timestamp;
use dpp_core::export::ExportFormat;
use dpp_exports::storage::PackStorage;
use dpp_exports::{ExportDid, Exporter};

use crate::common::World;
use crate::support::{assert_whole, named};

const FORMATS: [ExportFormat; 3] = [
    ExportFormat::Manifest,
    ExportFormat::NfcManifest,
    ExportFormat::RfidManifest,
];

/// Works until all packs are made, and tells which it made.
async fn work(exporter: Exporter, name: String, now: Timestamp) -> Vec<(ExportId, u32)> {
    let mut worker = exporter.worker(named(&name));
    let mut made = Vec::new();
    loop {
        match worker.run_once(now).await.unwrap().did {
            ExportDid::Nothing => return made,
            ExportDid::Made(progress) => made.push((progress.export, progress.pack.get())),
            ExportDid::Took(_) | ExportDid::LetGo(_) => {}
            other @ ExportDid::Failed { .. } => panic!("{other:?}"),
        }
    }
}

async fn all_made(exporters: Vec<Exporter>, world: &World, storage: &PackStorage) {
    let mut exports = Vec::new();
    for units in [1, 9_999, 10_000, 10_001, 20_001] {
        let batch = world.batch_of(units);
        for format in FORMATS {
            exports.push(world.ask(&exporters[0], batch, format).await);
        }
    }
    let names = (1..).map(|number| format!("w-{number}"));
    let at_work: Vec<_> = exporters
        .into_iter()
        .zip(names)
        .map(|(exporter, name)| tokio::spawn(work(exporter, name, world.now())))
        .collect();
    let mut made = Vec::new();
    for worker in at_work {
        made.extend(worker.await.unwrap());
    }
    let once: BTreeSet<_> = made.iter().copied().collect();
    assert_eq!(once.len(), made.len(), "{made:?}");
    assert_eq!(made.len(), 3 * (1 + 1 + 1 + 2 + 3));
    for export in exports {
        let files = world.completed(export);
        assert_eq!(files.len(), world.listed(export).len());
        assert_whole(storage, &files).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn workers_of_one_process_make_every_pack_once() {
    let world = World::new();
    let storage = PackStorage::memory();
    let exporter = world.exporter(&storage);
    all_made(vec![exporter; 6], &world, &storage).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn workers_of_many_processes_make_every_pack_once() {
    let world = World::new();
    let directory = tempfile::TempDir::new().unwrap();
    let storage = PackStorage::directory(directory.path()).unwrap();
    let exporters = (0..4).map(|_| world.exporter(&storage)).collect();
    all_made(exporters, &world, &storage).await;
}
