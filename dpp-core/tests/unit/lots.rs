//! What one lot may do, and where it stands.

use dpp_core::testing::scenario::{Given, given};
use dpp_core::unit::{
    LotActivated, LotContext, LotEvent, LotLife, UnitExceptions, UnitRejection, UnitStatus,
    UnitsOfBatch,
};

use crate::support::*;

fn around(around: UnitStatus) -> LotContext {
    LotContext {
        mint_batch_id: batch(),
        lot: 1,
        lot_code: "L1".parse().unwrap(),
        around,
    }
}

fn activated() -> LotEvent {
    LotEvent::Activated(LotActivated {
        mint_batch_id: batch(),
        lot: 1,
        lot_code: "L1".parse().unwrap(),
    })
}

fn lot(events: impl IntoIterator<Item = LotEvent>) -> Given<LotLife> {
    given(events, LotLife::evolve)
}

#[test]
fn a_lot_is_activated_by_the_first_scan_of_its_code_and_not_again() {
    lot([])
        .when(|lot| lot.activate(&around(UnitStatus::Minted)))
        .then(Some(activated()));
    lot([activated()])
        .when(|lot| lot.activate(&around(UnitStatus::Minted)))
        .then(None);
    lot([])
        .when(|lot| lot.activate(&around(UnitStatus::Active)))
        .then(None);
}

#[test]
fn a_lot_of_which_not_one_unit_is_left_is_not_activated() {
    for events in [vec![], vec![activated()]] {
        lot(events)
            .when(|lot| lot.activate(&around(UnitStatus::Revoked)))
            .then_refused(UnitRejection::Revoked);
    }
}

#[test]
fn a_lot_stands_where_its_units_were_born_until_it_is_activated() {
    let lots = lots(&[10, 10]);
    let untouched = UnitExceptions::default();
    let second_active = UnitExceptions {
        lots: set([1]),
        ..UnitExceptions::default()
    };
    for born in [UnitStatus::Minted, UnitStatus::Active] {
        let units = UnitsOfBatch {
            born,
            ..made(20, &lots)
        };
        assert_eq!(units.lot_status(&untouched, 1), Some(born));
        assert_eq!(units.lot_status(&second_active, 0), Some(born));
        let active = Some(UnitStatus::Active);
        assert_eq!(units.lot_status(&second_active, 1), active);
    }
}

#[test]
fn a_lot_is_revoked_with_its_batch_or_with_the_last_of_its_units_that_were_made() {
    let lots = lots(&[10, 10]);
    let revoked = |units| UnitExceptions {
        revoked: set(units),
        lots: set([1]),
        ..UnitExceptions::default()
    };
    let status =
        |made_units, exceptions: &UnitExceptions| made(made_units, &lots).lot_status(exceptions, 1);
    assert_eq!(status(20, &revoked(10..20)), Some(UnitStatus::Revoked));
    assert_eq!(status(20, &revoked(0..19)), Some(UnitStatus::Active));
    assert_eq!(status(15, &revoked(10..15)), Some(UnitStatus::Revoked));
    assert_eq!(status(16, &revoked(10..15)), Some(UnitStatus::Active));
    let growing = |made_units| UnitsOfBatch {
        growing: true,
        ..made(made_units, &lots)
    };
    let so_far = growing(15).lot_status(&revoked(10..15), 1);
    assert_eq!(so_far, Some(UnitStatus::Active), "five more will be made");
    let whole = growing(20).lot_status(&revoked(10..20), 1);
    assert_eq!(whole, Some(UnitStatus::Revoked));
    let voided = UnitsOfBatch {
        voided: true,
        ..made(20, &lots)
    };
    assert_eq!(
        voided.lot_status(&UnitExceptions::default(), 0),
        Some(UnitStatus::Revoked)
    );
}

#[test]
fn a_lot_that_is_not_there_or_has_no_unit_yet_stands_nowhere() {
    let lots = lots(&[10, 10]);
    let untouched = UnitExceptions::default();
    assert_eq!(made(10, &lots).lot_status(&untouched, 1), None);
    let begun = made(11, &lots).lot_status(&untouched, 1);
    assert_eq!(begun, Some(UnitStatus::Minted));
    assert_eq!(made(20, &lots).lot_status(&untouched, 2), None);
    assert_eq!(made(20, &lots).lot_status(&untouched, u32::MAX), None);
}
