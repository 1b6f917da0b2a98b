//! Crockford's base32 in upper case: no I, L, O and U, which are misread.
//!
//! Only the canonical characters are read: a serial is told apart byte for byte.

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const NONE: u8 = 0xff;

/// Both characters of 10 bits, the first in the lower byte.
#[expect(clippy::indexing_slicing, reason = "checked when it is compiled")]
const PAIRS: [u16; 1024] = {
    let mut pairs = [0; 1024];
    let mut i = 0;
    while i < 1024 {
        pairs[i] = u16::from_le_bytes([ALPHABET[i >> 5], ALPHABET[i & 31]]);
        i += 1;
    }
    pairs
};

#[expect(clippy::indexing_slicing, reason = "checked when it is compiled")]
const DIGITS: [u8; 256] = {
    let mut digits = [NONE; 256];
    let mut i = 0;
    while i < 32 {
        digits[ALPHABET[i] as usize] = i as u8;
        i += 1;
    }
    digits
};

/// The 4 characters of the lowest 20 bits, the first in the lowest byte: texts that are put
/// together in a register are not held up by the bytes on their way through memory.
#[inline]
pub(super) fn encode4(number: u32) -> u32 {
    pair(u64::from(number) >> 10) | pair(u64::from(number)) << 16
}

/// The 12 characters of the lowest 60 bits.
pub(super) fn encode12(number: u64) -> [u8; 12] {
    let mut text = [0; 12];
    let (quads, _) = text.as_chunks_mut::<4>();
    for (place, shift) in quads.iter_mut().zip([40, 20, 0]) {
        *place = encode4((number >> shift) as u32).to_le_bytes();
    }
    text
}

#[inline]
fn pair(bits: u64) -> u32 {
    u32::from(
        PAIRS
            .get((bits & 1023) as usize)
            .copied()
            .unwrap_or_default(),
    )
}

/// The number that 1 to 12 characters stand for; none if one is not of the alphabet.
#[inline]
pub(super) fn decode(text: &[u8]) -> Option<u64> {
    let mut number = 0;
    for byte in text {
        let digit = DIGITS.get(usize::from(*byte)).copied().unwrap_or(NONE);
        if digit == NONE {
            return None;
        }
        number = number << 5 | u64::from(digit);
    }
    (text.len() <= 12).then_some(number)
}

/// Whether all characters are of the alphabet.
pub(super) fn is_crockford(text: &[u8]) -> bool {
    let known = |byte: &u8| {
        DIGITS
            .get(usize::from(*byte))
            .is_some_and(|digit| *digit != NONE)
    };
    text.iter().all(known)
}
