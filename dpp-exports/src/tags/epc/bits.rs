//! Bits in the order in which a tag has them, the most significant first.

use std::fmt;

use crate::tags::hex::push_hex;

/// The longest is an SGTIN+ with 20 characters of 7 bits: 216 bits, padded to 14 words.
const MAX: usize = 28;

/// An EPC: its bits, padded with zeros to whole words of 16 bits, since a tag's EPC memory bank
/// is written and counted in such words.
///
/// Text is what is written to the bank from bit 20h on, in upper-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Epc {
    bytes: [u8; MAX],
    bits: u16,
}

impl Epc {
    /// How many bits it has without the padding.
    pub const fn bits(&self) -> u16 {
        self.bits
    }

    /// Its bytes with the padding, so that their number is even.
    pub fn as_bytes(&self) -> &[u8] {
        let length = usize::from(self.bits.div_ceil(16)) * 2;
        self.bytes.get(..length).unwrap_or_default()
    }

    /// Appends its text.
    pub fn push_hex(&self, out: &mut Vec<u8>) {
        push_hex(out, self.as_bytes());
    }
}

impl fmt::Display for Epc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = self.as_bytes().iter();
        bytes.try_for_each(|byte| write!(f, "{byte:02X}"))
    }
}

impl fmt::Debug for Epc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Epc({self})")
    }
}

/// An EPC as far as it is written.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Bits {
    bytes: [u8; MAX],
    full: usize,
    pending: u64,
    held: u32,
}

impl Bits {
    /// Appends the lowest `width` bits of a value, at most 56.
    #[inline]
    pub(super) fn push(&mut self, value: u64, width: u32) {
        debug_assert!(
            width <= 56 && value >> width == 0,
            "{value} in {width} bits"
        );
        self.pending = self.pending << width | value;
        self.held += width;
        while self.held >= 8 {
            self.held -= 8;
            self.push_byte((self.pending >> self.held) as u8);
        }
    }

    fn push_byte(&mut self, byte: u8) {
        if let Some(free) = self.bytes.get_mut(self.full) {
            *free = byte;
        }
        self.full += 1;
    }

    pub(super) fn finish(mut self) -> Epc {
        let bits = self.full as u16 * 8 + self.held as u16;
        if self.held > 0 {
            self.push(0, 8 - self.held);
        }
        Epc {
            bytes: self.bytes,
            bits,
        }
    }
}
