//! One export to its end, while somebody waits for it.

use std::cell::RefCell;

use dpp_core::export::{ExportFormat, ExportRejection};
use dpp_core::service::ExportError;
use dpp_core::{BrandId, Caller, ExportId, Role, UserId};
use dpp_exports::storage::PackStorage;
use dpp_exports::{Exporter, ExporterError, Progress};

use crate::common::World;
use crate::support::{DAY, Fault, LOCK, Op, assert_whole, faulty, make_all, named, pack};

type Answer = Result<Vec<dpp_core::export::PackFile>, ExporterError>;

async fn generate(world: &World, exporter: &Exporter, export: ExportId, by: &str) -> Answer {
    let told = |_: &Progress| {};
    let (caller, brand, clock) = (world.caller(), world.brand(), || world.now());
    let name = named(by);
    let made = exporter.generate(caller, brand, export, &name, clock, told);
    made.await
}

fn rejection(answer: Answer) -> ExportRejection {
    match answer {
        Err(ExporterError::Export(ExportError::Rejected { rejection, .. })) => rejection,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn each_pack_is_told_and_all_files_are_given_also_the_second_time() {
    let world = World::new();
    let batch = world.batch_of(20_001);
    let storage = PackStorage::memory();
    let exporter = world.exporter(&storage);
    let export = world.ask(&exporter, batch, ExportFormat::Manifest).await;
    let told = RefCell::new(Vec::new());
    for _ in 0..2 {
        let (caller, brand, name) = (world.caller(), world.brand(), named("w"));
        // Each look at the clock is a second later.
        let clock = || {
            world.wait(1);
            world.now()
        };
        let tell = |progress: &Progress| told.borrow_mut().push(progress.clone());
        let made = exporter.generate(caller, brand, export, &name, clock, tell);
        assert_eq!(made.await.unwrap(), world.completed(export));
    }
    let told = told.into_inner();
    let numbers: Vec<_> = told
        .iter()
        .map(|told| (told.pack.get(), told.packs))
        .collect();
    assert_eq!(numbers, [(1, 3), (2, 3), (3, 3)]);
    let ended: Vec<_> = told.iter().map(Progress::is_completed).collect();
    assert_eq!(ended, [false, false, true]);
    let files: Vec<_> = told.into_iter().map(|told| told.file).collect();
    assert_eq!(files, world.completed(export));
    assert_whole(&storage, &files).await;
}

#[tokio::test]
async fn a_pack_that_fails_is_told_and_made_the_next_time() {
    let world = World::new();
    let batch = world.batch_of(10_001);
    let (faulty, storage) = faulty();
    let exporter = world.exporter(&storage);
    let export = world.ask(&exporter, batch, ExportFormat::Manifest).await;
    faulty.next(Op::Rename, Fault::Unreachable);
    let error = generate(&world, &exporter, export, "w").await.unwrap_err();
    assert!(matches!(&error, ExporterError::PackFailed { pack: of, .. } if *of == pack(1)));
    let told = error.to_string();
    assert!(told.starts_with("pack 1 could not be made: the storage failed to name `"));
    assert!(told.ends_with("connection refused"), "{told}");
    // By anybody, at once: the export was let go.
    let files = generate(&world, &exporter, export, "other").await.unwrap();
    assert_eq!(files.len(), 2);
    assert_whole(&storage, &files).await;
}

#[tokio::test]
async fn what_another_makes_is_refused_until_its_lock_ran_out() {
    let world = World::new();
    let batch = world.batch_of(10_001);
    let exporter = world.exporter(&PackStorage::memory());
    let export = world.ask(&exporter, batch, ExportFormat::Manifest).await;
    let mut worker = exporter.worker(named("worker"));
    worker.run_once(world.now()).await.unwrap();
    let refused = rejection(generate(&world, &exporter, export, "somebody").await);
    let ExportRejection::Locked { worker, .. } = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(worker, named("worker"));
    world.wait(LOCK);
    let files = generate(&world, &exporter, export, "somebody")
        .await
        .unwrap();
    assert_eq!(files.len(), 2);
}

#[tokio::test]
async fn who_may_not_gets_nothing() {
    let world = World::new();
    let batch = world.batch_of(10);
    let exporter = world.exporter(&PackStorage::memory());
    let export = world.ask(&exporter, batch, ExportFormat::Manifest).await;
    let user = Caller::user(UserId::parse("4a6c3f7e-0d0b-4d53-9d43-7a3a0f0c1b22").unwrap());
    let other = BrandId::parse("d5a1a3b4-6a55-4b0e-9f57-3f1a5f1f0c33").unwrap();
    let member = user.clone().with_role(world.brand(), Role::Member);
    let foreign = user.with_role(other, Role::Owner);
    let events = world.events();
    for (caller, brand, told) in [
        (&member, world.brand(), "has no role"),
        (&foreign, world.brand(), "has no role"),
        (&foreign, other, "there is no export"),
    ] {
        let (name, clock) = (named("w"), || world.now());
        let made = exporter.generate(caller, brand, export, &name, clock, |_| {});
        let error = made.await.unwrap_err().to_string();
        assert!(error.contains(told), "{error}");
    }
    assert_eq!(world.events(), events);
}

#[tokio::test]
async fn an_export_whose_time_is_over_is_not_made_nor_given() {
    let world = World::new();
    let batch = world.batch_of(10);
    let exporter = world.exporter(&PackStorage::memory());
    let half = world.ask(&exporter, batch, ExportFormat::Manifest).await;
    world.wait(30 * DAY);
    let refused = rejection(generate(&world, &exporter, half, "w").await);
    assert!(matches!(refused, ExportRejection::Expired { .. }));
    let whole = world.ask(&exporter, batch, ExportFormat::Manifest).await;
    make_all(&exporter, "w", world.now()).await;
    world.wait(30 * DAY - 1);
    generate(&world, &exporter, whole, "w").await.unwrap();
    world.wait(1);
    let refused = rejection(generate(&world, &exporter, whole, "w").await);
    assert!(matches!(refused, ExportRejection::Expired { .. }));
}
