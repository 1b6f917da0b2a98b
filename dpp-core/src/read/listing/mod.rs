//! Listings: batches, jobs, units, events and packs, page by page.
//!
//! Rows have a place that never changes, and a page goes on behind the place of the row before
//! it: nothing comes twice and nothing that was there is left out, whatever is added meanwhile.

mod batches;
mod cursor;
mod details;
mod events;
mod key;
mod packs;
mod page;
mod units;

pub use batches::{BatchDetail, BatchFilter, BatchRow, JobFilter, JobRow, LotRow};
pub(super) use cursor::CursorScope;
pub use cursor::{Cursor, CursorError, Listing};
pub use events::{EventFilter, EventRow};
pub(super) use key::CursorKey;
pub use packs::{PackFilter, PackRow};
pub use page::{ListLimit, ListLimitError, Listed, Page, PageRequest};
pub use units::{UnitFilter, UnitRow};

use serde::Serialize;

use crate::access::BrandScope;

/// What a listing is asked: where it begins, and how its next page is named.
struct Asked<K> {
    cursors: CursorScope,
    after: Option<K>,
    request: PageRequest,
}

impl<K: CursorKey> Asked<K> {
    fn read<A>(
        listing: Listing,
        scope: &BrandScope<A>,
        filter: &impl Serialize,
        request: &PageRequest,
    ) -> Result<Self, CursorError> {
        let cursors = CursorScope::new(listing, scope.brand(), &(filter, request.order));
        Ok(Self {
            after: cursors.key(request.cursor.as_ref())?,
            cursors,
            request: request.clone(),
        })
    }

    /// The page of these rows, of which one more than the page may have was asked for.
    fn page<R, T>(
        &self,
        mut rows: Vec<R>,
        key: impl Fn(&R) -> K,
        row: impl FnMut(R) -> T,
    ) -> Page<T> {
        let limit = self.request.limit.get();
        let more = rows.len() > limit;
        rows.truncate(limit);
        let last = rows.last().filter(|_| more);
        Page {
            next_cursor: last.map(|last| self.cursors.cursor(&key(last))),
            rows: rows.into_iter().map(row).collect(),
        }
    }
}
