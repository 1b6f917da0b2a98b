//! Crockford's base32 in upper case: no I, L, O and U, which are misread.
//!
//! Only the canonical characters are read: a serial is told apart byte for byte.

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const NONE: u8 = 0xff;

const PAIRS: [[u8; 2]; 1024] = {
    let mut pairs = [[0; 2]; 1024];
    let mut i = 0;
    while i < 1024 {
        pairs[i] = [ALPHABET[i >> 5], ALPHABET[i & 31]];
        i += 1;
    }
    pairs
};

const DIGITS: [u8; 256] = {
    let mut digits = [NONE; 256];
    let mut i = 0;
    while i < 32 {
        digits[ALPHABET[i] as usize] = i as u8;
        i += 1;
    }
    digits
};

/// The 4 characters of the lowest 20 bits.
#[inline]
pub(super) fn encode4(number: u32) -> [u8; 4] {
    let [a, b] = pair(u64::from(number) >> 10);
    let [c, d] = pair(u64::from(number));
    [a, b, c, d]
}

/// The 12 characters of the lowest 60 bits.
#[inline]
pub(super) fn encode12(number: u64) -> [u8; 12] {
    let mut text = [0; 12];
    let (pairs, _) = text.as_chunks_mut::<2>();
    for (place, shift) in pairs.iter_mut().zip([50, 40, 30, 20, 10, 0]) {
        *place = pair(number >> shift);
    }
    text
}

#[inline]
fn pair(bits: u64) -> [u8; 2] {
    PAIRS
        .get((bits & 1023) as usize)
        .copied()
        .unwrap_or_default()
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
