//! Sets of units: their form on the wire and its size.

use dpp_core::unit::UnitSet;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::set;

/// Any set of units of the largest batch: runs, single ones, and both.
fn any_set() -> impl Strategy<Value = UnitSet> {
    let runs = vec((0..1_000_000_u32, 1..5_000_u32), 0..20);
    let singles = prop_oneof![vec(0..1_000_000_u32, 0..20), vec(0..5_000_u32, 0..5_000)];
    (runs, singles).prop_map(|(runs, singles)| {
        let mut all = set(singles);
        for (first, count) in runs {
            all.add(&UnitSet::of_range(first..(first + count).min(1_000_000)));
        }
        all
    })
}

proptest! {
    #[test]
    fn a_set_is_read_back_as_it_was_written(units in any_set()) {
        let json = serde_json::to_string(&units).unwrap();
        prop_assert_eq!(&serde_json::from_str::<UnitSet>(&json).unwrap(), &units);
        prop_assert_eq!(&UnitSet::from_bytes(&units.to_bytes()).unwrap(), &units);
        let runs = units.runs().count();
        prop_assert_eq!(json.starts_with("{\"runs\""), runs <= 1_000, "{} runs", runs);
    }

    #[test]
    fn a_set_is_a_set(one in any_set(), other in any_set(), start in 0..1_000_000_u32) {
        let left = one.without(&other);
        prop_assert_eq!(left.len() as usize, one.iter().filter(|unit| !other.contains(*unit)).count());
        let mut both = other.clone();
        both.add(&one);
        prop_assert_eq!(both.len(), other.len() + left.len());
        prop_assert_eq!(one.first_from(start), one.iter().find(|unit| *unit >= start));
        let within = start..start + 1_000;
        let counted = one.iter().filter(|unit| within.contains(unit)).count();
        prop_assert_eq!(one.count_in(within) as usize, counted);
        let from_runs: UnitSet = one.runs().flatten().collect();
        prop_assert_eq!(from_runs, one);
    }
}

/// What an event may hold at most is 1 MiB.
#[test]
fn any_units_of_a_million_are_written_in_under_a_mebibyte() {
    let mut random = fastrand::Rng::with_seed(7);
    let mut chance =
        |of: u32| -> UnitSet { (0..1_000_000).filter(|_| random.u32(..of) == 0).collect() };
    let sets = [
        ("all", set(0..1_000_000)),
        ("every second", set((0..1_000_000).step_by(2))),
        (
            "all but every third",
            set((0..1_000_000).filter(|unit| unit % 3 > 0)),
        ),
        ("every sixteenth", set((0..1_000_000).step_by(16))),
        ("half of them at random", chance(2)),
        ("one in twenty at random", chance(20)),
    ];
    for (name, units) in sets {
        let length = serde_json::to_string(&units).unwrap().len();
        assert!(length < 1 << 20, "{name}: {length} bytes");
    }
}

/// A scan, or a revocation, comes one by one on top of what was revoked range by range.
#[test]
fn a_set_of_ranges_stays_small_while_single_units_are_added() {
    let mut units = UnitSet::default();
    for first in (0..1_000_000).step_by(1 << 16) {
        units.add(&UnitSet::of_range(first..first + 10));
    }
    for unit in (0..1_000_000).step_by(2) {
        units.insert(unit);
    }
    let length = units.to_bytes().len();
    assert!(length < 136 << 10, "{length} bytes");
}

#[test]
fn up_to_a_thousand_runs_are_listed_and_more_are_a_bitmap() {
    let listed = serde_json::to_value(set((0..2_000).step_by(2))).unwrap();
    assert_eq!(listed["runs"].as_array().unwrap().len(), 1_000);
    assert_eq!(listed["runs"][999], json!([1_998, 1]));
    let bitmap = serde_json::to_value(set((0..2_002).step_by(2))).unwrap();
    assert!(bitmap["bitmap"].is_string());
    let none = serde_json::to_value(UnitSet::default()).unwrap();
    assert_eq!(none, json!({"runs": []}));
}

#[test]
fn damaged_texts_are_refused() {
    let bitmap = |change: fn(&mut String)| {
        // 4,020 bytes: their text has no padding, so that more can follow it.
        let mut json = serde_json::to_value(set((0..4_004).step_by(2))).unwrap();
        let Value::String(text) = &mut json["bitmap"] else {
            panic!("{json}");
        };
        change(text);
        json
    };
    let whole = bitmap(|_| {});
    assert!(serde_json::from_value::<UnitSet>(whole).is_ok());
    let damaged = [
        bitmap(String::clear),
        bitmap(|text| text.truncate(text.len() - 4)),
        bitmap(|text| text.insert_str(0, "AAAA")),
        bitmap(|text| text.push_str("AAAA")),
        bitmap(|text| text.replace_range(8..9, "!")),
        json!({"runs": [[5, u32::MAX]]}),
        json!({"runs": [[5, 0]]}),
        json!({"runs": [[5, 3], [7, 1]]}),
        json!({"runs": [[5, 1], [2, 1]]}),
        json!({"runs": [[-1, 3]]}),
        json!({"runs": [[1]]}),
        json!({"runs": [], "bitmap": ""}),
        json!({"lots": []}),
        json!([]),
    ];
    for json in damaged {
        let read = serde_json::from_value::<UnitSet>(json.clone());
        assert!(read.is_err(), "{json} was read as {read:?}");
    }
}
