//! How PostgreSQL counts: by an index that begins with the brand, and through those months only
//! that were asked for.

use dpp_core::store::{ScanDays, ScanQuery, ScanStore};
use dpp_core::{BrandId, PageLimit};
use serde_json::Value;
use uuid::Uuid;

use super::made::*;
use crate::plans::overheard::{Overheard, children, is_flawless, text};
use crate::support::block_on;

const MONTHS: usize = 6;

/// Two brands with 500 scans in each of six months.
const LOAD: &str = "
    INSERT INTO scan (append_id, place, brand_id, day, at_ms, kind, product_id, batch_id,
                      unit_index, path, agent)
    SELECT gen_random_uuid(), n, lpad(b::text, 32, '0')::uuid, date '2027-01-01' + n % 180, n, 'unit',
           lpad((n % 5)::text, 32, '0')::uuid, lpad((n % 50)::text, 32, '0')::uuid, n % 400,
           '/', 'other'
      FROM generate_series(1, 2) b, generate_series(1, 3000) n";

fn brand() -> BrandId {
    BrandId::from_uuid(Uuid::from_u128(2))
}

/// What is wrong with a plan.
fn faults(sql: &str, plan: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut months = 0;
    look(plan, &mut found, &mut months);
    let of_days = sql.contains("s.day >=");
    let due = if of_days { 1 } else { MONTHS };
    if months != due {
        found.push(format!("{months} months instead of {due}"));
    }
    found
}

fn look(node: &Value, found: &mut Vec<String>, months: &mut usize) {
    let kind = text(node, "Node Type");
    match kind {
        "Index Scan" | "Index Only Scan" => {
            *months += 1;
            if !text(node, "Index Cond").contains("brand_id = ") {
                found.push(format!("{} across brands", text(node, "Index Name")));
            }
        }
        "Seq Scan" | "Bitmap Heap Scan" => found.push(format!("a {kind}")),
        // What is sorted is counted: one row for each thing.
        "Sort" if !children(node).iter().all(is_counted) => found.push("a sort".to_owned()),
        _ => {}
    }
    children(node)
        .iter()
        .for_each(|child| look(child, found, months));
}

fn is_counted(node: &Value) -> bool {
    text(node, "Node Type") == "Aggregate"
}

#[test]
fn counting_goes_by_an_index_of_the_brand_through_the_months_that_are_asked_for() {
    block_on(async {
        let asked = Overheard::open().await;
        let scans = asked.store.scans();
        for month in 1..=MONTHS {
            let at = format!("2027-{month:02}-01T00:00:00Z");
            scans.append(&[scan(brand(), &at)]).await.unwrap();
        }
        asked
            .client
            .batch_execute("DROP TABLE scan_2027_07")
            .await
            .unwrap();
        asked.client.batch_execute(LOAD).await.unwrap();
        let days = ScanDays {
            first: day("2027-03-02"),
            last: day("2027-03-30"),
        };
        let some = PageLimit::new(20);
        for (product, batch) in [
            (None, None),
            (Some(product(3)), None),
            (None, Some(batch(3))),
            (Some(product(3)), Some(batch(3))),
        ] {
            let query = ScanQuery { product, batch };
            scans.by_day(brand(), &query, days).await.unwrap();
            drop(scans.by_batch(brand(), product, days, some).await);
        }
        scans.by_product(brand(), days, some).await.unwrap();
        scans.of_unit(brand(), batch(3), 5).await.unwrap();
        let mut statements = asked.statements();
        statements.retain(|sql, _| sql.contains("FROM scan s"));
        assert_eq!(statements.len(), 8, "{statements:#?}");
        for prepare in ["", "ANALYZE"] {
            asked.client.batch_execute(prepare).await.unwrap();
            is_flawless(&asked.faults(&statements, faults).await);
        }
    });
}
