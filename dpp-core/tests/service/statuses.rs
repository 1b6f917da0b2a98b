//! Moving batches on after minting.

use std::sync::Arc;

use crate::made::{Made, feed, made, reason};
use crate::submit::events_in;
use crate::support::*;
use crate::work::{process, small};
use dpp_core::Reason;
use dpp_core::mint::{BatchStatus, Rejection};
use dpp_core::service::{BatchStatusSet, ControlError};
use dpp_core::unit::UnitStatus;
use dpp_store_memory::MemoryStore;
use futures::executor::block_on;
use serde_json::json;

fn set(
    made: &Made,
    to: BatchStatus,
    reason: Option<Reason>,
) -> Result<BatchStatusSet, ControlError> {
    let caller = owner(brand(1));
    let set = made
        .service
        .set_mint_batch_status(&caller, brand(1), made.batch, to, reason, noon());
    block_on(set)
}

#[track_caller]
fn refused(made: &Made, to: BatchStatus, reason: Option<Reason>, expected: Rejection) {
    let before = events_in(&made.store);
    let error = set(made, to, reason).unwrap_err();
    assert!(
        matches!(&error, ControlError::Rejected(rejection) if *rejection == expected),
        "{error}"
    );
    assert_eq!(events_in(&made.store), before);
}

#[test]
fn a_batch_goes_its_way_step_by_step_and_each_is_in_the_log_with_who_did_it() {
    let made = made(serials(1, 5));
    let mut from = BatchStatus::Minted;
    for to in [
        BatchStatus::Exported,
        BatchStatus::Printed,
        BatchStatus::Applied,
    ] {
        let answer = set(&made, to, None).unwrap();
        let events = feed(&made.store);
        let last = events.last().unwrap();
        let expected = BatchStatusSet {
            mint_batch_id: made.batch,
            from,
            to,
            position: last.position,
        };
        assert_eq!(answer, expected);
        let wire = json!({"mint_batch_id": made.batch, "from": from, "to": to});
        assert_eq!(serde_json::to_value(answer).unwrap(), wire);
        assert_eq!(last.event.event_type.as_str(), "mint_batch_status_changed");
        assert!(last.event.metadata.actor.to_string().starts_with("user:"));
        refused(&made, to, None, Rejection::WrongStep { from: to, to });
        from = to;
    }
    assert_eq!(made.statuses(), [UnitStatus::Minted; 5]);
}

#[test]
fn steps_backwards_and_steps_left_out_are_refused() {
    let made = made(serials(1, 5));
    let wrong = |from, to| Rejection::WrongStep { from, to };
    for to in [
        BatchStatus::Printed,
        BatchStatus::Applied,
        BatchStatus::Minted,
        BatchStatus::Queued,
        BatchStatus::Failed,
    ] {
        refused(&made, to, Some(reason()), wrong(BatchStatus::Minted, to));
    }
    set(&made, BatchStatus::Exported, None).unwrap();
    set(&made, BatchStatus::Printed, None).unwrap();
    let to = BatchStatus::Exported;
    refused(&made, to, Some(reason()), wrong(BatchStatus::Printed, to));
}

#[test]
fn voiding_needs_a_reason_and_revokes_every_unit_for_ever() {
    let made = made(serials(1, 5));
    made.activate(0);
    refused(&made, BatchStatus::Voided, None, Rejection::ReasonMissing);
    set(&made, BatchStatus::Voided, Some(reason())).unwrap();
    assert_eq!(made.statuses(), [UnitStatus::Revoked; 5]);
    assert_eq!(made.counts().revoked, 5);
    for to in [BatchStatus::Exported, BatchStatus::Voided] {
        let from = BatchStatus::Voided;
        refused(&made, to, Some(reason()), Rejection::WrongStep { from, to });
    }
}

#[test]
fn a_batch_in_process_stays_with_its_job() {
    let store = Arc::new(MemoryStore::default());
    let service = service(store.clone(), 1, small());
    let job = crate::work::submit(&service, serials(1, 25));
    let made = Made {
        units: Vec::new(),
        store,
        service,
        batch: job.batch(),
    };
    for from in [BatchStatus::Queued, BatchStatus::Processing] {
        for to in [BatchStatus::Exported, BatchStatus::Voided] {
            refused(&made, to, Some(reason()), Rejection::WrongStep { from, to });
        }
        process(&made.service, job).unwrap();
    }
    process(&made.service, job).unwrap();
    assert!(set(&made, BatchStatus::Exported, None).is_ok());
}

#[test]
fn a_batch_that_is_not_there_is_named() {
    let made = made(serials(1, 5));
    let nobodys = "0192f0c1-0000-7000-8000-000000000000".parse().unwrap();
    let caller = owner(brand(1)).with_role(brand(2), dpp_core::Role::Owner);
    for (of, batch) in [(brand(1), nobodys), (brand(2), made.batch)] {
        let to = BatchStatus::Exported;
        let set = made
            .service
            .set_mint_batch_status(&caller, of, batch, to, None, noon());
        let error = block_on(set).unwrap_err();
        assert_eq!(error.to_string(), format!("there is no batch `{batch}`"));
    }
}

#[test]
fn of_many_who_ask_for_the_same_step_at_once_one_makes_it() {
    for seed in 0..5 {
        let made = made(serials(1, 5));
        let start = std::sync::Barrier::new(16);
        let answers: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..16)
                .map(|number| {
                    let store = made.store.clone();
                    let service = service(store, 100 * (seed + 1) + number, small());
                    let (start, batch) = (&start, made.batch);
                    scope.spawn(move || {
                        start.wait();
                        let (caller, to) = (owner(brand(1)), BatchStatus::Exported);
                        let set = service.set_mint_batch_status(
                            &caller,
                            brand(1),
                            batch,
                            to,
                            None,
                            noon(),
                        );
                        block_on(set)
                    })
                })
                .collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect()
        });
        let made_it = answers.iter().filter(|answer| answer.is_ok()).count();
        assert_eq!(made_it, 1);
        let to = BatchStatus::Exported;
        for error in answers.into_iter().filter_map(Result::err) {
            let wrong = Rejection::WrongStep { from: to, to };
            assert!(matches!(error, ControlError::Rejected(rejection) if rejection == wrong));
        }
    }
}
