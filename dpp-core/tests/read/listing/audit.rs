//! The audit trail: every event, by each filter, in both directions.

use std::collections::HashSet;
use std::sync::Arc;

use dpp_core::ExportId;
use dpp_core::identity::MintJobId;
use dpp_core::read::{EventFilter, EventRow, PageRequest, Reads};
use dpp_core::store::log::{EventType, PageLimit, RecordedEvent, StreamId, StreamKind};
use dpp_core::store::{Entity, EntityKind, EventStore, Order};
use dpp_core::unit::UnitSet;
use dpp_store_memory::MemoryStore;
use futures::executor::block_on;
use serde_json::{Value, json, to_value};
use uuid::Uuid;

use crate::exceptions::Writer;
use crate::listing::details::{batch, secrets};
use crate::listing::happen::commit;
use crate::listing::world::*;
use crate::support::*;

pub fn all_events(reads: &Reads, filter: &EventFilter, order: Order, size: u32) -> Vec<EventRow> {
    walk(pages_of(size, order), |request| {
        block_on(reads.list_mint_events(&scope(1), filter, request))
    })
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
        "product_id": product(2),
        "product_sku": "SKU-2",
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

/// Each of the events leads to a product in a way of its own.
#[test]
fn a_row_names_the_product_that_it_is_about() {
    let world = many_batches();
    let writer = Writer::new(world.log.clone(), 9);
    let scope = scope(1);
    let units = block_on(world.reads.batch_units(&scope, world.batches[0])).unwrap();
    let export = ExportId::from_uuid(uuid::Uuid::from_u128(0xe1));
    block_on(async {
        writer.activate(&units, 0, at(1)).await;
        writer.revoke(&units, 1, at(2)).await;
        let some = [2, 3].into_iter().collect();
        writer.revoke_many(&units, some, at(3)).await;
        writer
            .request_export(brand(1), export, world.batches[0], at(4))
            .await;
        writer.complete_export(brand(1), export, at(5)).await;
    });
    let rows = all_events(&world.reads, &EventFilter::default(), Order::OldestFirst, 7);
    let product_of = |batch: &Value| {
        let id = batch.as_str().unwrap().parse().unwrap();
        let record = block_on(world.reads.batch(&scope, id)).unwrap().unwrap();
        record.batch.facts.product_id
    };
    let mut kinds = HashSet::new();
    for row in rows {
        let expected = match (row.entity_kind, row.details.get("mint_batch_id")) {
            (EntityKind::SerialPool, _) => row.entity_id.parse().unwrap(),
            (_, Some(batch)) => product_of(batch),
            (EntityKind::MintJob, None) => {
                let job: MintJobId = row.entity_id.parse().unwrap();
                product_of(&job.batch().to_string().into())
            }
            (EntityKind::MintBatch, None) => product_of(&row.entity_id.clone().into()),
            (EntityKind::Export, None) => product_of(&world.batches[0].to_string().into()),
            (kind, None) => panic!("{kind} has no batch"),
        };
        assert_eq!(row.product_id, Some(expected), "{}", row.event_type);
        let number = expected.as_uuid().as_u128() & 0xff;
        let sku = (number < 3).then(|| format!("SKU-{number}"));
        assert!(row.product_sku.is_some(), "{}", row.event_type);
        assert!(
            sku.is_none() || row.product_sku == sku,
            "{}",
            row.event_type
        );
        kinds.insert(row.entity_kind);
    }
    let missing: Vec<_> = EntityKind::ALL
        .into_iter()
        .filter(|kind| !kinds.contains(kind))
        .collect();
    assert_eq!(missing, [EntityKind::ProductBatch]);
}
