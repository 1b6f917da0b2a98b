//! Rows of exports.

use std::collections::BTreeMap;

use dpp_core::export::ExportFormat;
use dpp_core::identity::MintBatchId;
use dpp_core::store::ExportRecord;
use dpp_core::{ExportId, Timestamp};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::fault::Failed;
use crate::pipeline::{Param, Step};

/// The columns of an export beside its brand.
pub(crate) const EXPORT: [&str; 10] = [
    "export_id",
    "batch_id",
    "format",
    "requested_at",
    "completed",
    "expired",
    "expires_at",
    "failures",
    "runnable_at",
    "files_removed",
];

/// A record out of the columns [`EXPORT`].
pub(crate) fn export(row: &Row, from: usize) -> Result<ExportRecord, Failed> {
    let at = |place: usize| -> Result<Timestamp, Failed> {
        Ok(Timestamp::from_unix_millis(row.try_get(from + place)?))
    };
    let failures: i64 = row.try_get(from + 7)?;
    let runnable_at: Option<i64> = row.try_get(from + 8)?;
    Ok(ExportRecord {
        export_id: ExportId::from_uuid(row.try_get(from)?),
        mint_batch_id: batch_id(row, from + 1)?,
        format: format(row, from + 2)?,
        requested_at: at(3)?,
        completed: row.try_get(from + 4)?,
        expired: row.try_get(from + 5)?,
        expires_at: at(6)?,
        failures: u32::try_from(failures).map_err(Failed::damaged)?,
        runnable_at: runnable_at.map(Timestamp::from_unix_millis),
        files_removed: row.try_get(from + 9)?,
    })
}

/// The id of a batch out of a column.
pub(crate) fn batch_id(row: &Row, at: usize) -> Result<MintBatchId, Failed> {
    let id: Uuid = row.try_get(at)?;
    MintBatchId::try_from(id).map_err(|_| Failed::damaged(format_args!("a batch has the id {id}")))
}

fn format(row: &Row, at: usize) -> Result<ExportFormat, Failed> {
    let format: String = row.try_get(at)?;
    serde_json::from_value(serde_json::Value::String(format)).map_err(Failed::damaged)
}

// With `OFFSET 0` the planner looks each row up by itself, in an order that only the key has: else
// it could go through another index for a brand that it takes to be small.
const LOAD: &str = "SELECT e.export_id, e.batch_id, e.format, e.requested_at, e.completed,
           e.expired, e.expires_at, e.failures, e.runnable_at, e.files_removed
      FROM unnest($2::uuid[]) AS asked (export_id)
     CROSS JOIN LATERAL (
           SELECT * FROM export e
            WHERE e.brand_id = $1
              AND e.export_id BETWEEN asked.export_id AND asked.export_id
            ORDER BY e.export_id
           OFFSET 0) e";

/// The statement that reads exports; none if none is wanted.
pub(super) fn load(brand: Uuid, exports: Vec<Uuid>) -> Option<Step<'static>> {
    let any = !exports.is_empty();
    any.then(|| Step::With(LOAD, vec![Box::new(brand), Box::new(exports)]))
}

/// The records that [`load`] read.
pub(super) fn loaded(rows: &[Row]) -> Result<BTreeMap<ExportId, ExportRecord>, Failed> {
    let records = rows.iter().map(|row| export(row, 0));
    records
        .map(|record| record.map(|record| (record.export_id, record)))
        .collect()
}

const WRITE: &str = "INSERT INTO export (brand_id, export_id, batch_id, format, requested_at,
        completed, expired, expires_at, failures, runnable_at, files_removed)
    SELECT $1, * FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::bigint[], $6::boolean[],
        $7::boolean[], $8::bigint[], $9::bigint[], $10::bigint[],
        $11::boolean[])
    ON CONFLICT (brand_id, export_id) DO UPDATE SET
        completed = excluded.completed, expired = excluded.expired,
        expires_at = excluded.expires_at, failures = excluded.failures,
        runnable_at = excluded.runnable_at, files_removed = excluded.files_removed";

/// The statement that writes exports, whether they are there or not; none if there is none.
pub(crate) fn write_exports<'a>(
    brand: Uuid,
    records: impl Iterator<Item = &'a ExportRecord>,
) -> Option<Step<'static>> {
    let records: Vec<_> = records.collect();
    let any = !records.is_empty();
    any.then(|| Step::With(WRITE, columns(brand, &records)))
}

fn columns(brand: Uuid, records: &[&ExportRecord]) -> Vec<Param<'static>> {
    fn column<T>(records: &[&ExportRecord], of: impl Fn(&ExportRecord) -> T) -> Vec<T> {
        records.iter().map(|record| of(record)).collect()
    }
    let millis = Timestamp::unix_millis;
    vec![
        Box::new(brand),
        Box::new(column(records, |of| *of.export_id.as_uuid())),
        Box::new(column(records, |of| *of.mint_batch_id.as_uuid())),
        Box::new(column(records, |of| of.format.as_str())),
        Box::new(column(records, |of| millis(of.requested_at))),
        Box::new(column(records, |of| of.completed)),
        Box::new(column(records, |of| of.expired)),
        Box::new(column(records, |of| millis(of.expires_at))),
        Box::new(column(records, |of| i64::from(of.failures))),
        Box::new(column(records, |of| of.runnable_at.map(millis))),
        Box::new(column(records, |of| of.files_removed)),
    ]
}
