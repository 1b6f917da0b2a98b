//! A keyed bijection over 2^38, for serials that an SGTIN-96 tag can hold.

use std::fmt;

use siphasher::sip::SipHasher24;

use crate::identity::seed::{Domain, PoolSeed, split};

const HALF: u32 = 19;
const MASK: u64 = (1 << HALF) - 1;
const ROUNDS: u64 = 10;

/// A permutation of 0..2^38: a balanced Feistel network of 19 and 19 bits with 10 rounds,
/// whose round function is SipHash-2-4 under a key of the pool.
///
/// What keeps numeric serials from being guessed is only that nobody can tell which numbers
/// are in use; hence a real pseudo-random function, and as many rounds as NIST SP 800-38G
/// gives FF1.
#[derive(Clone)]
pub struct NumberOrder {
    round: SipHasher24,
}

impl NumberOrder {
    /// How many numbers there are to permute.
    pub const DOMAIN: u64 = 1 << (2 * HALF);

    /// The permutation of a product's pool.
    pub fn of_pool(seed: &PoolSeed) -> Self {
        let mut key = [0; 16];
        seed.stream(Domain::NumberOrder).fill(&mut key);
        let [first, second] = split(key);
        Self {
            round: SipHasher24::new_with_keys(first, second),
        }
    }

    /// Where `counter` goes. Only the lowest 38 bits count.
    pub fn permute(&self, counter: u64) -> u64 {
        let start = (counter >> HALF & MASK, counter & MASK);
        let (left, right) = (0..ROUNDS).fold(start, |(l, r), round| (r, l ^ self.mix(round, r)));
        left << HALF | right
    }

    /// What came from `number`. Only the lowest 38 bits count.
    pub fn invert(&self, number: u64) -> u64 {
        let start = (number >> HALF & MASK, number & MASK);
        let rounds = (0..ROUNDS).rev();
        let (left, right) = rounds.fold(start, |(l, r), round| (r ^ self.mix(round, l), l));
        left << HALF | right
    }

    fn mix(&self, round: u64, half: u64) -> u64 {
        self.round.hash(&(round << 32 | half).to_be_bytes()) & MASK
    }

    /// The number that a text stands for: digits without leading zeros, under 2^38.
    pub(crate) fn number_of(serial: &[u8]) -> Option<u64> {
        let leading_zero = serial.len() > 1 && serial.first() == Some(&b'0');
        if serial.is_empty() || serial.len() > 12 || leading_zero {
            return None;
        }
        let number = serial.iter().try_fold(0, |number, byte| {
            let digit = byte.is_ascii_digit().then(|| u64::from(byte - b'0'))?;
            Some(number * 10 + digit)
        })?;
        (number < Self::DOMAIN).then_some(number)
    }
}

impl fmt::Debug for NumberOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NumberOrder(..)")
    }
}
