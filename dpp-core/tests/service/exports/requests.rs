//! Asking for exports: what is fixed, what is answered again, and what is refused.

use std::sync::{Arc, Barrier};

use super::support::*;
use crate::support::*;
use dpp_core::export::{ExportFormat, ExportOptions, ExportRejection, QrText, Sha256Digest};
use dpp_core::identity::MintJobId;
use dpp_core::service::{ExportAnswer, ExportError, ExportRequest};
use dpp_core::testing::{Faults, FaultyStore};
use dpp_store_memory::MemoryStore;
use futures::executor::block_on;
use serde_json::json;

#[test]
fn a_request_fixes_units_format_profile_and_options() {
    let world = batch_of(10_001);
    let request = ExportRequest {
        profile: profile("zebra"),
        options: ExportOptions {
            qr_text: QrText::UpperCase,
            logo: Some(Sha256Digest::from_bytes([7; 32])),
            ..ExportOptions::default()
        },
        ..world.of(ExportFormat::QrBundle)
    };
    let id = world.asked(&request, 0);
    let export = world.export(id);
    let facts = &export.facts;
    assert_eq!((facts.units, export.packs()), (10_001, 2));
    assert_eq!(facts.mint_batch_id, world.batch);
    assert_eq!(facts.format, ExportFormat::QrBundle);
    assert_eq!(facts.profile, request.profile);
    assert_eq!(facts.options, request.options);
    assert_eq!(export.expires_at, at(30 * DAY));
    assert_eq!(world.story(id), ["export_requested"]);
}

#[test]
fn an_answer_is_in_the_words_of_the_wire() {
    let world = batch_of(10_001);
    let answer = world.ask(&world.manifest(), 0).unwrap();
    let mut expected = json!({
        "ok": true,
        "export_id": answer.export_id,
        "mint_batch_id": world.batch,
        "format": "manifest",
        "units": 10_001,
        "packs": 2,
        "completed_packs": 0,
        "is_duplicate": false,
    });
    assert_eq!(serde_json::to_value(&answer).unwrap(), expected);
    let mut held = world.hold(answer.export_id, "a", 1).unwrap();
    world.make_pack(&mut held, 2);
    let again = world.ask(&world.manifest(), 3).unwrap();
    expected["completed_packs"] = json!(1);
    expected["is_duplicate"] = json!(true);
    assert_eq!(serde_json::to_value(&again).unwrap(), expected);
}

#[track_caller]
fn answered_again(world: &World, answer: &ExportAnswer, completed: u32, second: u64) {
    let events = world.events_in();
    let again = world.ask(&world.manifest(), second).unwrap();
    let expected = ExportAnswer {
        completed_packs: completed,
        is_duplicate: true,
        ..answer.clone()
    };
    assert_eq!(again, expected);
    assert_eq!(world.events_in(), events);
}

#[test]
fn a_repeated_request_is_answered_with_the_same_export_wherever_it_stands() {
    let world = batch_of(20_001);
    let answer = world.ask(&world.manifest(), 0).unwrap();
    answered_again(&world, &answer, 0, 1);
    let mut held = world.hold(answer.export_id, "a", 2).unwrap();
    answered_again(&world, &answer, 0, 3);
    world.make_pack(&mut held, 4);
    answered_again(&world, &answer, 1, 5);
    world.start(&mut held, 6).unwrap();
    answered_again(&world, &answer, 1, 7);
    world.fail(held, 2, "the disk is full", 8).unwrap();
    answered_again(&world, &answer, 1, 9);
    world.make(answer.export_id, "b", 10);
    answered_again(&world, &answer, 3, 11);
    world.download(answer.export_id, 1, 12).unwrap();
    answered_again(&world, &answer, 3, 30 * DAY + 9);
    world.check_laws();
}

#[test]
fn other_facts_make_another_export() {
    let world = batch_of(10);
    let options = ExportOptions {
        qr_text: QrText::UpperCase,
        ..ExportOptions::default()
    };
    let requests = [
        world.manifest(),
        world.of(ExportFormat::QrManifest),
        world.with_profile("zebra"),
        world.with_profile("nicelabel"),
        ExportRequest {
            options,
            ..world.manifest()
        },
    ];
    let mut ids: Vec<_> = requests.iter().map(|one| world.asked(one, 0)).collect();
    for (request, id) in requests.iter().zip(&ids) {
        let again = world.ask(request, 1).unwrap();
        assert_eq!((again.export_id, again.is_duplicate), (*id, true));
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 5);
}

