//! Counting scans. Each question goes by an index that begins with the brand, and through the
//! partitions only that its days are in.

use std::sync::LazyLock;

use dpp_core::identity::MintBatchId;
use dpp_core::store::{
    BatchScans, DayScans, ProductScans, ScanDay, ScanDays, ScanQuery, UnitScans,
};
use dpp_core::{BrandId, PageLimit, ProductId, Timestamp};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use crate::fault::Failed;
use crate::pool::Pool;

type Text = LazyLock<String>;

static OF_BRAND: Text = Text::new(|| daily(""));
static OF_PRODUCT: Text = Text::new(|| daily("AND s.product_id = $4"));
static OF_BATCH: Text = Text::new(|| daily("AND s.batch_id = $4"));
static OF_BOTH: Text = Text::new(|| daily("AND s.product_id = $4 AND s.batch_id = $5"));

static PRODUCTS: Text = Text::new(|| most("product_id", ""));
static BATCHES: Text = Text::new(|| most("batch_id", "AND s.batch_id IS NOT NULL"));
static BATCHES_OF_PRODUCT: Text = Text::new(|| {
    most(
        "batch_id",
        "AND s.batch_id IS NOT NULL AND s.product_id = $5",
    )
});

/// The scans of brand `$1` on the days from `$2` to `$3`.
const OF_DAYS: &str = "
      FROM scan s
     WHERE s.brand_id = $1
       AND s.day >= date '1970-01-01' + $2::int4 AND s.day <= date '1970-01-01' + $3::int4";

fn daily(filter: &str) -> String {
    format!(
        "SELECT s.day - date '1970-01-01', count(*) {OF_DAYS} {filter}
          GROUP BY s.day
          ORDER BY s.day"
    )
}

fn most(key: &str, filter: &str) -> String {
    format!(
        "SELECT s.{key}, count(*) {OF_DAYS} {filter}
          GROUP BY s.{key}
          ORDER BY count(*) DESC, s.{key}
          LIMIT $4"
    )
}

const OF_UNIT: &str = "
    SELECT min(s.at_ms), max(s.at_ms), count(*)
      FROM scan s
     WHERE s.brand_id = $1 AND s.batch_id = $2 AND s.unit_index = $3";

pub(super) async fn by_day(
    pool: &Pool,
    brand: BrandId,
    query: &ScanQuery,
    days: ScanDays,
) -> Result<Vec<DayScans>, Failed> {
    let (first, last) = (days.first.unix_days(), days.last.unix_days());
    let product = query.product.map(|product| *product.as_uuid());
    let batch = query.batch.map(|batch| *batch.as_uuid());
    let sql = match (product, batch) {
        (None, None) => &OF_BRAND,
        (Some(_), None) => &OF_PRODUCT,
        (None, Some(_)) => &OF_BATCH,
        (Some(_), Some(_)) => &OF_BOTH,
    };
    let mut params: Vec<&(dyn ToSql + Sync)> = vec![brand.as_uuid(), &first, &last];
    params.extend(product.iter().map(|id| id as &(dyn ToSql + Sync)));
    params.extend(batch.iter().map(|id| id as &(dyn ToSql + Sync)));
    let rows = pool.rows(sql, &params).await?;
    let day = |row: &Row| {
        Ok(DayScans {
            day: ScanDay::from_unix_days(row.try_get(0)?),
            scans: count(row, 1)?,
        })
    };
    rows.iter().map(day).collect()
}

pub(super) async fn by_product(
    pool: &Pool,
    brand: BrandId,
    days: ScanDays,
    limit: PageLimit,
) -> Result<Vec<ProductScans>, Failed> {
    let (first, last) = (days.first.unix_days(), days.last.unix_days());
    let most = limit.get() as i64;
    let rows = pool
        .rows(&PRODUCTS, &[brand.as_uuid(), &first, &last, &most])
        .await?;
    let product = |row: &Row| {
        Ok(ProductScans {
            product: ProductId::from_uuid(row.try_get(0)?),
            scans: count(row, 1)?,
        })
    };
    rows.iter().map(product).collect()
}

pub(super) async fn by_batch(
    pool: &Pool,
    brand: BrandId,
    product: Option<ProductId>,
    days: ScanDays,
    limit: PageLimit,
) -> Result<Vec<BatchScans>, Failed> {
    let (first, last) = (days.first.unix_days(), days.last.unix_days());
    let most = limit.get() as i64;
    let product = product.map(|product| *product.as_uuid());
    let sql = match product {
        None => &BATCHES,
        Some(_) => &BATCHES_OF_PRODUCT,
    };
    let mut params: Vec<&(dyn ToSql + Sync)> = vec![brand.as_uuid(), &first, &last, &most];
    params.extend(product.iter().map(|id| id as &(dyn ToSql + Sync)));
    let rows = pool.rows(sql, &params).await?;
    let batch = |row: &Row| {
        let batch = MintBatchId::try_from(row.try_get::<_, uuid::Uuid>(0)?);
        Ok(BatchScans {
            batch: batch.map_err(Failed::damaged)?,
            scans: count(row, 1)?,
        })
    };
    rows.iter().map(batch).collect()
}

pub(super) async fn of_unit(
    pool: &Pool,
    brand: BrandId,
    batch: MintBatchId,
    index: u32,
) -> Result<Option<UnitScans>, Failed> {
    let index = i64::from(index);
    let rows = pool
        .rows(OF_UNIT, &[brand.as_uuid(), batch.as_uuid(), &index])
        .await?;
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    let times: (Option<i64>, Option<i64>) = (row.try_get(0)?, row.try_get(1)?);
    let (Some(first), Some(last)) = times else {
        return Ok(None);
    };
    Ok(Some(UnitScans {
        first: Timestamp::from_unix_millis(first),
        last: Timestamp::from_unix_millis(last),
        scans: count(row, 2)?,
    }))
}

pub(super) fn count(row: &Row, column: usize) -> Result<u64, Failed> {
    let count: i64 = row.try_get(column)?;
    Ok(count.unsigned_abs())
}
