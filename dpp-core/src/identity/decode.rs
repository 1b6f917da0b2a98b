//! From a unit's id or serial back to its index.

use super::batch_identity::BatchIdentity;
use super::ids::{CodedId, LotId, MintUnitId};
use super::seed::randomness_at;
use super::serial::Claimed;
use crate::gs1::Serial;

/// Why an id or a serial is none of a batch's.
///
/// A sequential or `numeric38` number that the batch does not have belongs to no part of it,
/// so that it gets [`UnknownBlock`](Self::UnknownBlock); of these two schemes only tampered
/// facts give [`IndexBeyondBatch`](Self::IndexBeyondBatch).
///
/// Whoever answers strangers must give one answer for all three; the
/// [module's docs](crate::identity#what-each-part-hides-and-how-likely-a-guess-hits) say why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// It does not begin as this batch's do: another batch's, or never handed out. Find the
    /// right batch first.
    #[error("it lies in no block that this batch has")]
    UnknownBlock,
    /// It names a place that this batch does not reach. It was never minted.
    #[error("it names index {index}, and the batch has {quantity} units")]
    IndexBeyondBatch {
        /// The index.
        index: u32,
        /// How many units the batch has.
        quantity: u32,
    },
    /// The tag is wrong: it was made up, or altered. It was never minted.
    #[error("its tag is wrong: it was made up or altered")]
    WrongTag,
}

impl BatchIdentity {
    /// The index of the unit with this id.
    ///
    /// # Errors
    /// [`DecodeError`] says which of the three is wrong: batch, index or tag.
    pub fn decode_unit_id(&self, id: MintUnitId) -> Result<u32, DecodeError> {
        let CodedId { prefix, place, tag } = id.unpack();
        if prefix != self.batch().prefix() {
            return Err(DecodeError::UnknownBlock);
        }
        let index = self.index_at(place)?;
        let [random, _] = randomness_at(self.randomness(), index);
        check_tag(tag, CodedId::tag_of(random))?;
        Ok(index)
    }

    /// The index of the unit with this serial. Serials that a brand provided are not derived:
    /// of them it knows none.
    ///
    /// # Errors
    /// [`DecodeError`] says which of the three is wrong: block, index or tag.
    pub fn decode_serial(&self, serial: &Serial) -> Result<u32, DecodeError> {
        match self.serials().read(serial)? {
            Claimed::Index(index) => self.within(index),
            Claimed::Place { place, tag } => {
                let index = self.index_at(place)?;
                let [_, random] = randomness_at(self.randomness(), index);
                check_tag(tag, self.serials().tag_of(random))?;
                Ok(index)
            }
        }
    }

    /// The number, from 0, of the lot with this id.
    ///
    /// # Errors
    /// [`DecodeError`] says which of the three is wrong: batch, number or tag.
    pub fn decode_lot_id(&self, id: LotId, lots: usize) -> Result<usize, DecodeError> {
        let CodedId { prefix, place, tag } = id.unpack();
        if prefix != self.batch().prefix() {
            return Err(DecodeError::UnknownBlock);
        }
        let (order, randomness) = self.lot_secrets();
        let number = order.unscramble(place);
        if number as usize >= lots {
            return Err(DecodeError::IndexBeyondBatch {
                index: number,
                quantity: lots as u32,
            });
        }
        let [random, _] = randomness_at(&randomness, number);
        check_tag(tag, CodedId::tag_of(random))?;
        Ok(number as usize)
    }

    fn index_at(&self, place: u32) -> Result<u32, DecodeError> {
        self.within(self.order().unscramble(place))
    }

    fn within(&self, index: u32) -> Result<u32, DecodeError> {
        let quantity = self.quantity();
        match index < quantity {
            true => Ok(index),
            false => Err(DecodeError::IndexBeyondBatch { index, quantity }),
        }
    }
}

/// In a time that does not tell where they differ.
fn check_tag(given: u64, right: u64) -> Result<(), DecodeError> {
    match std::hint::black_box(given ^ right) {
        0 => Ok(()),
        _ => Err(DecodeError::WrongTag),
    }
}
