//! What packs are made from: the same whenever and by whom it is asked.

use super::requests::half_made;
use super::support::*;
use crate::made::{Made, lot_ids, made};
use crate::submit::own;
use crate::support::*;
use dpp_core::mint::MintRequest;
use dpp_core::service::{HeldExport, PackSource};
use dpp_core::unit::{UnitCounts, UnitStatus};
use futures::executor::block_on;

fn world_of(made: &Made) -> World {
    World {
        store: made.store.clone(),
        service: made.service.clone(),
        exports: made.service.exports(),
        batch: made.batch,
    }
}

fn source(world: &World, held: &HeldExport) -> PackSource {
    block_on(world.exports.source(held)).unwrap()
}

fn statuses(world: &World, held: &HeldExport) -> Vec<UnitStatus> {
    let source = source(world, held);
    let units = 0..held.export().facts.units;
    units.map(|index| source.statuses.status(index)).collect()
}

/// What stands before the export of a batch is asked for, and what happens afterwards.
fn asked_between(request: MintRequest, before: impl Fn(&Made), after: impl Fn(&Made)) {
    let made = made(request);
    let world = world_of(&made);
    before(&made);
    let expected = made.statuses();
    let id = world.asked(&world.manifest(), 5);
    let held = world.hold(id, "a", 6).unwrap();
    assert_eq!(statuses(&world, &held), expected);
    after(&made);
    assert_ne!(made.statuses(), expected);
    assert_eq!(statuses(&world, &held), expected);
    assert_eq!(source(&world, &held).requested_at, at(5));
    let other = exports_on(world.store.clone(), 7);
    let world = World {
        exports: other,
        ..world
    };
    let held = world.hold(id, "b", 6 + LOCK).unwrap();
    assert_eq!(statuses(&world, &held), expected);
}

#[test]
fn units_stand_where_they_stood_at_the_request() {
    asked_between(
        serials(1, 20),
        |made| {
            made.activate(1);
            made.revoke(2);
            made.revoke_together(10..12);
        },
        |made| {
            made.activate(0);
            made.revoke(1);
            made.revoke_together(11..15);
            made.void();
        },
    );
}

#[test]
fn units_of_lots_stand_where_they_stood_at_the_request() {
    let request = crate::made::first_scan(lots(1, &[("A", 5), ("B", 5), ("C", 5)]));
    asked_between(
        request,
        |made| {
            let lots = lot_ids(&made.service, made.batch);
            made.activate_lot(lots[0]).unwrap();
            made.revoke(3);
        },
        |made| {
            let lots = lot_ids(&made.service, made.batch);
            made.activate_lot(lots[1]).unwrap();
            made.revoke_together(0..5);
        },
    );
}

#[test]
fn units_that_others_revoke_one_by_one_afterwards_stay_as_they_were() {
    asked_between(
        serials(1, 20),
        |made| {
            made.activate(4);
        },
        |made| {
            made.revoke(4);
            made.activate(5);
        },
    );
}

/// Between any two packs something happens, and workers change.
#[test]
fn every_pack_of_an_export_is_made_from_the_same() {
    let world = batch_of(20_001);
    let id = world.asked(&world.manifest(), 0);
    let caller = owner(brand(1));
    let mut seen = Vec::new();
    for (pack, worker) in (1..=3).zip(["a", "b", "a"]) {
        let second = pack * 2 * LOCK;
        let mut held = world.hold(id, worker, second).unwrap();
        let slice = world.start(&mut held, second).unwrap();
        let source = source(&world, &held);
        assert_eq!(
            source.statuses.counts(),
            UnitCounts {
                made: 20_001,
                ..UnitCounts::default()
            }
        );
        seen.push((source.requested_at, source.statuses.made()));
        let units = dpp_core::service::UnitSelection::Range(0..1_000 * pack as u32);
        let reason = crate::made::reason();
        let batch = world.batch;
        let revoked = world
            .service
            .revoke_units(&caller, brand(1), batch, &units, reason, noon());
        block_on(revoked).unwrap();
        world.complete(&mut held, &slice, second).unwrap();
        world.release(held, second);
    }
    assert_eq!(seen, vec![(at(0), 20_001); 3]);
}

#[test]
fn what_a_job_made_since_is_not_in_an_export() {
    let (world, job) = half_made();
    let id = world.asked(&world.manifest(), 0);
    crate::work::process(&world.service, job).unwrap();
    let mut held = world.hold(id, "a", 1).unwrap();
    let slice = world.start(&mut held, 1).unwrap();
    assert_eq!(slice.indexes(), 0..10);
    let source = source(&world, &held);
    assert_eq!((source.units.minted(), source.statuses.made()), (20, 10));
    assert_eq!(source.units.units(slice.indexes(), None).count(), 10);
}

#[test]
fn the_serials_that_a_brand_brought_come_pack_by_pack() {
    let rows: Vec<String> = (0..20_001).map(|row| format!("ROW-{row}")).collect();
    let texts: Vec<&str> = rows.iter().map(String::as_str).collect();
    let brought = batch_from(own(serials(1, 20_001), &texts));
    let id = brought.asked(&brought.manifest(), 0);
    let mut held = brought.hold(id, "a", 1).unwrap();
    let mut serials = Vec::new();
    while !held.export().is_completed() {
        let slice = brought.start(&mut held, 1).unwrap();
        let source = source(&brought, &held);
        let own = block_on(brought.exports.provided(&held, &source, &slice)).unwrap();
        let units = source.units.units(slice.indexes(), own);
        serials.extend(units.map(|unit| unit.serial.unwrap().to_string()));
        brought.complete(&mut held, &slice, 1).unwrap();
    }
    assert_eq!(serials, rows);
    let derived = batch_of(5);
    let id = derived.asked(&derived.manifest(), 0);
    let held = derived.hold(id, "a", 1).unwrap();
    let (source, slice) = (source(&derived, &held), held.export().next_slice().unwrap());
    let none = block_on(derived.exports.provided(&held, &source, &slice));
    assert!(none.unwrap().is_none());
}
