//! The serial of an SGTIN+, in the fewest bits.

use dpp_core::gs1::Serial;

use super::bits::Bits;

/// How the characters of a serial become bits, in the order of their indicators (TDS 2.3,
/// 14.5.6, table E).
#[derive(Debug, Clone, Copy)]
enum Encoding {
    /// Digits, leading zeros included: one number, whose width tells how many they are.
    Integer,
    UpperHex,
    LowerHex,
    Base64,
    Ascii,
    Code40,
}

const ENCODINGS: [Encoding; 6] = [
    Encoding::Integer,
    Encoding::UpperHex,
    Encoding::LowerHex,
    Encoding::Base64,
    Encoding::Ascii,
    Encoding::Code40,
];

/// For each byte a bit for each encoding that has it, by indicator.
#[expect(clippy::indexing_slicing, reason = "checked when it is compiled")]
const ABLE: [u8; 256] = {
    let mut table = [0; 256];
    let mut at = 0;
    while at < 256 * ENCODINGS.len() {
        let (byte, encoding) = (at / ENCODINGS.len(), ENCODINGS[at % ENCODINGS.len()]);
        if encoding.value(byte as u8).is_some() {
            table[byte] |= 1 << encoding as u8;
        }
        at += 1;
    }
    table
};

/// Appends indicator, length and characters of a serial. Of two encodings that need as few bits
/// the one with the lower indicator is taken.
pub(super) fn push_shortest(serial: &Serial, bits: &mut Bits) {
    let text = serial.as_bytes();
    let able = text.iter().map(|byte| ABLE.get(usize::from(*byte)));
    let able = able.fold(u8::MAX, |all, able| all & able.unwrap_or(&0));
    let shortest = ENCODINGS
        .into_iter()
        .filter(|encoding| able >> *encoding as u8 & 1 == 1)
        .min_by_key(|encoding| encoding.width(text.len()));
    // ASCII has all of character set 82.
    let shortest = shortest.unwrap_or(Encoding::Ascii);
    bits.push(shortest as u64, 3);
    bits.push(text.len() as u64, 5);
    shortest.push(text, bits);
}

impl Encoding {
    /// What stands for a character.
    const fn value(self, byte: u8) -> Option<u8> {
        Some(match (self, byte) {
            (Self::Integer | Self::UpperHex | Self::LowerHex, b'0'..=b'9') => byte - b'0',
            (Self::UpperHex, b'A'..=b'F') => byte - b'A' + 10,
            (Self::LowerHex, b'a'..=b'f') => byte - b'a' + 10,
            (Self::Base64, b'A'..=b'Z') => byte - b'A',
            (Self::Base64, b'a'..=b'z') => byte - b'a' + 26,
            (Self::Base64, b'0'..=b'9') => byte - b'0' + 52,
            (Self::Base64, b'-') => 62,
            (Self::Base64, b'_') => 63,
            (Self::Ascii, 0..=0x7F) => byte,
            (Self::Code40, b'A'..=b'Z') => byte - b'A' + 1,
            (Self::Code40, b'-') => 27,
            (Self::Code40, b'.') => 28,
            (Self::Code40, b':') => 29,
            (Self::Code40, b'0'..=b'9') => byte - b'0' + 30,
            _ => return None,
        })
    }

    /// How many bits so many characters have, 1 to 20.
    const fn width(self, length: usize) -> u32 {
        let length = length as u32;
        match self {
            Self::Integer => 10_u128.pow(length).ilog2() + 1,
            Self::UpperHex | Self::LowerHex => 4 * length,
            Self::Base64 => 6 * length,
            Self::Ascii => 7 * length,
            Self::Code40 => 16 * length.div_ceil(3),
        }
    }

    fn push(self, text: &[u8], bits: &mut Bits) {
        let values = text.iter().map(|byte| self.value(*byte).unwrap_or(0));
        match self {
            Self::Integer => push_integer(values, self.width(text.len()), bits),
            Self::UpperHex | Self::LowerHex => push_each(values, 4, bits),
            Self::Base64 => push_each(values, 6, bits),
            Self::Ascii => push_each(values, 7, bits),
            Self::Code40 => push_code_40(values, bits),
        }
    }
}

fn push_each(values: impl Iterator<Item = u8>, width: u32, bits: &mut Bits) {
    for value in values {
        bits.push(value.into(), width);
    }
}

/// At most 20 digits, which have 67 bits.
fn push_integer(digits: impl Iterator<Item = u8>, width: u32, bits: &mut Bits) {
    let number = digits.fold(0_u128, |number, digit| number * 10 + u128::from(digit));
    let lower = width.min(32);
    bits.push((number >> lower) as u64, width - lower);
    bits.push(number as u64 & ((1 << lower) - 1), lower);
}

/// Three characters in 16 bits; what is missing at the end is 0, which no character is.
fn push_code_40(values: impl Iterator<Item = u8>, bits: &mut Bits) {
    let mut values = values.map(u64::from);
    while let Some(first) = values.next() {
        let mut next = || values.next().unwrap_or(0);
        let (second, third) = (next(), next());
        bits.push(1600 * first + 40 * second + third + 1, 16);
    }
}
