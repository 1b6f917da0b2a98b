//! Idempotency keys, and answers that were lost.

use std::sync::Arc;

use dpp_core::identity::serial::SerialScheme;
use dpp_core::mint::{JobStatus, MintRequest};
use dpp_core::service::{Settings, SubmitAnswer, SubmitError};
use dpp_core::testing::{Faults, FaultyStore};
use dpp_store_memory::MemoryStore;
use futures::executor::block_on;

use crate::submit::{events_in, own, submit, with_key, world};
use crate::support::*;

#[test]
fn a_repeated_key_gives_the_first_answer_with_the_jobs_present_status() {
    let (store, service, _) = world();
    let request = with_key(serials(1, 5), "order-7");
    let first = submit(&service, request.clone()).unwrap();
    block_on(work_off(&service, noon()));
    let events = events_in(&store);
    let again = submit(&service, request).unwrap();
    let SubmitAnswer::Accepted {
        mint_job_id,
        status,
        is_duplicate,
        ..
    } = again
    else {
        panic!("{again:?}");
    };
    assert_eq!(Some(mint_job_id), first.job());
    assert_eq!((status, is_duplicate), (JobStatus::Completed, true));
    assert_eq!(events_in(&store), events);
}

#[test]
fn leaving_the_scheme_out_is_asking_for_the_default_one() {
    let (_, service, _) = world();
    let silent = submit(&service, with_key(serials(1, 5), "k")).unwrap();
    let explicit = MintRequest {
        serial_scheme: Some(SerialScheme::default()),
        ..with_key(serials(1, 5), "k")
    };
    assert_eq!(submit(&service, explicit).unwrap().job(), silent.job());
}

#[test]
fn a_key_with_another_request_is_refused_by_name() {
    let (store, service, _) = world();
    submit(&service, with_key(serials(1, 5), "order-7")).unwrap();
    let events = events_in(&store);
    let other = [
        with_key(serials(1, 6), "order-7"),
        with_key(serials(2, 5), "order-7"),
        with_key(lots(1, &[("A", 5)]), "order-7"),
        with_key(own(serials(1, 1), &["X-1"]), "order-7"),
    ];
    for request in other {
        let error = submit(&service, request).unwrap_err();
        assert!(matches!(error, SubmitError::KeyReused { .. }), "{error}");
        assert!(error.to_string().contains("`order-7`"), "{error}");
    }
    assert_eq!(events_in(&store), events);
}

#[test]
fn two_brands_may_use_the_same_key() {
    let (_, service, _) = world();
    let first = submit(&service, with_key(serials(1, 5), "order-7")).unwrap();
    let request = MintRequest {
        brand_id: brand(2),
        ..with_key(serials(9, 5), "order-7")
    };
    let second = block_on(service.submit(&owner(brand(2)), request, noon())).unwrap();
    assert_ne!(first.job(), second.job());
}

#[test]
fn the_same_key_from_32_threads_at_once_makes_one_job() {
    let store = Arc::new(MemoryStore::default());
    let shared = service(store.clone(), 1, Settings::default());
    let answers: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..32)
            .map(|number| {
                let own = service(store.clone(), 100 + number, Settings::default());
                let service = if number % 2 == 0 { shared.clone() } else { own };
                scope.spawn(move || submit(&service, with_key(serials(1, 5), "one")).unwrap())
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    let fresh = answers.iter().filter(|answer| {
        matches!(
            answer,
            SubmitAnswer::Accepted {
                is_duplicate: false,
                ..
            }
        )
    });
    assert_eq!(fresh.count(), 1);
    assert!(
        answers
            .iter()
            .all(|answer| answer.job() == answers[0].job())
    );
    assert_eq!(events_in(&store), 1);
}

#[test]
fn a_lost_answer_is_settled_by_repeating_the_commit() {
    let store = Arc::new(MemoryStore::default());
    let lossy = Faults {
        after_commit: 0.5,
        ..Faults::NONE
    };
    let faulty = Arc::new(FaultyStore::new(store.clone(), 3, lossy));
    let service = service(faulty.clone(), 1, Settings::default().commit_attempts(50));
    for _ in 0..50 {
        submit(&service, serials(1, 1)).unwrap();
    }
    assert!(faulty.injected().unknown_after > 10);
    assert_eq!(events_in(&store), 50);
}

#[test]
fn the_older_way_does_not_share_keys_with_the_newer() {
    let (_, service, caller) = world();
    let request = with_key(serials(1, 5), "k");
    block_on(service.create_preflighted_job(&caller, request.clone(), noon())).unwrap();
    let error = submit(&service, request.clone()).unwrap_err();
    assert!(matches!(error, SubmitError::KeyReused { .. }), "{error}");
    let again = block_on(service.create_preflighted_job(&caller, request, noon())).unwrap();
    assert!(matches!(
        again,
        SubmitAnswer::Accepted {
            is_duplicate: true,
            ..
        }
    ));
}

/// One asks, is held up behind its first look at the key, and another is accepted meanwhile: the
/// units that the first finds taken are its own.
#[test]
fn a_request_that_was_overtaken_by_itself_is_not_blocked_by_itself() {
    let capped = |request| MintRequest {
        product_batch_id: Some(production(1)),
        ..with_key(request, "k")
    };
    let provided = own(serials(1, 2), &["S1", "S2"]);
    for request in [capped(serials(1, 1_000)), with_key(provided, "k")] {
        for seed in 0..300 {
            let store = Arc::new(MemoryStore::default());
            let slow = Faults {
                delay: 1.0,
                max_yields: 3,
                ..Faults::NONE
            };
            let faulty = Arc::new(FaultyStore::new(store.clone(), seed, slow));
            let held_up = service(faulty, 1, Settings::default());
            let caller = owner(brand(1));
            let mut first = Box::pin(held_up.submit(&caller, request.clone(), noon()));
            let mut context = std::task::Context::from_waker(std::task::Waker::noop());
            let mut early = None;
            for _ in 0..seed % 12 {
                if let std::task::Poll::Ready(answer) = first.as_mut().poll(&mut context) {
                    early = Some(answer);
                    break;
                }
            }
            let other = service(store, 2, Settings::default());
            let second = submit(&other, request.clone()).unwrap();
            let first = early.unwrap_or_else(|| block_on(first)).unwrap();
            assert!(second.job().is_some());
            assert_eq!(first.job(), second.job(), "seed {seed}: {first:?}");
        }
    }
}
