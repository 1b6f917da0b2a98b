//! Removing the rows of a batch, the last in front: what is left is always whole.

use dpp_core::BrandId;
use dpp_core::identity::MintBatchId;

use crate::fault::Failed;
use crate::lone::Lone;
use crate::pool::Pool;

const AT_ONCE: i32 = 20_000;

const HOW_FAR: &str =
    "SELECT upto FROM unit_batch WHERE brand_id = $1 AND batch_id = $2 FOR UPDATE";
const REMOVE: &str = "DELETE FROM unit WHERE brand_id = $1 AND batch_id = $2 AND index >= $3";
const SHORTEN: &str = "UPDATE unit_batch SET upto = $3 WHERE brand_id = $1 AND batch_id = $2";
const END: &str = "DELETE FROM unit_batch WHERE brand_id = $1 AND batch_id = $2";

pub(super) async fn forget(pool: &Pool, brand: BrandId, batch: MintBatchId) -> Result<u64, Failed> {
    let lone = Lone::take(pool).await?;
    let (brand, batch) = (brand.as_uuid(), batch.as_uuid());
    let mut removed = 0;
    loop {
        lone.plain("BEGIN").await?;
        let rows = lone.rows(HOW_FAR, &[brand, batch]).await?;
        let Some(row) = rows.first() else {
            lone.plain("ROLLBACK").await?;
            lone.finish();
            return Ok(removed);
        };
        let upto: i32 = row.try_get(0)?;
        let left = upto.saturating_sub(AT_ONCE).max(0);
        lone.rows(REMOVE, &[brand, batch, &left]).await?;
        match left {
            0 => lone.rows(END, &[brand, batch]).await?,
            _ => lone.rows(SHORTEN, &[brand, batch, &left]).await?,
        };
        lone.plain("COMMIT").await?;
        removed += u64::try_from(upto - left).unwrap_or(0);
    }
}
