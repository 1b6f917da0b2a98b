//! Runs of numbers that step over what is taken.

use std::collections::BTreeSet;

use dpp_core::identity::serial::NumberRanges;
use proptest::prelude::*;

proptest! {
    #[test]
    fn ranges_are_the_first_numbers_that_are_not_taken(
        first in 0..50_u64,
        quantity in 0..200_u32,
        taken in prop::collection::btree_set(0..200_u64, 0..150),
    ) {
        let ranges = NumberRanges::stepping_over(first, quantity, &taken);
        let plain: Vec<_> = (first..)
            .filter(|number| !taken.contains(number))
            .take(quantity as usize)
            .collect();
        let numbers: Vec<_> = (0..quantity).map(|i| ranges.number_at(i).unwrap()).collect();
        prop_assert_eq!(&numbers, &plain);
        prop_assert_eq!(ranges.count(), u64::from(quantity));
        prop_assert_eq!(ranges.number_at(quantity), None);
        prop_assert_eq!(ranges.end(), plain.last().map_or(0, |last| last + 1));
        for number in 0..500 {
            let index = plain.iter().position(|known| *known == number);
            prop_assert_eq!(ranges.index_of(number), index.map(|index| index as u32));
        }
        let json = serde_json::to_string(&ranges).unwrap();
        prop_assert_eq!(serde_json::from_str::<NumberRanges>(&json).unwrap(), ranges);
    }
}

#[test]
fn ranges_are_written_as_pairs_of_first_and_count() {
    let ranges = NumberRanges::stepping_over(1, 5, &BTreeSet::from([3]));
    assert_eq!(serde_json::to_string(&ranges).unwrap(), "[[1,2],[4,3]]");
}

#[test]
fn ranges_of_a_damaged_log_are_refused() {
    for json in [
        "[[5,2],[6,1]]",
        "[[5,2],[1,1]]",
        "[[5,0]]",
        "[[18446744073709551615,2]]",
    ] {
        assert!(
            serde_json::from_str::<NumberRanges>(json).is_err(),
            "{json}"
        );
    }
}

/// A brand that brought every second number itself: half a million ranges. A look-up that
/// went through them one by one would not come to an end.
#[test]
fn a_million_numbers_in_half_a_million_ranges_are_found_quickly() {
    let taken: BTreeSet<u64> = (0..1_000_000).step_by(2).collect();
    let ranges = NumberRanges::stepping_over(0, 1_000_000, &taken);
    assert_eq!(ranges.as_slice().len(), 500_000);
    for index in 0..1_000_000 {
        let number = ranges.number_at(index).unwrap();
        assert_eq!(ranges.index_of(number), Some(index));
    }
}
