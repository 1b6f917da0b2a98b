//! Why a brand cannot be told of.

use std::sync::Arc;

use dpp_core::BrandId;
use dpp_core::store::log::{ReadError, RecordedEvent, StoreFault};
use dpp_core::store::{Codec, ReadStoreError, Told};
use uuid::Uuid;

use crate::fault::Failed;
use crate::log::{COLUMNS, FeedTag, recorded};
use crate::store::Shared;

/// Why the event with this number keeps a brand from being told of.
pub(super) async fn error(
    shared: &Shared,
    brand: BrandId,
    number: i64,
) -> Result<ReadStoreError, Failed> {
    let mut errors = errors(shared, &[(brand, number)]).await?;
    let gone = || Failed::damaged(format_args!("event {number} of brand {brand} is gone"));
    errors.pop().ok_or_else(gone)
}

/// The same for one event of each of some brands.
pub(super) async fn errors(
    shared: &Shared,
    of: &[(BrandId, i64)],
) -> Result<Vec<ReadStoreError>, Failed> {
    let sql = format!(
        "SELECT h.brand_id, h.tag, {COLUMNS}
           FROM unnest($1::uuid[], $2::bigint[]) AS asked (brand_id, number)
          CROSS JOIN LATERAL
                (SELECT * FROM brand_head h WHERE h.brand_id = asked.brand_id OFFSET 0) h
          CROSS JOIN LATERAL
                (SELECT * FROM event e
                  WHERE e.brand_id = asked.brand_id AND e.position = asked.number OFFSET 0) e"
    );
    let (brands, numbers): (Vec<Uuid>, Vec<i64>) = of
        .iter()
        .map(|(brand, number)| (*brand.as_uuid(), *number))
        .unzip();
    let rows = shared.pool.rows(&sql, &[&brands, &numbers]).await?;
    let mut errors = Vec::with_capacity(rows.len());
    for row in rows {
        let brand = BrandId::from_uuid(row.try_get(0)?);
        // One whose very stream is not known must not hide the other brands.
        errors.push(match recorded(FeedTag(row.try_get(1)?), &row, 2) {
            Ok(event) => of_event(&shared.codec, brand, &event),
            Err(failed) => failed.into(),
        });
    }
    Ok(errors)
}

fn of_event(codec: &Codec, brand: BrandId, event: &RecordedEvent) -> ReadStoreError {
    let position = event.position;
    match Told::by(codec, event.stream, &event.event) {
        Err(source) => ReadStoreError::Decode {
            brand,
            position,
            source: Arc::new(source),
        },
        Ok(_) => {
            let fault = StoreFault::new(format!(
                "the read tables of brand `{brand}` lack the event at position `{position}`, which \
                 an older release could not read: rebuild the read tables of this brand"
            ));
            ReadStoreError::Read(ReadError::Unavailable(fault.until_mended()))
        }
    }
}
