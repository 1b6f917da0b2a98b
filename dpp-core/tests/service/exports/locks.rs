//! Who holds an export, and what else nobody else can hold meanwhile.

use super::support::*;
use crate::export_laws::Laws;
use crate::made::feed;
use crate::paused::Paused;
use crate::support::*;
use dpp_core::ExportId;
use dpp_core::export::{ExportFormat, ExportRejection};
use dpp_core::service::{ExportError, HeldExport};
use dpp_core::store::Codec;
use futures::executor::block_on;

#[test]
fn a_second_worker_is_refused_until_the_lock_ran_out() {
    let world = batch_of(10);
    let id = world.asked(&world.manifest(), 0);
    world.hold(id, "a", 5).unwrap();
    let events = world.events_in();
    for second in [5, LOCK + 4] {
        let refused = world.hold(id, "b", second);
        assert_eq!(rejection(refused), locked_by("a", LOCK + 5));
    }
    assert_eq!(world.events_in(), events);
    let held = world.hold(id, "b", LOCK + 5).unwrap();
    let holds = (held.brand(), held.id(), held.worker().as_str());
    assert_eq!(holds, (brand(1), id, "b"));
    world.check_laws();
}

#[test]
fn who_takes_over_goes_on_behind_the_last_completed_pack() {
    let world = batch_of(20_001);
    let id = world.asked(&world.manifest(), 0);
    let mut first = world.hold(id, "a", 0).unwrap();
    world.make_pack(&mut first, 1);
    world.start(&mut first, 2).unwrap();
    let mut second = world.hold(id, "b", LOCK + 2).unwrap();
    assert_eq!(second.export().completed_packs(), 1);
    let slice = world.start(&mut second, LOCK + 3).unwrap();
    assert_eq!(slice.number(), number(2));
    world.complete(&mut second, &slice, LOCK + 4).unwrap();
    world.make_pack(&mut second, LOCK + 5);
    assert!(second.export().is_completed());
    world.check_laws();
}

#[test]
fn the_same_worker_may_hold_again_before_and_after_its_lock_ran_out() {
    let world = batch_of(20_001);
    let id = world.asked(&world.manifest(), 0);
    for second in [0, 1, LOCK + 1, 2 * LOCK + 2] {
        let mut held = world.hold(id, "a", second).unwrap();
        assert_eq!(world.start(&mut held, second).unwrap().number(), number(1));
    }
    world.check_laws();
}

#[test]
fn each_pack_that_is_begun_holds_the_export_for_10_minutes_more() {
    let world = batch_of(20_001);
    let id = world.asked(&world.manifest(), 0);
    let mut held = world.hold(id, "a", 0).unwrap();
    world.start(&mut held, LOCK - 1).unwrap();
    let refused = world.hold(id, "b", 2 * LOCK - 2);
    assert_eq!(rejection(refused), locked_by("a", 2 * LOCK - 1));
    assert!(world.hold(id, "b", 2 * LOCK - 1).is_ok());
}

#[test]
fn an_export_that_was_let_go_is_free_at_once() {
    let world = batch_of(10);
    let id = world.asked(&world.manifest(), 0);
    let held = world.hold(id, "a", 1).unwrap();
    world.release(held, 2);
    let held = world.hold(id, "b", 2).unwrap();
    let stale = held.clone();
    world.make(id, "b", 3);
    world.release(stale, 4);
    let refused = world.hold(id, "a", 5);
    assert_eq!(rejection(refused), ExportRejection::Completed);
}

#[test]
fn what_another_took_meanwhile_is_let_go_already() {
    let world = batch_of(10);
    let id = world.asked(&world.manifest(), 0);
    let slow = world.hold(id, "a", 0).unwrap();
    let mut held = world.hold(id, "b", LOCK).unwrap();
    world.release(slow, LOCK + 1);
    world.make_pack(&mut held, LOCK + 2);
}

#[test]
fn an_unknown_and_a_foreign_export_cannot_be_held() {
    let world = batch_of(10);
    let id = world.asked(&world.manifest(), 0);
    let nobodys = ExportId::from_uuid(uuid::Uuid::from_u128(7));
    let (caller, worker) = (owner(brand(2)), named("a"));
    let foreign = world.exports.hold(&caller, brand(2), id, &worker, at(0));
    for (answer, id) in [
        (world.hold(nobodys, "a", 0), nobodys),
        (block_on(foreign), id),
    ] {
        let error = answer.unwrap_err();
        assert!(matches!(error, ExportError::NoSuchExport(of) if of == id));
        assert_eq!(error.to_string(), format!("there is no export `{id}`"));
    }
}

fn two(world: &World) -> (ExportId, ExportId) {
    let first = world.asked(&world.manifest(), 0);
    (first, world.asked(&world.with_profile("zebra"), 0))
}

