//! Ids by the beginning of their text.

use std::ops::RangeInclusive;

use uuid::Uuid;

use super::{Found, Search};
use crate::identity::batch_identity::BatchIdentity;
use crate::identity::ids::{BatchPrefix, CodedId, MintUnitId};

/// The beginning of an id's text: 1 to 36 characters of the hyphenated form, in either case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdPrefix {
    bits: u128,
    mask: u128,
}

const HYPHENS: [usize; 4] = [8, 13, 18, 23];
const VERSION: u32 = 76;

impl IdPrefix {
    /// Reads the beginning; none if no id begins so.
    pub fn parse(text: &str) -> Option<Self> {
        if text.is_empty() || text.len() > 36 {
            return None;
        }
        let (mut bits, mut digits) = (0_u128, 0);
        for (place, byte) in text.bytes().enumerate() {
            match (HYPHENS.contains(&place), byte) {
                (true, b'-') => {}
                (true, _) => return None,
                (false, byte) => {
                    let digit = char::from(byte).to_digit(16)?;
                    bits = bits << 4 | u128::from(digit);
                    digits += 4;
                }
            }
        }
        let open = 128 - digits;
        let mask = u128::MAX.checked_shl(open).unwrap_or(0);
        Some(Self {
            bits: bits.checked_shl(open).unwrap_or(0),
            mask,
        })
    }

    /// Whether an id begins so.
    pub const fn matches(&self, id: &Uuid) -> bool {
        id.as_u128() & self.mask == self.bits
    }

    /// The ids that begin so.
    pub const fn ids(&self) -> RangeInclusive<Uuid> {
        Uuid::from_u128(self.bits)..=Uuid::from_u128(self.bits | !self.mask)
    }

    /// The prefixes of the batches whose own ids may begin so.
    pub fn batches(&self) -> Option<RangeInclusive<BatchPrefix>> {
        self.of_version(7).map(prefixes)
    }

    /// The prefixes of the batches that may have units whose ids begin so.
    pub fn batches_of_units(&self) -> Option<RangeInclusive<BatchPrefix>> {
        self.of_version(8).map(prefixes)
    }

    /// The ids of a version that begin so.
    fn of_version(&self, version: u128) -> Option<RangeInclusive<u128>> {
        let (digit, fixed) = (version << VERSION, 0xf << VERSION);
        let (low, high) = (self.bits, self.bits | !self.mask);
        match self.mask & fixed {
            0 => Some(low & !fixed | digit..=high & !fixed | digit),
            _ if low & fixed == digit => Some(low..=high),
            _ => None,
        }
    }

    /// The scrambled indexes that the ids of a batch's units have if they begin so.
    fn places(&self, batch: BatchPrefix) -> Option<RangeInclusive<u32>> {
        let asked = self.of_version(8)?;
        let (first, last) = CodedId::ends(batch);
        let (low, high) = (first.max(*asked.start()), last.min(*asked.end()));
        (low <= high).then(|| CodedId::place_in(low)..=CodedId::place_in(high))
    }
}

fn prefixes(ids: RangeInclusive<u128>) -> RangeInclusive<BatchPrefix> {
    let of = |id: &u128| BatchPrefix::of(&Uuid::from_u128(*id));
    of(ids.start())..=of(ids.end())
}

impl BatchIdentity {
    /// The units whose ids begin so, by their ids.
    pub fn find_by_id(&self, prefix: &IdPrefix, search: Search<'_>) -> Found {
        let is_wanted = |id: MintUnitId| prefix.matches(id.as_uuid());
        match prefix.places(self.batch().prefix()) {
            Some(places) => self.find_at(places, search, |unit| is_wanted(unit.id)),
            None => Found::default(),
        }
    }
}
