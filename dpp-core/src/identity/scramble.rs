//! A bijection over 2^20 that hides order and volume.

use std::fmt;

use super::seed::Domain;

const ROUNDS: usize = 6;
const HALF: u32 = 10;
const MASK: u32 = (1 << HALF) - 1;

/// A permutation of 0..2^20: a balanced Feistel network of 10 and 10 bits with 6 rounds,
/// whose round functions are tables filled from a keyed output.
///
/// Feistel networks are bijections whatever their round functions are: the inverse runs the
/// rounds backwards.
#[derive(Clone)]
pub struct Scrambler {
    rounds: Box<[Table; ROUNDS]>,
}

type Table = [u16; 1 << HALF];

impl Scrambler {
    /// How many numbers there are to permute.
    pub const DOMAIN: u32 = 1 << (2 * HALF);

    pub(super) fn new(mut stream: blake3::OutputReader) -> Self {
        let mut rounds = Box::new([[0; 1 << HALF]; ROUNDS]);
        for table in rounds.iter_mut() {
            fill(table, &mut stream);
        }
        Self { rounds }
    }

    /// The permutation of a batch's unit indexes.
    pub fn of_units(seed: &super::BatchSeed) -> Self {
        Self::new(seed.stream(Domain::UnitOrder))
    }

    /// The permutation in which a pool hands out its blocks.
    pub(crate) fn of_blocks(seed: &super::PoolSeed) -> Self {
        Self::new(seed.stream(Domain::BlockOrder))
    }

    /// Where `index` goes. Only the lowest 20 bits count.
    #[inline]
    pub fn scramble(&self, index: u32) -> u32 {
        let (left, right) = self
            .rounds
            .iter()
            .fold(halves(index), |(l, r), table| (r, l ^ lookup(table, r)));
        left << HALF | right
    }

    /// What came from `place`. Only the lowest 20 bits count.
    #[inline]
    pub fn unscramble(&self, place: u32) -> u32 {
        let (left, right) = self
            .rounds
            .iter()
            .rev()
            .fold(halves(place), |(l, r), table| (r ^ lookup(table, l), l));
        left << HALF | right
    }
}

impl fmt::Debug for Scrambler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scrambler(..)")
    }
}

fn fill(table: &mut Table, stream: &mut blake3::OutputReader) {
    let mut bytes = [0; 2 << HALF];
    stream.fill(&mut bytes);
    let (pairs, _) = bytes.as_chunks::<2>();
    for (entry, pair) in table.iter_mut().zip(pairs) {
        *entry = u16::from_be_bytes(*pair) & MASK as u16;
    }
}

#[inline]
fn halves(number: u32) -> (u32, u32) {
    (number >> HALF & MASK, number & MASK)
}

#[inline]
fn lookup(table: &Table, half: u32) -> u32 {
    // The mask keeps the place inside the table, so the check falls away.
    u32::from(table.get((half & MASK) as usize).copied().unwrap_or(0))
}
