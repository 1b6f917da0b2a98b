//! The rows that are there.

use std::collections::BTreeMap;

use dpp_core::BrandId;
use dpp_core::store::BatchRecord;
use tokio_postgres::Row;
use uuid::Uuid;

use super::due::{self, RECORD};
use super::fold::Fold;
use super::lines::{Cells, Lines, or_null};
use crate::fault::Failed;
use crate::lone::Lone;
use crate::tables::{EXPORT, lots};

/// Rows of the batches whose ids lie between two, those included.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slice<'a> {
    pub(super) lone: &'a Lone,
    pub(super) brand: BrandId,
    pub(super) first: u128,
    pub(super) last: u128,
}

const BATCHES: &str = "SELECT batch_id, record, prefix, accepted_at, product_id, gtin, status,
       job_status, can_run, held_until, serials_first, serials_last, holds_minted, holds_active,
       holds_revoked
  FROM batch WHERE brand_id = $1 AND batch_id BETWEEN $2 AND $3";

const UNITS: &str = "SELECT batch_id, made, active, revoked, active_lots
  FROM batch_units WHERE brand_id = $1 AND batch_id BETWEEN $2 AND $3";

const CHUNKS: &str = "SELECT batch_id, chunk, activated, revoked
  FROM unit_exceptions WHERE brand_id = $1 AND batch_id BETWEEN $2 AND $3";

const ALLOCATIONS: &str = "SELECT batch_id, product_id, position, allocation
  FROM serial_allocation WHERE brand_id = $1 AND batch_id BETWEEN $2 AND $3";

const IDS: &str = "SELECT batch_id FROM batch WHERE brand_id = $1 AND batch_id BETWEEN $2 AND $3
 UNION SELECT batch_id FROM batch_units WHERE brand_id = $1 AND batch_id BETWEEN $2 AND $3
 UNION SELECT batch_id FROM unit_exceptions WHERE brand_id = $1 AND batch_id BETWEEN $2 AND $3
 UNION SELECT batch_id FROM serial_allocation WHERE brand_id = $1 AND batch_id BETWEEN $2 AND $3";

impl Slice<'_> {
    async fn rows(&self, sql: &str) -> Result<Vec<Row>, Failed> {
        let (first, last) = (Uuid::from_u128(self.first), Uuid::from_u128(self.last));
        self.lone
            .rows(sql, &[self.brand.as_uuid(), &first, &last])
            .await
    }

    /// The ids of the batches that have rows, but for lots and the serials that were brought.
    pub(super) async fn ids(&self) -> Result<Vec<Uuid>, Failed> {
        let rows = self.rows(IDS).await?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }

    /// The rows, but for lots and the serials that were brought. A record is compared with that
    /// of the fold.
    pub(super) async fn lines(&self, fold: &Fold) -> Result<Lines, Failed> {
        let mut lines = Lines::default();
        for row in self.rows(BATCHES).await? {
            let id = row.try_get(0)?;
            lines.add("batch", id, "", batch(&row, fold, id)?);
        }
        for row in self.rows(UNITS).await? {
            let id: Uuid = row.try_get(0)?;
            lines.add("batch_units", id, "", units(&row)?);
        }
        for row in self.rows(CHUNKS).await? {
            let (id, chunk): (Uuid, i32) = (row.try_get(0)?, row.try_get(1)?);
            let cells = due::chunk_cells(chunk, row.try_get(2)?, row.try_get(3)?);
            lines.add("unit_exceptions", id, due::chunk_row(chunk), cells);
        }
        for row in self.rows(ALLOCATIONS).await? {
            let id: Uuid = row.try_get(0)?;
            let of = due::allocation_row(&row.try_get(1)?, row.try_get(2)?);
            let json = String::from_utf8_lossy(row.try_get(3)?).into_owned();
            lines.add("serial_allocation", id, of, vec![("allocation", json)]);
        }
        Ok(lines)
    }
}

