//! The units that are not as their batch is.

use std::ops::Range;
use std::sync::Arc;

use dpp_core::identity::MintBatchId;
use dpp_core::store::ReadStoreError;
use dpp_core::unit::UnitExceptions;

use super::answer::{Asking, FROM, Text, statement};
use crate::fault::Failed;
use crate::tables::{add_chunk, chunk, lots};

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
    // The last of no units: no chunk is in this range then.
    let last = match units.is_empty() {
        true => -1,
        false => chunk::of(units.end - 1),
    };
    chunks(asking, batch, chunk::of(units.start), last).await
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
