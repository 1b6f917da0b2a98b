//! Stores that fail: what is told, what is tried again, and what is given up.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use dpp_core::mint::{JobStatus, MintRequest};
use dpp_core::read::{BatchFilter, PageRequest};
use dpp_core::service::Did;
use dpp_core::store::log::Commit;
use dpp_core::testing::{Faults, FaultyStore};
use dpp_store_memory::MemoryStore;
use futures::executor::block_on;

use crate::support::*;
use crate::watched::Watched;
use crate::work::{process, progress, serials_of, small, submit};

#[test]
fn a_kick_that_does_not_happen_leaves_the_job_to_the_worker() {
    let store = Arc::new(MemoryStore::default());
    let second = AtomicU64::new(0);
    let fail_second = Watched::new(store, move |_| second.fetch_add(1, Ordering::Relaxed) == 1);
    let service = service(Arc::new(fail_second), 1, small().commit_attempts(1));
    let kicked =
        block_on(service.submit_and_kick(&owner(brand(1)), serials(1, 25), noon())).unwrap();
    assert!(!kicked.kicked() && kicked.kick.is_some());
    let job = kicked.submitted.job().unwrap();
    block_on(work_off(&service, noon()));
    assert_eq!(progress(&service, job).status, JobStatus::Completed);
}

#[test]
fn what_has_to_be_mended_first_is_not_tried_again() {
    let tried = |watched: fn(Watched) -> Watched| {
        let count = Arc::new(AtomicU64::new(0));
        let counter = count.clone();
        let failing = Watched::new(Arc::new(MemoryStore::default()), move |_| {
            counter.fetch_add(1, Ordering::Relaxed);
            true
        });
        let service = service(Arc::new(watched(failing)), 1, small().commit_attempts(3));
        let submitted = block_on(service.submit(&owner(brand(1)), serials(1, 25), noon()));
        assert!(submitted.is_err());
        count.load(Ordering::Relaxed)
    };
    assert_eq!(tried(|failing| failing), 3);
    assert_eq!(tried(Watched::until_mended), 1);
}

#[test]
fn the_third_failed_cycle_in_a_row_ends_the_job_and_what_was_made_stays() {
    let store = Arc::new(MemoryStore::default());
    let left = Arc::new(AtomicU64::new(0));
    let fail_next = |cycles| left.store(cycles, Ordering::Relaxed);
    let counter = left.clone();
    let failing = Watched::new(store, move |commit| {
        let one_less = |left: u64| left.checked_sub(1);
        makes_units(commit)
            && counter
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less)
                .is_ok()
    });
    let service = service(Arc::new(failing), 1, small().commit_attempts(1));
    let job = submit(&service, serials(1, 100));
    let mut working = worker(&service, "w");
    let mut failures = 0;
    fail_next(0);
    for _ in 0..3 {
        block_on(working.run_once(noon())).unwrap();
    }
    fail_next(2);
    let mut given_up_early = false;
    for _ in 0..8 {
        if let Did::Failed { given_up, .. } = block_on(working.run_once(noon())).unwrap().did {
            failures += 1;
            given_up_early |= given_up;
        }
    }
    assert_eq!((failures, given_up_early), (2, false));
    let minted = progress(&service, job).minted;
    assert!(minted >= 30, "progress goes on after two failures");
    fail_next(3);
    let mut ends = Vec::new();
    for _ in 0..8 {
        if let Did::Failed { given_up, .. } = block_on(working.run_once(noon())).unwrap().did {
            ends.push(given_up);
        }
    }
    assert_eq!(ends, [false, false, true]);
    let end = progress(&service, job);
    assert_eq!((end.status, end.minted), (JobStatus::Failed, minted));
    assert!(end.failure.unwrap().contains("3 cycles failed in a row"));
    assert_eq!(serials_of(&service, job).len(), minted as usize);
}

