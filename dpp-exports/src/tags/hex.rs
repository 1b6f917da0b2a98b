//! Bytes as those see them who write tags.

/// Appends bytes as upper-case hexadecimal digits.
pub(crate) fn push_hex(out: &mut Vec<u8>, bytes: &[u8]) {
    let start = out.len();
    out.resize(start + 2 * bytes.len(), 0);
    let free = out.get_mut(start..).unwrap_or_default();
    for (pair, byte) in free.as_chunks_mut().0.iter_mut().zip(bytes) {
        *pair = [digit(byte >> 4), digit(byte & 0xF)];
    }
}

/// Without a branch, so that many digits are made at once.
const fn digit(nibble: u8) -> u8 {
    let letter = (nibble > 9) as u8;
    b'0' + nibble + letter * (b'A' - b'9' - 1)
}
