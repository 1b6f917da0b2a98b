//! Cycles, their failures, cancelling, and the way of a batch afterwards.

use crate::support::*;
use dpp_core::Reason;
use dpp_core::identity::LotId;
use dpp_core::mint::{
    BatchStatus, Command, CycleFailed, CycleMinted, JobCancelled, JobCompleted, JobFailed,
    JobStarted, JobStatus, LotConfirmed, LotsConfirmed, MAX_UNITS_PER_CYCLE, MintEvent, Rejection,
    StatusChanged,
};

const BATCH_STATES: [BatchStatus; 9] = [
    BatchStatus::Draft,
    BatchStatus::Queued,
    BatchStatus::Processing,
    BatchStatus::Failed,
    BatchStatus::Minted,
    BatchStatus::Exported,
    BatchStatus::Printed,
    BatchStatus::Applied,
    BatchStatus::Voided,
];

fn minted(cycle: u32, from: u32, count: u32) -> CycleMinted {
    CycleMinted {
        cycle,
        from,
        count,
        digest: digest(),
        lease_until: Some(at(60)),
    }
}

fn reserved(quantity: u64) -> Vec<MintEvent> {
    let queued = queued(request(quantity));
    let command = reserve("a", &facts_of(&queued));
    after(queued, [command])
}

fn outcome_of(
    events: Vec<MintEvent>,
    command: Command<'_>,
) -> dpp_core::testing::scenario::Outcome<Vec<MintEvent>, Rejection> {
    job(events).when(|job| decided(job.as_ref(), command))
}

#[test]
fn the_first_cycle_starts_the_job_and_later_ones_go_on_where_it_ended() {
    let started = MintEvent::Started(JobStarted {
        worker: worker("a"),
    });
    outcome_of(reserved(50_000), cycle("a", 20_000))
        .then([started, MintEvent::CycleMinted(minted(1, 0, 20_000))]);
    let events = after(reserved(50_000), [cycle("a", 20_000)]);
    assert_eq!(state(&events).job, JobStatus::Processing);
    assert_eq!(state(&events).status, BatchStatus::Processing);
    outcome_of(events, cycle("a", 10)).then([MintEvent::CycleMinted(minted(2, 20_000, 10))]);
}

#[test]
fn the_last_cycle_completes_the_job_and_lets_it_go() {
    let last = CycleMinted {
        lease_until: None,
        ..minted(2, 40, 60)
    };
    outcome_of(job_in(JobStatus::Processing), cycle("a", 60)).then([
        MintEvent::CycleMinted(last),
        MintEvent::Completed(JobCompleted { minted: 100 }),
    ]);
    let batch = state(&job_in(JobStatus::Completed));
    assert_eq!(
        (batch.job, batch.status),
        (JobStatus::Completed, BatchStatus::Minted)
    );
    assert_eq!((batch.minted, batch.missing(), batch.cycles), (100, 0, 2));
    assert_eq!(batch.lease, None);
}

#[test]
fn a_cycle_has_1_to_20_000_units_and_no_more_than_are_missing() {
    for (quantity, count, most) in [
        (50_000, 0, 20_000),
        (50_000, 20_001, 20_000),
        (50_000, u32::MAX, 20_000),
        (10, 0, 10),
        (10, 11, 10),
    ] {
        outcome_of(reserved(quantity), cycle("a", count))
            .then_refused(Rejection::CycleSize { count, most });
    }
    for (quantity, count) in [(50_000, 1), (50_000, MAX_UNITS_PER_CYCLE), (10, 10)] {
        assert!(
            outcome_of(reserved(quantity), cycle("a", count))
                .answer
                .is_ok()
        );
    }
    outcome_of(job_in(JobStatus::Processing), cycle("a", 61)).then_refused(Rejection::CycleSize {
        count: 61,
        most: 60,
    });
}

#[test]
fn only_the_worker_that_holds_a_reserved_or_processing_job_can_mint() {
    for status in STATES {
        let can = matches!(status, JobStatus::Reserved | JobStatus::Processing);
        let own = outcome_of(job_in(status), cycle("a", 1));
        let other = outcome_of(job_in(status), cycle("b", 1));
        if can {
            assert!(own.answer.is_ok());
            let worker = worker("b");
            other.then_refused(Rejection::NotHeld { worker });
        } else {
            let refused = Rejection::WrongStatus {
                status,
                command: "minting",
                needed: "RESERVED or PROCESSING",
            };
            own.then_refused(refused.clone());
            other.then_refused(refused);
        }
    }
}

