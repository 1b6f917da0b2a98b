//! A question about all brands, and its answer.

use dpp_core::store::ReadStoreError;
use dpp_core::{BrandId, PageLimit, Timestamp};
use tokio_postgres::Row;

use super::unreadable;
use crate::fault::Failed;
use crate::options::Unreadable;
use crate::store::Shared;

/// How many brands that cannot be read are named.
const MOST_NAMED: i64 = 100;

/// Where the columns begin that a question is about.
pub(super) const FROM: usize = 2;

/// A statement for the rows of a table, for which this holds at the time `$1`, in this order. It
/// also names the brands that cannot be read.
pub(super) fn of_all_brands(columns: &[&str], table: &str, holds: &str, order: &str) -> String {
    let nulls = vec!["NULL"; columns.len()].join(", ");
    let columns = columns.join(", ");
    // A brand is looked up for each row by itself: the planner would rather go through all of
    // them.
    format!(
        "(SELECT t.brand_id, NULL::bigint AS unreadable, {columns}
            FROM {table} t
           WHERE {holds}
             AND ($3 OR (SELECT h.unreadable FROM brand_head h WHERE h.brand_id = t.brand_id) IS NULL)
           ORDER BY {order}
           LIMIT $2)
          UNION ALL
         (SELECT h.brand_id, h.unreadable, {nulls}
            FROM brand_head h
           WHERE h.unreadable IS NOT NULL AND NOT $3
           ORDER BY h.brand_id
           LIMIT $4)"
    )
}

/// What a statement of this form found.
#[derive(Debug)]
pub(super) struct Found {
    /// Rows, each with its brand, in no order.
    pub(super) rows: Vec<(BrandId, Row)>,
    /// Why brands were left out.
    pub(super) unreadable: Vec<ReadStoreError>,
}

pub(super) async fn ask(
    shared: &Shared,
    sql: &str,
    now: Timestamp,
    limit: PageLimit,
) -> Result<Found, ReadStoreError> {
    let (now, most) = (now.unix_millis(), limit.get() as i64);
    let passes_over = shared.unreadable == Unreadable::PassOver;
    let answer = shared
        .pool
        .rows(sql, &[&now, &most, &passes_over, &MOST_NAMED])
        .await?;
    let (mut rows, mut stopped) = (Vec::with_capacity(answer.len()), Vec::new());
    for row in answer {
        let brand = BrandId::from_uuid(row.try_get(0).map_err(Failed::because)?);
        match row.try_get(1).map_err(Failed::because)? {
            Some(number) => stopped.push((brand, number)),
            None => rows.push((brand, row)),
        }
    }
    let unreadable = match stopped.is_empty() {
        true => Vec::new(),
        false => unreadable::errors(shared, &stopped).await?,
    };
    Ok(Found { rows, unreadable })
}
