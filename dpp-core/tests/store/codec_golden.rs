//! Golden events: each version of each event, as it lies in logs.
//!
//! A file in `golden/events` must never change, and the folder only grows: a new version of
//! an event gets a file of its own, and the old one must still be read. The name is
//! `<type>.v<version>.json`, with a word before `.json` where a type has several forms.

use std::fmt::Debug;
use std::path::{Path, PathBuf};

use crate::codec_events::{at, mint_events, pool_events, quota_events, worker};
use crate::codec_export_events::export_events;
use crate::codec_unit_events::{lot_events, unit_events, units_events};
use dpp_core::export::ExportEvent;
use dpp_core::mint::{MintEvent, PoolEvent, QuotaEvent};
use dpp_core::store::log::{Actor, EventType, Metadata, NewEvent};
use dpp_core::store::{Codec, TypedEvents};
use dpp_core::unit::{LotEvent, UnitEvent, UnitsEvent};
use dpp_core::{CorrelationId, EventId};
use serde_json::Value;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/events")
}

/// Type and version, as the name of a file has them.
fn type_and_version(name: &str) -> (&str, u16) {
    let mut parts = name.split('.');
    let event_type = parts.next().unwrap();
    let version = parts.next().and_then(|part| part.strip_prefix('v'));
    (event_type, version.unwrap().parse().unwrap())
}

fn stored(name: &str, payload: Vec<u8>) -> NewEvent {
    let (event_type, schema_version) = type_and_version(name);
    let id = "d0000000-0000-4000-8000-000000000001"
        .parse::<uuid::Uuid>()
        .unwrap();
    NewEvent {
        event_type: EventType::from_stored(event_type.to_owned()),
        schema_version,
        payload: payload.into(),
        metadata: Metadata {
            event_id: EventId::from_uuid(id),
            at: at(),
            actor: Actor::Worker(worker()),
            correlation: CorrelationId::from_uuid(id),
            causation: None,
        },
    }
}

fn assert_golden<E: TypedEvents + PartialEq + Debug>(events: Vec<(&'static str, E)>) {
    let codec = Codec::new();
    for (name, expected) in events {
        let json = std::fs::read(folder().join(format!("{name}.json")))
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let event = codec.decode::<E>(&stored(name, json.clone()));
        assert_eq!(event.unwrap(), expected, "{name}");
        let (event_type, version, written) = codec.encode(&expected).unwrap();
        if (event_type.as_str(), version) == type_and_version(name) {
            let values = [written, json].map(|text| serde_json::from_slice::<Value>(&text));
            let [written, fixed] = values.map(Result::unwrap);
            assert_eq!(written, fixed, "{name}");
        }
    }
}

#[test]
fn events_of_jobs_are_read_and_written_as_they_were() {
    assert_golden(mint_events());
}

#[test]
fn events_of_pools_are_read_and_written_as_they_were() {
    assert_golden(pool_events());
}

#[test]
fn events_of_quotas_are_read_and_written_as_they_were() {
    assert_golden(quota_events());
}

#[test]
fn events_of_units_are_read_and_written_as_they_were() {
    assert_golden(unit_events());
    assert_golden(lot_events());
    assert_golden(units_events());
}

#[test]
fn events_of_exports_are_read_and_written_as_they_were() {
    assert_golden(export_events());
}

/// Every event that there is, with its newest version.
fn types() -> Vec<(&'static str, u16)> {
    [
        MintEvent::TYPES,
        PoolEvent::TYPES,
        QuotaEvent::TYPES,
        UnitEvent::TYPES,
        LotEvent::TYPES,
        UnitsEvent::TYPES,
        ExportEvent::TYPES,
    ]
    .concat()
}

fn tested() -> Vec<&'static str> {
    fn names<E>(events: Vec<(&'static str, E)>) -> impl Iterator<Item = &'static str> {
        events.into_iter().map(|(name, _)| name)
    }
    let all = names(mint_events())
        .chain(names(pool_events()))
        .chain(names(quota_events()))
        .chain(names(unit_events()))
        .chain(names(lot_events()))
        .chain(names(units_events()))
        .chain(names(export_events()));
    let mut all: Vec<_> = all.collect();
    all.sort_unstable();
    all
}

#[test]
fn every_version_of_every_event_has_a_golden_file() {
    for (event_type, newest) in types() {
        for version in 1..=newest {
            let name = format!("{event_type}.v{version}");
            assert!(tested().contains(&name.as_str()), "{name} is not tested");
        }
    }
}

#[test]
fn every_golden_file_is_tested() {
    let files = std::fs::read_dir(folder()).unwrap();
    let mut found: Vec<_> = files
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .map(|name| name.strip_suffix(".json").unwrap().to_owned())
        .collect();
    found.sort();
    assert_eq!(found, tested());
}

#[test]
fn no_two_events_have_the_same_type() {
    let types = types();
    let distinct: std::collections::HashSet<_> = types.iter().map(|(name, _)| name).collect();
    assert_eq!(distinct.len(), types.len());
}

#[test]
fn an_event_with_a_field_that_this_release_does_not_know_is_still_read() {
    for (name, expected) in mint_events() {
        let json = std::fs::read(folder().join(format!("{name}.json"))).unwrap();
        let mut json: Value = serde_json::from_slice(&json).unwrap();
        json["added_by_a_later_release"] = true.into();
        let payload = serde_json::to_vec(&json).unwrap();
        let event = Codec::new().decode::<MintEvent>(&stored(name, payload));
        assert_eq!(event.unwrap(), expected, "{name}");
    }
}