#[test]
fn two_exports_of_a_batch_and_format_are_not_held_at_once_whoever_asks() {
    let world = batch_of(10);
    let (first, second) = two(&world);
    world.hold(first, "a", 0).unwrap();
    for worker in ["a", "b"] {
        let refused = world.hold(second, worker, LOCK - 1);
        assert_eq!(rejection(refused), locked_by("a", LOCK));
    }
    let other = world.asked(&world.of(ExportFormat::QrBundle), 1);
    assert!(world.hold(other, "b", 1).is_ok());
    world.make(first, "a", 2);
    assert!(world.hold(second, "b", 2).is_ok());
    world.check_laws();
}

#[test]
fn who_lost_the_batch_and_format_to_another_lost_the_export() {
    let world = batch_of(20_001);
    let (first, second) = two(&world);
    let mut slow = world.hold(first, "a", 0).unwrap();
    let slice = world.start(&mut slow, 0).unwrap();
    let held = world.hold(second, "b", LOCK).unwrap();
    let late = world.complete(&mut slow, &slice, LOCK + 1);
    assert_eq!(rejection(late), not_held_by("a"));
    world.release(held, LOCK + 2);
    let late = world.start(&mut slow, LOCK + 3);
    assert_eq!(rejection(late), not_held_by("a"));
    world.make(first, "a", LOCK + 4);
    world.check_laws();
}

/// Asserts that of two who held something at the same moment just one does.
fn one_holds(world: &World, answers: [Result<HeldExport, ExportError>; 2], at: u64) {
    let [lost, won] = answers;
    let won = won.unwrap();
    assert_eq!(rejection(lost), locked_by(won.worker().as_str(), at + LOCK));
    world.check_laws();
}

/// When the first is locked, its worker has looked for others before there was another.
#[test]
fn of_two_exports_that_are_locked_at_the_same_moment_one_is_held() {
    let world = batch_of(10);
    let first = world.asked(&world.manifest(), 0);
    let paused = Paused::at(world.store.clone(), "export_locked");
    let slow = exports_on(paused.clone(), 7);
    let (caller, worker) = (owner(brand(1)), named("a"));
    let slow = slow.hold(&caller, brand(1), first, &worker, at(1));
    let (lost, won) = paused.overtake(slow, || {
        let second = world.asked(&world.with_profile("zebra"), 1);
        world.hold(second, "b", 1)
    });
    one_holds(&world, [lost, won], 1);
}

#[test]
fn of_two_who_lock_one_export_at_the_same_moment_one_holds_it() {
    let world = batch_of(10);
    let id = world.asked(&world.manifest(), 0);
    let paused = Paused::at(world.store.clone(), "export_locked");
    let slow = exports_on(paused.clone(), 7);
    let (caller, worker) = (owner(brand(1)), named("a"));
    let slow = slow.hold(&caller, brand(1), id, &worker, at(1));
    let answers = paused.overtake(slow, || world.hold(id, "b", 1));
    one_holds(&world, answers.into(), 1);
}

/// The commit of the pack comes so late that the lock ran out and the other export was taken.
#[test]
fn a_pack_that_begins_too_late_does_not_take_the_lock_back() {
    let world = batch_of(10);
    let (first, second) = two(&world);
    let paused = Paused::at(world.store.clone(), "export_pack_started");
    let slow = exports_on(paused.clone(), 7);
    let mut held = hold(&slow, first, "a", 0).unwrap();
    let slow = slow.start_pack(&mut held, at(LOCK - 1));
    let (late, won) = paused.overtake(slow, || world.hold(second, "b", LOCK));
    assert!(won.is_ok());
    assert_eq!(rejection(late), not_held_by("a"));
    world.check_laws();
}

#[test]
fn a_request_that_a_lock_overtook_is_refused() {
    let world = batch_of(10);
    let first = world.asked(&world.manifest(), 0);
    let paused = Paused::at(world.store.clone(), "export_requested");
    let slow = exports_on(paused.clone(), 7);
    let (caller, request) = (owner(brand(1)), world.with_profile("zebra"));
    let slow = slow.request(&caller, &request, at(1));
    let (refused, held) = paused.overtake(slow, || world.hold(first, "a", 1));
    assert!(held.is_ok());
    assert_eq!(rejection(refused), locked_by("a", LOCK + 1));
    assert_eq!(world.records().len(), 1);
}

#[test]
fn many_locks_of_a_batch_and_format_are_as_good_as_the_first() {
    let world = batch_of(10);
    let (first, second) = two(&world);
    for round in 0..700 {
        let export = [first, second][round % 2];
        let held = world.hold(export, "a", round as u64).unwrap();
        world.release(held, round as u64);
    }
    let laws = Laws::check(&feed(&world.store), &Codec::new());
    assert!(laws.exports.values().all(|export| export.lock.is_none()));
    world.hold(first, "a", 700).unwrap();
    assert_eq!(
        rejection(world.hold(second, "b", 701)),
        locked_by("a", 700 + LOCK)
    );
}
