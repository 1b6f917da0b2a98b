//! Jobs: accepting them, reserving them, and the lease of a worker.

use crate::support::*;
use dpp_core::TextRows;
use dpp_core::identity::serial::{
    NumberRanges, SequentialFormat, SerialAllocation, SerialScheme, TagLength,
};
use dpp_core::mint::{
    ActivationMode, BatchFacts, BatchStatus, Command, Context, IdentityMode, JobQueued,
    JobReserved, JobStatus, JobTakenOver, MintEvent, Rejection, decide,
};

fn wrong_status(status: JobStatus, command: &'static str, needed: &'static str) -> Rejection {
    Rejection::WrongStatus {
        status,
        command,
        needed,
    }
}

#[test]
fn an_accepted_request_is_a_queued_job_with_everything_fixed() {
    let mut request = request(100);
    request.product_batch_id = Some(production_id());
    request.idempotency_key = Some("key-1".to_owned());
    let events = queued(request);
    let facts = BatchFacts {
        brand_id: brand_id(),
        mint_job_id: batch_id().job(),
        mint_batch_id: batch_id(),
        product_id: product_id(),
        product_batch_id: Some(production_id()),
        requested_quantity: 100,
        identity_mode: IdentityMode::Serial,
        activation_mode: ActivationMode::FirstScan,
        lots: Default::default(),
        serial_scheme: Some(SerialScheme::default()),
        gtin: product().gtin,
        resolver_base: brand().resolver,
        idempotency_key: Some("key-1".parse().unwrap()),
    };
    assert_eq!(events, [MintEvent::Queued(JobQueued { facts })]);
    let batch = state(&events);
    assert_eq!(
        (batch.job, batch.status),
        (JobStatus::Queued, BatchStatus::Queued)
    );
    assert_eq!((batch.minted, batch.missing()), (0, 100));
    assert_eq!((batch.identity, batch.lease), (None, None));
}

#[test]
fn provided_serials_are_kept_in_unit_order_20_000_to_an_event() {
    let rows: Vec<_> = (0..45_000).map(|n| format!("S{n}")).collect();
    let mut request = request(45_000);
    request.serials = Some(rows.iter().map(String::as_str).collect::<TextRows>());
    let events = queued(request);
    let provided: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            MintEvent::SerialsProvided(provided) => Some(provided),
            _ => None,
        })
        .collect();
    assert_eq!(events.len(), 4);
    let starts: Vec<_> = provided.iter().map(|event| event.from).collect();
    assert_eq!(starts, [0, 20_000, 40_000]);
    let kept = provided.iter().flat_map(|event| event.serials.split(' '));
    assert!(kept.eq(rows.iter().map(String::as_str)));
}

#[test]
fn a_blocked_request_creates_nothing() {
    let order = order(request(100));
    accepting(&order, |mut acceptance| {
        acceptance.facts.product = None;
        for command in [Command::Queue(acceptance), Command::Prepare(acceptance)] {
            let refused = decided(None, command);
            assert!(matches!(refused, Err(Rejection::Blocked(reasons)) if reasons.len() == 1));
        }
    });
}

#[test]
fn a_job_is_accepted_only_once() {
    let order = order(request(100));
    for status in STATES {
        accepting(&order, |acceptance| {
            for command in [Command::Queue(acceptance), Command::Prepare(acceptance)] {
                job(job_in(status))
                    .when(|job| decided(job.as_ref(), command))
                    .then_refused(Rejection::AlreadyThere);
            }
        });
    }
}

#[test]
fn a_job_that_was_never_accepted_can_be_told_nothing() {
    let facts = facts_of(&queued(request(100)));
    let to = BatchStatus::Exported;
    let reason = None;
    for command in [
        Command::QueuePrepared,
        reserve("a", &facts),
        take_over("a"),
        cycle("a", 1),
        fail_cycle("a"),
        cancel(),
        Command::SetStatus { to, reason },
    ] {
        job([])
            .when(|job| decided(job.as_ref(), command))
            .then_refused(Rejection::NoSuchJob);
    }
}

