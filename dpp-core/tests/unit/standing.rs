//! Counting and listing units by where they stand: never otherwise than unit by unit.

use dpp_core::identity::Lots;
use dpp_core::unit::{UnitExceptions, UnitSet, UnitStatus, UnitsOfBatch};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::support::*;

#[derive(Debug)]
struct Case {
    quantities: Vec<u32>,
    made: u32,
    born: UnitStatus,
    voided: bool,
    exceptions: UnitExceptions,
}

/// Any batch of up to some hundred units, whole or not, with any exceptions: those of units
/// that were not made, and of lots that are not there, as well.
fn case() -> impl Strategy<Value = Case> {
    let quantities = vec(1..60_u32, 0..5);
    let born = select(vec![UnitStatus::Minted, UnitStatus::Active]);
    let units = || vec(0..260_u32, 0..60).prop_map(set);
    let lots = vec(0..6_u32, 0..4).prop_map(set);
    let voided = prop::bool::weighted(0.2);
    (
        quantities,
        0..240_u32,
        born,
        voided,
        (units(), units(), lots),
    )
        .prop_map(
            |(quantities, most, born, voided, (activated, revoked, lots))| {
                let total = match quantities.is_empty() {
                    true => 240,
                    false => quantities.iter().sum(),
                };
                Case {
                    made: most.min(total),
                    quantities,
                    born,
                    voided,
                    exceptions: UnitExceptions {
                        activated,
                        revoked,
                        lots,
                    },
                }
            },
        )
}

impl Case {
    fn lots(&self) -> Lots {
        lots(&self.quantities)
    }

    fn units<'a>(&self, lots: &'a Lots) -> UnitsOfBatch<'a> {
        UnitsOfBatch {
            growing: false,
            made: self.made,
            born: self.born,
            voided: self.voided,
            lots,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_024))]

    #[test]
    fn what_is_counted_is_what_each_unit_says(case in case()) {
        let lots = case.lots();
        let units = case.units(&lots);
        let counts = units.count(&case.exceptions);
        prop_assert_eq!(counts.made, u64::from(case.made));
        for status in UnitStatus::ALL {
            let each = (0..case.made).filter(|unit| units.status(&case.exceptions, *unit) == status);
            prop_assert_eq!(counts.of(status), each.count() as u64, "{}", status);
        }
    }

    #[test]
    fn what_is_listed_is_what_each_unit_says(
        case in case(),
        start in 0..300_u32,
        length in 0..300_u32,
    ) {
        let lots = case.lots();
        let units = case.units(&lots);
        for within in [start..start + length, 0..u32::MAX] {
            for status in UnitStatus::ALL {
                let each: UnitSet = (0..case.made)
                    .filter(|unit| within.contains(unit))
                    .filter(|unit| units.status(&case.exceptions, *unit) == status)
                    .collect();
                let listed = units.standing(&case.exceptions, status, within.clone());
                prop_assert_eq!(listed, each, "{} in {:?}", status, within);
            }
        }
    }

    #[test]
    fn a_lot_is_revoked_when_each_of_its_units_says_so(case in case(), number in 0..6_u32) {
        let lots = case.lots();
        let units = case.units(&lots);
        let own: Vec<_> = lots
            .units_of(number as usize)
            .into_iter()
            .flatten()
            .filter(|unit| *unit < case.made)
            .map(|unit| units.status(&case.exceptions, unit))
            .collect();
        let lot = units.lot_status(&case.exceptions, number);
        prop_assert_eq!(lot.is_none(), own.is_empty());
        let all_revoked = own.iter().all(|status| *status == UnitStatus::Revoked);
        prop_assert_eq!(lot == Some(UnitStatus::Revoked), !own.is_empty() && all_revoked);
        if lot == Some(UnitStatus::Active) {
            prop_assert!(own.iter().all(|status| *status > UnitStatus::Minted));
        }
    }
}

#[test]
fn nothing_stands_in_a_range_that_ends_before_it_begins() {
    let lots = lots(&[]);
    #[allow(clippy::reversed_empty_ranges, reason = "the case that is tested")]
    let backwards = 9..3;
    for status in UnitStatus::ALL {
        let listed =
            made(10, &lots).standing(&UnitExceptions::default(), status, backwards.clone());
        assert!(listed.is_empty());
    }
}
