//! Brands whose log has what this release cannot read.

use std::sync::Arc;
use std::time::Duration;

use dpp_core::export::{ExportFacts, ExportFormat, ExportOptions, ExportRequested};
use dpp_core::gs1::Gtin;
use dpp_core::identity::MintBatchId;
use dpp_core::read::ReadFold;
use dpp_core::service::{Settings, SubmitAnswer};
use dpp_core::store::log::{Actor, Commit, EventType, Expected, Position, StreamId, StreamKind};
use dpp_core::store::{
    BatchQuery, EntityKind, EventQuery, EventStore, ExportQuery, Order, ReadStore, ReadStoreError,
};
use dpp_core::{BrandId, CommitId, CorrelationId, PageLimit};
use dpp_store_postgres::testing::TestSchema;
use dpp_store_postgres::{PostgresStore, Unreadable};
use uuid::Uuid;

use crate::hosting::{brand, noon, owner, product, serials, service, worker};
use crate::support::{block_on, open, options};

const ALL: PageLimit = PageLimit::MAX;
const HOUR: Duration = Duration::from_secs(3_600);

/// Commits one event to the stream of the batch.
async fn commit(
    store: &PostgresStore,
    of: BrandId,
    batch: MintBatchId,
    name: &str,
    body: &[u8],
) -> Position {
    let id = CommitId::from_uuid(Uuid::from_u128(0xc0_ffee));
    let correlation = CorrelationId::from_uuid(Uuid::from_u128(1));
    let stream = StreamId::new(StreamKind::MintBatch, *batch.as_uuid());
    let event = (EventType::from_stored(name.to_owned()), 1, body.to_vec());
    let commit = Commit::builder(of, id, noon(), Actor::Scan, correlation)
        .write(stream, Expected::Any, [event])
        .build()
        .unwrap();
    store.commit(&commit).await.unwrap().position
}

/// Asks for an export, whose time is over an hour later.
async fn request_export(store: &PostgresStore, of: BrandId, batch: MintBatchId) {
    let requested = ExportRequested {
        facts: ExportFacts {
            mint_batch_id: batch,
            format: ExportFormat::Manifest,
            units: 1,
            profile: None,
            options: ExportOptions::default(),
        },
        expires_at: noon().after(HOUR),
    };
    let body = serde_json::to_vec(&requested).unwrap();
    let event = (EventType::new("export_requested"), 1, body);
    let id = CommitId::from_uuid(Uuid::from_u128(0xe4));
    let correlation = CorrelationId::from_uuid(Uuid::from_u128(1));
    let stream = StreamId::new(StreamKind::Export, Uuid::from_u128(0xe4));
    let commit = Commit::builder(of, id, noon(), Actor::Scan, correlation)
        .write(stream, Expected::Any, [event])
        .build()
        .unwrap();
    store.commit(&commit).await.unwrap();
}

/// A queued job and an export in each of two brands.
async fn two_brands(store: &Arc<PostgresStore>) -> [MintBatchId; 2] {
    let service = service(store.clone(), 1, Settings::default());
    let mut batches = Vec::new();
    for (of, makes) in [(1, 1), (2, 9)] {
        let mut request = serials(makes, 3);
        request.brand_id = brand(of);
        let answer = service.submit(&owner(brand(of)), request, noon()).await;
        let SubmitAnswer::Accepted { mint_batch_id, .. } = answer.unwrap() else {
            panic!("it is not accepted");
        };
        batches.push(mint_batch_id);
        request_export(store, brand(of), mint_batch_id).await;
    }
    batches.try_into().unwrap()
}

type Failure = Option<ReadStoreError>;

/// What becomes of every question about a brand.
async fn every_question(reads: &dyn ReadStore, of: BrandId, batch: MintBatchId) -> Vec<Failure> {
    let gtin: Gtin = "09506000134352".parse().unwrap();
    let newest = Order::NewestFirst;
    let mut failures = vec![
        reads.batch(of, batch).await.err(),
        reads.batch_by_prefix(of, batch.prefix()).await.err(),
        reads.products_with_gtin(of, gtin).await.err(),
        reads.serial_directory(of, product(1)).await.err(),
        reads.provided_serials(of, "", None, ALL).await.err(),
        reads.provided_serials(of, "\0", None, ALL).await.err(),
        reads.unit_exceptions(of, batch).await.err(),
        reads.exceptions_within(of, batch, 0..1).await.err(),
        reads.counters(of).await.err(),
    ];
    for batch in [None, Some(batch)] {
        let query = ExportQuery {
            batch,
            ..ExportQuery::ALL
        };
        failures.push(reads.exports(of, &query, newest, None, ALL).await.err());
    }
    let query = BatchQuery::default();
    failures.push(reads.batches(of, &query, newest, None, ALL).await.err());
    for kind in [None, Some(EntityKind::MintJob)] {
        let query = EventQuery {
            kind,
            ..EventQuery::default()
        };
        failures.push(reads.events(of, &query, newest, None, ALL).await.err());
    }
    failures
}

fn names(failure: &Failure, of: BrandId, at: Position) -> bool {
    matches!(failure, Some(ReadStoreError::Decode { brand, position, .. })
        if (*brand, *position) == (of, at))
}

