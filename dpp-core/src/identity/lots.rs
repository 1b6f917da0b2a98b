//! Lots: named runs of a batch's units.

use serde::{Deserialize, Serialize};

use crate::gs1::LotCode;

/// A named part of a batch with a quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lot {
    /// The lot's code, GS1 AI (10).
    pub lot_code: LotCode,
    /// How many units it has, at least 1.
    pub qty: u32,
}

/// The lots of a batch: 0 to 100, with distinct codes. The first has the first units.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Lot>", into = "Vec<Lot>")]
pub struct Lots {
    lots: Vec<Lot>,
    ends: Vec<u32>,
}

/// Why a list of lots cannot be. Correct the list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LotsError {
    /// There are too many. Split the request.
    #[error("there are {found} lots, and a request may have at most {}", Lots::MAX)]
    TooMany {
        /// How many there are.
        found: usize,
    },
    /// A code is given twice. Give each lot a code of its own.
    #[error("lot code `{lot_code}` is given twice")]
    CodeTwice {
        /// The code.
        lot_code: LotCode,
    },
    /// A lot has no unit. Leave it out.
    #[error("lot `{lot_code}` has quantity `0`, and a lot has at least 1 unit")]
    EmptyLot {
        /// Its code.
        lot_code: LotCode,
    },
    /// The quantities are too large to be summed up.
    #[error("the quantities of the lots sum up to more than 4294967295")]
    Overflow,
}

impl Lots {
    /// The most lots that a batch may have.
    pub const MAX: usize = 100;

    /// The lots in this order.
    ///
    /// # Errors
    /// [`LotsError`] when there are too many, a code comes twice, or a lot is empty.
    pub fn new(lots: Vec<Lot>) -> Result<Self, LotsError> {
        if lots.len() > Self::MAX {
            return Err(LotsError::TooMany { found: lots.len() });
        }
        let mut seen = std::collections::HashSet::new();
        let mut ends = Vec::with_capacity(lots.len());
        let mut end = 0_u32;
        for lot in &lots {
            let lot_code = lot.lot_code;
            if lot.qty == 0 {
                return Err(LotsError::EmptyLot { lot_code });
            }
            if !seen.insert(lot_code) {
                return Err(LotsError::CodeTwice { lot_code });
            }
            end = end.checked_add(lot.qty).ok_or(LotsError::Overflow)?;
            ends.push(end);
        }
        Ok(Self { lots, ends })
    }

    /// How many units they have together.
    pub fn total(&self) -> u32 {
        self.ends.last().copied().unwrap_or(0)
    }

    /// Whether there is no lot.
    pub fn is_empty(&self) -> bool {
        self.lots.is_empty()
    }

    /// The lots, in order.
    pub fn as_slice(&self) -> &[Lot] {
        &self.lots
    }

    /// The number, from 0, of the lot that has the unit with this index.
    pub fn number_of(&self, index: u32) -> Option<usize> {
        let number = self.ends.partition_point(|end| *end <= index);
        (number < self.lots.len()).then_some(number)
    }

    /// The lot that has the unit with this index.
    pub fn lot_of(&self, index: u32) -> Option<&Lot> {
        self.lots.get(self.number_of(index)?)
    }

    /// The indexes of the units of the lot with this number.
    pub fn units_of(&self, number: usize) -> Option<std::ops::Range<u32>> {
        let end = *self.ends.get(number)?;
        let lot = self.lots.get(number)?;
        Some(end - lot.qty..end)
    }
}

impl TryFrom<Vec<Lot>> for Lots {
    type Error = LotsError;

    fn try_from(lots: Vec<Lot>) -> Result<Self, LotsError> {
        Self::new(lots)
    }
}

impl From<Lots> for Vec<Lot> {
    fn from(lots: Lots) -> Self {
        lots.lots
    }
}
