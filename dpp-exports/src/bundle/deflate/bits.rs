//! Bytes and bits, appended in pieces of constant size.

/// How many bytes are made ready at once.
const MORE: usize = 4096;

/// Text that is put together from short pieces.
#[derive(Debug, Default)]
pub(super) struct Text {
    bytes: Vec<u8>,
    length: usize,
}

impl Text {
    pub(super) const fn clear(&mut self) {
        self.length = 0;
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }

    /// Appends the first bytes of a piece. All are written, since a copy of constant size is a
    /// few instructions; the next piece comes over those that are too many.
    #[inline]
    pub(super) fn push<const N: usize>(&mut self, piece: &[u8; N], length: usize) {
        put(&mut self.bytes, self.length, piece);
        self.length += length;
    }
}

/// Bits, the first the lowest of the first byte (RFC 1951, 3.1.1).
#[derive(Debug, Default, Clone)]
pub(super) struct Bits {
    bytes: Vec<u8>,
    length: usize,
    held: u64,
    more: u32,
}

impl Bits {
    /// The most bits that can be appended at once.
    pub(super) const MOST: u32 = 56;

    pub(super) const fn clear(&mut self) {
        (self.length, self.held, self.more) = (0, 0, 0);
    }

    /// Appends at most [`MOST`](Self::MOST) bits, the lowest first; the others are zero.
    #[inline]
    pub(super) fn push(&mut self, bits: u64, count: u32) {
        self.held |= bits << self.more;
        self.more += count;
        put(&mut self.bytes, self.length, &self.held.to_le_bytes());
        let whole = self.more / 8;
        self.length += whole as usize;
        self.held >>= 8 * whole;
        self.more %= 8;
    }

    pub(super) fn push_all(&mut self, bits: &Self) {
        let bytes = bits.bytes.get(..bits.length).unwrap_or_default();
        for bytes in bytes.chunks(Self::MOST as usize / 8) {
            self.push(number(bytes), 8 * bytes.len() as u32);
        }
        self.push(bits.held, bits.more);
    }

    /// How many bits there are.
    pub(super) const fn count(&self) -> u32 {
        8 * self.length as u32 + self.more
    }

    /// Its only bits, if there are no more than [`MOST`](Self::MOST), and how many.
    pub(super) fn word(&self) -> Option<(u64, u32)> {
        let count = self.count();
        let bytes = self.bytes.get(..self.length).unwrap_or_default();
        (count <= Self::MOST).then(|| (number(bytes) | self.held << (8 * self.length), count))
    }

    /// All of it, filled up with zeros to a whole byte.
    pub(super) fn finish(&mut self) -> &[u8] {
        self.push(0, (8 - self.more) % 8);
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

/// Of at most 8 bytes, the first the lowest.
fn number(bytes: &[u8]) -> u64 {
    let bytes = bytes.iter().rev();
    bytes.fold(0, |number, byte| number << 8 | u64::from(*byte))
}

#[inline]
fn put<const N: usize>(bytes: &mut Vec<u8>, at: usize, piece: &[u8; N]) {
    if bytes.len() < at + N {
        bytes.resize(at + N + MORE, 0);
    }
    if let Some(room) = bytes.get_mut(at..at + N) {
        room.copy_from_slice(piece);
    }
}
