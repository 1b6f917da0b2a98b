//! How a batch is cut into packs, and what is refused.

use std::io::{self, Write};

use dpp_core::export::{ExportFormat, Slice, Slices};
use dpp_core::identity::ProvidedSerials;
use dpp_core::read::{BatchUnits, UnitStatuses};
use dpp_exports::table::TableLayout;
use dpp_exports::{PackError, PackUnits};

use crate::common::World;

fn manifest() -> TableLayout {
    TableLayout::of_format(ExportFormat::Manifest).unwrap()
}

fn first(units: &BatchUnits) -> Slice {
    Slices::of(units.minted()).next().unwrap()
}

fn pack_of(
    units: &BatchUnits,
    slice: Slice,
    provided: Option<ProvidedSerials>,
) -> Result<PackUnits, PackError> {
    let statuses = UnitStatuses::at_mint(units);
    PackUnits::new(units.clone(), slice, provided, statuses)
}

#[test]
fn the_packs_have_every_unit_exactly_once_and_in_order() {
    for (quantity, expected) in [
        (1, 1),
        (9_999, 1),
        (10_000, 1),
        (10_001, 2),
        (25_000, 3),
        (1_000_000, 100),
    ] {
        let world = World::new();
        let units = world.minted(world.request(quantity));
        let packs = world.packs(&units);
        assert_eq!(packs.len(), expected);
        let mut next = 0;
        for pack in packs {
            for unit in pack.units() {
                assert_eq!(unit.index, next);
                next += 1;
            }
        }
        assert_eq!(u64::from(next), quantity);
    }
}

#[test]
fn a_range_of_a_packs_units_stays_inside_the_pack() {
    let world = World::new();
    let units = world.minted(world.request(10_010));
    let last = world.packs(&units).pop().unwrap();
    let within = |range| -> Vec<u32> {
        let units = last.units_within(range);
        units.map(|unit| unit.index).collect()
    };
    assert_eq!(within(9_998..10_002), [10_000, 10_001]);
    assert_eq!(within(10_008..20_000), [10_008, 10_009]);
    assert!(within(0..10_000).is_empty() && within(10_010..10_011).is_empty());
}

#[test]
fn units_of_another_batch_are_refused() {
    let world = World::new();
    let one = world.minted(world.request(1));
    let other = world.minted(world.request(1));
    let statuses = UnitStatuses::at_mint(&one);
    let refused = PackUnits::new(other.clone(), first(&other), None, statuses).unwrap_err();
    assert!(matches!(refused, PackError::OtherBatch { .. }), "{refused}");
}

#[test]
fn units_and_statuses_that_were_read_before_the_pack_was_made_are_refused() {
    let world = World::new();
    let batch = world.submit(world.request(20_001));
    world.work(2);
    let before = world.units(batch);
    world.wait(3_600);
    world.work(u32::MAX);
    let after = world.units(batch);
    let slice = Slices::of(after.minted()).last().unwrap();
    let message = "the pack has units 20000 to 20001, and 20000 were made";
    for (units, statuses) in [(&before, &after), (&after, &before)] {
        let statuses = UnitStatuses::at_mint(statuses);
        let refused = PackUnits::new(units.clone(), slice.clone(), None, statuses).unwrap_err();
        assert_eq!(refused.to_string(), message);
    }
}

#[test]
fn missing_and_foreign_serials_are_refused() {
    let world = World::new();
    let units = world.minted(world.of_serials(["A", "B", "C"].into_iter().collect()));
    let others = world.minted(world.of_serials(["D", "E", "F"].into_iter().collect()));
    let (own, other) = (units.identity().batch(), others.identity().batch());
    let given = |batch, first, rows: &[&str]| {
        Some(ProvidedSerials::new(batch, first, rows.iter().copied().collect()).unwrap())
    };
    let wrong = [
        None,
        given(own, 0, &["A", "B"]),
        given(own, 0, &["A", "B", "C", "D"]),
        given(own, 1, &["A", "B", "C"]),
        given(other, 0, &["A", "B", "C"]),
    ];
    for serials in wrong {
        let refused = pack_of(&units, first(&units), serials).unwrap_err();
        assert!(
            matches!(&refused, PackError::SerialsNeeded { batch, units } if *batch == own && *units == (0..3)),
            "{refused}"
        );
    }
    let right = pack_of(&units, first(&units), given(own, 0, &["A", "B", "C"])).unwrap();
    assert_eq!(manifest().write(&right, io::sink()).unwrap().rows, 3);
}

#[test]
fn serials_for_a_batch_that_derives_them_are_refused() {
    let world = World::new();
    for request in [world.request(1), world.of_lots(&[("L-1", 1)])] {
        let units = world.minted(request);
        let rows = ["A"].into_iter().collect();
        let given = ProvidedSerials::new(units.identity().batch(), 0, rows).unwrap();
        let refused = pack_of(&units, first(&units), Some(given)).unwrap_err();
        assert!(
            matches!(refused, PackError::SerialsNotNeeded(_)),
            "{refused}"
        );
    }
}

/// Takes so many bytes, then no more.
struct Full(usize);

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0 < bytes.len() {
            return Err(io::Error::new(
                io::ErrorKind::StorageFull,
                "the disk is full",
            ));
        }
        self.0 -= bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn an_error_of_the_writer_is_passed_on() {
    let world = World::new();
    let units = world.minted(world.request(10_000));
    let pack = world.packs(&units).remove(0);
    for room in [0, 40_000, 1_000_000] {
        let failed = manifest().write(&pack, Full(room)).unwrap_err();
        match failed {
            PackError::Io(error) => assert_eq!(error.kind(), io::ErrorKind::StorageFull),
            other => panic!("{other}"),
        }
    }
}

/// Takes a few bytes at a time, and is interrupted now and then.
struct Reluctant(Vec<u8>, u32);

impl Write for Reluctant {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.1 += 1;
        if self.1.is_multiple_of(5) {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let some = &bytes[..bytes.len().min(777)];
        self.0.extend_from_slice(some);
        Ok(some.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_writer_that_takes_little_at_a_time_gets_the_same_bytes() {
    let world = World::new();
    let units = world.minted(world.request(1_000));
    let pack = world.packs(&units).remove(0);
    let mut at_once = Vec::new();
    let expected = manifest().write(&pack, &mut at_once).unwrap();
    let mut reluctant = Reluctant(Vec::new(), 0);
    let written = manifest().write(&pack, &mut reluctant).unwrap();
    assert_eq!((written, reluctant.0), (expected, at_once));
}
