//! Whoever makes an export is broken off somewhere, and somebody starts again.

use std::sync::Arc;

use dpp_core::export::{ExportFormat, Sha256Digest};
use dpp_core::testing::{Faults, FaultyStore};
use dpp_core::{ExportId, identity::MintBatchId};
use dpp_exports::storage::PackStorage;
use dpp_exports::{ExportDid, Exporter};
use object_store::memory::InMemory;
use tempfile::TempDir;

use crate::common::World;
use crate::support::{
    Fault, FaultyStorage, LOCK, Op, StorageFaults, assert_whole, faulty, make_all, named, paths,
    within,
};

const FORMATS: [ExportFormat; 2] = [ExportFormat::Manifest, ExportFormat::QrBundle];

/// A process whose log and storage give way often, so that it can be broken off in many places.
fn slow(world: &World, seed: u64) -> (Exporter, Arc<InMemory>) {
    let log = FaultyStore::new(world.log().clone(), seed, Faults::ALLOWED);
    let lying = Arc::new(InMemory::new());
    let slow = FaultyStorage::like_a_cloud(lying.clone(), seed);
    slow.set_faults(StorageFaults::SLOW);
    let storage = PackStorage::of(Arc::new(slow));
    let exporter = Exporter::new(world.exports_on(Arc::new(log)), storage);
    (exporter, lying)
}

fn digests(world: &World, export: ExportId) -> Vec<Sha256Digest> {
    let files = world.completed(export).into_iter();
    files.map(|file| file.sha256).collect()
}

/// The recorded files lie there, and nothing else does.
async fn assert_nothing_left(world: &World, export: ExportId, lying: &InMemory) {
    let files = world.completed(export);
    let mut recorded: Vec<_> = files.iter().map(|file| file.path.to_string()).collect();
    recorded.sort();
    assert_eq!(paths(lying).await, recorded);
}

async fn made_whole(batch_units: u64, format: ExportFormat) -> Vec<Sha256Digest> {
    let world = World::new();
    let batch = world.batch_of(batch_units);
    let exporter = world.exporter(&PackStorage::memory());
    let export = world.ask(&exporter, batch, format).await;
    make_all(&exporter, "w", world.now()).await;
    digests(&world, export)
}

async fn broken_off(
    world: &World,
    batch: MintBatchId,
    format: ExportFormat,
    seed: u64,
) -> ExportId {
    let mut random = fastrand::Rng::with_seed(seed);
    let (exporter, lying) = slow(world, seed);
    let export = world.ask(&exporter, batch, format).await;
    let (caller, brand, name) = (world.caller(), world.brand(), named("w"));
    for attempt in 0.. {
        let polls = random.u32(0..40) + attempt;
        let clock = || world.now();
        let made = exporter.generate(caller, brand, export, &name, clock, |_| {});
        if let Some(files) = within(polls, made).await {
            assert_eq!(files.unwrap(), world.completed(export), "{seed}");
            break;
        }
    }
    assert_whole(exporter.storage(), &world.completed(export)).await;
    assert_nothing_left(world, export, &lying).await;
    export
}

#[tokio::test]
async fn an_export_that_is_broken_off_anywhere_and_started_again_has_the_same_files() {
    for format in FORMATS {
        let units = match format {
            ExportFormat::QrBundle => 60,
            _ => 10_001,
        };
        let whole = made_whole(units, format).await;
        for seed in 0..25 {
            let world = World::new();
            let batch = world.batch_of(units);
            let export = broken_off(&world, batch, format, seed).await;
            assert_eq!(digests(&world, export), whole, "{format} {seed}");
        }
    }
}

/// Each time another worker has to wait for the lock.
#[tokio::test]
async fn workers_that_are_broken_off_anywhere_leave_their_export_to_others() {
    let whole = made_whole(10_001, ExportFormat::Manifest).await;
    for seed in 0..25 {
        let world = World::new();
        let batch = world.batch_of(10_001);
        let mut random = fastrand::Rng::with_seed(seed);
        let (exporter, lying) = slow(&world, seed);
        let export = world.ask(&exporter, batch, ExportFormat::Manifest).await;
        for attempt in 0..40 {
            world.wait(LOCK);
            let mut worker = exporter.worker(named(&format!("w-{attempt}")));
            let polls = random.u32(0..80);
            let now = world.now();
            let steps = async {
                while !matches!(worker.run_once(now).await.unwrap().did, ExportDid::Nothing) {}
            };
            within(polls, steps).await;
        }
        world.wait(LOCK);
        make_all(&exporter, "last", world.now()).await;
        assert_eq!(digests(&world, export), whole, "{seed}");
        assert_whole(exporter.storage(), &world.completed(export)).await;
        let lying = paths(lying.as_ref()).await;
        let packs = lying.iter().filter(|path| !path.contains("/tmp/"));
        assert_eq!(packs.count(), 2, "{lying:?}");
    }
}

/// The bundle is long enough to be written in parts.
#[tokio::test]
async fn a_bundle_in_parts_that_is_broken_off_leaves_nothing_in_its_directory() {
    let world = World::new();
    let batch = world.batch_of(10_000);
    let directory = TempDir::new().unwrap();
    let exporter = world.exporter(&PackStorage::directory(directory.path()).unwrap());
    let export = world.ask(&exporter, batch, ExportFormat::QrBundle).await;
    let (caller, brand, name) = (world.caller(), world.brand(), named("w"));
    for polls in 2..8 {
        let clock = || world.now();
        let made = exporter.generate(caller, brand, export, &name, clock, |_| {});
        within(polls, made).await;
    }
    let clock = || world.now();
    let made = exporter.generate(caller, brand, export, &name, clock, |_| {});
    let files = made.await.unwrap();
    assert!(files[0].bytes > 8 << 20, "{files:?}");
    assert_whole(exporter.storage(), &files).await;
    let folder = directory.path().join(files[0].path.as_str());
    let folder = folder.ancestors().nth(2).unwrap();
    let left = std::fs::read_dir(folder).unwrap().count();
    assert_eq!(left, 1);
}

/// The parts of a bucket cost until somebody gives them up.
#[tokio::test]
async fn a_bundle_in_parts_that_fails_gives_its_parts_up() {
    let world = World::new();
    let batch = world.batch_of(10_000);
    let (faulty, storage) = faulty();
    let exporter = world.exporter(&storage);
    let export = world.ask(&exporter, batch, ExportFormat::QrBundle).await;
    for (aborted, op) in (1..).zip([Op::Part, Op::Complete]) {
        faulty.next(op, Fault::Unreachable);
        let (caller, brand, name, clock) =
            (world.caller(), world.brand(), named("w"), || world.now());
        let made = exporter.generate(caller, brand, export, &name, clock, |_| {});
        let error = made.await.unwrap_err().to_string();
        assert!(error.contains("failed to write `"), "{error}");
        assert_eq!(faulty.tally().aborted, aborted);
        assert!(paths(&faulty).await.is_empty());
    }
    world.wait(LOCK);
    assert_eq!(make_all(&exporter, "w", world.now()).await.len(), 1);
    assert_whole(&storage, &world.completed(export)).await;
}
