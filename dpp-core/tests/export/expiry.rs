//! How long an export lives.

use crate::support::*;
use dpp_core::export::{
    ExportCommand, ExportEvent, ExportExpired, ExportFilesRemoved, ExportRejection, PackStatus,
};

const EXPIRE: ExportCommand = ExportCommand::Expire;
const REMOVED: ExportCommand = ExportCommand::NoteFilesRemoved;

#[test]
fn a_completed_export_expires_30_days_after_its_last_pack() {
    let over = DONE + 30 * DAY;
    let not_yet = ExportRejection::NotYet { at: at(over) };
    when(with_packs(3), EXPIRE, over - 1).then_refused(not_yet);
    for second in [over, over + DAY] {
        let expired = ExportEvent::Expired(ExportExpired { packs: 3 });
        when(with_packs(3), EXPIRE, second).then([expired]);
    }
}

#[test]
fn one_that_was_never_completed_expires_30_days_after_its_request() {
    for packs in 0..3 {
        let not_yet = ExportRejection::NotYet { at: at(30 * DAY) };
        when(with_packs(packs), EXPIRE, 30 * DAY - 1).then_refused(not_yet);
        let expired = ExportEvent::Expired(ExportExpired { packs });
        when(with_packs(packs), EXPIRE, 30 * DAY).then([expired]);
    }
}

#[test]
fn an_export_expires_once() {
    for second in [0, DONE + 30 * DAY, 90 * DAY] {
        when(expired(), EXPIRE, second).then(Vec::new());
    }
}

#[test]
fn that_files_are_gone_is_noted_once_and_only_of_what_expired() {
    let removed = ExportEvent::FilesRemoved(ExportFilesRemoved { packs: 3 });
    when(expired(), REMOVED, DONE + 31 * DAY).then([removed.clone()]);
    let gone: Vec<_> = expired().into_iter().chain([removed]).collect();
    assert!(state(&gone).files_removed);
    when(gone, REMOVED, DONE + 32 * DAY).then(Vec::new());
    let refused = ExportRejection::NotExpired;
    when(with_packs(3), REMOVED, DONE + 31 * DAY).then_refused(refused);
}

#[test]
fn every_pack_of_an_expired_export_is_expired() {
    let unfinished = after([(lock("a"), 0), (start("a", 1), 0), (EXPIRE, 30 * DAY)]);
    for events in [expired(), unfinished] {
        let export = state(&events);
        for pack in 1..=3 {
            assert_eq!(export.pack_status(number(pack)), Some(PackStatus::Expired));
        }
        assert_eq!(export.pack_status(number(4)), None);
        assert_eq!(export.lock, None);
        assert!(!export.is_alive(at(0)));
    }
}

#[test]
fn what_expired_was_once_completed_and_keeps_its_history() {
    let export = state(&expired());
    assert!(export.is_completed());
    assert_eq!(export.completed, [file(1), file(2), file(3)]);
}

/// Whether or not somebody has noted by then that its time is over.
#[test]
fn nothing_can_be_done_with_an_export_whose_time_is_over() {
    let over = DONE + 30 * DAY;
    let refused = ExportRejection::Expired { at: at(over) };
    for events in [with_packs(3), expired()] {
        for command in [
            lock("a"),
            start("a", 1),
            complete("a", 1),
            fail("a", 1),
            release("a"),
            download(1),
        ] {
            when(events.clone(), command, over).then_refused(refused.clone());
        }
    }
    let late = 30 * DAY - 1;
    let begun = after([(lock("a"), late), (start("a", 1), late)]);
    let refused = ExportRejection::Expired { at: at(30 * DAY) };
    for command in [lock("b"), start("a", 1), complete("a", 1)] {
        when(begun.clone(), command, 30 * DAY).then_refused(refused.clone());
    }
}

#[test]
fn an_export_lives_until_its_time_is_over() {
    let export = state(&with_packs(3));
    assert!(export.is_alive(at(DONE + 30 * DAY - 1)));
    assert!(!export.is_alive(at(DONE + 30 * DAY)));
}