#[test]
fn lots_are_confirmed_with_exactly_their_quantities_by_the_last_cycle() {
    let queued = queued(lot_request(&[("L-1", 30), ("L-2", 70)]));
    let facts = facts_of(&queued);
    let ids = lot_ids(&facts);
    let command = reserve("a", &facts);
    let events = after(queued, [command, cycle("a", 40)]);
    let confirmed = [("L-1", 30), ("L-2", 70)].into_iter().zip(&ids);
    let lots = confirmed.map(|((code, qty), id)| LotConfirmed {
        lot_id: *id,
        lot_code: code.parse().unwrap(),
        qty,
    });
    let lots = lots.collect();
    let answer = outcome_of(events.clone(), last_of_lots(&ids))
        .answer
        .unwrap();
    assert_eq!(answer[1], MintEvent::LotsConfirmed(LotsConfirmed { lots }));
    assert_eq!(
        answer[2],
        MintEvent::Completed(JobCompleted { minted: 100 })
    );

    let one_too_many = [ids[0], ids[1], ids[1]];
    for given in [0, 1, 3] {
        outcome_of(events.clone(), last_of_lots(&one_too_many[..given]))
            .then_refused(Rejection::WrongLots { given, lots: 2 });
    }
}

fn last_of_lots(lot_ids: &[LotId]) -> Command<'_> {
    Command::MintCycle {
        worker: worker("a"),
        count: 60,
        digest: digest(),
        lease_until: None,
        lot_ids,
    }
}

#[test]
fn a_failed_cycle_is_noted_and_lets_the_job_go() {
    let failed = CycleFailed {
        cycle: 2,
        failures: 1,
        reason: "the disk is full".to_owned(),
    };
    outcome_of(job_in(JobStatus::Processing), fail_cycle("a"))
        .then([MintEvent::CycleFailed(failed)]);
    let batch = state(&after(job_in(JobStatus::Processing), [fail_cycle("a")]));
    assert_eq!((batch.job, batch.lease), (JobStatus::Processing, None));
    assert_eq!((batch.failures, batch.minted), (1, 40));
}

#[test]
fn a_worker_cannot_fail_a_cycle_of_a_job_that_another_holds() {
    for status in [JobStatus::Reserved, JobStatus::Processing] {
        let worker = worker("b");
        outcome_of(job_in(status), fail_cycle("b")).then_refused(Rejection::NotHeld { worker });
    }
}

#[test]
fn the_third_failure_in_a_row_fails_the_job_and_what_was_made_stays() {
    let events = after(
        job_in(JobStatus::Processing),
        [fail_cycle("a"), fail_cycle("a")],
    );
    assert_eq!(state(&events).job, JobStatus::Processing);
    let answer = outcome_of(events.clone(), fail_cycle("a")).answer.unwrap();
    assert!(matches!(&answer[0], MintEvent::CycleFailed(failed) if failed.failures == 3));
    let [_, MintEvent::Failed(JobFailed { minted: 40, reason })] = answer.as_slice() else {
        panic!("{answer:?}");
    };
    assert!(reason.contains("the disk is full"), "{reason}");
    let batch = state(&after(events, [fail_cycle("a")]));
    assert_eq!(
        (batch.job, batch.status),
        (JobStatus::Failed, BatchStatus::Failed)
    );
    assert_eq!(batch.minted, 40);
}

#[test]
fn progress_resets_the_count_of_failures() {
    let steps = [
        fail_cycle("a"),
        fail_cycle("a"),
        take_over("a"),
        cycle("a", 1),
        fail_cycle("a"),
        fail_cycle("a"),
    ];
    let batch = state(&after(job_in(JobStatus::Processing), steps));
    assert_eq!((batch.job, batch.failures), (JobStatus::Processing, 2));
}

#[test]
fn taking_a_job_over_does_not_reset_the_count_of_failures() {
    let steps = [
        fail_cycle("a"),
        take_over("b"),
        fail_cycle("b"),
        take_over("a"),
        fail_cycle("a"),
    ];
    let batch = state(&after(job_in(JobStatus::Processing), steps));
    assert_eq!(batch.job, JobStatus::Failed);
}

#[test]
fn a_cycle_can_fail_only_while_the_job_can_run() {
    for status in STATES {
        let outcome = outcome_of(job_in(status), fail_cycle("a"));
        match status.can_run() {
            true => assert!(outcome.answer.is_ok()),
            false => outcome.then_refused(Rejection::WrongStatus {
                status,
                command: "failing a cycle",
                needed: "QUEUED, RESERVED or PROCESSING",
            }),
        }
    }
}

