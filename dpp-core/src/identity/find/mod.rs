//! Which units of a batch have an id or a serial that begins with a text.
//!
//! Nothing is stored for it: what a prefix leaves open of a scrambled index or of a number is
//! a range, and only that range is gone through.

mod by_id;
mod by_number;
mod by_serial;

use std::ops::RangeInclusive;

use super::batch_identity::{BatchIdentity, Unit};

pub use by_id::IdPrefix;
pub(crate) use by_number::{NumberPrefix, PERMUTATION};

/// What is looked for inside one batch, and how far.
#[derive(Debug)]
pub struct Search<'a> {
    /// How many units the batch has made.
    pub made: u32,
    /// Where to begin: 0, or where the search before stopped.
    pub from: u64,
    /// How many units to find at most.
    pub most: usize,
    /// How many steps may still be taken, of about ten nanoseconds each. What is taken is
    /// taken off. However few there are, a search looks at one unit at least, so that going on
    /// where it stopped comes to an end.
    pub steps: &'a mut u32,
}

/// What was found inside one batch.
#[derive(Debug, Default)]
pub struct Found {
    /// The units, each with where to begin to go on behind it.
    pub units: Vec<(Unit, u64)>,
    /// Where it stopped, if that is not the batch's end.
    pub stopped_at: Option<u64>,
}

/// What it costs to derive a unit, in steps.
const UNIT: u32 = 7;

/// Of a batch with up to so many units the places of all are sorted, unless there are fewer
/// places to go through. Of larger ones the places themselves are gone through: so many of them
/// have units that a page is soon full.
const FEW: u32 = 2_048;

impl Search<'_> {
    /// Takes steps; whether there were enough.
    fn take(&mut self, steps: u32) -> bool {
        let enough = *self.steps >= steps;
        *self.steps = self.steps.saturating_sub(steps);
        enough
    }

    /// Takes the steps of the next candidate, unless the search ends before it.
    fn is_over(&mut self, looked_at: usize, found: usize, steps: u32) -> bool {
        found == self.most || (!self.take(steps) && looked_at > 0)
    }
}

impl BatchIdentity {
    /// The units whose scrambled indexes lie in a range, by these, of which `is_wanted` holds.
    fn find_at(
        &self,
        places: RangeInclusive<u32>,
        mut search: Search<'_>,
        is_wanted: impl Fn(&Unit) -> bool,
    ) -> Found {
        let from = u32::try_from(search.from).unwrap_or(u32::MAX);
        let (first, last) = (from.max(*places.start()), *places.end());
        let left = first..=last;
        let width = last.saturating_sub(first);
        if search.made <= FEW.min(width) {
            search.take(search.made);
            let all = (0..search.made).map(|index| (self.order().scramble(index), index));
            let mut few: Vec<_> = all.filter(|(place, _)| left.contains(place)).collect();
            few.sort_unstable();
            return self.gather(few.into_iter(), search, is_wanted);
        }
        let all = left.map(|place| (place, self.order().unscramble(place)));
        self.gather(all, search, is_wanted)
    }

    fn gather(
        &self,
        candidates: impl Iterator<Item = (u32, u32)>,
        mut search: Search<'_>,
        is_wanted: impl Fn(&Unit) -> bool,
    ) -> Found {
        let mut found = Found::default();
        for (looked_at, (place, index)) in candidates.enumerate() {
            if search.is_over(looked_at, found.units.len(), 1) {
                found.stopped_at = Some(u64::from(place));
                break;
            }
            if index >= search.made {
                continue;
            }
            search.take(UNIT);
            let unit = self.unit(index).filter(&is_wanted);
            found
                .units
                .extend(unit.map(|unit| (unit, u64::from(place) + 1)));
        }
        found
    }
}
