//! The units of one batch that are not as their batch is, and where each unit stands by that.

use std::ops::Range;

use roaring::RoaringBitmap;

use super::set::UnitSet;
use super::status::UnitStatus;
use crate::identity::Lots;

/// What happened to units and lots of one batch. A batch that nothing happened to has an
/// empty one; a million units at random take 128 KiB a bitmap at most.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct UnitExceptions {
    /// The units that were activated one by one.
    pub activated: UnitSet,
    /// The units that were revoked, one by one or together.
    pub revoked: UnitSet,
    /// The numbers of the lots that were activated.
    pub lots: UnitSet,
}

/// What a batch says of all of its units.
#[derive(Debug, Clone, Copy)]
pub struct UnitsOfBatch<'a> {
    /// How many were made.
    pub made: u32,
    /// Where a unit stands that nothing happened to.
    pub born: UnitStatus,
    /// Whether more may still be made.
    pub growing: bool,
    /// Whether the batch is voided.
    pub voided: bool,
    /// Its lots.
    pub lots: &'a Lots,
}

/// How many units of a batch, or of a brand, stand where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct UnitCounts {
    /// All that were made.
    pub made: u64,
    /// Those that are active.
    pub active: u64,
    /// Those that are revoked.
    pub revoked: u64,
}

impl UnitCounts {
    /// How many stand there.
    pub const fn of(self, status: UnitStatus) -> u64 {
        match status {
            UnitStatus::Minted => {
                let others = self.active.saturating_add(self.revoked);
                self.made.saturating_sub(others)
            }
            UnitStatus::Active => self.active,
            UnitStatus::Revoked => self.revoked,
        }
    }
}

impl UnitCounts {
    /// A part of what is counted here now counts otherwise.
    pub fn replace(&mut self, before: Self, after: Self) {
        self.made = self
            .made
            .saturating_add(after.made)
            .saturating_sub(before.made);
        self.active = self
            .active
            .saturating_add(after.active)
            .saturating_sub(before.active);
        self.revoked = self
            .revoked
            .saturating_add(after.revoked)
            .saturating_sub(before.revoked);
    }

    /// One unit went from one status to another.
    pub(crate) fn step(&mut self, from: UnitStatus, to: UnitStatus) {
        match from {
            UnitStatus::Minted => {}
            UnitStatus::Active => self.active = self.active.saturating_sub(1),
            UnitStatus::Revoked => self.revoked = self.revoked.saturating_sub(1),
        }
        match to {
            UnitStatus::Minted => {}
            UnitStatus::Active => self.active += 1,
            UnitStatus::Revoked => self.revoked += 1,
        }
    }
}

impl UnitsOfBatch<'_> {
    /// Where a unit stands.
    pub fn status(&self, exceptions: &UnitExceptions, index: u32) -> UnitStatus {
        let own = match () {
            () if exceptions.revoked.contains(index) => UnitStatus::Revoked,
            () if exceptions.activated.contains(index) => UnitStatus::Active,
            () => UnitStatus::Minted,
        };
        own.join(self.around(exceptions, index))
    }

    /// Where a lot stands, by its number: revoked when each of its units is and no more will be
    /// made; none when not one was made, or there is no such lot.
    pub fn lot_status(&self, exceptions: &UnitExceptions, lot: u32) -> Option<UnitStatus> {
        let units = self.lots.units_of(usize::try_from(lot).ok()?)?;
        let made = units.start..units.end.min(self.made);
        if made.is_empty() {
            return None;
        }
        let whole = made.end == units.end || !self.growing;
        let left = made.end - made.start - exceptions.revoked.count_in(made);
        Some(match () {
            () if self.voided || (whole && left == 0) => UnitStatus::Revoked,
            () if exceptions.lots.contains(lot) => UnitStatus::Active,
            () => self.born,
        })
    }

    /// Where a unit stands by what happened to its batch and its lot.
    fn around(&self, exceptions: &UnitExceptions, index: u32) -> UnitStatus {
        if self.voided {
            return UnitStatus::Revoked;
        }
        let lot = match exceptions.lots.is_empty() {
            true => None,
            false => self.lots.number_of(index),
        };
        let lot_active = lot
            .and_then(|lot| u32::try_from(lot).ok())
            .is_some_and(|lot| exceptions.lots.contains(lot));
        match lot_active {
            true => UnitStatus::Active.join(self.born),
            false => self.born,
        }
    }

    /// The units that stand there, within a range of indexes.
    pub fn standing(
        &self,
        exceptions: &UnitExceptions,
        status: UnitStatus,
        within: Range<u32>,
    ) -> UnitSet {
        let end = within.end.min(self.made);
        let made = within.start.min(end)..end;
        let found = match status {
            UnitStatus::Revoked => self.revoked(exceptions, made),
            UnitStatus::Active => {
                self.active_once(exceptions, made.clone()) - self.revoked(exceptions, made)
            }
            UnitStatus::Minted => {
                let all = range(made.clone());
                all - self.active_once(exceptions, made.clone()) - self.revoked(exceptions, made)
            }
        };
        UnitSet::of_bitmap(found)
    }

    /// How many units stand where.
    pub fn count(&self, exceptions: &UnitExceptions) -> UnitCounts {
        let all = 0..self.made;
        let revoked = self.revoked(exceptions, all.clone());
        let active = self.active_once(exceptions, all);
        UnitCounts {
            made: u64::from(self.made),
            active: active.len() - active.intersection_len(&revoked),
            revoked: revoked.len(),
        }
    }

    fn revoked(&self, exceptions: &UnitExceptions, within: Range<u32>) -> RoaringBitmap {
        match self.voided {
            true => range(within),
            false => cut(exceptions.revoked.bitmap(), within),
        }
    }

    /// Those that became active, whether or not they were revoked.
    fn active_once(&self, exceptions: &UnitExceptions, within: Range<u32>) -> RoaringBitmap {
        if self.born == UnitStatus::Active {
            return range(within);
        }
        let mut active = cut(exceptions.activated.bitmap(), within.clone());
        for lot in exceptions.lots.iter() {
            let units = self.lots.units_of(lot as usize).unwrap_or_default();
            let (start, end) = (units.start.max(within.start), units.end.min(within.end));
            active.insert_range(start..end.max(start));
        }
        active
    }
}

fn range(indexes: Range<u32>) -> RoaringBitmap {
    let mut all = RoaringBitmap::new();
    all.insert_range(indexes);
    all
}

fn cut(bitmap: &RoaringBitmap, within: Range<u32>) -> RoaringBitmap {
    bitmap & range(within)
}
