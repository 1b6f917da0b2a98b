//! Many at once, answers that were lost, and workers that must not be disturbed.

use std::sync::{Arc, Barrier};

use crate::made::{Made, events_of, feed, first_lot, first_scan, made, mint, reason, units_of};
use crate::support::*;
use crate::work::{progress, small, submit};
use dpp_core::Caller;
use dpp_core::mint::JobStatus;
use dpp_core::service::{ActivateAnswer, Did, MintService, RevokeAnswer, Settings, UnitSelection};
use dpp_core::testing::{Faults, FaultyStore};
use dpp_store_memory::MemoryStore;
use futures::executor::block_on;

const THREADS: usize = 64;

/// Asks from 64 threads at the same moment. Half of them share a service, and the others have
/// one each, with reads of their own.
fn at_once<T: Send>(made: &Made, round: u64, ask: impl Fn(&MintService) -> T + Sync) -> Vec<T> {
    let start = Barrier::new(THREADS);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS as u64)
            .map(|number| {
                let seed = 1_000 * (round + 1) + number;
                let service = match number % 2 {
                    0 => made.service.clone(),
                    _ => service(made.store.clone(), seed, Settings::default()),
                };
                let (start, ask) = (&start, &ask);
                scope.spawn(move || {
                    start.wait();
                    ask(&service)
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    })
}

fn one_activated(answers: &[ActivateAnswer]) {
    let first = answers.iter().filter(|answer| answer.position().is_some());
    assert_eq!(first.count(), 1, "{answers:?}");
    let later = |answer: &&ActivateAnswer| **answer == ActivateAnswer::AlreadyActive;
    assert_eq!(answers.iter().filter(later).count(), THREADS - 1);
}

#[test]
fn of_64_first_scans_of_one_unit_at_once_exactly_one_activates_it() {
    let made = made(serials(1, 20));
    for round in 0..20 {
        let unit = made.unit(round);
        let answers = at_once(&made, round as u64, |service| {
            let scan = Caller::scan();
            block_on(service.activate_unit(&scan, brand(1), unit, noon())).unwrap()
        });
        one_activated(&answers);
        assert_eq!(events_of(&made.store, "mint_unit_activated"), round + 1);
    }
}

#[test]
fn of_64_first_scans_of_one_lot_at_once_exactly_one_activates_it() {
    for round in 0..10 {
        let made = made(first_scan(lots(1, &[("A", 2), ("B", 3)])));
        let lot = first_lot(&made.service, made.batch);
        let answers = at_once(&made, round, |service| {
            let scan = Caller::scan();
            block_on(service.activate_lot(&scan, brand(1), lot, noon())).unwrap()
        });
        one_activated(&answers);
        assert_eq!(events_of(&made.store, "mint_lot_activated"), 1);
    }
}

#[test]
fn of_64_who_revoke_one_unit_at_once_exactly_one_does() {
    let made = made(serials(1, 10));
    for round in 0..10 {
        let unit = made.unit(round);
        if round % 2 == 0 {
            made.activate(round);
        }
        let answers = at_once(&made, round as u64, |service| {
            let caller = owner(brand(1));
            let revoked = service.revoke_unit(&caller, brand(1), unit, reason(), noon());
            block_on(revoked).unwrap()
        });
        let first = answers.iter().filter(|answer| answer.position().is_some());
        assert_eq!(first.count(), 1);
        let later = |answer: &&RevokeAnswer| **answer == RevokeAnswer::AlreadyRevoked;
        assert_eq!(answers.iter().filter(later).count(), THREADS - 1);
        assert_eq!(events_of(&made.store, "mint_unit_revoked"), round + 1);
    }
}

/// Each names twenty of a hundred units, so that most of them overlap.
#[test]
fn of_units_that_many_revoke_together_at_once_each_is_counted_once() {
    for round in 0..5 {
        let made = made(serials(1, 100));
        let next = std::sync::atomic::AtomicU32::new(0);
        let counts = at_once(&made, round, |service| {
            let number = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let units = UnitSelection::Range(number..number + 20);
            let caller = owner(brand(1));
            let batch = made.batch;
            let revoked = service.revoke_units(&caller, brand(1), batch, &units, reason(), noon());
            block_on(revoked).unwrap()
        });
        let revoked: u32 = counts.iter().map(|answer| answer.revoked).sum();
        assert_eq!(revoked, 63 + 20);
        let events = counts.iter().filter(|answer| answer.position.is_some());
        let written = events_of(&made.store, "mint_units_revoked");
        assert_eq!(events.count(), written);
        assert_eq!(made.counts().revoked, 83);
    }
}

/// A scan and a revocation of the same unit: whoever comes first, it ends revoked, and the
/// answers say so.
#[test]
fn a_unit_that_is_scanned_and_revoked_at_once_ends_revoked() {
    let made = made(serials(1, 20));
    for round in 0..20 {
        let unit = made.unit(round);
        let next = std::sync::atomic::AtomicU32::new(0);
        at_once(&made, round as u64, |service| {
            let number = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            if number.is_multiple_of(2) {
                let scan = Caller::scan();
                block_on(service.activate_unit(&scan, brand(1), unit, noon())).unwrap();
            } else {
                let caller = owner(brand(1));
                let revoked = service.revoke_unit(&caller, brand(1), unit, reason(), noon());
                block_on(revoked).unwrap();
            }
        });
        assert_eq!(made.activate(round), ActivateAnswer::Revoked);
        assert_eq!(events_of(&made.store, "mint_unit_revoked"), round + 1);
    }
    assert!(events_of(&made.store, "mint_unit_activated") <= 20);
    assert_eq!(made.counts().revoked, 20);
}

const LOSSY: Faults = Faults {
    after_commit: 0.5,
    ..Faults::NONE
};

/// With many attempts the same commit is repeated; with one the log is asked.
#[test]
fn an_activation_whose_answer_was_lost_is_told_as_made_and_written_once() {
    for attempts in [50, 1] {
        let store = Arc::new(MemoryStore::default());
        let faulty = Arc::new(FaultyStore::new(store.clone(), 3, Faults::NONE));
        let settings = Settings::default().commit_attempts(attempts);
        let service = service(faulty.clone(), 1, settings);
        let batch = mint(&service, serials(1, 50));
        let units = units_of(&service, batch);
        faulty.set_faults(LOSSY);
        for (number, unit) in units.iter().enumerate() {
            let activate = || {
                let (scan, unit) = (Caller::scan(), unit.mint_unit_id);
                block_on(service.activate_unit(&scan, brand(1), unit, noon())).unwrap()
            };
            let first = activate();
            let events = feed(&store);
            assert_eq!(first.position(), Some(events.last().unwrap().position));
            assert_eq!(activate(), ActivateAnswer::AlreadyActive);
            let written = events_of(&store, "mint_unit_activated");
            assert_eq!(written, number + 1);
        }
        assert!(faulty.injected().unknown_after > 10);
    }
}

#[test]
fn many_units_whose_revocation_was_answered_late_are_counted_and_written_once() {
    for attempts in [50, 1] {
        let store = Arc::new(MemoryStore::default());
        let faulty = Arc::new(FaultyStore::new(store.clone(), 9, Faults::NONE));
        let settings = Settings::default().commit_attempts(attempts);
        let service = service(faulty.clone(), 1, settings);
        let batch = mint(&service, serials(1, 100));
        faulty.set_faults(LOSSY);
        for number in 0..50 {
            let units = UnitSelection::Range(2 * number..2 * number + 2);
            let caller = owner(brand(1));
            let answer = service.revoke_units(&caller, brand(1), batch, &units, reason(), noon());
            assert_eq!(block_on(answer).unwrap().revoked, 2);
        }
        assert_eq!(events_of(&store, "mint_units_revoked"), 50);
        assert!(faulty.injected().unknown_after > 10);
    }
}

/// In a bad hour calls fail; but nothing is done twice, and once all is well again everything
/// is where it should be.
#[test]
fn whatever_fails_no_unit_is_activated_twice() {
    let store = Arc::new(MemoryStore::default());
    let faulty = Arc::new(FaultyStore::new(store.clone(), 21, Faults::NONE));
    let service = service(faulty.clone(), 1, Settings::default().commit_attempts(2));
    let batch = mint(&service, serials(1, 60));
    let units = units_of(&service, batch);
    faulty.set_faults(Faults::HEAVY);
    let mut failed = 0;
    for unit in &units {
        let scan = Caller::scan();
        let mut firsts = 0;
        for _ in 0..5 {
            let scanned = service.activate_unit(&scan, brand(1), unit.mint_unit_id, noon());
            match block_on(scanned) {
                Ok(answer) => firsts += u32::from(answer.position().is_some()),
                Err(_) => failed += 1,
            }
        }
        assert!(firsts <= 1);
    }
    assert!(failed > 10);
    faulty.set_faults(Faults::NONE);
    for unit in &units {
        let scan = Caller::scan();
        let scanned = service.activate_unit(&scan, brand(1), unit.mint_unit_id, noon());
        block_on(scanned).unwrap();
    }
    assert_eq!(events_of(&store, "mint_unit_activated"), 60);
}

#[test]
fn a_worker_is_not_disturbed_by_what_happens_to_the_units_that_it_has_made() {
    let store = Arc::new(MemoryStore::default());
    let service = service(store.clone(), 1, small());
    let job = submit(&service, first_scan(lots(1, &[("A", 20), ("B", 80)])));
    let batch = job.batch();
    let mut working = worker(&service, "w");
    assert_eq!(
        block_on(working.run_once(noon())).unwrap().did,
        Did::Took(job)
    );
    let (caller, scan) = (owner(brand(1)), Caller::scan());
    for cycle in 0..10_u32 {
        let did = block_on(working.run_once(noon())).unwrap().did;
        assert!(matches!(did, Did::Made(_)), "{did:?}");
        let units = units_of(&service, batch);
        let latest = units.last().unwrap().mint_unit_id;
        let activated = service.activate_unit(&scan, brand(1), latest, noon());
        let was_active = cycle == 1; // with its lot
        assert_eq!(
            block_on(activated).unwrap().position().is_none(),
            was_active
        );
        let revoked = service.revoke_unit(&caller, brand(1), latest, reason(), noon());
        assert!(block_on(revoked).unwrap().position().is_some());
        let some = UnitSelection::Range(10 * cycle..10 * cycle + 3);
        let revoked = service.revoke_units(&caller, brand(1), batch, &some, reason(), noon());
        assert_eq!(block_on(revoked).unwrap().revoked, 3);
        let lot = first_lot(&service, batch);
        block_on(service.activate_lot(&scan, brand(1), lot, noon())).unwrap();
    }
    assert_eq!(progress(&service, job).status, JobStatus::Completed);
    let verified = block_on(service.verify(&caller, brand(1), batch)).unwrap();
    assert!(verified.is_ok() && verified.units == 100 && verified.cycles == 10);
    let made = Made {
        units: Vec::new(),
        store,
        service,
        batch,
    };
    let counts = made.counts();
    assert_eq!(counts.made, 100);
    assert_eq!((counts.revoked, counts.active), (40, 20 - 8));
}

#[test]
fn a_worker_goes_on_while_others_scan_and_revoke_on_other_threads() {
    let store = Arc::new(MemoryStore::default());
    let service = service(store.clone(), 1, Settings::default().units_per_cycle(50));
    let job = submit(&service, serials(1, 5_000));
    let batch = job.batch();
    let mut working = worker(&service, "w");
    block_on(working.run_once(noon())).unwrap();
    let done = std::sync::atomic::AtomicBool::new(false);
    let ordering = std::sync::atomic::Ordering::SeqCst;
    std::thread::scope(|scope| {
        for seed in 0..3 {
            let (service, done) = (service.clone(), &done);
            scope.spawn(move || {
                let mut random = fastrand::Rng::with_seed(seed);
                for _ in 0..100_000 {
                    if done.load(ordering) {
                        break;
                    }
                    let units = units_of(&service, batch);
                    let Some(unit) = random.choice(&units) else {
                        continue;
                    };
                    let unit = unit.mint_unit_id;
                    let scan = Caller::scan();
                    block_on(service.activate_unit(&scan, brand(1), unit, noon())).unwrap();
                    let ids = UnitSelection::Ids(vec![unit]);
                    let caller = owner(brand(1));
                    let revoked =
                        service.revoke_units(&caller, brand(1), batch, &ids, reason(), noon());
                    block_on(revoked).unwrap();
                }
            });
        }
        let mut others = Vec::new();
        loop {
            match block_on(working.run_once(noon())).unwrap().did {
                Did::Made(report) if report.status == JobStatus::Completed => break,
                Did::Made(_) => {}
                other => {
                    others.push(other);
                    break;
                }
            }
        }
        done.store(true, ordering);
        assert!(others.is_empty(), "{others:?}");
    });
    assert!(events_of(&store, "mint_cycle_failed") == 0);
    let verified = block_on(service.verify(&owner(brand(1)), brand(1), batch)).unwrap();
    assert!(verified.is_ok() && verified.units == 5_000 && verified.cycles == 100);
}