fn makes_units(commit: &Commit) -> bool {
    let mut events = commit.writes().iter().flat_map(|write| &write.events);
    events.any(|event| event.event_type.as_str() == "mint_units_created")
}

#[test]
fn a_cycle_whose_answer_was_lost_is_not_made_twice() {
    let store = Arc::new(MemoryStore::default());
    let lossy = Faults {
        after_commit: 0.3,
        ..Faults::NONE
    };
    let faulty = Arc::new(FaultyStore::new(store.clone(), 11, lossy));
    let service = service(
        faulty.clone(),
        1,
        small().commit_attempts(1).lease(Duration::ZERO),
    );
    let caller = owner(brand(1));
    let request = MintRequest {
        idempotency_key: Some("k".to_owned()),
        ..serials(1, 500)
    };
    let job = loop {
        if let Ok(answer) = block_on(service.submit(&caller, request.clone(), noon())) {
            break answer.job().unwrap();
        }
    };
    let mut working = worker(&service, "w");
    for _ in 0..2_000 {
        drop(block_on(working.run_once(noon())));
    }
    assert!(faulty.injected().unknown_after > 10);
    faulty.set_faults(Faults::NONE);
    let end = progress(&service, job);
    assert_eq!((end.status, end.minted), (JobStatus::Completed, 500));
    let verified = block_on(service.verify(&caller, brand(1), job.batch())).unwrap();
    assert!(verified.is_ok() && verified.units == 500 && verified.cycles == 50);
}

#[test]
fn a_kick_whose_answer_was_lost_is_told_as_made() {
    let store = Arc::new(MemoryStore::default());
    let faulty = Arc::new(FaultyStore::new(store, 5, Faults::NONE));
    let service = service(faulty.clone(), 1, small().commit_attempts(1));
    let mut told = 0;
    for quantity in [5, 25] {
        for _ in 0..20 {
            let job = submit(&service, serials(1, quantity));
            faulty.set_faults(Faults {
                after_commit: 0.5,
                ..Faults::NONE
            });
            let answer = process(&service, job);
            faulty.set_faults(Faults::NONE);
            let minted = progress(&service, job).minted;
            assert_eq!(
                answer.unwrap_or(0),
                minted,
                "the answer is what the log says"
            );
            told += u32::from(minted > 0);
        }
    }
    assert!(told > 30 && faulty.injected().unknown_after > 10);
}

/// The reader that was held up has read less of the feed than one that began later.
#[test]
fn a_reader_that_was_held_up_does_not_hide_what_another_has_seen() {
    let store = Arc::new(MemoryStore::default());
    let writer = service(store.clone(), 1, small());
    let slow = Faults {
        delay: 1.0,
        max_yields: 3,
        ..Faults::NONE
    };
    for seed in 0..200 {
        let faulty = Arc::new(FaultyStore::new(store.clone(), seed, slow));
        let readers = service(faulty, 2, small());
        submit(&writer, serials(1, 1));
        let scope = owner(brand(1)).to_read(brand(1)).unwrap();
        let reads = readers.reads();
        let mut random = fastrand::Rng::with_seed(seed);
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        let (filter, page) = (BatchFilter::default(), PageRequest::default());
        let mut first = Box::pin(reads.list_mint_batches(&scope, &filter, &page));
        let polls = seed % 4;
        let mut early = false;
        for _ in 0..=polls {
            early |= first.as_mut().poll(&mut context).is_ready();
            if early {
                break;
            }
        }
        let job = submit(&writer, serials(1, 1));
        let mut second = Box::pin(reads.progress(&scope, job));
        let answer = loop {
            if !early && random.bool() {
                early |= first.as_mut().poll(&mut context).is_ready();
            }
            if let std::task::Poll::Ready(answer) = second.as_mut().poll(&mut context) {
                break answer;
            }
        };
        assert!(
            answer.unwrap().is_some(),
            "seed {seed}: {job} was accepted before"
        );
    }
}
