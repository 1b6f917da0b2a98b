//! How PostgreSQL answers questions: by an index, in its order, and never by going through all.
//!
//! The statements are those that the store sends, with its own settings: a server of its own
//! logs them.

pub(crate) mod overheard;

use dpp_core::gs1::{LotCode, Serial};
use dpp_core::identity::{LotId, MintBatchId, MintUnitId};
use dpp_core::mint::{BatchStatus, JobStatus};
use dpp_core::store::log::EventType;
use dpp_core::store::{
    BatchQuery, Entity, EntityKind, EventQuery, ExportQuery, JobKey, Order, ProvidedSerial,
    ReadStore,
};
use dpp_core::unit::UnitStatus;
use dpp_core::{BrandId, ExportId, PageLimit, ProductId, Timestamp};
use dpp_store_postgres::PostgresStore;
use serde_json::Value;
use uuid::Uuid;

use crate::support::block_on;
use overheard::{LOAD, Overheard, children, is_flawless, text};

const ROWS: PageLimit = PageLimit::new(20);
const ORDERS: [Order; 2] = [Order::NewestFirst, Order::OldestFirst];

fn uuid(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// An id that is somewhere in the middle of all.
fn batch() -> MintBatchId {
    MintBatchId::new(Timestamp::from_unix_millis(150), [0; 10])
}

fn batch_queries() -> Vec<BatchQuery> {
    let none = BatchQuery::default();
    let ids = Some(batch().prefix()..=batch().prefix());
    let lot: Option<LotCode> = Some("L1".parse().unwrap());
    let (status, job_status) = (Some(BatchStatus::Minted), Some(JobStatus::Completed));
    let (product, serials) = (Some(ProductId::from_uuid(uuid(3))), Some("1".to_owned()));
    let mut queries = vec![
        none.clone(),
        BatchQuery {
            status,
            ..none.clone()
        },
        BatchQuery {
            job_status,
            ..none.clone()
        },
        BatchQuery {
            product,
            ..none.clone()
        },
        BatchQuery {
            lot,
            ..none.clone()
        },
        BatchQuery {
            ids: ids.clone(),
            ..none.clone()
        },
        BatchQuery {
            serials: serials.clone(),
            ..none.clone()
        },
        BatchQuery {
            status,
            product,
            ..none.clone()
        },
        BatchQuery {
            ids: ids.clone(),
            product,
            status,
            ..none.clone()
        },
        BatchQuery {
            lot,
            ids: ids.clone(),
            status,
            ..none.clone()
        },
        BatchQuery {
            status,
            job_status,
            product,
            lot,
            holding: None,
            ids,
            serials,
        },
    ];
    queries.extend(UnitStatus::ALL.map(|status| BatchQuery {
        holding: Some(status),
        ..none.clone()
    }));
    queries
}

fn event_queries() -> Vec<EventQuery> {
    let none = EventQuery::default();
    let event_type = Some(EventType::new("mint_units_created"));
    let from = Some(Timestamp::from_unix_millis(5_000_000));
    let kinds = EntityKind::ALL.map(|kind| EventQuery {
        kind: Some(kind),
        from,
        ..none.clone()
    });
    let coded = Uuid::from_u128(8 << 76 | 0b10 << 62);
    let entities = [
        Entity::MintBatch(batch()),
        Entity::MintUnit(MintUnitId::try_from(coded).unwrap()),
        Entity::MintLot(LotId::try_from(coded).unwrap()),
        Entity::SerialPool(ProductId::from_uuid(uuid(3))),
    ];
    let entities = entities.map(|entity| EventQuery {
        entity: Some(entity),
        event_type: event_type.clone(),
        ..none.clone()
    });
    let mut queries = vec![
        none.clone(),
        EventQuery {
            event_type,
            ..none.clone()
        },
        EventQuery {
            from,
            until: from,
            ..none
        },
    ];
    queries.extend(kinds);
    queries.extend(entities);
    queries
}

/// Asks everything. What the rows hold is no batch and no event: only the statements matter.
async fn ask_everything(store: &PostgresStore, brand: BrandId) {
    let reads: &dyn ReadStore = store;
    let batch = batch();
    let at = Timestamp::from_unix_millis(150_000);
    let after = JobKey {
        accepted_at: at,
        batch,
    };
    for (query, order) in each(batch_queries()) {
        drop(reads.batches(brand, &query, order, Some(after), ROWS).await);
    }
    for (query, order) in each(event_queries()) {
        drop(reads.events(brand, &query, order, None, ROWS).await);
    }
    let serial = ProvidedSerial {
        serial: Serial::parse("own/1").unwrap(),
        batch,
        index: 1,
    };
    let [first, middle, last] = [1, 100, 200].map(|number| ExportId::from_uuid(uuid(number)));
    drop(reads.runnable_jobs(at, ROWS).await);
    drop(reads.batch(brand, batch).await);
    drop(reads.batch_by_prefix(brand, batch.prefix()).await);
    let (gtin, product) = ("09506000134352", ProductId::from_uuid(uuid(3)));
    let gtin = gtin.parse().unwrap();
    drop(reads.products_with_gtin(brand, gtin).await);
    drop(reads.serial_directory(brand, product).await);
    let after = Some(serial);
    drop(reads.provided_serials(brand, "own/1", after, ROWS).await);
    drop(reads.unit_exceptions(brand, batch).await);
    drop(reads.exceptions_within(brand, batch, 5_000..6_000).await);
    for (batch, order) in each(vec![None, Some(batch)]) {
        let query = ExportQuery {
            ids: first..=last,
            batch,
        };
        let page = reads.exports(brand, &query, order, Some(middle), ROWS);
        drop(page.await);
    }
    drop(reads.runnable_exports(at, ROWS).await);
    drop(reads.expiring_exports(at, ROWS).await);
    drop(reads.counters(brand).await);
}

fn each<T: Clone>(queries: Vec<T>) -> impl Iterator<Item = (T, Order)> {
    let queries = queries.into_iter();
    queries.flat_map(|query| ORDERS.map(|order| (query.clone(), order)))
}

/// Whether there are no more rows than a page has, or than were asked for by key.
fn is_bounded(node: &Value) -> bool {
    let inputs = || {
        let of_rows =
            |child: &&Value| !["InitPlan", "SubPlan"].contains(&text(child, "Parent Relationship"));
        children(node).iter().filter(of_rows)
    };
    match text(node, "Node Type") {
        "Limit" | "Function Scan" => true,
        // The batches in a range of ids: one more than a thousand at most.
        "CTE Scan" => text(node, "CTE Name") == "few",
        "Index Scan" | "Index Only Scan" => {
            text(node, "Index Cond").contains("\"position\" = p.\"position\"")
        }
        _ => inputs().next().is_some() && inputs().all(is_bounded),
    }
}

/// What is wrong with a plan.
fn faults(node: &Value, of_all_brands: bool) -> Vec<String> {
    let kind = text(node, "Node Type");
    let index_of_brand = text(node, "Index Cond").contains("brand_id = ");
    let fault = match kind {
        "Seq Scan" | "Hash Join" | "Merge Join" | "Materialize" | "Bitmap Heap Scan" => {
            Some(format!("a {kind} of {}", text(node, "Relation Name")))
        }
        "Sort" | "Incremental Sort" if !is_bounded(node) => {
            Some(format!("a sort by {}", node["Sort Key"]))
        }
        "Index Scan" | "Index Only Scan" if !index_of_brand && !of_all_brands => {
            Some(format!("{} across brands", text(node, "Index Name")))
        }
        _ => None,
    };
    let below = children(node).iter();
    let below = below.flat_map(|child| faults(child, of_all_brands));
    fault.into_iter().chain(below).collect()
}

#[test]
fn every_question_goes_by_an_index_in_its_order() {
    block_on(async {
        let asked = Overheard::open().await;
        asked.client.batch_execute(LOAD).await.unwrap();
        ask_everything(&asked.store, BrandId::from_uuid(uuid(2))).await;
        let statements = asked.statements();
        assert!(statements.len() >= 40, "{}", statements.len());
        let of = |sql: &str, plan: &Value| {
            faults(
                plan,
                sql.contains("UNION ALL\n         (SELECT h.brand_id, h.unreadable"),
            )
        };
        for prepare in ["", "ANALYZE"] {
            asked.client.batch_execute(prepare).await.unwrap();
            is_flawless(&asked.faults(&statements, of).await);
        }
    });
}
