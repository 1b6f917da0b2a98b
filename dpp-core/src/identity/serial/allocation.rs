//! What a pool gives to a batch, and the serials that follow from it.

use serde::{Deserialize, Serialize};

use super::block::Block;
use super::crockford;
use super::numbers::NumberOrder;
use super::ranges::NumberRanges;
use super::scheme::{SequentialFormat, SerialScheme, TagLength};
use crate::gs1::Serial;
use crate::identity::decode::DecodeError;
use crate::identity::seed::PoolSeed;

/// The serials that a batch has, as its events record them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "scheme", rename_all = "snake_case")]
pub enum SerialAllocation {
    /// None: the units are told apart by their ids (lot mode).
    None,
    /// One block of randomised serials.
    Randomised {
        /// The block.
        block: Block,
        /// How many characters the tag has.
        tag_length: TagLength,
    },
    /// Numbers of a sequential form.
    Sequential {
        /// The form.
        format: SequentialFormat,
        /// The numbers.
        ranges: NumberRanges,
    },
    /// Places of the pool's permutation.
    Numeric38 {
        /// The pool's secret, which its permutation follows from.
        pool_seed: PoolSeed,
        /// The places.
        ranges: NumberRanges,
    },
    /// The brand's own: they stand in the batch's `mint_serials_provided` events.
    Provided,
}

impl SerialAllocation {
    /// Whether this is what a job with this scheme has to get.
    pub fn is_of(&self, scheme: Option<&SerialScheme>) -> bool {
        match (self, scheme) {
            (Self::None, None) | (Self::Provided, Some(SerialScheme::Provided)) => true,
            (
                Self::Randomised { tag_length, .. },
                Some(SerialScheme::Randomised { tag_length: asked }),
            ) => tag_length == asked,
            (Self::Sequential { format, .. }, Some(SerialScheme::Sequential(asked))) => {
                format == asked
            }
            (Self::Numeric38 { .. }, Some(SerialScheme::Numeric38)) => true,
            _ => false,
        }
    }

    /// Whether it gives each of so many units a serial of its own, and none beyond them.
    pub fn is_for(&self, quantity: u32) -> bool {
        let fits = |ranges: &NumberRanges, limit: u64| {
            ranges.count() == u64::from(quantity) && ranges.end() <= limit
        };
        match self {
            Self::None | Self::Randomised { .. } | Self::Provided => true,
            Self::Sequential { format, ranges } => fits(ranges, format.last() + 1),
            Self::Numeric38 { ranges, .. } => fits(ranges, NumberOrder::DOMAIN),
        }
    }
}

/// Makes the serials of one batch, and reads them back.
#[derive(Debug, Clone)]
pub(in crate::identity) enum SerialWriter {
    None,
    Randomised {
        block: u32,
        tag_length: TagLength,
    },
    Sequential {
        format: SequentialFormat,
        ranges: NumberRanges,
    },
    Numeric38 {
        order: NumberOrder,
        ranges: NumberRanges,
    },
    Provided,
}

impl SerialWriter {
    pub(in crate::identity) fn new(allocation: &SerialAllocation) -> Self {
        match allocation {
            SerialAllocation::None => Self::None,
            SerialAllocation::Randomised { block, tag_length } => Self::Randomised {
                block: u32::from_le_bytes(block.text()),
                tag_length: *tag_length,
            },
            SerialAllocation::Sequential { format, ranges } => Self::Sequential {
                format: format.clone(),
                ranges: ranges.clone(),
            },
            SerialAllocation::Numeric38 { pool_seed, ranges } => Self::Numeric38 {
                order: NumberOrder::of_pool(pool_seed),
                ranges: ranges.clone(),
            },
            SerialAllocation::Provided => Self::Provided,
        }
    }

    /// The serial of a unit; none where serials are not derived.
    #[inline]
    pub(in crate::identity) fn write(&self, index: u32, place: u32, random: u64) -> Option<Serial> {
        match self {
            Self::None | Self::Provided => None,
            Self::Randomised { block, tag_length } => {
                Some(randomised(*block, place, random, *tag_length))
            }
            Self::Sequential { format, ranges } => sequential(format, ranges.number_at(index)?),
            Self::Numeric38 { order, ranges } => {
                decimal(order.permute(ranges.number_at(index)?), 1)
            }
        }
    }

    /// The block, for randomised serials with the usual tag.
    pub(in crate::identity) fn usual_block(&self) -> Option<u32> {
        match self {
            Self::Randomised { block, tag_length } if *tag_length == TagLength::default() => {
                Some(*block)
            }
            _ => None,
        }
    }

