//! The serials that brands brought: which rows of them are missing, and which are too many.
//!
//! There may be a million of a batch, and no index leads from a batch to its rows: minting would
//! pay for it. So what is missing is looked up serial by serial, and what is too many follows from
//! the number of rows, which one walk over the table gives for all batches.

use std::collections::{BTreeMap, BTreeSet};

use dpp_core::BrandId;
use dpp_core::gs1::Serial;
use dpp_core::mint::{MintEvent, SerialsProvided};
use dpp_core::store::Codec;
use uuid::Uuid;

use super::feed::{self, Head};
use super::fold::{Entry, Run};
use crate::fault::Failed;
use crate::lone::Lone;

/// A serial, and the index of its unit.
pub(super) type Row = (String, i32);

/// The rows that follow from an event. What is no serial is left out, as commits do.
pub(super) fn rows_of(brought: &SerialsProvided) -> impl Iterator<Item = Row> + '_ {
    let rows = brought.serials.split(' ').zip(brought.from..);
    rows.filter_map(|(text, index)| {
        let serial: Serial = text.parse().ok()?;
        Some((serial.to_string(), index as i32))
    })
}

/// The number of rows of each batch whose id lies in a range.
pub(super) async fn counts(
    lone: &Lone,
    brand: BrandId,
    within: (u128, u128),
) -> Result<BTreeMap<Uuid, u64>, Failed> {
    let mut counts = BTreeMap::new();
    walk(lone, brand, |batch, _| {
        if (within.0..=within.1).contains(&batch.as_u128()) {
            *counts.entry(batch).or_insert(0) += 1;
        }
    })
    .await?;
    Ok(counts)
}

/// All rows of some batches.
pub(super) async fn rows_there(
    lone: &Lone,
    brand: BrandId,
    batches: &BTreeSet<Uuid>,
) -> Result<BTreeMap<Uuid, BTreeSet<Row>>, Failed> {
    let mut rows: BTreeMap<Uuid, BTreeSet<Row>> = BTreeMap::new();
    walk(lone, brand, |batch, row| {
        if batches.contains(&batch) {
            rows.entry(batch).or_default().insert(row);
        }
    })
    .await?;
    Ok(rows)
}

const PAGE: usize = 20_000;

/// Goes through all rows of a brand, in their order.
async fn walk(lone: &Lone, brand: BrandId, mut each: impl FnMut(Uuid, Row)) -> Result<(), Failed> {
    let sql = format!(
        "SELECT serial, batch_id, index FROM provided_serial
          WHERE brand_id = $1 AND (serial, batch_id, index) > ($2, $3, $4)
          ORDER BY serial, batch_id, index LIMIT {PAGE}"
    );
    let mut last = (String::new(), Uuid::nil(), -1_i32);
    loop {
        let rows = lone
            .rows(&sql, &[brand.as_uuid(), &last.0, &last.1, &last.2])
            .await?;
        for row in &rows {
            last = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            each(last.1, (last.0.clone(), last.2));
        }
        if rows.len() < PAGE {
            return Ok(());
        }
    }
}

/// The rows of one event that brought serials.
pub(super) async fn run(
    lone: &Lone,
    codec: &Codec,
    brand: BrandId,
    head: Head,
    run: Run,
) -> Result<Vec<Row>, Failed> {
    let only = Head {
        last: run.number,
        ..head
    };
    let events = feed::page(lone, brand, only, run.number - 1).await?;
    let decoded = events.first().map(|(_, event)| codec.decode(&event.event));
    match decoded {
        Some(Ok(MintEvent::SerialsProvided(brought))) => Ok(rows_of(&brought).collect()),
        _ => {
            let number = run.number;
            Err(Failed::damaged(format_args!("event {number} is another")))
        }
    }
}

const MISSING: &str = "SELECT due.serial, due.index
  FROM unnest($3::text[], $4::integer[]) AS due (serial, index)
 WHERE NOT EXISTS (
       SELECT FROM provided_serial p
        WHERE p.brand_id = $1 AND p.serial = due.serial COLLATE \"C\" AND p.batch_id = $2
          AND p.index = due.index)";

/// Those of some rows that are not there.
pub(super) async fn missing(
    lone: &Lone,
    brand: BrandId,
    batch: Uuid,
    due: &[Row],
) -> Result<Vec<Row>, Failed> {
    let serials: Vec<&str> = due.iter().map(|(serial, _)| serial.as_str()).collect();
    let indexes: Vec<i32> = due.iter().map(|(_, index)| *index).collect();
    let rows = lone
        .rows(MISSING, &[brand.as_uuid(), &batch, &serials, &indexes])
        .await?;
    let row = |row: &tokio_postgres::Row| Ok((row.try_get(0)?, row.try_get(1)?));
    rows.iter().map(row).collect()
}

/// What of a batch's rows is not as the log has it.
#[derive(Debug, Default)]
pub(super) struct Off {
    pub(super) missing: Vec<Row>,
    pub(super) extra: Vec<Row>,
}

/// Where to look.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) lone: &'a Lone,
    pub(super) codec: &'a Codec,
    pub(super) brand: BrandId,
    pub(super) head: Head,
}

/// What is not as an entry has it, of a batch that has so many rows.
pub(super) async fn off(
    place: Place<'_>,
    batch: Uuid,
    entry: Option<&Entry>,
    there: u64,
) -> Result<Off, Failed> {
    let Place {
        lone,
        codec,
        brand,
        head,
    } = place;
    let mut off = Off::default();
    let runs = entry.map(|entry| entry.runs.as_slice()).unwrap_or_default();
    let mut due = 0;
    for one in runs {
        due += one.rows;
        let rows = run(lone, codec, brand, head, *one).await?;
        off.missing
            .extend(missing(lone, brand, batch, &rows).await?);
    }
    if due.checked_sub(off.missing.len() as u64) == Some(there) {
        return Ok(off);
    }
    let mut all = rows_there(lone, brand, &BTreeSet::from([batch])).await?;
    let mut extra = all.remove(&batch).unwrap_or_default();
    for one in runs {
        for row in run(lone, codec, brand, head, *one).await? {
            extra.remove(&row);
        }
    }
    off.extra = extra.into_iter().collect();
    Ok(off)
}
