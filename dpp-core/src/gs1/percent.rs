//! Percent-encoding as Digital Links use it: RFC 3986, 2.1 to 2.3.

const HEX: &[u8; 16] = b"0123456789ABCDEF";

/// Appends a text with every byte outside `A-Z a-z 0-9 - . _ ~` as `%` and two upper-case hex digits.
///
/// ```
/// let mut url = b"https://id.example.com/01/09506000134352/21/".to_vec();
/// dpp_core::gs1::percent::push_encoded(&mut url, b"32a/b");
/// assert_eq!(url, b"https://id.example.com/01/09506000134352/21/32a%2Fb");
/// ```
pub fn push_encoded(out: &mut Vec<u8>, text: &[u8]) {
    for &byte in text {
        if is_unreserved(byte) {
            out.push(byte);
        } else {
            out.extend_from_slice(&[b'%', hex(byte >> 4), hex(byte & 0xF)]);
        }
    }
}

/// A text with every byte outside `A-Z a-z 0-9 - . _ ~` as `%` and two upper-case hex digits.
///
/// ```
/// assert_eq!(dpp_core::gs1::percent::encode(b"50%+x"), "50%25%2Bx");
/// ```
pub fn encode(text: &[u8]) -> String {
    let mut out = Vec::with_capacity(text.len() * 3);
    push_encoded(&mut out, text);
    // ASCII all through.
    String::from_utf8(out).unwrap_or_default()
}

/// The bytes that a percent-encoded text of a path stands for. Hex digits may have either case; `+` means plus.
///
/// # Errors
///
/// A [`PercentError`] if a `%` is not followed by two hex digits, or stands for a zero byte.
///
/// ```
/// use dpp_core::gs1::percent::decode;
///
/// assert_eq!(decode("a%2fb+c")?, b"a/b+c");
/// assert!(decode("100%").is_err());
/// # Ok::<(), dpp_core::gs1::percent::PercentError>(())
/// ```
pub fn decode(text: &str) -> Result<Vec<u8>, PercentError> {
    let mut rest = text.as_bytes();
    let mut out = Vec::with_capacity(rest.len());
    while let Some((&byte, after)) = rest.split_first() {
        if byte == b'%' {
            out.push(escaped(after, text.len() - rest.len())?);
            rest = after.get(2..).unwrap_or_default();
        } else {
            out.push(byte);
            rest = after;
        }
    }
    Ok(out)
}

/// Why a text is not percent-encoded. `at` is the byte at which the escape, with its `%`, starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PercentError {
    /// The text ends inside an escape. The caller can write a lone `%` as `%25`.
    #[error("the escape at byte {at} is cut off")]
    Truncated {
        /// Where the escape starts.
        at: usize,
    },
    /// A `%` is not followed by two hex digits. The caller can write a lone `%` as `%25`.
    #[error("the escape at byte {at} is not made of two hex digits")]
    NotHex {
        /// Where the escape starts.
        at: usize,
    },
    /// `%00`: no GS1 value holds a zero byte, and it ends strings elsewhere. The caller has to drop it.
    #[error("the escape at byte {at} stands for a zero byte")]
    Zero {
        /// Where the escape starts.
        at: usize,
    },
}

impl PercentError {
    /// The byte of the text at which the escape, with its `%`, starts.
    pub const fn at(self) -> usize {
        match self {
            Self::Truncated { at } | Self::NotHex { at } | Self::Zero { at } => at,
        }
    }

    /// The same error in a text that has `by` more bytes in front.
    pub(super) const fn shifted(self, by: usize) -> Self {
        match self {
            Self::Truncated { at } => Self::Truncated { at: at + by },
            Self::NotHex { at } => Self::NotHex { at: at + by },
            Self::Zero { at } => Self::Zero { at: at + by },
        }
    }
}

/// Where in a well-formed encoded text the `decoded`th byte of its decoded form starts.
pub(super) fn raw_offset(encoded: &str, decoded: usize) -> usize {
    let mut bytes = encoded.bytes();
    for _ in 0..decoded {
        if bytes.next() == Some(b'%') {
            bytes.nth(1);
        }
    }
    encoded.len() - bytes.len()
}

#[inline]
pub(crate) fn is_unreserved(byte: u8) -> bool {
    UNRESERVED.get(usize::from(byte)).copied().unwrap_or(false)
}

#[expect(clippy::indexing_slicing, reason = "checked when it is compiled")]
const UNRESERVED: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = matches!(byte as u8, b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~');
        byte += 1;
    }
    table
};

fn hex(nibble: u8) -> u8 {
    HEX.get(usize::from(nibble)).copied().unwrap_or_default()
}

fn escaped(after: &[u8], at: usize) -> Result<u8, PercentError> {
    let digit = |index| after.get(index).map(|&byte| char::from(byte).to_digit(16));
    match (digit(0), digit(1)) {
        (Some(Some(0)), Some(Some(0))) => Err(PercentError::Zero { at }),
        (Some(Some(high)), Some(Some(low))) => Ok((high * 16 + low) as u8),
        (Some(None), _) | (_, Some(None)) => Err(PercentError::NotHex { at }),
        _ => Err(PercentError::Truncated { at }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_in_the_decoded_text_is_found_in_the_encoded_one() {
        assert_eq!(raw_offset("a%2Fb%20c", 0), 0);
        assert_eq!(raw_offset("a%2Fb%20c", 2), 4);
        assert_eq!(raw_offset("a%2Fb%20c", 4), 8);
        assert_eq!(raw_offset("a%2F", 9), 4);
    }
}
