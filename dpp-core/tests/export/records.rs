//! What the read port tells of exports: the fold of their events.

use std::time::Duration;

use dpp_core::export::{EXPORT_LOCK, EXPORT_RETENTION, Export, ExportEvent, evolve};
use dpp_core::store::ExportRecord;
use dpp_core::testing::strategies;
use dpp_core::{ExportId, Timestamp};
use proptest::prelude::*;
use uuid::Uuid;

use crate::laws::{Decided, run, steps};
use crate::support::*;

fn id() -> ExportId {
    ExportId::from_uuid(Uuid::from_u128(1))
}

fn then(record: Option<ExportRecord>, events: &[ExportEvent], second: i64) -> Option<ExportRecord> {
    events.iter().fold(record, |record, event| {
        ExportRecord::evolve(record, id(), event, at(second))
    })
}

fn requested() -> ExportRecord {
    then(None, &after([]), 0).unwrap()
}

/// What the failures in a row come to that a history ends with.
fn failures_of(history: &[Decided]) -> u32 {
    let events = history.iter().flat_map(|decided| &decided.events);
    let mut failures = 0;
    for event in events {
        match event {
            ExportEvent::PackFailed(_) => failures += 1,
            ExportEvent::PackCompleted(_) => failures = 0,
            _ => {}
        }
    }
    failures
}

fn agree(record: &ExportRecord, export: &Export) -> Result<(), TestCaseError> {
    prop_assert_eq!(record.mint_batch_id, export.facts.mint_batch_id);
    prop_assert_eq!(record.format, export.facts.format);
    prop_assert_eq!(record.completed, export.is_completed());
    prop_assert_eq!(record.expired, export.expired);
    prop_assert_eq!(record.expires_at, export.expires_at);
    let over = export.is_completed() || export.expired;
    prop_assert_eq!(record.runnable_at.is_none(), over);
    if let (false, Some(lock)) = (over, &export.lock) {
        prop_assert_eq!(record.runnable_at, Some(lock.until));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_record_agrees_with_the_state_that_commands_are_decided_on(steps in steps()) {
        let history = run(&steps);
        let mut record = Some(requested());
        for (place, decided) in history.iter().enumerate() {
            record = then(record, &decided.events, decided.second);
            let record = record.as_ref().unwrap();
            agree(record, &decided.after)?;
            prop_assert_eq!(record.requested_at, at(0));
            prop_assert_eq!(record.failures, failures_of(&history[..=place]));
        }
    }

    #[test]
    fn what_a_worker_may_take_nobody_holds(steps in steps(), later in 0..2 * DAY) {
        let mut record = Some(requested());
        for decided in run(&steps) {
            record = then(record, &decided.events, decided.second);
            let (now, record) = (at(decided.second + later), record.as_ref().unwrap());
            if record.is_runnable(now) {
                prop_assert!(decided.after.live_lock(now).is_none());
                prop_assert!(decided.after.is_alive(now) && !decided.after.is_completed());
            }
            let expiring = !decided.after.files_removed && !decided.after.is_alive(now);
            prop_assert_eq!(record.is_expiring(now), expiring);
        }
    }

    #[test]
    fn no_history_brings_back_what_is_over(
        events in prop::collection::vec(strategies::export_event(), 0..60),
    ) {
        let (mut record, mut export) = (None, None);
        for event in &events {
            let before: Option<ExportRecord> = record;
            record = ExportRecord::evolve(record, id(), event, at(0));
            export = evolve(export, event);
            prop_assert_eq!(record.is_some(), export.is_some());
            let of_record = record.map(|record| record.files_removed);
            let of_export = export.as_ref().map(|export| export.files_removed);
            prop_assert_eq!(of_record, of_export);
            if let (Some(before), Some(after)) = (before, record) {
                prop_assert!(after.completed || !before.completed);
                let same = ExportRecord { files_removed: after.files_removed, ..before };
                prop_assert!(!before.expired || after == same);
                prop_assert!(after.files_removed || !before.files_removed);
                prop_assert_eq!(after.runnable_at.is_none(), after.completed || after.expired);
                prop_assert_eq!(after.mint_batch_id, before.mint_batch_id);
                prop_assert_eq!(after.requested_at, before.requested_at);
            }
        }
    }
}

#[test]
fn a_new_export_may_be_taken_until_its_time_is_over() {
    let record = requested();
    assert_eq!(record.runnable_at, Some(at(0)));
    assert_eq!(record.expires_at, at(0).after(EXPORT_RETENTION));
    for (second, runnable) in [
        (-1, false),
        (0, true),
        (30 * DAY - 1, true),
        (30 * DAY, false),
    ] {
        assert_eq!(record.is_runnable(at(second)), runnable, "{second}");
        assert_eq!(record.is_expiring(at(second)), second == 30 * DAY);
    }
}

#[test]
fn an_export_that_is_held_may_be_taken_once_its_lock_runs_out() {
    let record = then(None, &after([(lock("a"), 5)]), 5).unwrap();
    assert_eq!(record.runnable_at, Some(at(5).after(EXPORT_LOCK)));
    let record = then(None, &after([(lock("a"), 5), (start("a", 1), 9)]), 9).unwrap();
    assert_eq!(record.runnable_at, Some(at(9).after(EXPORT_LOCK)));
    let events = after([(lock("a"), 5), (release("a"), 7)]);
    let record = then(None, &events, 7).unwrap();
    assert_eq!(record.runnable_at, Some(at(7)));
}

/// The events of a first pack that failed so often, and of the pack at last.
fn failing(times: i64) -> Vec<(ExportEvent, Timestamp)> {
    let mut commands = Vec::new();
    for time in 0..times {
        let tried = [lock("a"), start("a", 1), fail("a", 1)];
        commands.extend(tried.map(|command| (command, time * 7_200)));
    }
    let second = times * 7_200;
    let made = [lock("a"), start("a", 1), complete("a", 1), release("a")];
    commands.extend(made.map(|command| (command, second)));
    let seconds: Vec<_> = commands.iter().map(|(_, second)| at(*second)).collect();
    let events = after(commands).into_iter().skip(1);
    events.zip(seconds).collect()
}

#[test]
fn an_export_rests_longer_after_each_failure_until_a_pack_is_made() {
    let mut record = Some(requested());
    let mut rests = Vec::new();
    for (event, at) in failing(9) {
        record = ExportRecord::evolve(record, id(), &event, at);
        let record = record.unwrap();
        match event {
            ExportEvent::PackFailed(_) => rests.push(record.runnable_at.unwrap().since(at)),
            ExportEvent::PackCompleted(_) => assert_eq!(record.failures, 0),
            _ => {}
        }
    }
    let minutes = [1, 2, 4, 8, 16, 32, 60, 60, 60];
    assert_eq!(
        rests,
        minutes.map(|minutes| Duration::from_secs(60 * minutes))
    );
    assert!(record.unwrap().runnable_at.is_some());
}

#[test]
fn what_a_damaged_log_says_of_an_export_that_is_over_changes_nothing() {
    let completed = then(None, &with_packs(3), DONE).unwrap();
    assert!(completed.completed);
    let others = after([(lock("b"), 1), (start("b", 1), 1), (fail("b", 1), 1)]);
    assert_eq!(then(Some(completed), &others, 50), Some(completed));
    let expired = then(None, &expired(), DONE).unwrap();
    assert!(expired.expired);
    assert_eq!(then(Some(expired), &with_packs(3), 50), Some(expired));
}
