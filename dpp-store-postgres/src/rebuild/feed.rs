//! The events of a brand, page by page, on the connection that the work has.

use dpp_core::BrandId;
use dpp_core::store::log::RecordedEvent;

use crate::fault::Failed;
use crate::log::{COLUMNS, FeedTag, recorded};
use crate::lone::Lone;

/// The head of a brand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) tag: FeedTag,
    /// The number of the last event.
    pub(super) last: i64,
}

/// An event with its number.
pub(super) type Numbered = (i64, RecordedEvent);

const HEAD: &str = "SELECT tag, position FROM brand_head WHERE brand_id = $1";

/// Locks the head: nobody commits to the brand until the transaction ends.
const LOCKED: &str = "SELECT tag, position FROM brand_head WHERE brand_id = $1
   FOR NO KEY UPDATE";

/// Where the feed of a brand ends; none if it has not begun.
pub(super) async fn head(lone: &Lone, brand: BrandId) -> Result<Option<Head>, Failed> {
    read_head(lone, brand, HEAD).await
}

/// The same, and locks the head.
pub(super) async fn lock(lone: &Lone, brand: BrandId) -> Result<Option<Head>, Failed> {
    read_head(lone, brand, LOCKED).await
}

async fn read_head(lone: &Lone, brand: BrandId, sql: &str) -> Result<Option<Head>, Failed> {
    let rows = lone.rows(sql, &[brand.as_uuid()]).await?;
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    Ok(Some(Head {
        tag: FeedTag(row.try_get(0)?),
        last: row.try_get(1)?,
    }))
}

/// How many events, and how many bytes of bodies but for the first, are read at once.
const EVENTS: i64 = 2_000;
const BYTES: i64 = 8 << 20;

/// The events after one number and up to another, a page of them.
pub(super) async fn page(
    lone: &Lone,
    brand: BrandId,
    head: Head,
    after: i64,
) -> Result<Vec<Numbered>, Failed> {
    let sql = format!(
        "SELECT {COLUMNS}
           FROM (SELECT p.*, sum(length(p.payload)) OVER (ORDER BY p.position)
                             - length(p.payload) AS before
                   FROM (SELECT * FROM event
                          WHERE brand_id = $1 AND position > $2 AND position <= $3
                          ORDER BY position LIMIT {EVENTS}) p) e
          WHERE e.before < {BYTES}
          ORDER BY e.position"
    );
    let rows = lone
        .rows(&sql, &[brand.as_uuid(), &after, &head.last])
        .await?;
    let numbered = |row| -> Result<Numbered, Failed> {
        let row: &tokio_postgres::Row = row;
        Ok((row.try_get(0)?, recorded(head.tag, row, 0)?))
    };
    rows.iter().map(numbered).collect()
}
