//! The audit trail: every event, by each filter, and no secret in it.

use std::collections::{BTreeSet, HashSet};
use std::path::Path;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use dpp_core::export::{ExportCompleted, ExportEvent, ExportFormat, ExportRequested};
use dpp_core::identity::MintBatchId;
use dpp_core::mint::{MintEvent, PoolEvent, QuotaEvent};
use dpp_core::read::{EventFilter, EventRow, PageRequest, ReadFold, Reads};
use dpp_core::store::log::{
    ClaimSpace, ClaimValue, Commit, CommitError, EventType, FeedPage, HeadPage, PageLimit,
    Position, ReadError, Receipt, RecordedEvent, StreamId, StreamKind, StreamPage, Version,
};
use dpp_core::store::{Codec, Entity, EntityKind, EventStore, Order, TypedEvents};
use dpp_core::unit::{
    LotActivated, LotEvent, UnitActivated, UnitEvent, UnitRevoked, UnitSet, UnitsEvent,
    UnitsRevoked,
};
use dpp_core::{BrandId, ExportId, TextRows};
use dpp_store_memory::MemoryStore;
use futures::executor::block_on;
use serde_json::{Value, json, to_value};
use uuid::Uuid;

use crate::listing::happen::{Happen, commit, reason};
use crate::listing::world::*;
use crate::support::*;

const BATCH: &str = "01a3ae2d-2400-7707-8707-070707070706";