#[test]
fn a_job_can_be_cancelled_or_given_up_until_it_is_over_and_what_was_made_stays() {
    for status in STATES {
        let minted = if status == JobStatus::Processing {
            40
        } else {
            0
        };
        let reason = Some("a mistake".to_owned());
        let cancelled = outcome_of(
            job_in(status),
            Command::Cancel {
                reason: reason.clone(),
            },
        );
        let given_up = Command::Fail {
            reason: "a mistake".to_owned(),
        };
        let failed = outcome_of(job_in(status), given_up);
        if status.is_over() {
            let refused = |command| Rejection::WrongStatus {
                status,
                command,
                needed: "not over",
            };
            cancelled.then_refused(refused("cancelling it"));
            failed.then_refused(refused("giving it up"));
        } else {
            cancelled.then([MintEvent::Cancelled(JobCancelled { minted, reason })]);
            let reason = "a mistake".to_owned();
            failed.then([MintEvent::Failed(JobFailed { minted, reason })]);
        }
    }
}

#[test]
fn the_batch_of_a_cancelled_job_is_minted_if_it_has_units_and_failed_otherwise() {
    for status in STATES.into_iter().filter(|status| !status.is_over()) {
        let batch = state(&after(job_in(status), [cancel()]));
        let expected = match batch.minted {
            0 => BatchStatus::Failed,
            _ => BatchStatus::Minted,
        };
        assert_eq!((batch.job, batch.status), (JobStatus::Cancelled, expected));
        assert_eq!(batch.lease, None);
    }
}

fn why() -> Option<Reason> {
    Some("the ink does not hold".parse().unwrap())
}

fn set(to: BatchStatus) -> Command<'static> {
    Command::SetStatus { to, reason: why() }
}

/// The way of a batch after minting.
const WAY: [BatchStatus; 5] = [
    BatchStatus::Minted,
    BatchStatus::Exported,
    BatchStatus::Printed,
    BatchStatus::Applied,
    BatchStatus::Voided,
];

fn on_the_way(at: usize) -> Vec<MintEvent> {
    let steps = WAY[1..=at].iter().copied().map(set);
    after(job_in(JobStatus::Completed), steps)
}

#[test]
fn a_batch_goes_forward_one_step_at_a_time_and_can_be_voided_at_each() {
    for (at, from) in WAY.into_iter().enumerate() {
        let events = on_the_way(at);
        assert_eq!(state(&events).status, from);
        for to in BATCH_STATES {
            let outcome = outcome_of(events.clone(), set(to));
            let next = WAY.get(at + 1) == Some(&to);
            let voided = to == BatchStatus::Voided && from != BatchStatus::Voided;
            match next || voided {
                true => outcome.then([MintEvent::StatusChanged(StatusChanged {
                    from,
                    to,
                    reason: why(),
                })]),
                false => outcome.then_refused(Rejection::WrongStep { from, to }),
            }
        }
    }
}

#[test]
fn voiding_needs_a_reason_and_the_other_steps_do_not() {
    for (at, from) in WAY.into_iter().enumerate().take(4) {
        let silent = |to| outcome_of(on_the_way(at), Command::SetStatus { to, reason: None });
        silent(BatchStatus::Voided).then_refused(Rejection::ReasonMissing);
        let to = WAY[at + 1];
        if to != BatchStatus::Voided {
            let reason = None;
            silent(to).then([MintEvent::StatusChanged(StatusChanged { from, to, reason })]);
        }
    }
}

#[test]
fn a_batch_follows_its_job_until_that_is_over() {
    for status in STATES.into_iter().filter(|status| !status.is_over()) {
        let from = state(&job_in(status)).status;
        for to in BATCH_STATES {
            outcome_of(job_in(status), set(to)).then_refused(Rejection::WrongStep { from, to });
        }
    }
}

#[test]
fn a_failed_batch_with_units_can_be_exported_and_one_without_cannot() {
    let with_units = outcome_of(job_in(JobStatus::Failed), set(BatchStatus::Exported));
    assert!(with_units.answer.is_ok());
    let without = after(job_in(JobStatus::Queued), [cancel()]);
    for to in [BatchStatus::Exported, BatchStatus::Voided] {
        outcome_of(without.clone(), set(to)).then_refused(Rejection::NoUnits);
    }
}
