//! Asking for an export.

use crate::support::*;
use dpp_core::export::{
    CarrierProfile, ExportCommand, ExportEvent, ExportRejection, ExportRequested, NextPack,
    PackNumber, PackStatus,
};

#[test]
fn a_request_fixes_what_is_exported_and_expires_after_30_days() {
    let mut facts = facts();
    facts.profile = Some(CarrierProfile {
        name: "bartender.data".parse().unwrap(),
        version: 2,
    });
    let requested = ExportRequested {
        facts: facts.clone(),
        expires_at: at(30 * DAY),
    };
    when(Vec::new(), ExportCommand::Request(facts), 0).then([ExportEvent::Requested(requested)]);
}

#[test]
fn a_new_export_has_its_packs_before_it() {
    let export = state(&after([]));
    assert_eq!((export.packs(), export.completed_packs()), (3, 0));
    assert_eq!(export.next_slice().unwrap().number(), PackNumber::FIRST);
    assert_eq!(
        (export.next.clone(), &export.lock),
        (NextPack::Pending, &None)
    );
    assert!(!export.is_completed() && !export.expired && export.is_alive(at(0)));
    for pack in 1..=3 {
        let pack = number(pack);
        assert_eq!(export.pack_status(pack), Some(PackStatus::Pending));
        assert_eq!(export.file(pack), None);
    }
    assert_eq!(export.pack_status(number(4)), None);
}

#[test]
fn a_batch_without_units_cannot_be_exported() {
    let mut facts = facts();
    facts.units = 0;
    when(Vec::new(), ExportCommand::Request(facts), 0).then_refused(ExportRejection::NoUnits);
}

#[test]
fn an_export_is_requested_only_once() {
    for events in [after([]), with_packs(1), with_packs(3), expired()] {
        when(events, request(), 60 * DAY).then_refused(ExportRejection::AlreadyThere);
    }
}

#[test]
fn an_export_that_was_never_requested_can_be_told_nothing() {
    for command in [
        lock("a"),
        start("a", 1),
        complete("a", 1),
        fail("a", 1),
        release("a"),
        ExportCommand::Expire,
        download(1),
    ] {
        when(Vec::new(), command, 0).then_refused(ExportRejection::NoSuchExport);
    }
}
