//! The Huffman code of all paths, and the block header that says it.

use super::bits::Bits;

/// The lengths of back references that there are, as symbols (RFC 1951, 3.2.5).
const FOUR: u16 = 258;
const FIVE: u16 = 259;
const SIX: u16 = 260;
const END_OF_BLOCK: u16 = 256;
const SYMBOLS: usize = 261;

/// How many bits each symbol has; another one has none. It is the best code for symbols of random
/// modules of versions 3 to 6.
pub(super) const LENGTHS: [(u16, u8); 28] = [
    (b'\n' as u16, 10),
    (b' ' as u16, 5),
    (b'"' as u16, 10),
    (b'-' as u16, 5),
    (b'/' as u16, 9),
    (b'0' as u16, 5),
    (b'1' as u16, 3),
    (b'2' as u16, 3),
    (b'3' as u16, 4),
    (b'4' as u16, 4),
    (b'5' as u16, 5),
    (b'6' as u16, 6),
    (b'7' as u16, 6),
    (b'8' as u16, 7),
    (b'9' as u16, 7),
    (b'<' as u16, 10),
    (b'>' as u16, 9),
    (b'M' as u16, 10),
    (b'g' as u16, 10),
    (b'h' as u16, 10),
    (b'm' as u16, 10),
    (b's' as u16, 10),
    (b'v' as u16, 9),
    (b'z' as u16, 10),
    (END_OF_BLOCK, 10),
    (FOUR, 4),
    (FIVE, 2),
    (SIX, 3),
];
const MOST_BITS: u8 = 10;

/// The distances of back references, whose two last bits stand behind the one code that they
/// share (3.2.5).
const LEAST_DISTANCE: u32 = 13;
const MOST_DISTANCE: u32 = 16;
const DISTANCE_SYMBOL: usize = 7;
const DISTANCE_BITS: u32 = 1 + 2;

/// The bits of each symbol as they are written, and how many.
#[derive(Debug)]
pub(super) struct Code([(u16, u8); SYMBOLS]);

/// How long a back reference is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Length {
    Four,
    Five,
    Six,
}

impl Code {
    /// Codes of one length in the order of their symbols, after all shorter ones (3.2.2).
    pub(super) fn new() -> Self {
        let mut code = [(0, 0); SYMBOLS];
        let mut next = 0_u16;
        for bits in 1..=MOST_BITS {
            next <<= 1;
            for (symbol, length) in LENGTHS {
                if length != bits {
                    continue;
                }
                // Codes are packed with their highest bit first (3.1.1).
                let reversed = next.reverse_bits() >> (u16::BITS - u32::from(bits));
                if let Some(entry) = code.get_mut(usize::from(symbol)) {
                    *entry = (reversed, bits);
                }
                next += 1;
            }
        }
        Self(code)
    }

    pub(super) fn push_text(&self, text: &[u8], out: &mut Bits) {
        text.iter().for_each(|byte| self.push((*byte).into(), out));
    }

    /// Whether there are back references that go so far back.
    pub(super) fn reaches(distance: u32) -> bool {
        (LEAST_DISTANCE..=MOST_DISTANCE).contains(&distance)
    }

    /// Appends a back reference to what is so far back, which it [reaches](Self::reaches).
    #[inline]
    pub(super) fn push_again(&self, length: Length, distance: u32, out: &mut Bits) {
        self.push(
            match length {
                Length::Four => FOUR,
                Length::Five => FIVE,
                Length::Six => SIX,
            },
            out,
        );
        out.push(u64::from(distance - LEAST_DISTANCE) << 1, DISTANCE_BITS);
    }

    pub(super) fn push_end(&self, out: &mut Bits) {
        self.push(END_OF_BLOCK, out);
    }

    fn push(&self, symbol: u16, out: &mut Bits) {
        let entry = self.0.get(usize::from(symbol));
        let (bits, count) = entry.copied().unwrap_or_default();
        out.push(bits.into(), count.into());
    }

    /// Appends the header of a block that is the last one (3.2.3, 3.2.7). Code lengths have a code
    /// of 4 bits each.
    pub(super) fn push_header(&self, out: &mut Bits) {
        const ORDER: [usize; 19] = [
            16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
        ];
        out.push(0b101, 3);
        out.push(SYMBOLS as u64 - 257, 5);
        out.push(DISTANCE_SYMBOL as u64, 5);
        out.push(ORDER.len() as u64 - 4, 4);
        for symbol in ORDER {
            out.push(
                if HeaderCode::has(symbol) {
                    HeaderCode::BITS.into()
                } else {
                    0
                },
                3,
            );
        }
        let of_symbols = self.0.iter().map(|(_, length)| *length);
        let of_distances = [0; DISTANCE_SYMBOL].into_iter().chain([1]);
        let lengths: Vec<u8> = of_symbols.chain(of_distances).collect();
        for run in lengths.chunk_by(|one, other| *one == 0 && *other == 0) {
            HeaderCode::push(run, out);
        }
    }
}

/// The code of code lengths: 16 symbols of 4 bits each. There is no 14 and 15, and no 16, which
/// repeats.
struct HeaderCode;

impl HeaderCode {
    const BITS: u8 = 4;
    const FEW_ZEROS: usize = 17;
    const MANY_ZEROS: usize = 18;

    const fn has(symbol: usize) -> bool {
        symbol < 14 || symbol == Self::FEW_ZEROS || symbol == Self::MANY_ZEROS
    }

    /// Appends lengths that are all zero, or one that is not.
    fn push(lengths: &[u8], out: &mut Bits) {
        let mut rest = lengths;
        while let Some(length) = rest.first() {
            let taken = rest.len().min(138);
            match (length, taken) {
                (0, 11..) => {
                    Self::push_symbol(Self::MANY_ZEROS, out);
                    out.push(taken as u64 - 11, 7);
                }
                (0, 3..) => {
                    Self::push_symbol(Self::FEW_ZEROS, out);
                    out.push(taken as u64 - 3, 3);
                }
                (length, _) => (0..taken).for_each(|_| Self::push_symbol((*length).into(), out)),
            }
            rest = rest.get(taken..).unwrap_or_default();
        }
    }

    fn push_symbol(symbol: usize, out: &mut Bits) {
        let code = (0..symbol).filter(|symbol| Self::has(*symbol)).count() as u8;
        let reversed = code.reverse_bits() >> (u8::BITS - u32::from(Self::BITS));
        out.push(reversed.into(), Self::BITS.into());
    }
}
