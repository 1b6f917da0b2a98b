//! How a batch is cut into packs.

use std::fmt;
use std::iter::FusedIterator;
use std::num::NonZeroU32;
use std::ops::Range;

use serde::{Deserialize, Serialize};

/// The most units that one pack has.
pub const ROWS_PER_PACK: u32 = 10_000;

/// The number of a pack in its export, from 1. In JSON it is a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PackNumber(NonZeroU32);

impl PackNumber {
    /// That of the first pack.
    pub const FIRST: Self = Self(NonZeroU32::MIN);

    /// The pack with this number; none has the number 0.
    pub const fn new(number: u32) -> Option<Self> {
        match NonZeroU32::new(number) {
            Some(number) => Some(Self(number)),
            None => None,
        }
    }

    /// That of the pack before which so many come.
    pub const fn after(packs: u32) -> Self {
        Self(NonZeroU32::MIN.saturating_add(packs))
    }

    /// The number.
    pub const fn get(self) -> u32 {
        self.0.get()
    }

    /// How many packs come before it.
    pub const fn before(self) -> u32 {
        self.0.get() - 1
    }
}

impl fmt::Display for PackNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The units of one pack: a run of at most 10,000, in unit order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slice {
    number: PackNumber,
    indexes: Range<u32>,
}

impl Slice {
    /// The number of the pack.
    pub const fn number(&self) -> PackNumber {
        self.number
    }

    /// The indexes of its units.
    pub const fn indexes(&self) -> Range<u32> {
        self.indexes.start..self.indexes.end
    }

    /// How many units it has, 1 to 10,000.
    pub const fn rows(&self) -> u32 {
        self.indexes.end - self.indexes.start
    }
}

/// The slices of a batch, `ceil(n / 10,000)` of them: each is full but the last.
///
/// ```
/// use dpp_core::export::Slices;
///
/// let rows: Vec<_> = Slices::of(25_000).map(|slice| slice.rows()).collect();
/// assert_eq!(rows, [10_000, 10_000, 5_000]);
/// ```
#[derive(Debug, Clone)]
pub struct Slices {
    numbers: Range<u32>,
    units: u32,
}

impl Slices {
    /// The slices of so many units.
    pub const fn of(units: u32) -> Self {
        Self {
            numbers: 0..Self::count_of(units),
            units,
        }
    }

    /// How many slices so many units have.
    pub const fn count_of(units: u32) -> u32 {
        units.div_ceil(ROWS_PER_PACK)
    }

    /// The slice of the pack with this number, be it before or behind what was iterated; none
    /// if there is no such pack.
    pub fn get(&self, number: PackNumber) -> Option<Slice> {
        let start = number.before().checked_mul(ROWS_PER_PACK)?;
        let end = start.saturating_add(ROWS_PER_PACK).min(self.units);
        (start < end).then_some(Slice {
            number,
            indexes: start..end,
        })
    }
}

impl Iterator for Slices {
    type Item = Slice;

    fn next(&mut self) -> Option<Slice> {
        let before = self.numbers.next()?;
        self.get(PackNumber::after(before))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.numbers.size_hint()
    }
}

impl ExactSizeIterator for Slices {}
impl FusedIterator for Slices {}
