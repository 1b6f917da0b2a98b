//! Many short texts in one buffer: a million provided serials take their bytes and an
//! offset each, instead of an allocation each.

use std::fmt;
use std::ops::Range;

use serde::de::{SeqAccess, Visitor};
use serde::ser::SerializeSeq;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A list of texts, kept in one buffer. In JSON it is a list of strings.
///
/// ```
/// use dpp_core::TextRows;
///
/// let rows: TextRows = ["A-1", "A-2"].into_iter().collect();
/// assert_eq!(rows.get(1), Some("A-2"));
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct TextRows {
    text: String,
    ends: Vec<usize>,
}

impl TextRows {
    /// An empty list with room for so many rows of so many bytes together.
    pub fn with_capacity(rows: usize, bytes: usize) -> Self {
        Self {
            text: String::with_capacity(bytes),
            ends: Vec::with_capacity(rows),
        }
    }

    /// Adds a row at the end.
    pub fn push(&mut self, row: &str) {
        self.text.push_str(row);
        self.ends.push(self.text.len());
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The row with this index, counted from 0.
    pub fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)?;
        let start = match index.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        self.text.get(start..end)
    }

    /// The rows in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        (0..self.len()).map(|index| self.get(index).unwrap_or_default())
    }

    /// A copy of a run of rows; what lies beyond the end is left out.
    #[must_use]
    pub fn slice(&self, rows: Range<usize>) -> Self {
        let end = rows.end.min(self.len());
        (rows.start..end)
            .filter_map(|index| self.get(index))
            .collect()
    }
}

impl<'a> FromIterator<&'a str> for TextRows {
    fn from_iter<I: IntoIterator<Item = &'a str>>(rows: I) -> Self {
        let rows = rows.into_iter();
        let mut all = Self::with_capacity(rows.size_hint().0, 0);
        rows.for_each(|row| all.push(row));
        all
    }
}

impl fmt::Debug for TextRows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 3;
        let more = self.len().saturating_sub(SHOWN);
        let mut list = f.debug_list();
        list.entries(self.iter().take(SHOWN));
        if more > 0 {
            list.entry(&format_args!("and {more} more"));
        }
        list.finish()
    }
}

impl Serialize for TextRows {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut rows = serializer.serialize_seq(Some(self.len()))?;
        for row in self.iter() {
            rows.serialize_element(row)?;
        }
        rows.end()
    }
}

impl<'de> Deserialize<'de> for TextRows {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Rows)
    }
}

struct Rows;

impl<'de> Visitor<'de> for Rows {
    type Value = TextRows;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of texts")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<TextRows, A::Error> {
        let mut rows = TextRows::default();
        while let Some(row) = seq.next_element::<std::borrow::Cow<'de, str>>()? {
            rows.push(&row);
        }
        Ok(rows)
    }
}
