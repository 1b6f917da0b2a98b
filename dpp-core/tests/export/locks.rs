//! Who holds an export.

use crate::support::*;
use dpp_core::export::{
    ExportCommand, ExportEvent, ExportRejection, ExportUnlocked, NextPack, PackStatus,
};

#[test]
fn a_lock_lasts_10_minutes() {
    when(after([]), lock("a"), 5).then([locked("a", 5)]);
    let export = state(&after([(lock("a"), 5)]));
    assert_eq!(export.lock, Some(lock_from("a", 5)));
    assert!(export.live_lock(at(5 + 10 * MINUTE - 1)).is_some());
    assert!(export.live_lock(at(5 + 10 * MINUTE)).is_none());
}

#[test]
fn a_live_lock_keeps_others_off_and_says_whose_it_is() {
    let events = after([(lock("a"), 0)]);
    for second in [0, 10 * MINUTE - 1] {
        when(events.clone(), lock("b"), second).then_refused(refused_by("a", 0));
    }
}

#[test]
fn a_lock_that_ran_out_is_taken_over() {
    let events = after([(lock("a"), 0)]);
    when(events, lock("b"), 10 * MINUTE).then([locked("b", 10 * MINUTE)]);
}

#[test]
fn its_holder_renews_a_lock_before_and_after_it_ran_out() {
    for second in [1, 10 * MINUTE, DAY] {
        when(after([(lock("a"), 0)]), lock("a"), second).then([locked("a", second)]);
    }
}

#[test]
fn renewing_a_lock_leaves_the_begun_pack_begun() {
    let events = after([(lock("a"), 0), (start("a", 1), 1), (lock("a"), 20 * MINUTE)]);
    assert_eq!(state(&events).next, NextPack::Generating);
    assert!(decided(Some(&state(&events)), complete("a", 1), 20 * MINUTE).is_ok());
}

#[test]
fn who_takes_over_begins_the_pack_anew() {
    let events = after([(lock("a"), 0), (start("a", 1), 0), (lock("b"), 10 * MINUTE)]);
    assert_eq!(
        state(&events).pack_status(number(1)),
        Some(PackStatus::Pending)
    );
    let second = 10 * MINUTE + 1;
    let not_started = ExportRejection::NotStarted { pack: number(1) };
    when(events.clone(), complete("b", 1), second).then_refused(not_started);
    when(events.clone(), complete("a", 1), second).then_refused(not_held("a"));
    when(events.clone(), fail("a", 1), second).then_refused(not_held("a"));
    assert!(decided(Some(&state(&events)), start("b", 1), second).is_ok());
}

#[test]
fn a_lock_on_another_export_of_the_batch_and_format_keeps_everybody_off() {
    for name in ["a", "b"] {
        let command = || ExportCommand::Lock {
            worker: worker(name),
            elsewhere: Some(lock_from("a", 0)),
        };
        when(after([]), command(), 10 * MINUTE - 1).then_refused(refused_by("a", 0));
        when(after([]), command(), 10 * MINUTE).then([locked(name, 10 * MINUTE)]);
    }
}

#[test]
fn a_worker_that_stops_lets_go() {
    let events = after([(lock("a"), 0), (start("a", 1), 1)]);
    let worker = worker("a");
    let unlocked = ExportEvent::Unlocked(ExportUnlocked { worker });
    when(events, release("a"), 2).then([unlocked]);
    let events = after([(lock("a"), 0), (start("a", 1), 1), (release("a"), 2)]);
    let export = state(&events);
    assert_eq!((&export.lock, &export.next), (&None, &NextPack::Pending));
    when(events, lock("b"), 3).then([locked("b", 3)]);
}

#[test]
fn nobody_lets_go_what_they_do_not_hold() {
    when(after([]), release("a"), 1).then_refused(not_held("a"));
    when(after([(lock("a"), 0)]), release("b"), 1).then_refused(not_held("b"));
    when(after([(lock("a"), 0)]), release("b"), DAY).then_refused(not_held("b"));
    when(with_packs(3), release("a"), 10).then_refused(not_held("a"));
}

#[test]
fn a_completed_export_is_not_locked() {
    assert_eq!(state(&with_packs(3)).lock, None);
    for name in ["a", "b"] {
        when(with_packs(3), lock(name), 10).then_refused(ExportRejection::Completed);
    }
}
