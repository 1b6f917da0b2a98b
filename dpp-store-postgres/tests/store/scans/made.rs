//! Scans to append.

use dpp_core::identity::MintBatchId;
use dpp_core::resolver::{AgentClass, ScanRecord, ScanText, Scanned};
use dpp_core::store::log::StoreFault;
use dpp_core::store::{ScanAppendError, ScanDay, ScanDays, ScanQuery, ScanStore};
use dpp_core::unit::UnitStatus;
use dpp_core::{BrandId, ProductId, Timestamp};
use dpp_store_postgres::PostgresScans;
use dpp_store_postgres::testing::TestSchema;
use tokio_postgres::Client;
use uuid::Uuid;

pub(super) fn product(number: u128) -> ProductId {
    ProductId::from_uuid(Uuid::from_u128(number))
}

pub(super) fn batch(number: u8) -> MintBatchId {
    MintBatchId::new(Timestamp::from_unix_millis(0), [number; 10])
}

pub(super) fn day(text: &str) -> ScanDay {
    text.parse().unwrap()
}

/// A scan of a unit at a time such as `2027-02-18T09:30:00Z`.
pub(super) fn scan(brand: BrandId, at: &str) -> ScanRecord {
    ScanRecord {
        at: at.parse().unwrap(),
        brand,
        scanned: Scanned::Unit {
            product: product(1),
            batch: batch(1),
            index: 7,
        },
        status: Some(UnitStatus::Minted),
        path: ScanText::of("/01/04012345987652/21/A1"),
        query: Some(ScanText::of("linkType=all")),
        agent: AgentClass::Iphone,
        location: Some("DE-BY".parse().unwrap()),
        network: Some("203.0.113.0/24".parse().unwrap()),
    }
}

pub(super) async fn total(scans: &PostgresScans, brand: BrandId) -> u64 {
    let days = scans.by_day(brand, &ScanQuery::ALL, ScanDays::ALL).await;
    days.unwrap().iter().map(|day| day.scans).sum()
}

/// The names of the partitions, in their order.
pub(super) async fn partitions(client: &Client) -> Vec<String> {
    let sql = "SELECT inhrelid::regclass::text FROM pg_inherits
                WHERE inhparent = 'scan'::regclass ORDER BY 1";
    let rows = client.query(sql, &[]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

/// A schema whose server logs nothing, and a brand.
pub(super) async fn opened() -> (TestSchema, PostgresScans, BrandId) {
    let schema = TestSchema::new();
    let store = crate::support::open(&crate::support::options(&schema)).await;
    (schema, store.scans(), crate::support::a_brand())
}

/// The fault of scans that were not appended.
#[track_caller]
pub(super) fn not_appended(outcome: Result<(), ScanAppendError>) -> StoreFault {
    match outcome {
        Err(ScanAppendError::NotAppended(fault)) => fault,
        other => panic!("{other:?}"),
    }
}
