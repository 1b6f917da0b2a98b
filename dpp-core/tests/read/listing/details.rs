//! What the audit trail shows of each type of event: something, and no secret.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use dpp_core::ExportId;
use dpp_core::export::{
    ExportCompleted, ExportEvent, ExportFacts, ExportFormat, ExportOptions, ExportRequested,
};
use dpp_core::identity::MintBatchId;
use dpp_core::mint::{MintEvent, PoolEvent, QuotaEvent};
use dpp_core::read::{EventFilter, EventRow};
use dpp_core::store::log::{EventType, StreamId, StreamKind};
use dpp_core::store::{Codec, Entity, EntityKind, Order, TypedEvents};
use dpp_core::unit::{
    LotActivated, LotEvent, UnitActivated, UnitEvent, UnitRevoked, UnitSet, UnitsEvent,
    UnitsRevoked,
};
use dpp_store_memory::MemoryStore;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::listing::audit::all_events;
use crate::listing::happen::{commit, reason};
use crate::listing::world::*;
use crate::support::*;

const BATCH: &str = "01a3ae2d-2400-7707-8707-070707070706";

pub fn batch() -> MintBatchId {
    BATCH.parse().unwrap()
}

/// An event as it lies in a log: the kind of its stream, its type and version, its body.
type Stored = (StreamKind, EventType, u16, Vec<u8>);

/// The stream that events of a type belong to, and all types that this release knows: one
/// that is added has to be added here, after a look at what its details show.
const KNOWN: [(StreamKind, &[&str]); 7] = [
    (
        StreamKind::MintBatch,
        &[
            "mint_job_preflighted",
            "mint_job_queued",
            "mint_serials_provided",
            "mint_job_reserved",
            "mint_job_taken_over",
            "mint_job_started",
            "mint_units_created",
            "mint_lots_confirmed",
            "mint_job_completed",
            "mint_cycle_failed",
            "mint_job_failed",
            "mint_job_cancelled",
            "mint_batch_status_changed",
        ],
    ),
    (
        StreamKind::SerialPool,
        &[
            "serial_pool_opened",
            "serials_reserved",
            "provided_serials_claimed",
        ],
    ),
    (
        StreamKind::ProductBatch,
        &["product_batch_quota_taken", "product_batch_quota_returned"],
    ),
    (
        StreamKind::MintUnit,
        &["mint_unit_activated", "mint_unit_revoked"],
    ),
    (StreamKind::MintLot, &["mint_lot_activated"]),
    (StreamKind::UnitRevocations, &["mint_units_revoked"]),
    (
        StreamKind::Export,
        &[
            "export_requested",
            "export_locked",
            "export_unlocked",
            "export_pack_started",
            "export_pack_completed",
            "export_pack_failed",
            "export_completed",
            "export_expired",
            "export_files_removed",
            "export_downloaded",
        ],
    ),
];

fn types_of(kind: StreamKind) -> Vec<&'static str> {
    let types = match kind {
        StreamKind::MintBatch => MintEvent::TYPES,
        StreamKind::SerialPool => PoolEvent::TYPES,
        StreamKind::ProductBatch => QuotaEvent::TYPES,
        StreamKind::MintUnit => UnitEvent::TYPES,
        StreamKind::MintLot => LotEvent::TYPES,
        StreamKind::UnitRevocations => UnitsEvent::TYPES,
        StreamKind::Export => ExportEvent::TYPES,
        other => panic!("the events of {other:?} are not shown anywhere"),
    };
    types.iter().map(|(name, _)| *name).collect()
}

fn golden() -> Vec<(String, Stored)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/events");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    let stored = files.into_iter().map(|path| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let mut parts = name.split('.');
        let event_type = parts.next().unwrap().to_owned();
        let version = parts.next().unwrap()[1..].parse().unwrap();
        let body = std::fs::read(&path).unwrap();
        let event_type = EventType::from_stored(event_type);
        let kind = kind_of(event_type.as_str());
        (name, (kind, event_type, version, body))
    });
    stored.collect()
}

fn kind_of(event_type: &str) -> StreamKind {
    let known = KNOWN.iter().find(|(_, types)| types.contains(&event_type));
    known.unwrap_or_else(|| panic!("{event_type}")).0
}

fn stored(kind: StreamKind, event: &impl TypedEvents) -> Stored {
    let (event_type, version, body) = Codec::new().encode(event).unwrap();
    (kind, event_type, version, body)
}

/// An event of each type for which the golden files may not have one yet.
fn samples() -> Vec<Stored> {
    let mint_batch_id = batch();
    let (index, lot, lot_code) = (7, 1, code("L-7"));
    let activated = UnitEvent::Activated(UnitActivated {
        mint_batch_id,
        index,
    });
    let revoked = UnitEvent::Revoked(UnitRevoked {
        mint_batch_id,
        index,
        reason: reason("lost"),
    });
    let of_lot = LotEvent::Activated(LotActivated {
        mint_batch_id,
        lot,
        lot_code,
    });
    let units = UnitSet::of_range(3..9);
    let together = UnitsEvent::Revoked(UnitsRevoked {
        count: units.len(),
        units,
        reason: reason("stolen"),
    });
    let expires_at = noon();
    let facts = ExportFacts {
        mint_batch_id,
        format: ExportFormat::QrBundle,
        units: 25_000,
        profile: None,
        options: ExportOptions::default(),
    };
    let requested = ExportEvent::Requested(ExportRequested { facts, expires_at });
    let packs = 3;
    let completed = ExportEvent::Completed(ExportCompleted { packs, expires_at });
    vec![
        stored(StreamKind::MintUnit, &activated),
        stored(StreamKind::MintUnit, &revoked),
        stored(StreamKind::MintLot, &of_lot),
        stored(StreamKind::UnitRevocations, &together),
        stored(StreamKind::Export, &requested),
        stored(StreamKind::Export, &completed),
    ]
}

