//! Blocks of randomised serials: what a pool gives to one batch each.

use serde::{Deserialize, Serialize};

use super::crockford;
use super::scheme::TagLength;
use crate::gs1::Serial;
use crate::identity::Scrambler;

/// A block of 2^20 randomised serials: its first 4 characters, of which the first is a
/// letter. There are 720,896.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Block(u32);

impl Block {
    /// The first: the digits come before the letters.
    const FIRST: u32 = 10 << 15;

    /// How many there are.
    pub const COUNT: u32 = (1 << 20) - Self::FIRST;

    /// The block that the pool with this order hands out after `used` others.
    pub(crate) fn nth(used: u32, order: &Scrambler) -> Option<Self> {
        (used < Self::COUNT).then(|| {
            let mut place = order.scramble(used + Self::FIRST);
            while place < Self::FIRST {
                place = order.scramble(place);
            }
            Self(place)
        })
    }

    /// After how many others the pool with this order hands this block out.
    pub(crate) fn number(self, order: &Scrambler) -> u32 {
        let mut place = order.unscramble(self.0);
        while place < Self::FIRST {
            place = order.unscramble(place);
        }
        place - Self::FIRST
    }

    /// Its 4 characters.
    pub(in crate::identity) fn text(self) -> [u8; 4] {
        crockford::encode4(self.0).to_le_bytes()
    }

    /// The block that a serial of the randomised form would lie in.
    pub fn of(serial: &Serial) -> Option<Self> {
        let text = serial.as_bytes();
        let block = text.get(..4).and_then(crockford::decode)?;
        let place = u32::try_from(block)
            .ok()
            .filter(|place| *place >= Self::FIRST)?;
        let right_length = text.len() >= TagLength::default().serial_length();
        (right_length && crockford::is_crockford(text)).then_some(Self(place))
    }
}

impl TryFrom<String> for Block {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let place = match text.len() {
            4 => crockford::decode(text.as_bytes()).and_then(|n| u32::try_from(n).ok()),
            _ => None,
        };
        place
            .filter(|place| *place >= Self::FIRST)
            .map(Self)
            .ok_or("a block is 4 characters of base32, the first of them a letter")
    }
}

impl From<Block> for String {
    fn from(block: Block) -> Self {
        block.text().into_iter().map(char::from).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::PoolSeed;

    #[test]
    fn every_block_is_handed_out_exactly_once() {
        for seed in [[0; 32], [7; 32]] {
            let order = Scrambler::of_blocks(&PoolSeed::from_bytes(seed));
            let mut seen = vec![false; Block::COUNT as usize];
            for used in 0..Block::COUNT {
                let block = Block::nth(used, &order).unwrap();
                let place = (block.0 - Block::FIRST) as usize;
                assert!(!std::mem::replace(&mut seen[place], true));
                assert_eq!(block.number(&order), used);
            }
            assert_eq!(Block::nth(Block::COUNT, &order), None);
        }
    }

    #[test]
    fn the_first_block_and_the_last_begin_with_letters() {
        assert_eq!(String::from(Block(Block::FIRST)), "A000");
        assert_eq!(String::from(Block(Block::FIRST + Block::COUNT - 1)), "ZZZZ");
    }
}
