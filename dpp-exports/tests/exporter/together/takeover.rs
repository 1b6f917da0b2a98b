//! What a fault of the log leaves open, and who goes on then.

use std::sync::Arc;

use dpp_core::export::ExportFormat;
use dpp_core::testing::{Faults, FaultyStore};
use dpp_exports::storage::PackStorage;
use dpp_exports::{ExportDid, Exporter, ExporterError};

use crate::common::World;
use crate::support::{assert_whole, make_all, named};

const AWAY: Faults = Faults {
    before_commit: 1.0,
    read: 1.0,
    ..Faults::NONE
};

/// It made the commit, and nothing can be asked afterwards.
const LOST: Faults = Faults {
    after_commit: 1.0,
    read: 1.0,
    ..Faults::NONE
};

async fn made_around(faults: Faults) {
    let world = World::new();
    let batch = world.batch_of(20_001);
    let log = Arc::new(FaultyStore::new(world.log().clone(), 1, Faults::NONE));
    let storage = PackStorage::memory();
    let exporter = Exporter::new(world.exports_on(log.clone()), storage.clone());
    let export = world.ask(&exporter, batch, ExportFormat::Manifest).await;
    let mut worker = exporter.worker(named("w"));
    worker.run_once(world.now()).await.unwrap();
    for _ in 0..3 {
        log.set_faults(faults);
        for _ in 0..2 {
            let error = worker.run_once(world.now()).await.unwrap_err();
            assert!(matches!(error, ExporterError::Export(_)), "{error:?}");
            assert_eq!(worker.holds(), Some(export));
        }
        log.set_faults(Faults::NONE);
        let step = worker.run_once(world.now()).await.unwrap();
        assert!(matches!(step.did, ExportDid::Made(_)), "{step:?}");
    }
    let files = world.completed(export);
    assert_eq!(files.len(), 3);
    assert_whole(&storage, &files).await;
}

/// Otherwise all others would have to wait for the lock, for 10 minutes.
#[tokio::test]
async fn a_worker_whose_log_was_away_goes_on_with_what_it_holds() {
    made_around(AWAY).await;
    made_around(LOST).await;
}

/// The second commit from the end is the last pack's: the answer to it is lost, but it was made.
#[tokio::test]
async fn a_pack_whose_completion_was_not_told_is_not_made_again() {
    let world = World::new();
    let batch = world.batch_of(20_001);
    let storage = PackStorage::memory();
    let (faulty, slow) = crate::support::faulty();
    let log = Arc::new(FaultyStore::new(world.log().clone(), 1, Faults::NONE));
    let exporter = Exporter::new(world.exports_on(log.clone()), slow);
    let export = world.ask(&exporter, batch, ExportFormat::Manifest).await;
    let mut worker = exporter.worker(named("w"));
    worker.run_once(world.now()).await.unwrap();
    for completed in 1..=3 {
        let gate = faulty.stop_at(crate::support::Op::Rename);
        let step = worker.run_once(world.now());
        let lose = async {
            gate.reached().await;
            log.set_faults(LOST);
            gate.open();
        };
        let (step, ()) = tokio::join!(step, lose);
        step.unwrap_err();
        log.set_faults(Faults::NONE);
        assert_eq!(world.completed(export).len(), completed);
    }
    let step = worker.run_once(world.now()).await.unwrap();
    assert!(matches!(step.did, ExportDid::LetGo(_)), "{step:?}");
    assert!(
        make_all(&world.exporter(&storage), "x", world.now())
            .await
            .is_empty()
    );
    assert_whole(exporter.storage(), &world.completed(export)).await;
}
