//! How PostgreSQL makes a commit: each row that it needs is looked up by its key, however much was
//! done before.

use std::sync::Arc;

use dpp_core::export::{
    ExportCompleted, ExportEvent, ExportFacts, ExportFormat, ExportOptions, ExportRequested,
};
use dpp_core::identity::MintBatchId;
use dpp_core::service::{MintService, Settings};
use dpp_core::store::log::{
    ClaimGroup, ClaimSpace, ClaimValue, Commit, EventType, Expected, StreamId, StreamKind,
};
use dpp_core::store::{Codec, EventStore};
use dpp_core::{Caller, PageLimit};
use dpp_store_memory::MemoryStore;
use dpp_store_postgres::PostgresStore;
use serde_json::Value;

use crate::hosting::{brand, lots, noon, owner, serials, service, work_off};
use crate::plans::overheard::{LOAD, Overheard, Statements, children, is_flawless, text};
use crate::support::{a_stream, begin, block_on, body, uuid};

const EMPTY: &str = "TRUNCATE brand_head, event, commit_receipt, claim, batch, batch_lot,
    batch_units, unit_exceptions, serial_allocation, provided_serial, export";

type Told = (StreamId, (EventType, u16, Vec<u8>));

/// Jobs of every kind, made to their end, and a scan.
async fn jobs() -> Vec<Told> {
    let log = Arc::new(MemoryStore::default());
    let service = service(log.clone(), 1, Settings::default());
    let mut provided = serials(1, 2);
    provided.serials = Some(["own/1", "own/2"].into_iter().collect());
    for request in [lots(2, &[("L1", 3)]), provided, serials(1, 10)] {
        let accepted = service.submit(&owner(brand(1)), request, noon()).await;
        let batch = accepted.unwrap().batch().unwrap();
        work_off(&service, noon()).await;
        scan(&service, batch).await;
    }
    let page = log.read_feed(brand(1), None, PageLimit::MAX).await.unwrap();
    let told = page.events.into_iter().map(|told| {
        let event = told.event;
        let body = event.payload.to_vec();
        (told.stream, (event.event_type, event.schema_version, body))
    });
    told.collect()
}

async fn scan(service: &MintService, batch: MintBatchId) {
    let scope = owner(brand(1)).to_read(brand(1)).unwrap();
    let row = service.reads().unit_at(&scope, batch, 0).await.unwrap();
    let unit = row.unwrap().mint_unit_id;
    let scanner = Caller::scan();
    let scanned = service.activate_unit(&scanner, brand(1), unit, noon());
    scanned.await.unwrap();
}

fn an_export() -> [Told; 2] {
    let requested = ExportEvent::Requested(ExportRequested {
        facts: ExportFacts {
            mint_batch_id: MintBatchId::new(noon(), [1; 10]),
            format: ExportFormat::Manifest,
            units: 1,
            profile: None,
            options: ExportOptions::default(),
        },
        expires_at: noon(),
    });
    let completed = ExportEvent::Completed(ExportCompleted {
        packs: 1,
        expires_at: noon(),
    });
    let stream = StreamId::new(StreamKind::Export, uuid());
    [requested, completed].map(|event| (stream, Codec::new().encode(&event).unwrap()))
}

/// Commits of one event each, and one with a claim; the last of them again.
async fn commit_everything(store: &PostgresStore) {
    let told = jobs().await.into_iter().chain(an_export());
    let mut commits: Vec<Commit> = told
        .map(|(stream, event)| begin(brand(1)).write(stream, Expected::Any, [event]))
        .map(|commit| commit.build().unwrap())
        .collect();
    let key = ClaimGroup::one(
        ClaimSpace::IDEMPOTENCY_KEYS,
        "once",
        ClaimValue::new(&[]).unwrap(),
    );
    let claiming = begin(brand(1)).write(a_stream(), Expected::NoStream, [body(1)]);
    commits.push(claiming.claim(key).build().unwrap());
    for commit in &commits {
        store.commit(commit).await.unwrap();
    }
    let last = commits.last().unwrap();
    store.commit(last).await.unwrap();
}

/// The same statements about a brand that has done much.
fn of_a_large_brand(statements: Statements) -> Statements {
    let (own, large) = (brand(1).to_string(), format!("{:032}", 2));
    let statements = statements.into_iter();
    statements
        .map(|(sql, params)| (sql, params.replace(&own, &large)))
        .collect()
}

/// What is wrong with a plan: rows that are gone through, and not looked up.
fn faults(node: &Value) -> Vec<String> {
    let (kind, table) = (text(node, "Node Type"), text(node, "Relation Name"));
    let index = text(node, "Index Name");
    let by_key = index.ends_with("_pkey") || index.ends_with("_key");
    let filters = ["Filter", "Join Filter"].map(|filter| text(node, filter));
    let filter = filters.into_iter().find(|filter| !filter.is_empty());
    let fault = match filter {
        Some(filter) => Some(format!("a {kind} of {table} with the filter {filter}")),
        None if kind.ends_with("Scan") && !table.is_empty() && !by_key => {
            Some(format!("a {kind} of {table} by {index}"))
        }
        None => None,
    };
    let below = children(node).iter().flat_map(faults);
    fault.into_iter().chain(below).collect()
}

#[test]
fn every_row_that_a_commit_needs_is_looked_up_by_its_key() {
    block_on(async {
        let asked = Overheard::open().await;
        commit_everything(&asked.store).await;
        let statements = of_a_large_brand(asked.statements());
        assert!(statements.len() >= 21, "{}", statements.len());
        let mut wrong = Vec::new();
        let many = format!("{EMPTY};{LOAD}");
        for (rows, prepare) in [
            ("few", ""),
            ("few, counted", "ANALYZE"),
            ("many", &many),
            ("many, counted", "ANALYZE"),
        ] {
            asked.client.batch_execute(prepare).await.unwrap();
            let faults = asked.faults(&statements, |_, plan| faults(plan)).await;
            wrong.extend(faults.iter().map(|fault| format!("{rows}: {fault}")));
        }
        is_flawless(&wrong);
    });
}
