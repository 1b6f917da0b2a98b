//! The numbers of `numeric38` by the beginning of their text.

use std::ops::RangeInclusive;

use crate::identity::serial::NumberOrder;

/// What the keyed permutation of `numeric38` costs, in steps.
pub(crate) const PERMUTATION: u32 = 17;

/// So many numbers are gone through for a pool however small it is: fewer steps than a hundred
/// batches cost.
const ALWAYS: u64 = 2_048;

/// The numbers under 2^38 whose text begins with some digits, at least one number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NumberPrefix {
    /// One for each length of the text, rising.
    runs: Vec<RangeInclusive<u64>>,
}

impl NumberPrefix {
    /// Reads the digits; none if no number begins so.
    pub(crate) fn parse(prefix: &str) -> Option<Self> {
        let number = NumberOrder::number_of(prefix.as_bytes())?;
        if number == 0 {
            return Some(Self { runs: vec![0..=0] });
        }
        let runs = (0..12_u32).map_while(|open| 10_u64.checked_pow(open));
        let runs = runs
            .map_while(|run| number.checked_mul(run).map(|first| (first, run)))
            .take_while(|(first, _)| *first < NumberOrder::DOMAIN)
            .map(|(first, run)| first..=(first + run - 1).min(NumberOrder::DOMAIN - 1));
        Some(Self {
            runs: runs.collect(),
        })
    }

    /// How many there are.
    pub(crate) fn count(&self) -> u64 {
        let runs = self.runs.iter();
        runs.map(|run| run.end() - run.start() + 1).sum()
    }

    /// Whether this is one of them.
    pub(super) fn contains(&self, number: u64) -> bool {
        self.runs.iter().any(|run| run.contains(&number))
    }

    /// Those from a number on, rising.
    pub(crate) fn from(&self, least: u64) -> impl Iterator<Item = u64> + '_ {
        let runs = self.runs.iter();
        runs.flat_map(move |run| least.max(*run.start())..=*run.end())
    }

    /// Whether the batch with so many serials is looked for by number, all of its product's
    /// such batches at once: that takes less than to go through its units. It never changes.
    pub(crate) fn is_few_for(&self, serials: u64) -> bool {
        self.count() <= serials.saturating_mul(2).max(ALWAYS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers at which the texts of a prefix begin and end, and their neighbours.
    fn around(prefix: u64) -> impl Iterator<Item = u64> {
        let ends = (0..12_u32).flat_map(move |open| {
            let run = 10_u64.pow(open);
            [prefix.saturating_mul(run), (prefix + 1).saturating_mul(run)]
        });
        ends.flat_map(|end| end.saturating_sub(1)..=end.saturating_add(1))
            .filter(|number| *number < NumberOrder::DOMAIN)
    }

    #[test]
    fn a_number_is_one_of_a_prefix_if_and_only_if_its_text_begins_so() {
        let last = NumberOrder::DOMAIN - 1;
        let prefixes = [
            0,
            1,
            2,
            9,
            10,
            27,
            28,
            99,
            2_748,
            274_877,
            99_999_999,
            last / 10,
            last,
        ];
        for prefix in prefixes {
            let text = prefix.to_string();
            let numbers = NumberPrefix::parse(&text).unwrap();
            for number in around(prefix).chain([0, 1, last]) {
                let begins_so = number.to_string().starts_with(&text);
                assert_eq!(numbers.contains(number), begins_so, "{number} of {text}");
                let next = numbers.from(number).next();
                assert_eq!(next == Some(number), begins_so, "{number} of {text}");
                assert!(next.is_none_or(|next| next >= number));
            }
        }
    }

    #[test]
    fn what_no_number_begins_with_is_no_prefix() {
        let beyond = NumberOrder::DOMAIN.to_string();
        for text in ["", "01", "00", "1a", " 1", "+1", "1234567890123", &beyond] {
            assert_eq!(NumberPrefix::parse(text), None, "`{text}`");
        }
    }

    #[test]
    fn numbers_are_counted_as_they_are_gone_through() {
        for text in ["0", "1234567", "27487790", "274877906943", "3000000"] {
            let numbers = NumberPrefix::parse(text).unwrap();
            let all: Vec<_> = numbers.from(0).collect();
            assert!(all.is_sorted());
            assert_eq!(all.len() as u64, numbers.count(), "`{text}`");
        }
    }
}
