//! Exports by id, and those of all brands that are due.

use dpp_core::store::{DueExport, DueExports, ExportQuery, ExportRecord, Order, ReadStoreError};
use dpp_core::{ExportId, PageLimit, Timestamp};
use tokio_postgres::types::ToSql;

use super::all_brands::{self, of_all_brands};
use super::answer::{Asking, FROM, Text, sort, statement, words};
use crate::fault::Failed;
use crate::store::Shared;
use crate::tables::{EXPORT, export};

static NEWEST_FIRST: Text = Text::new(|| listed(Order::NewestFirst));
static OLDEST_FIRST: Text = Text::new(|| listed(Order::OldestFirst));
static NEWEST_OF_BATCH: Text = Text::new(|| of_batch(Order::NewestFirst));
static OLDEST_OF_BATCH: Text = Text::new(|| of_batch(Order::OldestFirst));

fn listed(order: Order) -> String {
    let (_, direction) = words(order);
    page(&format!(
        "e.export_id >= $2 AND e.export_id <= $3 AND e.export_id IS DISTINCT FROM $4
          ORDER BY e.export_id {direction}"
    ))
}

// Only the index that begins with the batch has this order.
fn of_batch(order: Order) -> String {
    let (_, direction) = words(order);
    page(&format!(
        "(e.batch_id, e.export_id) >= ($6, $2) AND (e.batch_id, e.export_id) <= ($6, $3)
            AND e.export_id IS DISTINCT FROM $4
          ORDER BY e.batch_id {direction}, e.export_id {direction}"
    ))
}

fn page(filter_and_order: &str) -> String {
    let columns = EXPORT.map(|column| format!("x.{column}")).join(", ");
    let select = format!(
        "SELECT true AS there, e.*
           FROM export e
          WHERE e.brand_id = $1 AND {filter_and_order}
          LIMIT $5"
    );
    statement(&columns, &select)
}

pub(super) async fn listing(
    asking: Asking<'_>,
    query: &ExportQuery,
    order: Order,
    after: Option<ExportId>,
    limit: PageLimit,
) -> Result<Vec<ExportRecord>, ReadStoreError> {
    let (brand, most) = (asking.brand.as_uuid(), limit.get() as i64);
    let (least, greatest) = within(query, order, after);
    let (least, greatest) = (least.as_uuid(), greatest.as_uuid());
    let after = after.map(|after| *after.as_uuid());
    let batch = query.batch.map(|batch| *batch.as_uuid());
    let sql = match (batch, order) {
        (None, Order::NewestFirst) => &NEWEST_FIRST,
        (None, Order::OldestFirst) => &OLDEST_FIRST,
        (Some(_), Order::NewestFirst) => &NEWEST_OF_BATCH,
        (Some(_), Order::OldestFirst) => &OLDEST_OF_BATCH,
    };
    let mut params: Vec<&(dyn ToSql + Sync)> = vec![brand, least, greatest, &after, &most];
    if let Some(batch) = &batch {
        params.push(batch);
    }
    let answer = asking.ask(sql, &params).await?;
    let records = answer.rows.iter().map(|row| export(row, FROM));
    let mut records: Vec<_> = records.collect::<Result<_, Failed>>()?;
    sort(&mut records, order, |record| record.export_id);
    Ok(records)
}

/// The ids that are asked for, from where to read on: the index begins there.
fn within(query: &ExportQuery, order: Order, after: Option<ExportId>) -> (ExportId, ExportId) {
    let (least, greatest) = (*query.ids.start(), *query.ids.end());
    match (order, after) {
        (_, None) => (least, greatest),
        (Order::NewestFirst, Some(after)) => (least, greatest.min(after)),
        (Order::OldestFirst, Some(after)) => (least.max(after), greatest),
    }
}

static RUNNABLE: Text = Text::new(|| {
    of_all_brands(
        &EXPORT,
        "export",
        "NOT t.completed AND NOT t.expired AND t.runnable_at <= $1 AND t.expires_at > $1",
        "t.requested_at, t.export_id, t.brand_id",
    )
});

static EXPIRING: Text = Text::new(|| {
    of_all_brands(
        &EXPORT,
        "export",
        "NOT t.files_removed AND t.expires_at <= $1",
        "t.expires_at, t.export_id, t.brand_id",
    )
});

pub(super) async fn runnable(
    shared: &Shared,
    now: Timestamp,
    limit: PageLimit,
) -> Result<DueExports, ReadStoreError> {
    let by = |record: &ExportRecord| record.requested_at;
    due(shared, &RUNNABLE, by, now, limit).await
}

pub(super) async fn expiring(
    shared: &Shared,
    now: Timestamp,
    limit: PageLimit,
) -> Result<DueExports, ReadStoreError> {
    let by = |record: &ExportRecord| record.expires_at;
    due(shared, &EXPIRING, by, now, limit).await
}

async fn due(
    shared: &Shared,
    sql: &str,
    by: fn(&ExportRecord) -> Timestamp,
    now: Timestamp,
    limit: PageLimit,
) -> Result<DueExports, ReadStoreError> {
    let found = all_brands::ask(shared, sql, now, limit).await?;
    let rows = found.rows.iter();
    let records = rows.map(|(brand, row)| Ok((*brand, export(row, all_brands::FROM)?)));
    let mut records: Vec<_> = records.collect::<Result<_, Failed>>()?;
    records.sort_by_key(|(brand, record)| (by(record), record.export_id, *brand));
    let exports = records.iter();
    Ok(DueExports {
        exports: exports
            .map(|(brand, record)| DueExport::of(*brand, record))
            .collect(),
        unreadable: found.unreadable,
    })
}
