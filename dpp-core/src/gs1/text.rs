//! The texts that qualify a GTIN, in the GS1 character set 82.

use std::fmt;
use std::str::FromStr;

use super::quote::quote;
use crate::serde_text::serde_as_text;

/// Whether a byte is one of the 82 characters of GS1's character set 82: letters, digits, and
/// ``! " % & ' ( ) * + , - . / : ; < = > ? _``.
///
/// Source: GS1 General Specifications, figure 7.11-1.
///
/// ```
/// assert_eq!((0..=255).filter(|&byte| dpp_core::gs1::is_cset82(byte)).count(), 82);
/// ```
pub const fn is_cset82(byte: u8) -> bool {
    matches!(byte, b'!' | b'"' | b'%'..=b'?' | b'A'..=b'Z' | b'_' | b'a'..=b'z')
}

/// Why a text is not a [`Serial`], [`LotCode`], [`ProductVariant`] or [`ThirdPartySerial`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Cset82Error {
    /// There is no text. The caller can leave the value out instead: GS1 knows no empty value.
    #[error("the value of AI ({ai}), ``, is empty")]
    Empty {
        /// The AI whose value was read.
        ai: &'static str,
    },
    /// Every character is right, but there are too many. The caller has to shorten the text; cutting it may
    /// make two texts one.
    #[error("the value of AI ({ai}), `{input}`, has {length} characters instead of at most {max}")]
    TooLong {
        /// The AI whose value was read.
        ai: &'static str,
        /// How many characters the text has.
        length: usize,
        /// How many it may have.
        max: usize,
        /// The input.
        input: String,
    },
    /// A character outside the GS1 character set 82. The caller can replace it (a space with `-` or `_`).
    #[error("`{}` at byte {at} of the value of AI ({ai}), `{input}`, is not in the GS1 character set 82", quote(found.encode_utf8(&mut [0; 4])))]
    IllegalCharacter {
        /// The AI whose value was read.
        ai: &'static str,
        /// The character.
        found: char,
        /// The byte of the input at which the character starts.
        at: usize,
        /// The input.
        input: String,
    },
}

impl Cset82Error {
    /// The byte of the text at which it goes wrong.
    pub(super) const fn at(&self) -> usize {
        match self {
            Self::Empty { .. } => 0,
            Self::TooLong { max, .. } => *max,
            Self::IllegalCharacter { at, .. } => *at,
        }
    }
}

fn checked<const MAX: usize>(
    ai: &'static str,
    input: &str,
) -> Result<([u8; MAX], u8), Cset82Error> {
    if input.is_empty() {
        return Err(Cset82Error::Empty { ai });
    }
    if let Some((at, found)) = input.char_indices().find(|&(_, c)| !is_cset82_character(c)) {
        return Err(Cset82Error::IllegalCharacter {
            ai,
            found,
            at,
            input: quote(input),
        });
    }
    let mut bytes = [0; MAX];
    let (Some(head), Ok(len)) = (bytes.get_mut(..input.len()), u8::try_from(input.len())) else {
        return Err(Cset82Error::TooLong {
            ai,
            length: input.len(),
            max: MAX,
            input: quote(input),
        });
    };
    head.copy_from_slice(input.as_bytes());
    Ok((bytes, len))
}

fn is_cset82_character(character: char) -> bool {
    u8::try_from(character).is_ok_and(is_cset82)
}

/// Whether `len` characters of the set stand at the front, and zeros behind them.
fn is_valid(bytes: &[u8], len: u8) -> bool {
    let Some((text, rest)) = bytes.split_at_checked(usize::from(len)) else {
        return false;
    };
    !text.is_empty()
        && text.iter().all(|&byte| is_cset82(byte))
        && rest.iter().all(|&byte| byte == 0)
}

