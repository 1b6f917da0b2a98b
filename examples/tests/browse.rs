//! Reading back, small.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]

use std::collections::HashSet;

use dpp_examples::browse::{Asked, Options, Outcome, parse, run};
use serde_json::Value;

fn printed(units: u32, json: bool) -> (String, Outcome) {
    console::set_colors_enabled(false);
    let mut out = Vec::new();
    let options = Options {
        units,
        json,
        ..Options::default()
    };
    let outcome = run(&options, &mut out).unwrap();
    (String::from_utf8(out).unwrap(), outcome)
}

#[test]
fn json_is_one_object_with_these_keys_and_nothing_else() {
    let (out, _) = printed(1_000, true);
    let json: Value = serde_json::from_str(&out).unwrap();
    let keys: HashSet<_> = json.as_object().unwrap().keys().cloned().collect();
    let expected = ["kpis", "batches", "units", "search", "events"];
    assert_eq!(keys, expected.map(str::to_owned).into());
    assert_eq!(json["kpis"]["total_tokens_minted"], 1_000);
    assert_eq!(json["kpis"]["batches_created"], 2);
    assert_eq!(json["units"].as_array().unwrap().len(), 50);
    assert_eq!(json["units"][0]["index"], 0);
    assert_eq!(json["units"][0]["status"], "revoked");
    assert_eq!(json["events"][0]["event_type"], "mint_batch_status_changed");
}

#[test]
fn the_numbers_are_those_of_what_was_done() {
    // 750 items, of which every seventh is scanned, the first is revoked after its scan and
    // five more that were not scanned; a lot of 125 units is active as a whole.
    let (_, outcome) = printed(1_000, true);
    let of = |minted: u32| {
        let mut batches = outcome.batches.iter();
        batches.find(|batch| batch.minted == minted).unwrap()
    };
    let (items, lots) = (of(750), of(250));
    assert_eq!(
        (items.minted, items.active, items.revoked),
        (750, 108 - 1, 6)
    );
    assert_eq!((lots.minted, lots.active, lots.revoked), (250, 125, 0));
    assert_eq!(outcome.kpis.active_tokens, 107 + 125);
}

#[test]
fn any_number_of_units_can_be_browsed() {
    for units in [1, 2, 3, 7, 8, 51] {
        let (out, outcome) = printed(units, false);
        assert_eq!(outcome.kpis.total_tokens_minted, u64::from(units));
        for title in [
            "What happens",
            "in numbers",
            "Batches",
            "Search",
            "Audit trail",
        ] {
            assert!(out.contains(title), "{title} with {units}\n{out}");
        }
    }
}

#[test]
fn the_beginning_of_a_serial_finds_what_begins_so() {
    let (_, outcome) = printed(1_000, true);
    let first = outcome.units[0].serial.unwrap().to_string();
    let found = serde_json::to_value(&outcome.search).unwrap();
    let found = found.as_array().unwrap();
    assert!(!found.is_empty());
    for hit in found {
        let serial = hit["serial"].as_str().unwrap();
        assert_eq!((&hit["kind"], &serial[..5]), (&"token".into(), &first[..5]));
    }
}

#[test]
fn flags_that_cannot_be_are_refused_by_name() {
    let asked = |flags: &[&str]| parse(flags.iter().map(Into::into));
    assert_eq!(asked(&[]).unwrap(), Asked::Run(Options::default()));
    assert_eq!(asked(&["--help"]).unwrap(), Asked::Help);
    for (flags, named) in [
        (&["--units", "0"][..], "0"),
        (&["--units", "1000001"], "1000001"),
        (&["--units", "few"], "few"),
        (&["--unit", "5"], "--unit"),
    ] {
        let error = asked(flags).unwrap_err().to_string();
        assert!(error.contains(named), "{error}");
    }
}