fn batch() -> MintBatchId {
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
        &["export_requested", "export_completed"],
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
    let requested = ExportEvent::Requested(ExportRequested {
        mint_batch_id,
        format: ExportFormat::QrBundle,
    });
    let completed = ExportEvent::Completed(ExportCompleted { packs: 3 });
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

fn all_events(reads: &Reads, filter: &EventFilter, order: Order, size: u32) -> Vec<EventRow> {
    walk(pages_of(size, order), |request| {
        block_on(reads.list_mint_events(&scope(1), filter, request))
    })
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

fn secrets(body: &Value) -> Vec<String> {
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
fn the_trail_of_a_whole_brand_shows_none_of_its_seeds() {
    let world = many_batches();
    let rows = all_events(
        &world.reads,
        &EventFilter::default(),
        Order::OldestFirst,
        50,
    );
    let text = serde_json::to_string(&rows).unwrap();
    let mut seeds = HashSet::new();
    for recorded in feed(&world) {
        let body: Value = serde_json::from_slice(&recorded.event.payload).unwrap();
        let found = secrets(&body);
        seeds.extend(found.into_iter().filter(|secret| secret.len() == 64));
    }
    assert!(seeds.len() > 10);
    assert!(seeds.iter().all(|seed| !text.contains(seed)));
}

fn feed(world: &World) -> Vec<RecordedEvent> {
    let page = block_on(world.log.read_feed(brand(1), None, PageLimit::MAX));
    page.unwrap().events
}

fn kind_word(recorded: &RecordedEvent) -> EntityKind {
    let batch_events = [
        "mint_units_created",
        "mint_lots_confirmed",
        "mint_batch_status_changed",
        "mint_units_revoked",
    ];
    match recorded.stream.kind() {
        _ if batch_events.contains(&recorded.event.event_type.as_str()) => EntityKind::MintBatch,
        StreamKind::MintBatch => EntityKind::MintJob,
        StreamKind::SerialPool => EntityKind::SerialPool,
        StreamKind::MintUnit => EntityKind::MintUnit,
        StreamKind::MintLot => EntityKind::MintLot,
        other => panic!("{other:?}"),
    }
}

#[test]
fn pages_of_events_joined_are_the_feed_by_every_filter_and_in_both_orders() {
    let world = many_batches();
    let all = feed(&world);
    assert!(all.len() > 80, "{}", all.len());
    let batch = world.batches[0];
    let unit = world.rows(batch)[12].mint_unit_id;
    let lot = world.units(world.batches[2]).lot_ids()[1];
    let kinds = EntityKind::ALL.map(Some);
    let entities = [
        Entity::MintBatch(batch),
        Entity::MintJob(batch.job()),
        Entity::MintUnit(unit),
        Entity::MintLot(lot),
        Entity::SerialPool(product(1)),
        Entity::ProductBatch(production(1)),
    ];
    let types = ["mint_job_queued", "mint_unit_revoked", "nothing_like_it"];
    let times = [
        (None, None),
        (Some(at(3)), None),
        (None, Some(at(3))),
        (Some(at(3)), Some(at(900))),
        (Some(at(1_000)), Some(at(1_001))),
        (Some(at(9)), Some(at(9))),
    ];
    for entity_kind in std::iter::once(None).chain(kinds) {
        for entity in std::iter::once(None).chain(entities.map(Some)) {
            for event_type in std::iter::once(None).chain(types.map(Some)) {
                for (from, until) in times {
                    let filter = EventFilter {
                        entity_kind,
                        entity,
                        event_type: event_type.map(str::to_owned),
                        from,
                        until,
                    };
                    compare_events(&world.reads, &all, &filter);
                }
            }
        }
    }
}

fn compare_events(reads: &Reads, all: &[RecordedEvent], filter: &EventFilter) {
    let wanted = all.iter().filter(|recorded| {
        let at = recorded.event.metadata.at;
        filter
            .entity_kind
            .is_none_or(|kind| kind_word(recorded) == kind)
            && filter
                .entity
                .is_none_or(|entity| streams_of(entity).contains(&recorded.stream))
            && filter
                .event_type
                .as_ref()
                .is_none_or(|name| name == recorded.event.event_type.as_str())
            && filter.from.is_none_or(|from| at >= from)
            && filter.until.is_none_or(|until| at < until)
    });
    let wanted: Vec<_> = wanted
        .map(|recorded| recorded.event.metadata.event_id)
        .collect();
    for order in BOTH {
        let expected = in_order(wanted.clone(), order);
        for size in [7, 50] {
            let rows = all_events(reads, filter, order, size);
            let found: Vec<_> = rows.iter().map(|row| row.event_id).collect();
            assert_eq!(found, expected, "{filter:?} {order:?}");
        }
    }
}

fn streams_of(entity: Entity) -> Vec<StreamId> {
    let (kinds, id): (&[_], Uuid) = match entity {
        Entity::MintBatch(batch) => (
            &[StreamKind::MintBatch, StreamKind::UnitRevocations],
            *batch.as_uuid(),
        ),
        Entity::MintJob(job) => (
            &[StreamKind::MintBatch, StreamKind::UnitRevocations],
            *job.batch().as_uuid(),
        ),
        Entity::MintUnit(unit) => (&[StreamKind::MintUnit], *unit.as_uuid()),
        Entity::MintLot(lot) => (&[StreamKind::MintLot], *lot.as_uuid()),
        Entity::SerialPool(product) => (&[StreamKind::SerialPool], *product.as_uuid()),
        Entity::ProductBatch(batch) => (&[StreamKind::ProductBatch], *batch.as_uuid()),
        other => panic!("{other:?}"),
    };
    kinds.iter().map(|kind| StreamId::new(*kind, id)).collect()
}

#[test]
fn a_row_names_what_it_tells_of_and_who_caused_it() {
    let mut world = World::empty();
    let minted = world.mint(lots(2, &[("A", 3)]));
    let happen = world.happen();
    let units = world.units(minted);
    happen.revoked(&units, 1, "lost");
    happen.lot_activated(&units, 0);
    happen.revoked_together(minted, UnitSet::of_range(0..1), "stolen");
    let rows = all_events(
        &world.reads,
        &EventFilter::default(),
        Order::OldestFirst,
        50,
    );
    let told: Vec<_> = rows
        .iter()
        .map(|row| {
            let kind = row.entity_kind.as_str();
            (row.event_type.as_str(), kind, row.entity_id.as_str())
        })
        .collect();
    let (of_job, of_batch) = (minted.job().to_string(), minted.to_string());
    let unit = units.identity().unit(1).unwrap().id.to_string();
    let lot = units.lot_ids()[0].to_string();
    let expected = [
        ("mint_job_queued", "mint_job", of_job.as_str()),
        ("mint_job_reserved", "mint_job", &of_job),
        ("mint_job_started", "mint_job", &of_job),
        ("mint_units_created", "mint_batch", &of_batch),
        ("mint_lots_confirmed", "mint_batch", &of_batch),
        ("mint_job_completed", "mint_job", &of_job),
        ("mint_unit_revoked", "mint_unit", &unit),
        ("mint_lot_activated", "mint_lot", &lot),
        ("mint_units_revoked", "mint_batch", &of_batch),
    ];
    assert_eq!(told, expected);
    let caused: Vec<_> = rows.iter().map(|row| row.actor.as_str()).collect();
    let user = "user:00000000-0000-0000-0000-0000000005e4";
    assert_eq!(caused[0], user);
    assert_eq!(&caused[1..6], ["worker:test"; 5]);
    assert_eq!(&caused[6..], ["scan"; 3]);
    let wire = to_value(&rows[8]).unwrap();
    let expected = json!({
        "event_id": rows[8].event_id.to_string(),
        "event_type": "mint_units_revoked",
        "entity_kind": "mint_batch",
        "entity_id": of_batch,
        "at": at(1_000).to_string(),
        "actor": "scan",
        "correlation_id": rows[8].correlation_id.to_string(),
        "details": {
            "count": 1,
            "first_and_last": [[0, 0]],
            "and_more": false,
            "reason": "stolen",
        },
    });
    assert_eq!(wire, expected);
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
    let requested = json!({"mint_batch_id": BATCH, "format": "qr_bundle"});
    assert_eq!(details, [&requested, &json!({"packs": 3})]);
    assert!(rows.iter().all(|row| row.entity_id == id.to_string()));
    assert!(rows.iter().all(|row| row.entity_kind == EntityKind::Export));
}

type Meanwhile = Box<dyn FnOnce() + Send>;

/// A store in which something happens just when its feed is read from a place.
struct Meddled {
    inner: Arc<MemoryStore>,
    meanwhile: Mutex<Option<(Option<Position>, Meanwhile)>>,
}

impl std::fmt::Debug for Meddled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Meddled(..)")
    }
}

#[async_trait]
impl EventStore for Meddled {
    async fn commit(&self, commit: &Commit) -> Result<Receipt, CommitError> {
        self.inner.commit(commit).await
    }

    async fn claimed(
        &self,
        brand: BrandId,
        space: ClaimSpace,
        keys: &TextRows,
    ) -> Result<Vec<Option<ClaimValue>>, ReadError> {
        self.inner.claimed(brand, space, keys).await
    }

    async fn read_stream(
        &self,
        brand: BrandId,
        stream: StreamId,
        from: Version,
        limit: PageLimit,
    ) -> Result<StreamPage, ReadError> {
        self.inner.read_stream(brand, stream, from, limit).await
    }

    async fn read_feed(
        &self,
        brand: BrandId,
        after: Option<Position>,
        limit: PageLimit,
    ) -> Result<FeedPage, ReadError> {
        let page = self.inner.read_feed(brand, after, limit).await;
        let here = |(place, _): &mut (Option<Position>, Meanwhile)| *place == after;
        let meanwhile = self.meanwhile.lock().unwrap().take_if(here);
        if let Some((_, happens)) = meanwhile {
            // On a thread of its own: one executor runs on this one.
            std::thread::spawn(happens).join().unwrap();
        }
        page
    }

    async fn heads(&self, after: Option<BrandId>, limit: PageLimit) -> Result<HeadPage, ReadError> {
        self.inner.heads(after, limit).await
    }
}

/// Two read from the same fold. While the first reads the last events, many more come, and the
/// second takes them in: the first must not step over those that came to the last stretch.
#[test]
fn events_that_come_while_a_page_is_read_leave_no_gap_in_it() {
    for before in [1, 200, 255, 256, 257, 300] {
        let inner = Arc::new(MemoryStore::default());
        let meddled = Arc::new(Meddled {
            inner: inner.clone(),
            meanwhile: Mutex::default(),
        });
        let fold = Arc::new(ReadFold::new(meddled.clone()));
        let reads = Reads::new(meddled.clone(), fold.clone(), Arc::new(catalogue()));
        let revoke = |log: &MemoryStore, count: u32| {
            let happen = Happen {
                log,
                brand: brand(1),
                at: noon(),
            };
            for index in 0..count {
                let units = UnitSet::of_range(index..index + 1);
                happen.revoked_together(batch(), units, "stolen");
            }
        };
        revoke(&inner, before);
        block_on(fold.catch_up()).unwrap();
        let all = block_on(inner.read_feed(brand(1), None, PageLimit::MAX)).unwrap();
        let stretches = all.events.chunks(256);
        let last = stretches.last().unwrap()[0].position;
        let events = all.events.iter().rev();
        let place = events
            .map(|event| event.position)
            .find(|place| *place < last);
        let more: Meanwhile = Box::new(move || {
            revoke(&inner, 400);
            block_on(fold.catch_up()).unwrap();
        });
        *meddled.meanwhile.lock().unwrap() = Some((place, more));
        let rows = all_events(&reads, &EventFilter::default(), Order::OldestFirst, 1_000);
        let feed = block_on(meddled.inner.read_feed(brand(1), None, PageLimit::MAX)).unwrap();
        let ids = |feed: &FeedPage| -> Vec<_> {
            let ids = feed
                .events
                .iter()
                .map(|event| event.event.metadata.event_id);
            ids.collect()
        };
        let found: Vec<_> = rows.iter().map(|row| row.event_id).collect();
        assert!(meddled.meanwhile.lock().unwrap().is_none());
        assert_eq!(feed.events.len(), before as usize + 400);
        assert!(found == ids(&feed), "{before}: {} rows", found.len());
    }
}

#[test]
fn an_event_that_this_release_does_not_know_is_named() {
    let log = Arc::new(MemoryStore::default());
    let stream = StreamId::new(StreamKind::MintBatch, *batch().as_uuid());
    let event = (EventType::new("mint_job_praised"), 1, b"{}".to_vec());
    commit(log.as_ref(), brand(1), noon(), stream, event);
    let reads = reads_of(log, Arc::new(catalogue()));
    let page = block_on(reads.list_mint_events(
        &scope(1),
        &EventFilter::default(),
        &PageRequest::default(),
    ));
    let error = page.unwrap_err().to_string();
    assert!(error.contains("mint_job_praised"), "{error}");
}