async fn is_named_and_keeps_nobody_back(name: &str, body: &[u8]) {
    let schema = TestSchema::new();
    let store = Arc::new(open(&options(&schema)).await);
    let [here, there] = two_brands(&store).await;
    let at = commit(&store, brand(1), here, name, body).await;
    commit_again_is_readable(&store, there).await;

    let fold = ReadFold::new(store.clone());
    for reads in [store.as_ref() as &dyn ReadStore, &fold] {
        for failure in every_question(reads, brand(1), here).await {
            assert!(names(&failure, brand(1), at), "{failure:?}");
        }
        for failure in every_question(reads, brand(2), there).await {
            assert!(failure.is_none(), "{failure:?}");
        }
        let runnable = reads.runnable_jobs(noon(), ALL).await.unwrap();
        let jobs: Vec<_> = runnable.jobs.iter().map(|job| job.job).collect();
        assert_eq!(jobs, [there.job()]);
        assert_eq!(runnable.unreadable.len(), 1);
        let named = runnable.unreadable.first().cloned();
        assert!(names(&named, brand(1), at), "{named:?}");
        let runnable = reads.runnable_exports(noon(), ALL).await;
        let expiring = reads.expiring_exports(noon().after(HOUR), ALL).await;
        for due in [runnable.unwrap(), expiring.unwrap()] {
            let batches: Vec<_> = due.exports.iter().map(|export| export.batch).collect();
            assert_eq!(batches, [there]);
            assert_eq!(due.unreadable.len(), 1);
            let named = due.unreadable.first().cloned();
            assert!(names(&named, brand(1), at), "{named:?}");
        }
    }
}

/// The log of the other brand goes on.
async fn commit_again_is_readable(store: &PostgresStore, batch: MintBatchId) {
    assert!(store.batch(brand(2), batch).await.unwrap().is_some());
}

#[test]
fn an_event_of_an_unknown_type_is_named_by_every_question_about_its_brand() {
    block_on(is_named_and_keeps_nobody_back("from_tomorrow", b"{}"));
}

#[test]
fn an_event_whose_body_is_no_json_is_named_by_every_question_about_its_brand() {
    block_on(is_named_and_keeps_nobody_back(
        "mint_job_started",
        b"no json",
    ));
}

#[test]
fn what_is_unreadable_is_passed_over_where_that_is_asked_for() {
    block_on(async {
        let schema = TestSchema::new();
        let options = options(&schema).unreadable(Unreadable::PassOver);
        let store = Arc::new(open(&options).await);
        let [here, there] = two_brands(&store).await;
        let at = commit(&store, brand(1), here, "from_tomorrow", b"{}").await;
        for failure in every_question(store.as_ref(), brand(1), here).await {
            assert!(failure.is_none(), "{failure:?}");
        }
        let runnable = store.runnable_jobs(noon(), ALL).await.unwrap();
        assert_eq!(runnable.jobs.len(), 2);
        assert!(runnable.unreadable.is_empty());
        let due = store.runnable_exports(noon(), ALL).await.unwrap();
        assert_eq!((due.exports.len(), due.unreadable.len()), (2, 0));
        let of_type = EventQuery {
            event_type: Some(EventType::new("from_tomorrow")),
            ..EventQuery::default()
        };
        let found = store.events(brand(1), &of_type, Order::NewestFirst, None, ALL);
        let found: Vec<_> = found
            .await
            .unwrap()
            .iter()
            .map(|event| event.position)
            .collect();
        assert_eq!(found, [at]);
        assert!(store.batch(brand(2), there).await.unwrap().is_some());
    });
}

#[test]
fn a_worker_goes_on_with_the_jobs_of_other_brands() {
    block_on(async {
        let schema = TestSchema::new();
        let store = Arc::new(open(&options(&schema)).await);
        let [here, there] = two_brands(&store).await;
        commit(&store, brand(1), here, "from_tomorrow", b"{}").await;
        let (log, reads) = (store.clone(), store.clone());
        let host = crate::hosting::host(2);
        let service = dpp_core::service::MintService::new(log, reads, host, Settings::default());
        let mut worker = worker(&service, "test");
        // What stopped it is told when there is nothing else to do.
        let stopped = loop {
            if let Err(stopped) = worker.run_once(noon()).await {
                break stopped;
            }
        };
        assert!(stopped.to_string().contains("cannot be read"), "{stopped}");
        let made = store.batch(brand(2), there).await.unwrap().unwrap();
        assert_eq!(made.batch.minted, 3);
    });
}

#[test]
fn a_position_of_another_feed_is_refused() {
    block_on(async {
        let schema = TestSchema::new();
        let store = Arc::new(open(&options(&schema)).await);
        two_brands(&store).await;
        let query = EventQuery::default();
        let newest = Order::NewestFirst;
        let theirs = store
            .events(brand(2), &query, newest, None, ALL)
            .await
            .unwrap();
        let after = theirs.first().map(|event| event.position);
        for of in [brand(1), brand(3)] {
            let refused = store
                .events(of, &query, newest, after, ALL)
                .await
                .unwrap_err();
            assert!(refused.to_string().contains("does not belong"), "{refused}");
        }
    });
}
