//! Making the packs.

use crate::support::*;
use dpp_core::export::{
    ExportCommand, ExportCompleted, ExportEvent, ExportLock, ExportRejection, NextPack,
    PackCompleted, PackFailed, PackStarted, PackStatus,
};

fn started(name: &str, pack: u32, second: i64) -> ExportEvent {
    let ExportLock { worker, until } = lock_from(name, second);
    let pack = number(pack);
    ExportEvent::PackStarted(PackStarted {
        pack,
        worker,
        until,
    })
}

fn completed(pack: u32) -> ExportEvent {
    ExportEvent::PackCompleted(PackCompleted {
        pack: number(pack),
        file: file(pack),
    })
}

#[test]
fn starting_a_pack_renews_the_lock() {
    let events = after([(lock("a"), 0)]);
    when(events, start("a", 1), 5 * MINUTE).then([started("a", 1, 5 * MINUTE)]);
    let export = state(&after([(lock("a"), 0), (start("a", 1), 5 * MINUTE)]));
    assert_eq!(export.lock, Some(lock_from("a", 5 * MINUTE)));
    assert_eq!(export.pack_status(number(1)), Some(PackStatus::Generating));
    assert_eq!(export.pack_status(number(2)), Some(PackStatus::Pending));
}

#[test]
fn a_pack_can_be_begun_again_by_its_holder() {
    let events = after([(lock("a"), 0), (start("a", 1), 1)]);
    when(events, start("a", 1), 2).then([started("a", 1, 2)]);
}

#[test]
fn only_the_holder_starts_a_pack_and_only_while_its_lock_is_live() {
    when(after([]), start("a", 1), 0).then_refused(not_held("a"));
    let events = after([(lock("a"), 0)]);
    when(events.clone(), start("b", 1), 0).then_refused(not_held("b"));
    when(events.clone(), start("a", 1), 10 * MINUTE - 1).then([started("a", 1, 10 * MINUTE - 1)]);
    when(events, start("a", 1), 10 * MINUTE).then_refused(not_held("a"));
}

#[test]
fn packs_are_made_in_order() {
    let not_next = |pack, next| ExportRejection::NotNext {
        pack: number(pack),
        next: number(next),
    };
    when(after([(lock("a"), 0)]), start("a", 2), 1).then_refused(not_next(2, 1));
    when(with_packs(1), start("a", 3), 10).then_refused(not_next(3, 2));
    let events = after([(lock("a"), 0), (start("a", 1), 0)]);
    when(events.clone(), complete("a", 2), 1).then_refused(not_next(2, 1));
    when(events, fail("a", 2), 1).then_refused(not_next(2, 1));
}

#[test]
fn a_completed_pack_is_kept_with_its_file() {
    let events = after([(lock("a"), 0), (start("a", 1), 0)]);
    when(events, complete("a", 1), 1).then([completed(1)]);
    let export = state(&with_packs(1));
    assert_eq!(export.pack_status(number(1)), Some(PackStatus::Completed));
    assert_eq!(export.file(number(1)), Some(&file(1)));
    assert_eq!(export.next_slice().unwrap().number(), number(2));
    assert_eq!(export.lock.unwrap().worker, worker("a"));
}

#[test]
fn a_completed_pack_is_not_started_completed_or_failed_again() {
    for (packs, events) in [(1, with_packs(1)), (3, with_packs(3))] {
        for pack in 1..=packs {
            for command in [start("a", pack), complete("a", pack), fail("a", pack)] {
                let pack = number(pack);
                let refused = ExportRejection::PackCompleted { pack };
                when(events.clone(), command, 10).then_refused(refused);
            }
        }
    }
}

#[test]
fn the_last_pack_completes_the_export_for_30_days_from_then() {
    let events = after([
        (lock("a"), 0),
        (start("a", 1), 0),
        (complete("a", 1), 0),
        (start("a", 2), 0),
        (complete("a", 2), 0),
        (start("a", 3), 0),
    ]);
    let all = ExportEvent::Completed(ExportCompleted {
        packs: 3,
        expires_at: at(DAY + 30 * DAY),
    });
    when(events, complete("a", 3), DAY).then([completed(3), all]);
    let export = state(&with_packs(3));
    assert!(export.is_completed());
    assert_eq!(export.expires_at, at(DONE + 30 * DAY));
    assert_eq!(export.completed, [file(1), file(2), file(3)]);
}

#[test]
fn a_pack_is_completed_after_the_lock_ran_out_if_nobody_took_it() {
    let events = after([(lock("a"), 0), (start("a", 1), 0)]);
    when(events.clone(), complete("a", 1), DAY).then([completed(1)]);
    assert!(decided(Some(&state(&events)), fail("a", 1), DAY).is_ok());
}

