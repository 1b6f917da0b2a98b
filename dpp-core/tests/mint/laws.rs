//! What holds for every history of a job.

use crate::support::*;
use dpp_core::mint::{
    BatchStatus, Command, Context, JobStatus, MintBatch, MintEvent, decide, evolve,
};
use dpp_core::testing::strategies;
use proptest::prelude::*;

/// Something that a job can be told, at some second.
#[derive(Debug, Clone)]
enum Step {
    QueuePrepared,
    Reserve(&'static str),
    TakeOver(&'static str),
    Cycle(&'static str, u32),
    FailCycle(&'static str),
    Fail,
    Cancel,
    SetStatus(BatchStatus),
}

fn step() -> impl Strategy<Value = Step> {
    let name = || prop::sample::select(vec!["a", "b"]);
    prop_oneof![
        2 => Just(Step::QueuePrepared),
        3 => name().prop_map(Step::Reserve),
        4 => name().prop_map(Step::TakeOver),
        9 => (name(), 0..60_u32).prop_map(|(name, count)| Step::Cycle(name, count)),
        2 => name().prop_map(Step::FailCycle),
        1 => prop_oneof![Just(Step::Fail), Just(Step::Cancel)],
        2 => strategies::batch_status().prop_map(Step::SetStatus),
    ]
}

fn command(step: &Step, begin: &[MintEvent], now: i64) -> Command<'static> {
    let (reason, lease_until) = ("a test".to_owned(), at(now + 30));
    match *step {
        Step::QueuePrepared => Command::QueuePrepared,
        Step::Reserve(name) => reserve(name, &facts_of(begin)),
        Step::TakeOver(name) => Command::TakeOver {
            worker: worker(name),
            lease_until,
        },
        Step::Cycle(name, count) => cycle(name, count),
        Step::FailCycle(name) => fail_cycle(name),
        Step::Fail => Command::Fail { reason },
        Step::Cancel => cancel(),
        Step::SetStatus(to) => Command::SetStatus {
            to,
            reason: Some("a test".parse().unwrap()),
        },
    }
}

/// Runs the steps; those that are refused change nothing. Every state on the way.
fn run(begin: Vec<MintEvent>, steps: &[(Step, i64)]) -> (Vec<MintEvent>, Vec<MintBatch>) {
    let mut events = begin.clone();
    let mut states = vec![state(&events)];
    let mut now = 0;
    for (step, seconds) in steps {
        now += seconds;
        let context = Context { now: at(now) };
        let last = states.last().unwrap().clone();
        if let Ok(more) = decide(Some(&last), command(step, &begin, now), &context) {
            states.push(more.iter().fold(Some(last), evolve).unwrap());
            events.extend(more);
        }
    }
    (events, states)
}

fn begin() -> impl Strategy<Value = Vec<MintEvent>> {
    prop_oneof![
        Just(prepared(request(100))),
        Just(queued(request(100))),
        Just(job_in(JobStatus::Reserved)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_history_makes_evolve_panic_or_mint_more_than_was_asked_for(
        events in prop::collection::vec(strategies::mint_event(), 0..40),
    ) {
        let mut batch = None;
        for event in &events {
            let before: Option<MintBatch> = batch.clone();
            batch = evolve(batch, event);
            if let Some(batch) = &batch {
                prop_assert!(batch.minted <= batch.facts.requested_quantity);
                let before = before.map_or(0, |before| before.minted);
                prop_assert!(batch.minted >= before);
            }
        }
    }

    #[test]
    fn no_history_makes_decide_panic(
        events in prop::collection::vec(strategies::mint_event(), 0..40),
        step in step(),
    ) {
        let batch = events.iter().fold(None, evolve);
        let command = command(&step, &queued(request(100)), 0);
        let _ = decide(batch.as_ref(), command, &Context { now: at(0) });
    }

    #[test]
    fn what_is_over_stays_over(
        events in prop::collection::vec(strategies::mint_event(), 0..40),
    ) {
        let mut batch: Option<MintBatch> = None;
        for event in &events {
            let before = batch.clone();
            batch = evolve(batch, event);
            if let (Some(before), Some(after)) = (before, &batch) {
                prop_assert!(after.status >= before.status);
                if before.job.is_over() {
                    prop_assert_eq!(before.job, after.job);
                    prop_assert_eq!(before.minted, after.minted);
                }
            }
        }
    }

    #[test]
    fn whatever_a_job_is_told_its_units_are_made_once_and_in_order(
        begin in begin(),
        steps in prop::collection::vec((step(), 0..40_i64), 0..60),
    ) {
        let (events, states) = run(begin, &steps);
        let mut next = 0;
        let mut cycles = 0;
        for event in &events {
            if let MintEvent::CycleMinted(minted) = event {
                prop_assert_eq!(minted.from, next);
                cycles += 1;
                prop_assert_eq!(minted.cycle, cycles);
                next += minted.count;
            }
        }
        let last = states.last().unwrap();
        prop_assert_eq!((last.minted, last.cycles), (next, cycles));
        prop_assert!(last.minted <= 100);
        prop_assert_eq!(last.job == JobStatus::Completed, last.minted == 100);
    }

    #[test]
    fn whatever_a_job_is_told_job_and_batch_only_go_forward(
        begin in begin(),
        steps in prop::collection::vec((step(), 0..40_i64), 0..60),
    ) {
        let (_, states) = run(begin, &steps);
        for pair in states.windows(2) {
            prop_assert!(pair[0].status <= pair[1].status);
            prop_assert!(rank(pair[0].job) <= rank(pair[1].job));
            prop_assert!(pair[1].failures < 3 || pair[1].job == JobStatus::Failed);
            prop_assert!(pair[1].lease.is_none() || pair[1].job.can_run());
        }
    }

    #[test]
    fn the_state_is_the_fold_of_the_events_whatever_the_way(
        begin in begin(),
        steps in prop::collection::vec((step(), 0..40_i64), 0..60),
    ) {
        let (events, states) = run(begin, &steps);
        prop_assert_eq!(&state(&events), states.last().unwrap());
    }
}

const fn rank(status: JobStatus) -> u8 {
    match status {
        JobStatus::Preflighted => 0,
        JobStatus::Queued => 1,
        JobStatus::Reserved => 2,
        JobStatus::Processing => 3,
        JobStatus::Completed | JobStatus::Failed | JobStatus::Cancelled => 4,
    }
}
