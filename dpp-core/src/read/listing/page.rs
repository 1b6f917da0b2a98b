//! Pages: what is asked for, and what is given.

use serde::ser::{SerializeStruct, Serializer};
use serde::{Deserialize, Serialize};

use super::cursor::Cursor;
use crate::store::Order;
use crate::store::log::PageLimit;

/// How many rows a page of a listing has at most: 1 to 1,000, usually 50.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct ListLimit(u32);

/// A page cannot have so many rows. Ask for 1 to 1,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("limit `{asked}` was asked for, and a page has 1 to 1000 rows")]
pub struct ListLimitError {
    /// How many were asked for.
    pub asked: u32,
}

impl ListLimit {
    /// The largest page.
    pub const MAX: Self = Self(1_000);

    /// So many rows.
    ///
    /// # Errors
    /// [`ListLimitError`] for 0, and over 1,000.
    pub const fn new(rows: u32) -> Result<Self, ListLimitError> {
        match rows {
            1..=1_000 => Ok(Self(rows)),
            asked => Err(ListLimitError { asked }),
        }
    }

    /// The number of rows.
    pub const fn get(self) -> usize {
        self.0 as usize
    }

    /// One more, by which it shows whether anything follows.
    pub(in crate::read) const fn and_one(self) -> PageLimit {
        PageLimit::new(self.0 + 1)
    }
}

impl Default for ListLimit {
    fn default() -> Self {
        Self(50)
    }
}

impl TryFrom<u32> for ListLimit {
    type Error = ListLimitError;

    fn try_from(rows: u32) -> Result<Self, ListLimitError> {
        Self::new(rows)
    }
}

impl From<ListLimit> for u32 {
    fn from(limit: ListLimit) -> Self {
        limit.0
    }
}

/// Which page of a listing is asked for: by default the first 50 rows, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PageRequest {
    /// How many rows at most.
    pub limit: ListLimit,
    /// From which end.
    pub order: Order,
    /// Where the page before ended; none for the first page.
    pub cursor: Option<Cursor>,
}

impl PageRequest {
    /// The first page from the other end: oldest first.
    pub fn oldest_first() -> Self {
        Self {
            order: Order::OldestFirst,
            ..Self::default()
        }
    }

    /// The same with so many rows.
    #[must_use]
    pub const fn of(mut self, limit: ListLimit) -> Self {
        self.limit = limit;
        self
    }

    /// The same from where a page ended.
    #[must_use]
    pub fn after(mut self, cursor: Cursor) -> Self {
        self.cursor = Some(cursor);
        self
    }
}

/// What a listing lists, and what its rows are called on the wire.
pub trait Listed: Serialize {
    /// The name of the list.
    const NAME: &'static str;
}

/// A page of a listing. On the wire: `{ok: true, <rows>: [...], has_more, next_cursor}`, with
/// the rows under their own name.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Where to go on; none if nothing follows.
    pub next_cursor: Option<Cursor>,
}

impl<T> Page<T> {
    /// Everything there is.
    pub(in crate::read) const fn whole(rows: Vec<T>) -> Self {
        Self {
            rows,
            next_cursor: None,
        }
    }

    /// Whether anything follows.
    pub const fn has_more(&self) -> bool {
        self.next_cursor.is_some()
    }
}

impl<T: Listed> Serialize for Page<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut page = serializer.serialize_struct("Page", 4)?;
        page.serialize_field("ok", &true)?;
        page.serialize_field(T::NAME, &self.rows)?;
        page.serialize_field("has_more", &self.has_more())?;
        page.serialize_field("next_cursor", &self.next_cursor)?;
        page.end()
    }
}
