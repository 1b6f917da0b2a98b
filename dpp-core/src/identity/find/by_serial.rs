//! Serials by the beginning of their text.

use std::ops::RangeInclusive;

use super::{Found, Search, UNIT};
use crate::identity::batch_identity::{BatchIdentity, Unit};
use crate::identity::serial::{
    NumberOrder, NumberRanges, SequentialFormat, SerialWriter, randomised_places,
};

/// What the keyed permutation of `numeric38` costs, in steps.
const PERMUTATION: u32 = 24;

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
            SerialWriter::Numeric38 { order, ranges } => {
                self.find_permuted(prefix, order, ranges, search, is_wanted)
            }
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
        for run in ranges.indexes_of(numbers) {
            for index in run.start.max(from)..run.end.min(search.made) {
                if found.units.len() == search.most || !search.take(UNIT) {
                    found.stopped_at = Some(u64::from(index));
                    return found;
                }
                let unit = self.unit(index);
                found
                    .units
                    .extend(unit.map(|unit| (unit, u64::from(index) + 1)));
            }
        }
        found
    }

    /// Goes through whichever are fewer: the numbers that begin so, or the batch's units.
    fn find_permuted(
        &self,
        prefix: &str,
        order: &NumberOrder,
        ranges: &NumberRanges,
        search: Search<'_>,
        is_wanted: impl Fn(&Unit) -> bool,
    ) -> Found {
        let numbers = NumberOrder::numbers_of(prefix);
        let count: u64 = numbers.iter().map(|run| run.end() - run.start() + 1).sum();
        if count > u64::from(self.quantity()) {
            let indexes = search.from..u64::from(search.made);
            let candidates = indexes.map(|index| (index, u32::try_from(index).ok()));
            return self.gather_permuted(candidates, search, is_wanted);
        }
        let from = search.from;
        let left = numbers.into_iter().flatten().filter(move |n| *n >= from);
        let candidates = left.map(|number| (number, ranges.index_of(order.invert(number))));
        self.gather_permuted(candidates, search, is_wanted)
    }

    fn gather_permuted(
        &self,
        candidates: impl Iterator<Item = (u64, Option<u32>)>,
        mut search: Search<'_>,
        is_wanted: impl Fn(&Unit) -> bool,
    ) -> Found {
        let mut found = Found::default();
        for (place, index) in candidates {
            if found.units.len() == search.most || !search.take(PERMUTATION) {
                found.stopped_at = Some(place);
                break;
            }
            let made = index.filter(|index| *index < search.made);
            let unit = made.and_then(|index| self.unit(index)).filter(&is_wanted);
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

impl NumberOrder {
    /// The numbers under 2^38 whose text begins with these digits, rising.
    fn numbers_of(prefix: &str) -> Vec<RangeInclusive<u64>> {
        let Some(number) = Self::number_of(prefix.as_bytes()) else {
            return Vec::new();
        };
        if number == 0 {
            return vec![0..=0];
        }
        let runs = (0..12_u32).map_while(|open| 10_u64.checked_pow(open));
        runs.map_while(|run| number.checked_mul(run).map(|first| (first, run)))
            .take_while(|(first, _)| *first < Self::DOMAIN)
            .map(|(first, run)| first..=(first + run - 1).min(Self::DOMAIN - 1))
            .collect()
    }
}
