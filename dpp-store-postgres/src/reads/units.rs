//! The units that are not as their batch is.

use std::ops::Range;
use std::sync::Arc;

use dpp_core::identity::{BatchPrefix, MintBatchId};
use dpp_core::store::{BatchFold, ReadStoreError};
use dpp_core::unit::UnitExceptions;
use tokio_postgres::Row;

use super::answer::{Asking, FROM, Text, statement};
use super::batches::bits;
use crate::fault::Failed;
use crate::tables::{add_chunk, chunk, lots, record};

static UNITS: Text = Text::new(|| {
    statement(
        "x.active_lots, x.chunk, x.activated, x.revoked",
        "(SELECT true AS there, u.active_lots, NULL::integer AS chunk,
                 NULL::bytea AS activated, NULL::bytea AS revoked
            FROM batch_units u
           WHERE u.brand_id = $1 AND u.batch_id = $2
          OFFSET 0)
         UNION ALL
         (SELECT true, NULL, e.chunk, e.activated, e.revoked
            FROM unit_exceptions e
           WHERE e.brand_id = $1 AND e.batch_id = $2 AND e.chunk >= $3 AND e.chunk <= $4
          OFFSET 0)",
    )
});

pub(super) async fn all(
    asking: Asking<'_>,
    batch: MintBatchId,
) -> Result<Arc<UnitExceptions>, ReadStoreError> {
    chunks(asking, batch, 0, i32::MAX).await
}

pub(super) async fn within(
    asking: Asking<'_>,
    batch: MintBatchId,
    units: Range<u32>,
) -> Result<Arc<UnitExceptions>, ReadStoreError> {
    let (first, last) = chunks_of(&units);
    chunks(asking, batch, first, last).await
}

/// The first and the last chunk that a range touches.
const fn chunks_of(units: &Range<u32>) -> (i32, i32) {
    // The last of no units: no chunk is in this range then.
    let last = match units.start < units.end {
        true => chunk::of(units.end - 1),
        false => -1,
    };
    (chunk::of(units.start), last)
}

// One row: the chunks are arrays, so that the record does not come with each of them.
static WITH_BATCH: Text = Text::new(|| {
    statement(
        "x.record, x.made, x.active, x.revoked, x.active_lots, x.chunks, x.activated_units, \
         x.revoked_units",
        "SELECT true AS there, b.record, u.made, u.active, u.revoked, u.active_lots, e.*
           FROM (SELECT batch_id, record FROM batch
                  WHERE brand_id = $1 AND prefix = $2 LIMIT 1) b
           LEFT JOIN LATERAL
                (SELECT * FROM batch_units u
                  WHERE u.brand_id = $1 AND u.batch_id = b.batch_id OFFSET 0) u ON true
           LEFT JOIN LATERAL
                (SELECT array_agg(e.chunk) AS chunks, array_agg(e.activated) AS activated_units,
                        array_agg(e.revoked) AS revoked_units
                   FROM unit_exceptions e
                  WHERE e.brand_id = $1 AND e.batch_id = b.batch_id
                    AND e.chunk >= $3 AND e.chunk <= $4) e ON true",
    )
});

pub(super) async fn with_batch(
    asking: Asking<'_>,
    prefix: BatchPrefix,
    units: Range<u32>,
) -> Result<Option<BatchFold>, ReadStoreError> {
    let (first, last) = chunks_of(&units);
    let (brand, prefix) = (asking.brand.as_uuid(), bits(prefix));
    let answer = asking
        .ask(&WITH_BATCH, &[brand, &prefix, &first, &last])
        .await?;
    let Some(row) = answer.rows.first() else {
        return Ok(None);
    };
    let mut exceptions = UnitExceptions {
        lots: lots(row, FROM + 4)?,
        ..UnitExceptions::default()
    };
    add_chunks(&mut exceptions, row, FROM + 5)?;
    Ok(Some(BatchFold {
        record: Arc::new(record(row, FROM)?),
        exceptions: Arc::new(exceptions),
    }))
}

/// Adds the units out of three arrays; none of a batch without exceptions there.
fn add_chunks(to: &mut UnitExceptions, row: &Row, from: usize) -> Result<(), Failed> {
    let chunks: Option<Vec<i32>> = row.try_get(from)?;
    let activated: Option<Vec<&[u8]>> = row.try_get(from + 1)?;
    let revoked: Option<Vec<&[u8]>> = row.try_get(from + 2)?;
    let units = activated
        .into_iter()
        .flatten()
        .zip(revoked.into_iter().flatten());
    for (chunk, (activated, revoked)) in chunks.into_iter().flatten().zip(units) {
        chunk::add(to, chunk, activated, revoked)
            .ok_or_else(|| Failed::damaged(format_args!("units of chunk {chunk} of a batch")))?;
    }
    Ok(())
}

async fn chunks(
    asking: Asking<'_>,
    batch: MintBatchId,
    first: i32,
    last: i32,
) -> Result<Arc<UnitExceptions>, ReadStoreError> {
    let (brand, batch) = (asking.brand.as_uuid(), batch.as_uuid());
    let answer = asking.ask(&UNITS, &[brand, batch, &first, &last]).await?;
    let mut exceptions = UnitExceptions::default();
    for row in &answer.rows {
        let chunk: Option<i32> = row.try_get(FROM + 1).map_err(Failed::because)?;
        match chunk {
            Some(_) => add_chunk(&mut exceptions, row, FROM + 1)?,
            None => exceptions.lots = lots(row, FROM)?,
        }
    }
    Ok(Arc::new(exceptions))
}