/// The row of an event that stands alone in a log.
fn row_of((kind, event_type, version, body): Stored) -> EventRow {
    let log = Arc::new(MemoryStore::default());
    let stream = StreamId::new(kind, *batch().as_uuid());
    let event = (event_type, version, body);
    commit(log.as_ref(), brand(1), noon(), stream, event);
    let reads = reads_of(log, Arc::new(catalogue()));
    let rows = all_events(&reads, &EventFilter::default(), Order::NewestFirst, 3);
    assert_eq!(rows.len(), 1);
    rows[0].clone()
}

#[test]
fn every_type_of_event_is_known_to_this_test() {
    for kind in StreamKind::ALL {
        let known = KNOWN.iter().find(|(known, _)| *known == kind);
        assert_eq!(types_of(kind), known.unwrap().1, "{kind:?}");
    }
}

#[test]
fn every_event_has_details_and_none_shows_a_secret() {
    let golden = golden().into_iter().map(|(_, stored)| stored);
    let mut shown = BTreeSet::new();
    for stored in golden.chain(samples()) {
        let (event_type, body) = (stored.1.to_string(), stored.3.clone());
        let row = row_of(stored);
        assert_eq!(row.event_type, event_type);
        let empty = row.details == json!({});
        assert!(row.details.is_object(), "{event_type}");
        assert!(!empty || event_type == "serial_pool_opened", "{event_type}");
        assert_no_secret(&row, &serde_json::from_slice(&body).unwrap());
        shown.insert(event_type);
    }
    let all: BTreeSet<_> = StreamKind::ALL
        .into_iter()
        .flat_map(types_of)
        .map(str::to_owned)
        .collect();
    assert_eq!(shown, all, "a type has no example");
}

/// Seeds are secret, and so is where a job's serials lie: what is named so in the log must
/// stand nowhere in a row.
fn assert_no_secret(row: &EventRow, body: &Value) {
    let text = serde_json::to_string(row).unwrap();
    for secret in secrets(body) {
        assert!(!text.contains(&secret), "{} shows a secret", row.event_type);
        let head = &secret[..secret.len().min(16)];
        assert!(
            !text.contains(head),
            "{} shows a part of one",
            row.event_type
        );
    }
    for name in ["seed", "block", "key"] {
        let name = format!("\"{name}\"");
        assert!(!text.contains(&name), "{} names {name}", row.event_type);
    }
}

pub fn secrets(body: &Value) -> Vec<String> {
    match body {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, value)| match (name.as_str(), value) {
                ("seed" | "block" | "key", Value::String(secret)) => vec![secret.clone()],
                ("seed" | "key", other) => panic!("{name} is not text: {other}"),
                _ => secrets(value),
            })
            .collect(),
        Value::Array(values) => values.iter().flat_map(secrets).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn the_seeds_of_golden_events_are_looked_for() {
    let found = |name: &str| {
        let golden = golden();
        let (_, stored) = golden.iter().find(|(found, _)| found == name).unwrap();
        secrets(&serde_json::from_slice(&stored.3).unwrap())
    };
    assert!(
        found("mint_job_reserved.v1.json")
            .iter()
            .any(|seed| seed.len() == 64)
    );
    assert!(
        found("serial_pool_opened.v1.json")
            .iter()
            .any(|seed| seed.len() == 64)
    );
}

#[test]
fn long_lists_are_counted_or_cut() {
    let every_other: UnitSet = (0..100_000).map(|number| number * 2).collect();
    let together = UnitsEvent::Revoked(UnitsRevoked {
        count: every_other.len(),
        units: every_other,
        reason: reason("stolen"),
    });
    let row = row_of(stored(StreamKind::UnitRevocations, &together));
    assert_eq!(row.details["count"], 100_000);
    assert_eq!(row.details["first_and_last"].as_array().unwrap().len(), 20);
    assert_eq!(row.details["first_and_last"][1], json!([2, 2]));
    assert_eq!(row.details["and_more"], true);

    let mut world = World::empty();
    world.submit(own_serials(1, (0..300).map(|row| format!("SECRET-{row}"))));
    let filter = EventFilter {
        event_type: Some("mint_serials_provided".to_owned()),
        ..EventFilter::default()
    };
    let rows = all_events(&world.reads, &filter, Order::NewestFirst, 50);
    assert_eq!(rows[0].details, json!({"from": 0, "count": 300}));
}

#[test]
fn an_export_is_told_of_by_its_own_id() {
    let log = Arc::new(MemoryStore::default());
    let id = ExportId::from_uuid(Uuid::from_u128(77));
    for (kind, event_type, version, body) in samples() {
        if kind == StreamKind::Export {
            let stream = StreamId::new(kind, *id.as_uuid());
            let event = (event_type, version, body);
            commit(log.as_ref(), brand(1), noon(), stream, event);
        }
    }
    let reads = reads_of(log, Arc::new(catalogue()));
    let filter = EventFilter {
        entity: Some(Entity::Export(id)),
        ..EventFilter::default()
    };
    let rows = all_events(&reads, &filter, Order::OldestFirst, 1);
    let details: Vec<_> = rows.iter().map(|row| &row.details).collect();
    let requested = json!({
        "mint_batch_id": BATCH,
        "format": "qr_bundle",
        "units": 25_000,
        "profile": null,
        "options": {},
        "expires_at": noon(),
    });
    let completed = json!({"packs": 3, "expires_at": noon()});
    assert_eq!(details, [&requested, &completed]);
    assert!(rows.iter().all(|row| row.entity_id == id.to_string()));
    assert!(rows.iter().all(|row| row.entity_kind == EntityKind::Export));
}
