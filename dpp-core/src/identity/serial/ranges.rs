//! Runs of numbers: what a pool's counter gives to a batch.

use std::collections::BTreeSet;
use std::ops::{Range, RangeInclusive};

use serde::{Deserialize, Serialize};

/// A run of numbers. In JSON: `[first, count]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(u64, u32)", into = "(u64, u32)")]
pub struct NumberRange {
    /// The first number.
    pub first: u64,
    /// How many there are.
    pub count: u32,
}

impl From<(u64, u32)> for NumberRange {
    fn from((first, count): (u64, u32)) -> Self {
        Self { first, count }
    }
}

impl From<NumberRange> for (u64, u32) {
    fn from(range: NumberRange) -> Self {
        (range.first, range.count)
    }
}

/// Runs of numbers, in rising order. Almost always one; more where the pool had to step over
/// numbers that the brand brought itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<NumberRange>", into = "Vec<NumberRange>")]
pub struct NumberRanges {
    ranges: Vec<NumberRange>,
    /// How many numbers there are up to the end of each range.
    counts: Vec<u64>,
}

impl NumberRanges {
    /// The first `quantity` numbers from `first` on that are not to be stepped over.
    pub fn stepping_over(first: u64, quantity: u32, taken: &BTreeSet<u64>) -> Self {
        let mut ranges = Vec::new();
        let (mut next, mut missing) = (first, quantity);
        let mut taken = taken.range(first..).copied();
        while missing > 0 {
            let stop = taken.next().unwrap_or(u64::MAX);
            let room = u32::try_from(stop - next).unwrap_or(u32::MAX);
            let count = missing.min(room);
            if count > 0 {
                ranges.push(NumberRange { first: next, count });
            }
            missing -= count;
            next = stop.saturating_add(1);
        }
        Self::of(ranges)
    }

    fn of(ranges: Vec<NumberRange>) -> Self {
        let counts = ranges.iter().scan(0, |sum, range| {
            *sum += u64::from(range.count);
            Some(*sum)
        });
        Self {
            counts: counts.collect(),
            ranges,
        }
    }

    /// The ranges.
    pub fn as_slice(&self) -> &[NumberRange] {
        &self.ranges
    }

    /// How many numbers there are.
    pub fn count(&self) -> u64 {
        self.counts.last().copied().unwrap_or(0)
    }

    /// The number after the last.
    pub fn end(&self) -> u64 {
        self.ranges.last().map_or(0, NumberRange::end)
    }

    /// The number at this index.
    pub fn number_at(&self, index: u32) -> Option<u64> {
        let index = u64::from(index);
        let at = self.counts.partition_point(|count| *count <= index);
        let range = self.ranges.get(at)?;
        Some(range.first + (index - self.before(at)))
    }

    /// The index of this number.
    pub fn index_of(&self, number: u64) -> Option<u32> {
        let at = self.ranges.partition_point(|range| range.end() <= number);
        let range = self.ranges.get(at)?;
        let offset = number.checked_sub(range.first)?;
        u32::try_from(self.before(at) + offset).ok()
    }

    /// The indexes of the numbers that lie between two, run by run, rising.
    pub(crate) fn indexes_of(
        &self,
        numbers: &RangeInclusive<u64>,
    ) -> impl Iterator<Item = Range<u32>> + '_ {
        let (low, high) = (*numbers.start(), *numbers.end());
        let runs = self.ranges.iter().enumerate();
        runs.filter_map(move |(at, range)| {
            let first = low.max(range.first);
            let end = high.saturating_add(1).min(range.end());
            let before = self.before(at);
            let index = |number: u64| u32::try_from(before + (number - range.first)).ok();
            match first < end {
                true => Some(index(first)?..index(end)?),
                false => None,
            }
        })
    }

    fn before(&self, at: usize) -> u64 {
        let before = at.checked_sub(1).and_then(|at| self.counts.get(at));
        before.copied().unwrap_or(0)
    }
}

impl NumberRange {
    fn end(&self) -> u64 {
        self.first.saturating_add(u64::from(self.count))
    }
}

/// Why a list of ranges cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the ranges do not rise, are empty, or go beyond what 64 bits can hold")]
pub struct NumberRangesError;

impl TryFrom<Vec<NumberRange>> for NumberRanges {
    type Error = NumberRangesError;

    fn try_from(ranges: Vec<NumberRange>) -> Result<Self, NumberRangesError> {
        let mut next = 0;
        for range in &ranges {
            let end = range.first.checked_add(u64::from(range.count));
            let fits = range.first >= next && range.count > 0;
            next = end.filter(|_| fits).ok_or(NumberRangesError)?;
        }
        Ok(Self::of(ranges))
    }
}

impl From<NumberRanges> for Vec<NumberRange> {
    fn from(ranges: NumberRanges) -> Self {
        ranges.ranges
    }
}
