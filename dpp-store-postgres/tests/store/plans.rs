//! How PostgreSQL answers questions: by an index, in its order, and never by going through all.
//!
//! The statements are those that the store sends, with its own settings: a server of its own
//! logs them.

use std::collections::BTreeMap;

use dpp_core::gs1::{LotCode, Serial};
use dpp_core::identity::{LotId, MintBatchId, MintUnitId};
use dpp_core::mint::{BatchStatus, JobStatus};
use dpp_core::store::log::EventType;
use dpp_core::store::{
    BatchQuery, Entity, EntityKind, EventQuery, JobKey, Order, ProvidedSerial, ReadStore,
};
use dpp_core::unit::UnitStatus;
use dpp_core::{BrandId, ExportId, PageLimit, ProductId, Timestamp};
use dpp_store_postgres::PostgresStore;
use dpp_store_postgres::testing::{Options, Server, TestSchema};
use serde_json::Value;
use tokio_postgres::{Client, NoTls, SimpleQueryMessage};
use uuid::Uuid;

use crate::support::{block_on, open, options};

const ROWS: PageLimit = PageLimit::new(20);
const ORDERS: [Order; 2] = [Order::NewestFirst, Order::OldestFirst];

/// Three brands with 300 batches and 20,000 events each, of which the second is asked about.
const LOAD: &str = "
    INSERT INTO brand_head (brand_id, tag, position)
    SELECT lpad(b::text, 32, '0')::uuid, b, 20000 FROM generate_series(1, 3) b;
    INSERT INTO event
    SELECT lpad(b::text, 32, '0')::uuid, n,
           (ARRAY['mint_batch', 'mint_unit', 'serial_pool'])[1 + n % 3],
           lpad((n % 300)::text, 32, '0')::uuid, n,
           (ARRAY['mint_job_queued', 'mint_unit_activated', 'mint_units_created'])[1 + n % 3],
           1, '{}', gen_random_uuid(), n * 1000, 'scan', gen_random_uuid(), NULL
      FROM generate_series(1, 3) b, generate_series(1, 20000) n;
    INSERT INTO batch
    SELECT lpad(b::text, 32, '0')::uuid, lpad(n::text, 32, '0')::uuid, n, n * 1000,
           lpad((n % 5)::text, 32, '0')::uuid, '09506000134352',
           (ARRAY['queued', 'minted'])[1 + n % 2], (ARRAY['queued', 'completed'])[1 + n % 2],
           n % 2 = 0, NULL, '1', '999999999999', n % 2 = 1, n % 20 = 1, n % 50 = 1, '{}'
      FROM generate_series(1, 3) b, generate_series(1, 300) n;
    INSERT INTO batch_units
    SELECT brand_id, batch_id, 100, 0, 0, '{}' FROM batch;
    INSERT INTO batch_lot
    SELECT brand_id, 'L' || prefix % 7, accepted_at, batch_id FROM batch;
    INSERT INTO unit_exceptions
    SELECT brand_id, batch_id, n, '', '' FROM batch, generate_series(0, 10) n;
    INSERT INTO serial_allocation
    SELECT brand_id, product_id, prefix, batch_id, '{}' FROM batch;
    INSERT INTO provided_serial
    SELECT brand_id, 'own/' || n, batch_id, n FROM batch, generate_series(1, 20) n;
    INSERT INTO export
    SELECT brand_id, batch_id, batch_id, 'manifest', false, 0 FROM batch;";

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
    drop(
        reads
            .products_with_gtin(brand, "09506000134352".parse().unwrap())
            .await,
    );
    drop(
        reads
            .serial_directory(brand, ProductId::from_uuid(uuid(3)))
            .await,
    );
    drop(
        reads
            .provided_serials(brand, "own/1", Some(serial), ROWS)
            .await,
    );
    drop(reads.unit_exceptions(brand, batch).await);
    drop(reads.exceptions_within(brand, batch, 5_000..6_000).await);
    drop(reads.exports(brand, first..=last, Some(middle), ROWS).await);
    drop(reads.counters(brand).await);
}

fn each<T: Clone>(queries: Vec<T>) -> impl Iterator<Item = (T, Order)> {
    let queries = queries.into_iter();
    queries.flat_map(|query| ORDERS.map(|order| (query.clone(), order)))
}