#[test]
fn the_two_step_way_makes_a_draft_and_then_queues_it() {
    let events = prepared(request(100));
    let facts = facts_of(&events);
    let draft = state(&events);
    assert_eq!(
        (draft.job, draft.status),
        (JobStatus::Preflighted, BatchStatus::Draft)
    );
    job(events.clone())
        .when(|job| decided(job.as_ref(), Command::QueuePrepared))
        .then([MintEvent::Queued(JobQueued { facts })]);
    let batch = state(&after(events, [Command::QueuePrepared]));
    assert_eq!(
        (batch.job, batch.status),
        (JobStatus::Queued, BatchStatus::Queued)
    );
}

#[test]
fn only_a_preflighted_or_queued_job_can_be_given_its_batch() {
    for status in STATES {
        let outcome = job(job_in(status)).when(|job| decided(job.as_ref(), Command::QueuePrepared));
        match status {
            JobStatus::Preflighted => assert_eq!(outcome.answer.unwrap().len(), 1),
            JobStatus::Queued => outcome.then([]),
            _ => outcome.then_refused(wrong_status(
                status,
                "giving it its batch",
                "PREFLIGHTED or QUEUED",
            )),
        }
    }
}

#[test]
fn only_a_queued_job_can_be_reserved() {
    let facts = facts_of(&queued(request(100)));
    let identity = identity(allocation(facts.serial_scheme.as_ref(), 100));
    for status in STATES {
        let outcome = job(job_in(status)).when(|job| decided(job.as_ref(), reserve("b", &facts)));
        match status {
            JobStatus::Queued => outcome.then([MintEvent::Reserved(JobReserved {
                worker: worker("b"),
                lease_until: at(60),
                identity: identity.clone(),
            })]),
            _ => outcome.then_refused(wrong_status(status, "reserving it", "QUEUED")),
        }
    }
}

#[test]
fn a_reserved_job_is_held_and_its_batch_still_queued() {
    let batch = state(&job_in(JobStatus::Reserved));
    assert_eq!(
        (batch.job, batch.status),
        (JobStatus::Reserved, BatchStatus::Queued)
    );
    assert_eq!(batch.live_lease(at(59)).unwrap().worker, worker("a"));
    assert!(batch.identity.is_some());
}

fn sequential(prefix: &str) -> SequentialFormat {
    SequentialFormat::new(prefix, 3).unwrap()
}

fn numbers(first: u64, count: u32) -> NumberRanges {
    NumberRanges::stepping_over(first, count, &Default::default())
}

#[test]
fn a_job_refuses_serials_that_it_did_not_ask_for() {
    let schemes = [
        Some(SerialScheme::default()),
        Some(SerialScheme::Randomised {
            tag_length: TagLength::new(5).unwrap(),
        }),
        Some(SerialScheme::Sequential(sequential("SN-"))),
        Some(SerialScheme::Sequential(sequential("XN-"))),
        Some(SerialScheme::Numeric38),
        Some(SerialScheme::Provided),
        None,
    ];
    for asked in &schemes {
        for given in &schemes {
            let outcome = reserve_with(asked.as_ref(), allocation(given.as_ref(), 3));
            match asked == given {
                true => assert!(outcome.is_ok(), "{asked:?}"),
                false => assert_eq!(outcome, Err(Rejection::WrongSerials), "{asked:?} {given:?}"),
            }
        }
    }
}

/// Reserves a job of 3 units that asked for this scheme with these serials.
fn reserve_with(
    asked: Option<&SerialScheme>,
    serials: SerialAllocation,
) -> Result<Vec<MintEvent>, Rejection> {
    let mut request = match asked {
        None => lot_request(&[("L", 3)]),
        Some(_) => request(3),
    };
    request.serial_scheme = asked.cloned();
    if asked == Some(&SerialScheme::Provided) {
        request.serials = Some(["1", "2", "3"].into_iter().collect());
    }
    let command = Command::Reserve {
        worker: worker("a"),
        lease_until: at(60),
        identity: identity(serials),
    };
    decided(Some(&state(&queued(request))), command)
}

