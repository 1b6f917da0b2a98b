//! How a batch is cut into packs.

use std::iter::FusedIterator;
use std::ops::Range;

/// The most units that one pack has.
pub const ROWS_PER_PACK: u32 = 10_000;

/// A run of units, in unit order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Slice {
    pub(crate) number: u32,
    pub(crate) indexes: Range<u32>,
}

/// The slices of a batch: each is full but the last.
#[derive(Debug, Clone)]
pub(crate) struct Slices {
    numbers: Range<u32>,
    units: u32,
}

impl Slices {
    pub(crate) const fn of(units: u32) -> Self {
        Self {
            numbers: 0..units.div_ceil(ROWS_PER_PACK),
            units,
        }
    }
}

impl Iterator for Slices {
    type Item = Slice;

    fn next(&mut self) -> Option<Slice> {
        let before = self.numbers.next()?;
        let start = before * ROWS_PER_PACK;
        let end = start.saturating_add(ROWS_PER_PACK).min(self.units);
        Some(Slice {
            number: before + 1,
            indexes: start..end,
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.numbers.size_hint()
    }
}

impl ExactSizeIterator for Slices {}
impl FusedIterator for Slices {}