macro_rules! cset82_text {
    ($(#[$doc:meta])* $Text:ident, AI $ai:literal, 1..=$max:literal) => {
        $(#[$doc])*
        ///
        /// Compared and ordered byte by byte: case counts. Held inline, without an allocation.
        // INVARIANT: the bytes behind `len` are zero, which no character of the set is; so the derived
        // comparisons are those of the texts.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $Text {
            bytes: [u8; $max],
            len: u8,
        }

        #[allow(clippy::len_without_is_empty, reason = "never empty")]
        impl $Text {
            /// The application identifier.
            pub const AI: &'static str = $ai;

            /// The most characters that the text can have.
            pub const MAX: usize = $max;

            /// Reads a text as it is, without percent-decoding or trimming.
            ///
            /// # Errors
            ///
            /// A [`Cset82Error`] if the text is empty, has a character outside the GS1 character set 82, or is
            /// longer than [`Self::MAX`].
            pub fn parse(input: &str) -> Result<Self, Cset82Error> {
                let (bytes, len) = checked(Self::AI, input)?;
                Ok(Self::from_parts(bytes, len))
            }

            /// The fast path of the identity room, which writes texts that are valid by construction: `len`
            /// characters of the set, then zeros.
            #[inline]
            pub(crate) fn from_parts(bytes: [u8; $max], len: u8) -> Self {
                debug_assert!(is_valid(&bytes, len), "AI ({}) of {len} bytes: {bytes:?}", $ai);
                Self { bytes, len }
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                std::str::from_utf8(self.as_bytes()).unwrap_or_default()
            }

            /// The text, in ASCII.
            #[inline]
            pub fn as_bytes(&self) -> &[u8] {
                self.bytes.get(..self.len()).unwrap_or_default()
            }

            /// How many characters the text has: at least 1.
            pub const fn len(&self) -> usize {
                self.len as usize
            }
        }

        impl fmt::Display for $Text {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl fmt::Debug for $Text {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_tuple(stringify!($Text)).field(&self.as_str()).finish()
            }
        }

        impl FromStr for $Text {
            type Err = Cset82Error;

            fn from_str(input: &str) -> Result<Self, Cset82Error> {
                Self::parse(input)
            }
        }

        serde_as_text!($Text, concat!("a text of the GS1 character set 82 for AI (", $ai, ")"));
    };
}

cset82_text! {
    /// What tells an item from others of its GTIN, AI (21): 1 to 20 characters of the GS1 character set 82.
    ///
    /// The serials `.` and `..` are valid, but do not survive in a Digital Link: browsers and proxies take
    /// them for path steps, percent-encoded or not (RFC 3986, 5.2.4). Whoever assigns serials avoids them.
    ///
    /// Source: GS1 General Specifications, AI (21).
    ///
    /// ```
    /// use dpp_core::gs1::Serial;
    ///
    /// let serial = Serial::parse("32a/b")?;
    /// assert_eq!((serial.as_str(), serial.len()), ("32a/b", 5));
    /// assert!(Serial::parse("32a b").is_err());
    /// # Ok::<(), dpp_core::gs1::Cset82Error>(())
    /// ```
    Serial, AI "21", 1..=20
}

cset82_text! {
    /// A batch or lot of a GTIN, AI (10): 1 to 20 characters of the GS1 character set 82.
    ///
    /// As for a [`Serial`], `.` and `..` are valid but do not survive in a Digital Link.
    ///
    /// Source: GS1 General Specifications, AI (10).
    ///
    /// ```
    /// use dpp_core::gs1::LotCode;
    ///
    /// assert_eq!(LotCode::parse("LOT42A")?.to_string(), "LOT42A");
    /// # Ok::<(), dpp_core::gs1::Cset82Error>(())
    /// ```
    LotCode, AI "10", 1..=20
}

cset82_text! {
    /// A consumer product variant (CPV) of a GTIN, AI (22): 1 to 20 characters of the GS1 character set 82.
    ///
    /// Source: GS1 General Specifications, AI (22).
    ///
    /// ```
    /// use dpp_core::gs1::ProductVariant;
    ///
    /// assert_eq!(ProductVariant::parse("2A")?.to_string(), "2A");
    /// # Ok::<(), dpp_core::gs1::Cset82Error>(())
    /// ```
    ProductVariant, AI "22", 1..=20
}

cset82_text! {
    /// A serial that a third party controls (TPX), AI (235): 1 to 28 characters of the GS1 character set 82.
    ///
    /// It excludes a [`Serial`]: an item has one or the other.
    ///
    /// Source: GS1 General Specifications, AI (235).
    ///
    /// ```
    /// use dpp_core::gs1::ThirdPartySerial;
    ///
    /// assert_eq!(ThirdPartySerial::parse("C-00000000000000000000000001")?.len(), 28);
    /// # Ok::<(), dpp_core::gs1::Cset82Error>(())
    /// ```
    ThirdPartySerial, AI "235", 1..=28
}

impl Serial {
    /// Appends the text. It is copied with the zeros behind it, which are cut off again: a copy of fixed
    /// length is cheaper than one of its own.
    #[inline]
    pub fn push_to(&self, out: &mut Vec<u8>) {
        let end = out.len() + self.len();
        out.extend_from_slice(&self.bytes);
        out.truncate(end);
    }

    /// The text with the zeros behind it, and its length.
    #[inline]
    pub(crate) const fn parts(&self) -> (&[u8; 20], usize) {
        (&self.bytes, self.len as usize)
    }
}
