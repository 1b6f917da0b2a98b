//! Making packs: begun, completed, failed, and who is too late.

use std::sync::Arc;

use super::support::*;
use crate::support::*;
use dpp_core::export::{ExportRejection, NextPack, PackStatus};
use dpp_core::service::ExportError;
use dpp_core::testing::{Faults, FaultyStore};
use futures::executor::block_on;

#[test]
fn packs_are_begun_in_order_with_the_units_of_their_slice_and_the_last_completes() {
    let world = batch_of(20_001);
    let id = world.asked(&world.manifest(), 0);
    let mut held = world.hold(id, "a", 1).unwrap();
    let mut slices = Vec::new();
    for second in 2..5 {
        let slice = world.start(&mut held, second).unwrap();
        world.complete(&mut held, &slice, second).unwrap();
        slices.push((slice.number().get(), slice.indexes()));
    }
    let expected = [(1, 0..10_000), (2, 10_000..20_000), (3, 20_000..20_001)];
    assert_eq!(slices, expected);
    let export = world.export(id);
    assert_eq!(*held.export(), export);
    assert_eq!(
        (export.lock.clone(), export.expires_at),
        (None, at(4 + 30 * DAY))
    );
    assert_eq!(world.story(id).last().unwrap(), "export_completed");
    world.check_laws();
}

#[test]
fn a_pack_can_be_begun_again_and_a_completed_export_has_none_to_begin() {
    let world = batch_of(10);
    let id = world.asked(&world.manifest(), 0);
    let mut held = world.hold(id, "a", 1).unwrap();
    world.start(&mut held, 1).unwrap();
    world.make_pack(&mut held, 2);
    let refused = world.start(&mut held, 3);
    assert_eq!(rejection(refused), ExportRejection::Completed);
}

#[test]
fn a_pack_that_was_not_begun_is_not_completed_nor_failed() {
    let world = batch_of(10_001);
    let id = world.asked(&world.manifest(), 0);
    let mut held = world.hold(id, "a", 1).unwrap();
    let slice = held.export().next_slice().unwrap();
    let pack = number(1);
    let early = world.complete(&mut held, &slice, 2);
    assert_eq!(rejection(early), ExportRejection::NotStarted { pack });
    let early = world.fail(held.clone(), 1, "no", 2);
    assert_eq!(rejection(early), ExportRejection::NotStarted { pack });
    world.start(&mut held, 3).unwrap();
    let (pack, next) = (number(2), number(1));
    let second = held.export().slice(pack).unwrap();
    let early = world.complete(&mut held, &second, 4);
    assert_eq!(rejection(early), ExportRejection::NotNext { pack, next });
}

#[test]
fn a_file_with_another_number_of_units_is_refused() {
    let world = batch_of(10);
    let id = world.asked(&world.manifest(), 0);
    let mut held = world.hold(id, "a", 1).unwrap();
    let slice = world.start(&mut held, 1).unwrap();
    let mut short = file(&slice);
    short.rows = 9;
    let completed = world
        .exports
        .complete_pack(&mut held, number(1), short, at(2));
    let (pack, rows, expected) = (number(1), 9, 10);
    let wrong = ExportRejection::WrongRows {
        pack,
        rows,
        expected,
    };
    assert_eq!(rejection(block_on(completed)), wrong);
    world.complete(&mut held, &slice, 3).unwrap();
}

#[test]
fn a_download_of_an_earlier_pack_does_not_disturb_a_worker() {
    let world = batch_of(20_001);
    let id = world.asked(&world.manifest(), 0);
    let mut held = world.hold(id, "a", 1).unwrap();
    world.make_pack(&mut held, 2);
    world.download(id, 1, 3).unwrap();
    let slice = world.start(&mut held, 4).unwrap();
    world.download(id, 1, 5).unwrap();
    world.complete(&mut held, &slice, 6).unwrap();
    world.download(id, 2, 7).unwrap();
    world.release(held, 8);
    assert_eq!(world.export(id).completed_packs(), 2);
    world.check_laws();
}

#[test]
fn a_slow_worker_completes_its_pack_if_nobody_took_over() {
    let world = batch_of(10_001);
    let id = world.asked(&world.manifest(), 0);
    let mut slow = world.hold(id, "a", 0).unwrap();
    let slice = world.start(&mut slow, 0).unwrap();
    world.complete(&mut slow, &slice, 3 * LOCK).unwrap();
    let refused = world.start(&mut slow, 3 * LOCK);
    assert_eq!(rejection(refused), not_held_by("a"));
    world.make(id, "a", 3 * LOCK);
    world.check_laws();
}

