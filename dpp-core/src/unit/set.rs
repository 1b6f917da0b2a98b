//! Sets of units of one batch, by their indexes.

use std::fmt;
use std::ops::{Range, RangeInclusive};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use roaring::RoaringBitmap;
use serde::{Deserialize, Serialize};

use crate::identity::MAX_UNITS;

/// Some units of one batch, by their indexes: a compressed bitmap, of at most 128 KiB for a
/// million units.
///
/// In JSON it is `{"runs": [[first, count], ...]}` for up to 1,000 runs, in rising order, else
/// `{"bitmap": "..."}`: the portable form of Roaring bitmaps in base64.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct UnitSet(RoaringBitmap);

/// After so many single units a set is brought to its smallest form: rarely enough to cost next
/// to nothing, and often enough to keep what it has grown by meanwhile under 4 KiB.
const INSERTS_BETWEEN_TIDYING: u64 = 1_024;

impl UnitSet {
    /// The units with these indexes.
    pub fn of_range(indexes: Range<u32>) -> Self {
        let mut set = RoaringBitmap::new();
        set.insert_range(indexes);
        Self(set)
    }

    /// The bitmap's own.
    pub(crate) const fn of_bitmap(bitmap: RoaringBitmap) -> Self {
        Self(bitmap)
    }

    /// The bitmap.
    pub(crate) const fn bitmap(&self) -> &RoaringBitmap {
        &self.0
    }

    /// How many there are.
    pub fn len(&self) -> u32 {
        u32::try_from(self.0.len()).unwrap_or(u32::MAX)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether this unit is among them.
    pub fn contains(&self, index: u32) -> bool {
        self.0.contains(index)
    }

    /// How many of a range are among them.
    pub fn count_in(&self, indexes: Range<u32>) -> u32 {
        u32::try_from(self.0.range_cardinality(indexes)).unwrap_or(u32::MAX)
    }

    /// The first index that is not below a bound.
    pub fn first_from(&self, bound: u32) -> Option<u32> {
        self.0.range(bound..).next()
    }

    /// The indexes, rising.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = u32> + '_ {
        self.0.iter()
    }

    /// Those that are not in another set.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        Self(&self.0 - &other.0)
    }

    /// Those that are in a range.
    #[must_use]
    pub fn within(&self, indexes: &Range<u32>) -> Self {
        Self::of_range(indexes.clone()).both(self)
    }

    fn both(&self, other: &Self) -> Self {
        Self(&self.0 & &other.0)
    }

    /// Adds those of another set.
    pub fn add(&mut self, other: &Self) {
        self.0 |= &other.0;
    }

    /// Adds one; whether it was not there.
    pub fn insert(&mut self, index: u32) -> bool {
        let is_new = self.0.insert(index);
        // Where ranges were added, the bitmap goes on keeping runs, however many they become.
        if is_new && self.0.len().is_multiple_of(INSERTS_BETWEEN_TIDYING) {
            self.0.optimize();
        }
        is_new
    }

    /// The runs of indexes that follow one another, rising.
    pub fn runs(&self) -> impl Iterator<Item = RangeInclusive<u32>> + '_ {
        let mut rest = self.0.iter();
        std::iter::from_fn(move || rest.next_range())
    }
}

impl FromIterator<u32> for UnitSet {
    fn from_iter<I: IntoIterator<Item = u32>>(indexes: I) -> Self {
        Self(indexes.into_iter().collect())
    }
}

/// The runs, as `0..=99, 200..=200`, and how many there are of more than ten.
impl fmt::Debug for UnitSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.runs().count();
        let mut list = f.debug_list();
        list.entries(self.runs().take(10));
        if count > 10 {
            list.entry(&format_args!("and {} runs more", count - 10));
        }
        list.finish()
    }
}

/// Longer lists of runs are kept as a bitmap, which no set makes larger than an event may be.
const MOST_RUNS: usize = 1_000;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Wire {
    Runs(Vec<(u32, u32)>),
    Bitmap(String),
}

impl From<UnitSet> for Wire {
    fn from(set: UnitSet) -> Self {
        let count = |run: RangeInclusive<u32>| {
            let last = run.end() - run.start();
            (*run.start(), last.saturating_add(1))
        };
        let runs: Vec<_> = set.runs().take(MOST_RUNS + 1).map(count).collect();
        if runs.len() <= MOST_RUNS {
            return Self::Runs(runs);
        }
        Self::Bitmap(STANDARD.encode(set.to_bytes()))
    }
}

impl TryFrom<Wire> for UnitSet {
    type Error = UnitSetError;

    fn try_from(wire: Wire) -> Result<Self, UnitSetError> {
        match wire {
            Wire::Bitmap(text) => {
                let bytes = STANDARD.decode(text).map_err(|_| UnitSetError)?;
                Self::from_bytes(&bytes)
            }
            Wire::Runs(runs) => {
                let mut set = RoaringBitmap::new();
                let mut free = 0;
                for (first, count) in runs {
                    let end = first.checked_add(count).ok_or(UnitSetError)?;
                    if first < free || count == 0 || end > MAX_UNITS {
                        return Err(UnitSetError);
                    }
                    set.insert_range(first..end);
                    free = end;
                }
                Ok(Self(set))
            }
        }
    }
}

impl UnitSet {
    /// The portable form of Roaring bitmaps.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.0.serialized_size());
        // Writing to memory does not fail.
        let _written = self.0.serialize_into(&mut bytes);
        bytes
    }

    /// Reads the portable form of Roaring bitmaps.
    ///
    /// # Errors
    /// [`UnitSetError`] when the bytes are not such a form, or more follow, or no batch has so
    /// many units.
    pub fn from_bytes(mut bytes: &[u8]) -> Result<Self, UnitSetError> {
        let set = RoaringBitmap::deserialize_from(&mut bytes).map_err(|_| UnitSetError)?;
        let of_a_batch = set.max().is_none_or(|last| last < MAX_UNITS);
        match bytes.is_empty() && of_a_batch {
            true => Ok(Self(set)),
            false => Err(UnitSetError),
        }
    }
}

/// Bytes or a text do not say which units are meant. They were damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it does not say which units are meant")]
pub struct UnitSetError;
