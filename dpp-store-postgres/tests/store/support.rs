//! A store of its own for each test, on the server that they share.

use std::future::Future;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use dpp_core::store::EventStore;
use dpp_core::store::log::{
    Actor, Commit, CommitBuilder, CommitError, EventType, Expected, PageLimit, RecordedEvent,
    StoreFault, StreamId, StreamKind,
};
use dpp_core::{BrandId, CommitId, CorrelationId, Timestamp, UserId};
use dpp_store_postgres::testing::TestSchema;
use dpp_store_postgres::{Options, PostgresStore};
use tokio::runtime::Runtime;
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());

/// Far longer than anything here takes.
pub(crate) const DEADLINE: Duration = Duration::from_secs(240);

/// Runs a test to its end, on threads of which some may block.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    RUNTIME.block_on(future)
}

/// Runs a test to its end, which must come.
pub(crate) fn in_time<F: Future>(future: F) -> F::Output {
    block_on(async { tokio::time::timeout(DEADLINE, future).await.unwrap() })
}

/// How to open a store in this schema.
pub(crate) fn options(schema: &TestSchema) -> Options {
    let options = Options::parse(schema.url()).unwrap();
    options.schema(schema.name()).unwrap().connections(8)
}

/// Opens the store of a schema, on the runtime of the tests.
pub(crate) async fn open(options: &Options) -> PostgresStore {
    let options = options.clone();
    let opened = RUNTIME.spawn(async move { PostgresStore::open(&options).await });
    opened.await.unwrap().unwrap()
}

/// A connection past the store.
pub(crate) async fn raw(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// A connection past the store, into its schema.
pub(crate) async fn raw_in(schema: &TestSchema) -> Client {
    let client = raw(schema.url()).await;
    let path = format!("SET search_path TO {}", schema.name());
    client.batch_execute(&path).await.unwrap();
    client
}

pub(crate) async fn number(client: &Client, sql: &str) -> i64 {
    client.query_one(sql, &[]).await.unwrap().get(0)
}

pub(crate) fn uuid() -> Uuid {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).unwrap();
    Uuid::from_bytes(bytes)
}

pub(crate) fn a_brand() -> BrandId {
    BrandId::from_uuid(uuid())
}

pub(crate) fn a_stream() -> StreamId {
    StreamId::new(StreamKind::MintBatch, uuid())
}

pub(crate) fn begin(brand: BrandId) -> CommitBuilder {
    let actor = Actor::User(UserId::from_uuid(Uuid::nil()));
    let at = Timestamp::from_unix_millis(1_800_000_000_000);
    let (id, correlation) = (
        CommitId::from_uuid(uuid()),
        CorrelationId::from_uuid(uuid()),
    );
    Commit::builder(brand, id, at, actor, correlation)
}

pub(crate) fn body(number: u64) -> (EventType, u16, Vec<u8>) {
    let body = format!("{{\"number\":{number}}}");
    (EventType::new("test_event"), 1, body.into_bytes())
}

/// One event in a stream of its own.
pub(crate) fn commit(brand: BrandId) -> Commit {
    of_events(brand, 1)
}

pub(crate) fn of_events(brand: BrandId, events: u64) -> Commit {
    let write = begin(brand).write(a_stream(), Expected::NoStream, (0..events).map(body));
    write.build().unwrap()
}

/// One event of this type.
pub(crate) fn of_type(brand: BrandId, name: &str) -> Commit {
    let event = (EventType::from_stored(name.to_owned()), 1, b"{}".to_vec());
    let write = begin(brand).write(a_stream(), Expected::NoStream, [event]);
    write.build().unwrap()
}

/// All events of a brand.
pub(crate) async fn feed(store: &PostgresStore, brand: BrandId) -> Vec<RecordedEvent> {
    let (mut events, mut after) = (Vec::new(), None);
    loop {
        let page = store.read_feed(brand, after, PageLimit::MAX).await.unwrap();
        after = page.upto;
        events.extend(page.events);
        if !page.more {
            return events;
        }
    }
}

/// Whether the events of a commit are in the feed exactly once.
pub(crate) fn is_once_in(commit: &Commit, feed: &[RecordedEvent]) -> bool {
    let events = commit.writes().iter().flat_map(|write| &write.events);
    events.map(|event| event.metadata.event_id).all(|id| {
        let ids = feed.iter().map(|found| found.event.metadata.event_id);
        ids.filter(|found| *found == id).count() == 1
    })
}

/// The fault of a commit that was not made.
pub(crate) fn not_committed<T: std::fmt::Debug>(outcome: Result<T, CommitError>) -> StoreFault {
    match outcome {
        Err(CommitError::NotCommitted(fault)) => fault,
        other => panic!("{other:?}"),
    }
}

/// Waits until a condition holds.
pub(crate) async fn until<F: Future<Output = bool>>(what: impl Fn() -> F) {
    let start = Instant::now();
    while !what().await {
        assert!(start.elapsed() < DEADLINE, "it never comes true");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Holds the lock of a brand's head until the connection is told to let go.
pub(crate) async fn hold_head(schema: &TestSchema, brand: BrandId) -> Client {
    let client = raw_in(schema).await;
    client.batch_execute("BEGIN").await.unwrap();
    let lock = "SELECT * FROM brand_head WHERE brand_id = $1 FOR UPDATE";
    let locked = client.query(lock, &[brand.as_uuid()]).await.unwrap();
    assert_eq!(locked.len(), 1);
    client
}

/// A store in a schema of its own, and a brand with one event.
pub(crate) async fn with_one_commit() -> (TestSchema, PostgresStore, BrandId) {
    let schema = TestSchema::new();
    let store = open(&options(&schema)).await;
    let brand = a_brand();
    store.commit(&commit(brand)).await.unwrap();
    (schema, store, brand)
}
