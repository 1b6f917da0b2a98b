//! How a batch is cut into packs, and what is refused.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]

mod common;

use std::io::{self, Write};

use common::World;
use dpp_core::identity::ProvidedSerials;
use dpp_exports::ExportError;
use dpp_exports::manifest::Packs;

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
        let packs = Packs::of(&units).unwrap();
        assert_eq!(packs.len(), expected);
        let mut next = 0;
        for (pack, number) in packs.zip(1..) {
            assert_eq!(pack.number(), number);
            assert_eq!(pack.indexes().start, next);
            assert_eq!(pack.rows(), pack.indexes().len() as u32);
            assert!((1..=10_000).contains(&pack.rows()));
            next = pack.indexes().end;
        }
        assert_eq!(u64::from(next), quantity);
    }
}

#[test]
fn file_names_have_at_least_three_digits() {
    let world = World::new();
    let units = world.minted(world.request(1_000_000));
    let names: Vec<_> = Packs::of(&units)
        .unwrap()
        .map(|pack| pack.file_name())
        .collect();
    assert_eq!(names[0], "manifest_001.csv");
    assert_eq!(names[99], "manifest_100.csv");
}

#[test]
fn only_units_that_were_made_are_in_packs() {
    let world = World::new();
    let batch = world.submit(world.request(50_000));
    world.work(2);
    let units = world.units(batch);
    assert_eq!(units.minted(), 20_000);
    assert_eq!(Packs::of(&units).unwrap().len(), 2);
}

#[test]
fn a_batch_without_units_is_refused() {
    let world = World::new();
    let batch = world.submit(world.request(50_000));
    world.work(1);
    let refused = Packs::of(&world.units(batch)).unwrap_err();
    assert!(
        matches!(refused, ExportError::NoUnits(found) if found == batch),
        "{refused}"
    );
}

#[test]
fn units_of_another_batch_are_refused() {
    let world = World::new();
    let one = world.minted(world.request(1));
    let other = world.minted(world.request(1));
    let pack = Packs::of(&one).unwrap().next().unwrap();
    let refused = pack.write(&other, None, io::sink()).unwrap_err();
    assert!(
        matches!(refused, ExportError::OtherBatch { .. }),
        "{refused}"
    );
}

#[test]
fn units_that_were_read_before_the_packs_were_made_are_refused() {
    let world = World::new();
    let batch = world.submit(world.request(20_001));
    world.work(2);
    let before = world.units(batch);
    world.wait(3_600);
    world.work(u32::MAX);
    let pack = Packs::of(&world.units(batch)).unwrap().last().unwrap();
    let refused = pack.write(&before, None, io::sink()).unwrap_err();
    let message = "the pack has units 20000 to 20001, and 20000 were made";
    assert_eq!(refused.to_string(), message);
}

#[test]
fn missing_and_foreign_serials_are_refused() {
    let world = World::new();
    let units = world.minted(world.of_serials(["A", "B", "C"].into_iter().collect()));
    let others = world.minted(world.of_serials(["D", "E", "F"].into_iter().collect()));
    let pack = Packs::of(&units).unwrap().next().unwrap();
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
        let refused = pack.write(&units, serials, io::sink()).unwrap_err();
        assert!(
            matches!(&refused, ExportError::SerialsNeeded { batch, units } if *batch == own && *units == (0..3)),
            "{refused}"
        );
    }
    let right = given(own, 0, &["A", "B", "C"]);
    assert_eq!(pack.write(&units, right, io::sink()).unwrap().rows, 3);
}

#[test]
fn serials_for_a_batch_that_derives_them_are_refused() {
    let world = World::new();
    for request in [world.request(1), world.of_lots(&[("L-1", 1)])] {
        let units = world.minted(request);
        let pack = Packs::of(&units).unwrap().next().unwrap();
        let rows = ["A"].into_iter().collect();
        let given = ProvidedSerials::new(units.identity().batch(), 0, rows).unwrap();
        let refused = pack.write(&units, Some(given), io::sink()).unwrap_err();
        assert!(
            matches!(refused, ExportError::SerialsNotNeeded(_)),
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
    let pack = Packs::of(&units).unwrap().next().unwrap();
    for room in [0, 40_000, 1_000_000] {
        let failed = pack.write(&units, None, Full(room)).unwrap_err();
        match failed {
            ExportError::Io(error) => assert_eq!(error.kind(), io::ErrorKind::StorageFull),
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
    let pack = Packs::of(&units).unwrap().next().unwrap();
    let mut at_once = Vec::new();
    let expected = pack.write(&units, None, &mut at_once).unwrap();
    let mut reluctant = Reluctant(Vec::new(), 0);
    let written = pack.write(&units, None, &mut reluctant).unwrap();
    assert_eq!((written, reluctant.0), (expected, at_once));
}