#[test]
fn a_job_refuses_too_few_numbers_too_many_and_those_that_its_form_cannot_write() {
    let format = sequential("SN-");
    let asked = SerialScheme::Sequential(format.clone());
    for (ranges, right) in [
        (numbers(1, 3), true),
        (numbers(997, 3), true),
        (numbers(998, 3), false),
        (numbers(1, 2), false),
        (numbers(1, 4), false),
        (NumberRanges::default(), false),
    ] {
        let format = format.clone();
        let serials = SerialAllocation::Sequential { format, ranges };
        let outcome = reserve_with(Some(&asked), serials);
        assert_eq!(outcome.is_ok(), right, "{outcome:?}");
    }
    for (ranges, right) in [
        (numbers((1 << 38) - 3, 3), true),
        (numbers((1 << 38) - 2, 3), false),
        (numbers(1, 2), false),
    ] {
        let pool_seed = dpp_core::identity::PoolSeed::from_bytes([1; 32]);
        let serials = SerialAllocation::Numeric38 { pool_seed, ranges };
        let outcome = reserve_with(Some(&SerialScheme::Numeric38), serials);
        assert_eq!(outcome.is_ok(), right, "{outcome:?}");
    }
}

#[test]
fn only_a_reserved_or_processing_job_can_be_taken_over() {
    for status in STATES {
        let outcome = job(job_in(status)).when(|job| decided(job.as_ref(), take_over("a")));
        match status {
            JobStatus::Reserved | JobStatus::Processing => {
                outcome.then([MintEvent::TakenOver(JobTakenOver {
                    worker: worker("a"),
                    lease_until: at(120),
                })]);
            }
            _ => outcome.then_refused(wrong_status(
                status,
                "taking it over",
                "RESERVED or PROCESSING",
            )),
        }
    }
}

#[test]
fn a_held_job_can_be_taken_over_by_another_worker_only_when_the_lease_has_run_out() {
    let held = job(job_in(JobStatus::Processing));
    let outcome = |second| {
        held.when(|job| decide(job.as_ref(), take_over("b"), &Context { now: at(second) }))
    };
    for second in [0, 59] {
        outcome(second).then_refused(Rejection::Held {
            worker: worker("a"),
            until: at(60),
        });
    }
    assert!(outcome(60).answer.is_ok());
    assert!(outcome(61).answer.is_ok());
}

#[test]
fn a_job_that_its_worker_let_go_can_be_taken_over_at_once() {
    let let_go = Command::MintCycle {
        worker: worker("a"),
        count: 1,
        digest: digest(),
        lease_until: None,
        lot_ids: &[],
    };
    let events = after(job_in(JobStatus::Reserved), [let_go]);
    assert_eq!(state(&events).lease, None);
    let outcome = job(events).when(|job| decided(job.as_ref(), take_over("b")));
    assert!(outcome.answer.is_ok());
}

#[test]
fn who_lost_the_job_cannot_mint_any_more() {
    let mut events = job_in(JobStatus::Processing);
    let late = Context { now: at(60) };
    let taken = decide(Some(&state(&events)), take_over("b"), &late).unwrap();
    events.extend(taken);
    let job = job(events);
    let worker = worker("a");
    job.when(|job| decide(job.as_ref(), cycle("a", 1), &late))
        .then_refused(Rejection::NotHeld { worker });
    let outcome = job.when(|job| decide(job.as_ref(), cycle("b", 1), &late));
    assert!(outcome.answer.is_ok());
}

#[test]
fn a_lease_that_ran_out_still_counts_while_nobody_else_took_the_job() {
    let late = Context { now: at(3_600) };
    let outcome =
        job(job_in(JobStatus::Processing)).when(|job| decide(job.as_ref(), cycle("a", 1), &late));
    assert!(outcome.answer.is_ok());
}