#[test]
fn a_slow_worker_that_was_taken_over_completes_nothing() {
    let world = batch_of(10_001);
    let id = world.asked(&world.manifest(), 0);
    let mut slow = world.hold(id, "a", 0).unwrap();
    let slice = world.start(&mut slow, 0).unwrap();
    let mut held = world.hold(id, "b", LOCK).unwrap();
    let late = world.complete(&mut slow, &slice, LOCK + 1);
    assert_eq!(rejection(late), not_held_by("a"));
    let late = world.fail(slow.clone(), 1, "no", LOCK + 1);
    assert_eq!(rejection(late), not_held_by("a"));
    world.make_pack(&mut held, LOCK + 2);
    let late = world.complete(&mut slow, &slice, LOCK + 3);
    assert_eq!(rejection(late), not_held_by("a"));
    world.check_laws();
}

#[test]
fn after_its_time_no_pack_is_begun_completed_or_failed() {
    let world = batch_of(10);
    let id = world.asked(&world.manifest(), 0);
    let over = 30 * DAY;
    let mut held = world.hold(id, "a", over - 2).unwrap();
    let slice = world.start(&mut held, over - 1).unwrap();
    let expired = ExportRejection::Expired { at: at(over) };
    let events = world.events_in();
    assert_eq!(rejection(world.complete(&mut held, &slice, over)), expired);
    assert_eq!(rejection(world.start(&mut held, over)), expired);
    assert_eq!(rejection(world.fail(held.clone(), 1, "no", over)), expired);
    assert_eq!(rejection(world.hold(id, "a", over)), expired);
    world.release(held, over);
    assert_eq!(world.events_in(), events);
}

#[test]
fn to_fail_lets_go_keeps_the_reason_and_lets_the_next_attempt_work() {
    let world = batch_of(10_001);
    let id = world.asked(&world.manifest(), 0);
    for (round, second) in (1..).zip([0, 100, 200]) {
        let mut held = world.hold(id, "a", second).unwrap();
        world.start(&mut held, second).unwrap();
        world.fail(held, 1, "the disk is full", second).unwrap();
        let export = world.export(id);
        let reason = "the disk is full".parse().unwrap();
        assert_eq!(export.next, NextPack::Failed(reason));
        assert_eq!(export.pack_status(number(1)), Some(PackStatus::Failed));
        assert_eq!(export.lock, None);
        assert_eq!(world.records()[0].failures, round);
    }
    let mut held = world.hold(id, "b", 300).unwrap();
    world.make_pack(&mut held, 301);
    assert_eq!(world.records()[0].failures, 0);
    world.make_pack(&mut held, 302);
    assert_eq!(world.export(id).next, NextPack::Pending);
    world.check_laws();
}

/// The log does not answer at all, so that nobody knows.
#[test]
fn after_a_lost_answer_the_next_pack_is_begun() {
    let world = batch_of(20_001);
    let id = world.asked(&world.manifest(), 0);
    let faulty = Arc::new(FaultyStore::new(world.store.clone(), 1, Faults::NONE));
    let slow = exports_on(faulty.clone(), 7);
    let mut held = hold(&slow, id, "a", 0).unwrap();
    for pack in 1..=3 {
        let slice = block_on(slow.start_pack(&mut held, at(1))).unwrap();
        assert_eq!(slice.number(), number(pack));
        faulty.set_faults(Faults {
            after_commit: 1.0,
            read: 1.0,
            ..Faults::NONE
        });
        let completed = slow.complete_pack(&mut held, number(pack), file(&slice), at(2));
        let error = block_on(completed).unwrap_err();
        assert!(matches!(error, ExportError::Journal(_)), "{error:?}");
        faulty.set_faults(Faults::NONE);
    }
    let refused = block_on(slow.start_pack(&mut held, at(3)));
    assert_eq!(rejection(refused), ExportRejection::Completed);
    world.check_laws();
}

#[test]
fn a_lost_answer_that_the_log_can_settle_is_no_error() {
    let world = batch_of(10);
    let lost = Faults {
        after_commit: 1.0,
        ..Faults::NONE
    };
    let faulty = Arc::new(FaultyStore::new(world.store.clone(), 1, lost));
    let exports = exports_on(faulty, 7);
    let (caller, request) = (owner(brand(1)), world.manifest());
    let id = block_on(exports.request(&caller, &request, at(0)))
        .unwrap()
        .export_id;
    let mut held = hold(&exports, id, "a", 1).unwrap();
    let slice = block_on(exports.start_pack(&mut held, at(2))).unwrap();
    block_on(exports.complete_pack(&mut held, number(1), file(&slice), at(3))).unwrap();
    let expected = [
        "export_requested",
        "export_locked",
        "export_pack_started",
        "export_pack_completed",
        "export_completed",
    ];
    assert_eq!(world.story(id), expected);
}