    /// A randomised serial with the usual tag.
    #[inline(always)]
    pub(in crate::identity) fn usual(block: u32, place: u32, random: u64) -> Serial {
        let place = u128::from(crockford::encode4(place));
        let tag = u128::from(crockford::encode4((random >> 44) as u32));
        let start = u128::from(block) | place << 32 | tag << 64;
        let mut text = [0; 20];
        let (first, _) = text.split_at_mut(16);
        first.copy_from_slice(&start.to_le_bytes());
        Serial::from_parts(text, 12)
    }

    /// What a text says of the unit that has it.
    pub(in crate::identity) fn read(&self, serial: &Serial) -> Result<Claimed, DecodeError> {
        let text = serial.as_bytes();
        match self {
            Self::None | Self::Provided => None,
            Self::Randomised { block, tag_length } => {
                read_randomised(text, &block.to_le_bytes(), *tag_length)
            }
            Self::Sequential { format, ranges } => format
                .number_of(text)
                .and_then(|number| ranges.index_of(number))
                .map(Claimed::Index),
            Self::Numeric38 { order, ranges } => NumberOrder::number_of(text)
                .and_then(|number| ranges.index_of(order.invert(number)))
                .map(Claimed::Index),
        }
        .ok_or(DecodeError::UnknownBlock)
    }

    /// The tag that the second half of a unit's 16 random bytes holds.
    pub(in crate::identity) fn tag_of(&self, random: u64) -> u64 {
        match self {
            Self::Randomised { tag_length, .. } => tag_bits(random, *tag_length),
            _ => 0,
        }
    }
}

/// What a serial says of its unit, before anything was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::identity) enum Claimed {
    /// Its index.
    Index(u32),
    /// Its scrambled index and its tag.
    Place { place: u32, tag: u64 },
}

/// A unit's tag characters are the first of the 12 that its 60 random bits make.
const fn tag_bits(random: u64, length: TagLength) -> u64 {
    random >> (64 - 5 * length.get() as u32)
}

fn randomised(block: u32, place: u32, random: u64, length: TagLength) -> Serial {
    let usual = SerialWriter::usual(block, place, random);
    match length == TagLength::default() {
        true => usual,
        false => with_long_tag(usual, random, length),
    }
}

fn with_long_tag(usual: Serial, random: u64, length: TagLength) -> Serial {
    let mut text = *usual.parts().0;
    let characters = crockford::encode12(random >> 4);
    let kept = characters.into_iter().take(usize::from(length.get()));
    text.iter_mut()
        .skip(8)
        .zip(kept)
        .for_each(|(to, from)| *to = from);
    Serial::from_parts(text, 8 + length.get())
}

/// The scrambled indexes of the randomised serials of a block that begin with a text.
pub(in crate::identity) fn randomised_places(
    block: [u8; 4],
    prefix: &[u8],
) -> Option<std::ops::RangeInclusive<u32>> {
    let Some(rest) = prefix.strip_prefix(&block) else {
        let all = 0..=crate::identity::Scrambler::DOMAIN - 1;
        return block.starts_with(prefix).then_some(all);
    };
    let known = rest.get(..rest.len().min(4))?;
    let open = 5 * (4 - u32::try_from(known.len()).ok()?);
    let first = u32::try_from(crockford::decode(known)?).ok()? << open;
    Some(first..=first + ((1 << open) - 1))
}

fn read_randomised(text: &[u8], block: &[u8; 4], length: TagLength) -> Option<Claimed> {
    let rest = text.strip_prefix(block)?;
    let (place, tag) = rest.split_at_checked(4)?;
    if tag.len() != usize::from(length.get()) {
        return None;
    }
    Some(Claimed::Place {
        place: u32::try_from(crockford::decode(place)?).ok()?,
        tag: crockford::decode(tag)?,
    })
}

pub(super) fn sequential(format: &SequentialFormat, number: u64) -> Option<Serial> {
    let mut text = [0; 20];
    let prefix = format.prefix().as_bytes();
    let (head, tail) = text.split_at_mut_checked(prefix.len())?;
    head.copy_from_slice(prefix);
    let digits = tail.get_mut(..usize::from(format.digits()))?;
    write_decimal(digits, number);
    Some(Serial::from_parts(
        text,
        u8::try_from(prefix.len()).ok()? + format.digits(),
    ))
}

fn decimal(number: u64, least: u32) -> Option<Serial> {
    let digits = number.checked_ilog10().map_or(1, |log| log + 1).max(least);
    let mut text = [0; 20];
    write_decimal(text.get_mut(..digits as usize)?, number);
    Some(Serial::from_parts(text, u8::try_from(digits).ok()?))
}

fn write_decimal(digits: &mut [u8], number: u64) {
    let mut rest = number;
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
}
