//! A question about one brand, and its answer.

use std::cmp::Reverse;
use std::sync::LazyLock;

use dpp_core::BrandId;
use dpp_core::store::{Order, ReadStoreError};
use tokio_postgres::Row;

use super::unreadable;
use crate::fault::Failed;
use crate::log::FeedTag;
use crate::options::Unreadable;
use crate::pool::Params;
use crate::store::Shared;

/// A text that is made once.
pub(super) type Text = LazyLock<String>;

/// Who asks about which brand.
#[derive(Clone, Copy)]
pub(super) struct Asking<'a> {
    pub(super) shared: &'a Shared,
    pub(super) brand: BrandId,
}

/// What a statement of this module's form found.
pub(super) struct Answer {
    /// The feed of the brand; none if nothing ever happened to it.
    pub(super) tag: Option<FeedTag>,
    pub(super) unreadable: Option<i64>,
    /// Those of the subquery, whose columns begin at [`FROM`].
    pub(super) rows: Vec<Row>,
}

/// Where the columns begin that a question is about.
pub(super) const FROM: usize = 3;

/// A statement about the brand `$1`: these columns of the rows `x` that a subquery gives, whose
/// column `there` is true. `OFFSET 0` and `LIMIT` in a subquery keep the planner from mixing it
/// with what is around it.
pub(super) fn statement(columns: &str, subquery: &str) -> String {
    format!(
        "SELECT h.unreadable, h.tag, x.there, {columns}
           FROM brand_head h
           LEFT JOIN LATERAL ({subquery}) x ON true
          WHERE h.brand_id = $1"
    )
}

impl<'a> Asking<'a> {
    /// # Errors
    /// Also that the brand's log has what could not be read, unless that is passed over.
    pub(super) async fn ask(self, sql: &str, params: Params<'_>) -> Result<Answer, ReadStoreError> {
        let mut rows = self.shared.pool.rows(sql, params).await?;
        let head = rows.first().map(head_of).transpose()?;
        let (unreadable, tag) = head.unwrap_or_default();
        if let (Some(number), Unreadable::Refuse) = (unreadable, self.shared.unreadable) {
            return Err(unreadable::error(self.shared, self.brand, number).await?);
        }
        rows.retain(|row| matches!(row.try_get(2), Ok(Some(true))));
        Ok(Answer {
            tag,
            unreadable,
            rows,
        })
    }
}

fn head_of(row: &Row) -> Result<(Option<i64>, Option<FeedTag>), Failed> {
    Ok((row.try_get(0)?, Some(FeedTag(row.try_get(1)?))))
}

/// How an order is written: beyond a key, and the direction.
pub(super) const fn words(order: Order) -> (&'static str, &'static str) {
    match order {
        Order::NewestFirst => ("<", "DESC"),
        Order::OldestFirst => (">", "ASC"),
    }
}

/// Sorts rows that are sorted already, as far as PostgreSQL keeps the order of a subquery, which
/// it does not promise.
pub(super) fn sort<T, K: Ord>(rows: &mut [T], order: Order, key: impl Fn(&T) -> K) {
    match order {
        Order::OldestFirst => rows.sort_by_key(key),
        Order::NewestFirst => rows.sort_by_key(|row| Reverse(key(row))),
    }
}