#[test]
fn another_batch_has_exports_of_its_own() {
    let world = batch_of(10);
    let id = world.asked(&world.manifest(), 0);
    world.hold(id, "a", 0).unwrap();
    let batch = crate::made::mint(&world.service, serials(1, 10));
    let other = ExportRequest::of(brand(1), batch, ExportFormat::Manifest);
    let other = world.asked(&other, 1);
    assert!(world.hold(other, "b", 1).is_ok());
}

/// A batch of which 10 of 20 units are made, with its job.
pub(super) fn half_made() -> (World, MintJobId) {
    let store = Arc::new(MemoryStore::default());
    let service = service(store.clone(), 1, crate::work::small());
    let job = crate::work::submit(&service, serials(1, 20));
    crate::work::process(&service, job).unwrap();
    let world = World {
        batch: job.batch(),
        exports: service.exports(),
        service,
        store,
    };
    (world, job)
}

#[test]
fn what_was_minted_since_makes_another_export() {
    let (world, job) = half_made();
    let half = world.asked(&world.manifest(), 0);
    crate::work::process(&world.service, job).unwrap();
    let whole = world.asked(&world.manifest(), 0);
    assert_eq!(world.export(half).facts.units, 10);
    assert_eq!(world.export(whole).facts.units, 20);
    world.make(half, "a", 1);
    world.make(whole, "a", 2);
    assert_eq!(world.export(half).completed[0].rows, 10);
}

#[test]
fn after_its_time_a_request_makes_a_new_export_with_a_new_30_days() {
    let world = batch_of(10);
    let first = world.asked(&world.manifest(), 0);
    world.make(first, "a", 5);
    let over = 5 + 30 * DAY;
    assert_eq!(world.export(first).expires_at, at(over));
    let second = world.asked(&world.manifest(), over);
    assert_eq!(world.export(second).expires_at, at(over + 30 * DAY));
    world.expire(first, over).unwrap();
    let story = world.story(first);
    let again = world.ask(&world.manifest(), over + 1).unwrap();
    assert_eq!((again.export_id, again.is_duplicate), (second, true));
    let third = world.asked(&world.manifest(), over + 30 * DAY);
    world.make(third, "a", over + 30 * DAY);
    assert_eq!(world.story(first), story);
    assert_eq!(world.export(first).completed.len(), 1);
    world.check_laws();
}

#[test]
fn while_a_worker_makes_one_of_the_format_no_other_is_begun() {
    let world = batch_of(10);
    let first = world.asked(&world.manifest(), 0);
    let held = world.hold(first, "a", 0).unwrap();
    let events = world.events_in();
    let refused = world.ask(&world.with_profile("zebra"), LOCK - 1);
    assert_eq!(rejection(refused), locked_by("a", LOCK));
    assert_eq!(world.events_in(), events);
    world.asked(&world.of(ExportFormat::NfcManifest), 1);
    world.release(held, 2);
    world.asked(&world.with_profile("zebra"), 3);
}

#[track_caller]
fn refused(world: &World, request: &ExportRequest) -> ExportError {
    let events = world.events_in();
    let error = world.ask(request, 0).unwrap_err();
    assert_eq!(world.events_in(), events);
    error
}

#[test]
fn an_unknown_a_foreign_a_voided_and_an_empty_batch_are_refused_and_nothing_is_written() {
    let world = batch_of(10);
    let nobodys = ExportRequest {
        mint_batch_id: "0192f0c1-0000-7000-8000-000000000000".parse().unwrap(),
        ..world.manifest()
    };
    let foreign = ExportRequest {
        brand_id: brand(2),
        ..world.manifest()
    };
    for request in [nobodys, foreign] {
        let error = refused(&world, &request);
        let batch = request.mint_batch_id;
        assert_eq!(error.to_string(), format!("there is no batch `{batch}`"));
    }
    let waiting = crate::work::submit(&world.service, serials(1, 5));
    let empty = ExportRequest {
        mint_batch_id: waiting.batch(),
        ..world.manifest()
    };
    let error = refused(&world, &empty);
    assert_eq!(error.rejection(), Some(&ExportRejection::NoUnits));
    void(&world);
    let error = refused(&world, &world.manifest());
    assert_eq!(
        error.to_string(),
        format!("batch `{}` is voided", world.batch)
    );
}