#[test]
fn only_who_began_a_pack_completes_or_fails_it() {
    let events = after([(lock("a"), 0), (start("a", 1), 0)]);
    for command in [complete("b", 1), fail("b", 1)] {
        when(events.clone(), command, 1).then_refused(not_held("b"));
    }
    for command in [complete("a", 1), fail("a", 1)] {
        when(after([]), command, 1).then_refused(not_held("a"));
    }
}

#[test]
fn a_pack_that_was_not_begun_is_neither_completed_nor_failed() {
    for (pack, events) in [(1, after([(lock("a"), 0)])), (2, with_packs(1))] {
        for command in [complete("a", pack), fail("a", pack)] {
            let pack = number(pack);
            when(events.clone(), command, 10).then_refused(ExportRejection::NotStarted { pack });
        }
    }
}

#[test]
fn a_file_has_as_many_units_as_its_slice() {
    for (pack, expected) in [(1, 10_000), (3, 5_000)] {
        let mut commands = making("a", pack - 1);
        commands.push((start("a", pack), 20));
        for rows in [0, expected - 1, expected + 1] {
            let command = ExportCommand::CompletePack {
                worker: worker("a"),
                pack: number(pack),
                file: dpp_core::export::PackFile { rows, ..file(pack) },
            };
            when(after(commands.clone()), command, 21).then_refused(ExportRejection::WrongRows {
                pack: number(pack),
                rows,
                expected,
            });
        }
    }
}

#[test]
fn there_is_no_pack_behind_the_last() {
    let no_such_pack = |pack| ExportRejection::NoSuchPack {
        pack: number(pack),
        packs: 3,
    };
    for pack in [4, u32::MAX] {
        for command in [
            start("a", pack),
            complete("a", pack),
            fail("a", pack),
            download(pack),
        ] {
            for packs in [0, 3] {
                when(with_packs(packs), command.clone(), 10).then_refused(no_such_pack(pack));
            }
        }
    }
}

#[test]
fn a_failed_pack_lets_the_lock_go_and_can_be_tried_again() {
    let events = after([(lock("a"), 0), (start("a", 1), 0)]);
    let reason: dpp_core::Reason = "the disk is full".parse().unwrap();
    let failed = ExportEvent::PackFailed(PackFailed {
        pack: number(1),
        reason: reason.clone(),
    });
    when(events, fail("a", 1), 1).then([failed]);
    let commands = [(lock("a"), 0), (start("a", 1), 0), (fail("a", 1), 1)];
    let export = state(&after(commands.clone()));
    assert_eq!(
        (&export.lock, &export.next),
        (&None, &NextPack::Failed(reason))
    );
    assert_eq!(export.pack_status(number(1)), Some(PackStatus::Failed));
    assert_eq!(export.pack_status(number(2)), Some(PackStatus::Pending));
    let again = [(lock("b"), 2), (start("b", 1), 3), (complete("b", 1), 4)];
    let export = state(&after(commands.into_iter().chain(again)));
    assert_eq!(export.pack_status(number(1)), Some(PackStatus::Completed));
}

#[test]
fn a_lock_alone_does_not_wipe_out_the_failure() {
    let commands = [
        (lock("a"), 0),
        (start("a", 1), 0),
        (fail("a", 1), 1),
        (lock("b"), 2),
    ];
    let export = state(&after(commands));
    assert_eq!(export.pack_status(number(1)), Some(PackStatus::Failed));
}

#[test]
fn a_long_reason_is_cut_and_an_empty_one_named() {
    let kept = |reason: &str| {
        let command = ExportCommand::FailPack {
            worker: worker("a"),
            pack: number(1),
            reason: reason.to_owned(),
        };
        let export = state(&after([(lock("a"), 0), (start("a", 1), 0), (command, 1)]));
        match export.next {
            NextPack::Failed(reason) => reason.to_string(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(kept(&"ä".repeat(500)), "ä".repeat(500));
    assert_eq!(kept(&"ä".repeat(501)), "ä".repeat(500));
    assert_eq!(
        kept(&format!("{} {}", "a".repeat(499), "b")),
        "a".repeat(499)
    );
    assert_eq!(kept("  full\n"), "full");
    assert_eq!(kept(" \n"), "no reason was given");
}

#[test]
fn another_worker_goes_on_after_the_last_completed_pack() {
    let commands = making("a", 1).into_iter().chain([
        (start("a", 2), 10),
        (lock("b"), 20 * MINUTE),
        (start("b", 2), 20 * MINUTE),
        (complete("b", 2), 20 * MINUTE),
        (start("b", 3), 20 * MINUTE),
        (complete("b", 3), 20 * MINUTE),
    ]);
    let export = state(&after(commands));
    assert_eq!(export.completed, [file(1), file(2), file(3)]);
    assert_eq!(export.expires_at, at(20 * MINUTE + 30 * DAY));
}
