//! Serials by the beginning of their text.

use std::ops::RangeInclusive;

use super::by_number::{NumberPrefix, PERMUTATION};
use super::{Found, Search, UNIT};
use crate::identity::batch_identity::{BatchIdentity, Unit};
use crate::identity::serial::{
    NumberOrder, NumberRanges, SequentialFormat, SerialAllocation, SerialWriter, randomised_places,
};

impl SerialAllocation {
    /// Whether one of its serials begins with this text, whether or not its unit is made; of
    /// `numeric38` only whether one could.
    pub(crate) fn may_begin_with(&self, prefix: &str) -> bool {
        match self {
            Self::None | Self::Provided => false,
            Self::Randomised { block, .. } => {
                randomised_places(block.text(), prefix.as_bytes()).is_some()
            }
            Self::Sequential { format, ranges } => format
                .numbers_of(prefix)
                .is_some_and(|numbers| ranges.indexes_of(&numbers).next().is_some()),
            Self::Numeric38 { .. } => NumberPrefix::parse(prefix).is_some(),
        }
    }

    /// Whether all of its serials begin with this text.
    pub(crate) fn all_begin_with(&self, prefix: &str) -> bool {
        let is_within = |text: &str| text.starts_with(prefix);
        self.span()
            .is_some_and(|span| is_within(span.first()) && is_within(span.last()))
    }
}

impl BatchIdentity {
    /// The units whose derived serials begin with this text: by serial, those of `numeric38` by
    /// number or by index. Serials that a brand provided are not derived: of them it finds none.
    ///
    /// Only for `numeric38` a prefix does not narrow down where to look: three to seven digits
    /// can take all of the steps and find less than there is. Then go on where it stopped.
    pub fn find_by_serial(&self, prefix: &str, search: Search<'_>) -> Found {
        let is_wanted = |unit: &Unit| {
            let serial = unit.serial.as_ref();
            serial.is_some_and(|serial| serial.as_str().starts_with(prefix))
        };
        match self.serials() {
            SerialWriter::None | SerialWriter::Provided => Found::default(),
            SerialWriter::Randomised { block, .. } => {
                match randomised_places(block.to_le_bytes(), prefix.as_bytes()) {
                    Some(places) => self.find_at(places, search, is_wanted),
                    None => Found::default(),
                }
            }
            SerialWriter::Sequential { format, ranges } => match format.numbers_of(prefix) {
                Some(numbers) => self.find_in_ranges(ranges, &numbers, search),
                None => Found::default(),
            },
            SerialWriter::Numeric38 { order, ranges } => match NumberPrefix::parse(prefix) {
                Some(numbers) => self.find_permuted(&numbers, order, ranges, search),
                None => Found::default(),
            },
        }
    }

    /// The units whose numbers lie in a range. The place to go on from is an index.
    fn find_in_ranges(
        &self,
        ranges: &NumberRanges,
        numbers: &RangeInclusive<u64>,
        mut search: Search<'_>,
    ) -> Found {
        let mut found = Found::default();
        let from = u32::try_from(search.from).unwrap_or(u32::MAX);
        let made = search.made;
        let runs = ranges.indexes_of(numbers);
        let left = runs.flat_map(|run| run.start.max(from)..run.end.min(made));
        for (looked_at, index) in left.enumerate() {
            if search.is_over(looked_at, found.units.len(), UNIT) {
                found.stopped_at = Some(u64::from(index));
                break;
            }
            let unit = self.unit(index);
            found
                .units
                .extend(unit.map(|unit| (unit, u64::from(index) + 1)));
        }
        found
    }

    /// Goes through whichever are fewer: the numbers that begin so, or the batch's units.
    fn find_permuted(
        &self,
        numbers: &NumberPrefix,
        order: &NumberOrder,
        ranges: &NumberRanges,
        search: Search<'_>,
    ) -> Found {
        if numbers.count() > u64::from(self.quantity()) {
            let from = u32::try_from(search.from).unwrap_or(u32::MAX);
            let begins_so = |index: &u32| {
                let place = ranges.number_at(*index);
                place.is_some_and(|place| numbers.contains(order.permute(place)))
            };
            let candidates =
                (from..search.made).map(|index| (u64::from(index), Some(index).filter(begins_so)));
            return self.gather_permuted(candidates, search);
        }
        let left = numbers.from(search.from);
        let candidates = left.map(|number| (number, ranges.index_of(order.invert(number))));
        self.gather_permuted(candidates, search)
    }

    fn gather_permuted(
        &self,
        candidates: impl Iterator<Item = (u64, Option<u32>)>,
        mut search: Search<'_>,
    ) -> Found {
        let mut found = Found::default();
        for (looked_at, (place, index)) in candidates.enumerate() {
            if search.is_over(looked_at, found.units.len(), PERMUTATION) {
                found.stopped_at = Some(place);
                break;
            }
            let made = index.filter(|index| *index < search.made);
            let unit = made.and_then(|index| self.unit(index));
            found.units.extend(unit.map(|unit| (unit, place + 1)));
        }
        found
    }
}

impl SequentialFormat {
    /// The numbers of the serials that begin with this text.
    fn numbers_of(&self, prefix: &str) -> Option<RangeInclusive<u64>> {
        if self.prefix().starts_with(prefix) {
            return Some(0..=self.last());
        }
        let digits = prefix.strip_prefix(self.prefix())?;
        let open = usize::from(self.digits()).checked_sub(digits.len())?;
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let first = digits.parse::<u64>().ok()?;
        let run = 10_u64.checked_pow(u32::try_from(open).ok()?)?;
        let first = first.checked_mul(run)?;
        Some(first..=first + (run - 1))
    }
}
