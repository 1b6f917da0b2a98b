//! Random histories of scans, kept in memory and in PostgreSQL: the answers are the same.

use dpp_core::resolver::{ScanRecord, Scanned};
use dpp_core::store::{ScanDay, ScanDays, ScanQuery, ScanStore};
use dpp_core::{BrandId, PageLimit, Timestamp};
use dpp_store_memory::MemoryScans;
use dpp_store_postgres::PostgresScans;
use dpp_store_postgres::testing::TestSchema;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestRunner;
use uuid::Uuid;

use super::made::*;
use crate::support::{block_on, open, options};

const CASES: u32 = 16;
const BRANDS: [u128; 2] = [1, 2];

/// Some days around the ends of months, and some far away.
const DAYS: [i32; 9] = [
    20_000, 20_848, 20_849, 20_876, 20_877, 20_878, 20_907, 20_908, 30_000,
];

const DAY: i64 = 86_400_000;

#[derive(Debug, Clone)]
enum Step {
    Append(Vec<ScanRecord>),
    Forget(ScanDay),
}

fn brand(number: u128) -> BrandId {
    BrandId::from_uuid(Uuid::from_u128(number))
}

fn scanned() -> impl Strategy<Value = Scanned> {
    let (products, batches, number) = (1_u128..4, 1_u8..4, 0_u32..3);
    (0..4, products, batches, number).prop_map(|(kind, of, batch_of, number)| {
        let (product, batch) = (product(of), batch(batch_of));
        match kind {
            0 => Scanned::Product { product },
            1 => Scanned::Batch { product, batch },
            2 => Scanned::Lot {
                product,
                batch,
                lot: number,
            },
            _ => Scanned::Unit {
                product,
                batch,
                index: number,
            },
        }
    })
}

fn record() -> impl Strategy<Value = ScanRecord> {
    let at = (select(&DAYS[..]), select(&[0, 1, DAY / 2, DAY - 1][..]));
    (select(&BRANDS[..]), at, scanned()).prop_map(|(of, (day, later), scanned)| ScanRecord {
        at: Timestamp::from_unix_millis(i64::from(day) * DAY + later),
        scanned,
        ..scan(brand(of), "2027-02-18T09:30:00Z")
    })
}

fn steps() -> impl Strategy<Value = Step> {
    let around = (select(&DAYS[..]), -1..=1);
    let forget = around.prop_map(|(day, by)| Step::Forget(ScanDay::from_unix_days(day + by)));
    prop_oneof![
        5 => vec(record(), 0..40).prop_map(Step::Append),
        1 => forget,
    ]
}

/// Ranges with each of the days at their ends, and one that is backwards.
fn ranges() -> Vec<ScanDays> {
    let of = |first, last| ScanDays {
        first: ScanDay::from_unix_days(first),
        last: ScanDay::from_unix_days(last),
    };
    let mut ranges: Vec<_> = DAYS.windows(3).map(|days| of(days[0], days[2])).collect();
    ranges.extend([ScanDays::ALL, of(20_877, 20_877), of(20_878, 20_877)]);
    ranges
}

async fn agree(one: &MemoryScans, other: &PostgresScans) {
    let products = [None, Some(product(1)), Some(product(2)), Some(product(9))];
    let batches = [None, Some(batch(1)), Some(batch(2)), Some(batch(9))];
    for brand in BRANDS.map(brand) {
        for days in ranges() {
            for (product, batch) in products
                .into_iter()
                .flat_map(|product| batches.map(|batch| (product, batch)))
            {
                let query = ScanQuery { product, batch };
                let due = one.by_day(brand, &query, days).await.unwrap();
                let got = other.by_day(brand, &query, days).await.unwrap();
                assert_eq!(got, due, "{query:?} {days:?}");
            }
            for limit in [1, 2, 10].map(PageLimit::new) {
                let due = one.by_product(brand, days, limit).await.unwrap();
                let got = other.by_product(brand, days, limit).await.unwrap();
                assert_eq!(got, due, "{days:?} {limit:?}");
                for product in products {
                    let due = one.by_batch(brand, product, days, limit).await.unwrap();
                    let got = other.by_batch(brand, product, days, limit).await.unwrap();
                    assert_eq!(got, due, "{product:?} {days:?} {limit:?}");
                }
            }
        }
        for (number, index) in (1..4).flat_map(|number| [0, 1, 9].map(|index| (number, index))) {
            let due = one.of_unit(brand, batch(number), index).await.unwrap();
            let got = other.of_unit(brand, batch(number), index).await.unwrap();
            assert_eq!(got, due);
        }
    }
}

async fn both_agree(steps: &[Step]) {
    let schema = TestSchema::new();
    let store = open(&options(&schema)).await;
    let (memory, postgres) = (MemoryScans::default(), store.scans());
    for step in steps {
        match step {
            Step::Append(scans) => {
                memory.append(scans).await.unwrap();
                postgres.append(scans).await.unwrap();
            }
            Step::Forget(day) => {
                let due = memory.forget_before(*day).await.unwrap();
                let got = postgres.forget_before(*day).await.unwrap();
                assert_eq!(got, due, "before {day}");
            }
        }
    }
    agree(&memory, &postgres).await;
}

#[test]
fn postgres_says_what_memory_says() {
    let config = ProptestConfig {
        cases: CASES,
        max_shrink_time: 30_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let outcome = TestRunner::new(config).run(&vec(steps(), 1..8), |steps| {
        block_on(both_agree(&steps));
        Ok(())
    });
    outcome.unwrap_or_else(|failed| panic!("{failed}"));
}