/// What the server was told, one entry for each line of its log, with what follows it.
fn entries(log: &str) -> Vec<String> {
    let mut entries: Vec<String> = Vec::new();
    for line in log.lines() {
        match (line.strip_prefix('\t'), entries.last_mut()) {
            (Some(more), Some(last)) => {
                last.push('\n');
                last.push_str(more);
            }
            _ => entries.push(line.to_owned()),
        }
    }
    entries
}

/// Each statement that was prepared and executed, with how its parameters were written.
fn executed(entries: &[String]) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for pair in entries.windows(2) {
        let [told, detail] = pair else { continue };
        let Some(rest) = told.trim_start().strip_prefix("LOG:  execute ") else {
            continue;
        };
        let Some((_, sql)) = rest.split_once(": ") else {
            continue;
        };
        let params = detail.trim_start().strip_prefix("DETAIL:  parameters: ");
        let params = params.unwrap_or_default();
        found.insert(sql.to_owned(), params.to_owned());
    }
    found
}

/// The values out of `$1 = '..', $2 = NULL`.
fn values(params: &str) -> Vec<String> {
    let (mut values, mut value, mut quoted) = (Vec::new(), String::new(), false);
    for character in params.chars() {
        quoted ^= character == '\'';
        match character {
            ',' if !quoted => values.push(std::mem::take(&mut value)),
            _ => value.push(character),
        }
    }
    values.push(value);
    let after = |value: &String| value.split_once(" = ").map(|(_, value)| value.to_owned());
    values.iter().filter_map(after).collect()
}

async fn plan(client: &Client, sql: &str, params: &str) -> Value {
    let values = values(params).join(", ");
    let values = if values.is_empty() {
        values
    } else {
        format!("({values})")
    };
    client
        .batch_execute(&format!("PREPARE asked AS {sql}"))
        .await
        .unwrap();
    let explain = format!("EXPLAIN (FORMAT JSON) EXECUTE asked{values}");
    let answer = client.simple_query(&explain).await;
    let answer = answer.unwrap_or_else(|error| panic!("{error:?} of {sql} with {params}"));
    client.batch_execute("DEALLOCATE asked").await.unwrap();
    let row = answer.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0),
        _ => None,
    });
    serde_json::from_str(row.unwrap()).unwrap()
}

fn text<'a>(node: &'a Value, key: &str) -> &'a str {
    node.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn children(node: &Value) -> &[Value] {
    let plans = node.get("Plans").and_then(Value::as_array);
    plans.map_or(&[], Vec::as_slice)
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

async fn loaded(server: &Server, schema: &TestSchema) -> Client {
    let (client, connection) = tokio_postgres::connect(server.url(), NoTls).await.unwrap();
    tokio::spawn(connection);
    let path = format!("SET search_path TO {}", schema.name());
    client.batch_execute(&path).await.unwrap();
    client.batch_execute(LOAD).await.unwrap();
    client
}

#[test]
fn every_question_goes_by_an_index_in_its_order() {
    block_on(async {
        let logging = Options::default().setting("log_statement", "all");
        let server = logging.setting("log_line_prefix", "").start().unwrap();
        let schema = TestSchema::on(&server).unwrap();
        let store = open(&options(&schema)).await;
        let client = loaded(&server, &schema).await;
        let before = server.log().unwrap().len();
        ask_everything(&store, BrandId::from_uuid(uuid(2))).await;
        let log = server.log().unwrap();
        let all = entries(&log);
        let set_up = all
            .iter()
            .find_map(|told| told.strip_prefix("LOG:  statement: SET search_path TO \""));
        client
            .batch_execute(&format!("SET search_path TO \"{}", set_up.unwrap()))
            .await
            .unwrap();
        let statements = executed(&entries(&log[before..]));
        assert!(statements.len() >= 40, "{}", statements.len());
        let mut wrong = Vec::new();
        for prepare in ["", "ANALYZE"] {
            client.batch_execute(prepare).await.unwrap();
            for mode in ["force_custom_plan", "force_generic_plan"] {
                client
                    .batch_execute(&format!("SET plan_cache_mode TO {mode}"))
                    .await
                    .unwrap();
                for (sql, params) in &statements {
                    let plan = plan(&client, sql, params).await;
                    let of_all = sql.contains("b.can_run");
                    for fault in faults(&plan[0]["Plan"], of_all) {
                        wrong.push(format!("{prepare} {mode}: {fault} in\n{sql}"));
                    }
                }
            }
        }
        assert!(
            wrong.is_empty(),
            "{} faults:\n{}",
            wrong.len(),
            wrong.join("\n\n")
        );
    });
}