fn batch(row: &Row, fold: &Fold, id: Uuid) -> Result<Cells, Failed> {
    let number = |at: usize| -> Result<String, Failed> {
        let number: Option<i64> = row.try_get(at)?;
        Ok(or_null(number))
    };
    let text = |at: usize| -> Result<String, Failed> {
        let text: Option<&str> = row.try_get(at)?;
        Ok(or_null(text))
    };
    let flag = |at: usize| -> Result<String, Failed> {
        let flag: bool = row.try_get(at)?;
        Ok(flag.to_string())
    };
    let product: Uuid = row.try_get(4)?;
    Ok(vec![
        ("prefix", number(2)?),
        ("accepted_at", number(3)?),
        ("product_id", product.to_string()),
        ("gtin", text(5)?),
        ("status", text(6)?),
        ("job_status", text(7)?),
        ("can_run", flag(8)?),
        ("held_until", number(9)?),
        ("serials_first", text(10)?),
        ("serials_last", text(11)?),
        ("holds_minted", flag(12)?),
        ("holds_active", flag(13)?),
        ("holds_revoked", flag(14)?),
        ("record", record(row.try_get(1)?, fold, id)),
    ])
}

/// Records are compared by what they mean: another release may write the same otherwise.
fn record(json: &[u8], fold: &Fold, id: Uuid) -> String {
    let entry = fold.batches.get(&id);
    let Some(due) = entry.and_then(|entry| entry.fold.as_ref()) else {
        return String::new();
    };
    match BatchRecord::from_stored_json(json, due.record.units) {
        Ok(there) if there == *due.record => RECORD.to_owned(),
        Ok(there) => format!(
            "another: job {}, batch {}, {} units made",
            there.batch.job.as_str(),
            there.batch.status.as_str(),
            there.batch.minted
        ),
        Err(error) => format!("no record: {error}"),
    }
}

fn units(row: &Row) -> Result<Cells, Failed> {
    let number = |at: usize| -> Result<String, Failed> {
        let number: i64 = row.try_get(at)?;
        Ok(number.to_string())
    };
    let lots = lots(row, 4)?;
    let lots = lots.iter().map(|lot| lot.to_string());
    Ok(vec![
        ("made", number(1)?),
        ("active", number(2)?),
        ("revoked", number(3)?),
        ("active_lots", lots.collect::<Vec<_>>().join(", ")),
    ])
}

/// The lots of each batch: codes, and when the batch was accepted.
pub(super) type Lots = BTreeMap<Uuid, Vec<(String, i64)>>;

/// How many rows are read at once.
const PAGE: usize = 20_000;

/// The lots of the batches whose ids lie in a range. No index leads from a batch to them.
pub(super) async fn lots_of(slice: Slice<'_>) -> Result<Lots, Failed> {
    let sql = format!(
        "SELECT lot_code, accepted_at, batch_id FROM batch_lot
          WHERE brand_id = $1 AND (lot_code, accepted_at, batch_id) > ($2, $3, $4)
          ORDER BY lot_code, accepted_at, batch_id LIMIT {PAGE}"
    );
    let mut last = (String::new(), i64::MIN, Uuid::nil());
    let mut lots = Lots::new();
    loop {
        let params: crate::pool::Params<'_> = &[slice.brand.as_uuid(), &last.0, &last.1, &last.2];
        let rows = slice.lone.rows(&sql, params).await?;
        for row in &rows {
            last = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            if (slice.first..=slice.last).contains(&last.2.as_u128()) {
                lots.entry(last.2)
                    .or_default()
                    .push((last.0.clone(), last.1));
            }
        }
        if rows.len() < PAGE {
            return Ok(lots);
        }
    }
}

/// The exports of a brand, as text: a row may hold what is no export.
pub(super) async fn exports(lone: &Lone, brand: BrandId) -> Result<Lines, Failed> {
    let [_, cells @ ..] = EXPORT;
    let texts = cells.map(|cell| format!("coalesce({cell}::text, 'null')"));
    let sql = format!(
        "SELECT export_id, {} FROM export
          WHERE brand_id = $1 AND export_id > $2 ORDER BY export_id LIMIT {PAGE}",
        texts.join(", ")
    );
    let mut lines = Lines::default();
    let mut last = Uuid::nil();
    loop {
        let rows = lone.rows(&sql, &[brand.as_uuid(), &last]).await?;
        for row in &rows {
            last = row.try_get(0)?;
            let texts = (1..).zip(cells);
            let cells = texts.map(|(at, cell)| Ok((cell, row.try_get(at)?)));
            let cells = cells.collect::<Result<Cells, Failed>>()?;
            lines.add("export", None, due::export_row(&last), cells);
        }
        if rows.len() < PAGE {
            return Ok(lines);
        }
    }
}