pub(super) fn void(world: &World) {
    let (caller, why) = (owner(brand(1)), Some(crate::made::reason()));
    let to = dpp_core::mint::BatchStatus::Voided;
    let set = world
        .service
        .set_mint_batch_status(&caller, brand(1), world.batch, to, why, noon());
    block_on(set).unwrap();
}

#[test]
fn what_a_cancelled_job_made_can_be_exported() {
    let (world, job) = half_made();
    let (caller, now) = (owner(brand(1)), noon());
    block_on(world.service.cancel(&caller, brand(1), job, None, now)).unwrap();
    assert_eq!(world.ask(&world.manifest(), 0).unwrap().units, 10);
}

#[test]
fn of_16_equal_requests_at_once_exactly_one_makes_an_export() {
    for round in 1..=8 {
        let world = batch_of(10);
        let start = Barrier::new(16);
        let answers: Vec<ExportAnswer> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..16)
                .map(|number| {
                    let exports = match number % 2 {
                        0 => world.exports.clone(),
                        _ => exports_on(world.store.clone(), 100 * round + number),
                    };
                    let (start, request) = (&start, world.manifest());
                    scope.spawn(move || {
                        start.wait();
                        block_on(exports.request(&owner(brand(1)), &request, at(0))).unwrap()
                    })
                })
                .collect();
            threads.into_iter().map(|one| one.join().unwrap()).collect()
        });
        one_was_made(&world, &answers);
    }
}

fn one_was_made(world: &World, answers: &[ExportAnswer]) {
    let made: Vec<_> = answers.iter().filter(|one| !one.is_duplicate).collect();
    assert_eq!(made.len(), 1, "{answers:?}");
    let id = made[0].export_id;
    assert!(answers.iter().all(|answer| answer.export_id == id));
    assert_eq!(world.records().len(), 1);
}

/// Tasks on one thread that give way around every call of the store.
#[test]
fn equal_requests_that_interleave_make_one_export() {
    let slow = Faults {
        delay: 1.0,
        max_yields: 4,
        ..Faults::NONE
    };
    for seed in 0..50 {
        let world = batch_of(10);
        let request = world.manifest();
        let asked = (0..16).map(|number| {
            let seed = 100 * seed + number;
            let store = FaultyStore::new(world.store.clone(), seed, slow);
            let exports = exports_on(Arc::new(store), 1_000 + seed);
            let request = &request;
            async move {
                let caller = owner(brand(1));
                exports.request(&caller, request, at(0)).await.unwrap()
            }
        });
        let answers = block_on(futures::future::join_all(asked));
        one_was_made(&world, &answers);
    }
}

#[test]
fn a_request_whose_answer_was_lost_is_answered_when_it_is_repeated() {
    let lost = Faults {
        after_commit: 1.0,
        ..Faults::NONE
    };
    let world = batch_of(10);
    let unreadable = Faults { read: 1.0, ..lost };
    let store = Arc::new(FaultyStore::new(world.store.clone(), 1, lost));
    let exports = exports_on(store.clone(), 7);
    let (caller, request) = (owner(brand(1)), world.manifest());
    let told = block_on(exports.request(&caller, &request, at(0))).unwrap();
    assert!(!told.is_duplicate);
    store.set_faults(unreadable);
    let error = block_on(exports.request(&caller, &request, at(0))).unwrap_err();
    assert!(
        matches!(error, ExportError::Reads(_) | ExportError::Journal(_)),
        "{error:?}"
    );
    let again = world.ask(&request, 1).unwrap();
    assert_eq!(
        (again.export_id, again.is_duplicate),
        (told.export_id, true)
    );
    assert_eq!(world.records().len(), 1);
}
