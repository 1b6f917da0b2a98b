//! The number of a trade item.

use std::fmt;
use std::str::FromStr;

use super::quote::quote;
use crate::serde_text::serde_as_text;

/// A Global Trade Item Number, AI (01): 14 digits with a right check digit.
///
/// A GTIN of 8, 12 or 13 digits is padded with zeros on the left, so the forms of one GTIN are equal. That a
/// GTIN is well formed does not say that GS1 ever issued it.
///
/// Source: GS1 General Specifications, AI (01), and 7.9 (check digit).
///
/// ```
/// use dpp_core::gs1::Gtin;
///
/// let gtin = Gtin::parse("9506000134352")?;
/// assert_eq!(gtin.as_str(), "09506000134352");
/// assert_eq!(gtin, Gtin::parse("09506000134352")?);
/// # Ok::<(), dpp_core::gs1::GtinError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gtin([u8; 14]);

impl Gtin {
    /// Reads 8, 12, 13 or 14 digits; nothing else, not even spaces or hyphens between them.
    ///
    /// # Errors
    ///
    /// A [`GtinError`] for any other character, any other length, and a wrong check digit, in this order.
    pub fn parse(input: &str) -> Result<Self, GtinError> {
        if let Some((at, found)) = input.char_indices().find(|(_, c)| !c.is_ascii_digit()) {
            return Err(GtinError::NotADigit {
                at,
                found,
                input: quote(input),
            });
        }
        if !matches!(input.len(), 8 | 12 | 13 | 14) {
            return Err(GtinError::WrongLength {
                length: input.len(),
                input: quote(input),
            });
        }
        let digits = padded(input);
        let [data @ .., last] = &digits;
        let found = last - b'0';
        match check_digit(data) {
            Some(expected) if expected != found => Err(GtinError::WrongCheckDigit {
                expected,
                found,
                input: quote(input),
            }),
            _ => Ok(Self(digits)),
        }
    }

    /// The 14 digits.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The 14 digits, in ASCII.
    pub const fn as_bytes(&self) -> &[u8; 14] {
        &self.0
    }
}

fn padded(digits: &str) -> [u8; 14] {
    let mut padded = [b'0'; 14];
    for (slot, digit) in padded.iter_mut().rev().zip(digits.bytes().rev()) {
        *slot = digit;
    }
    padded
}

/// The check digit (0 to 9) that belongs behind these ASCII digits; `None` for no digits, or anything else.
///
/// The weights are 3 and 1 in turn from the right, so zeros on the left change nothing. It is the same for
/// every GS1 number that ends in such a digit: GTIN, SSCC, GLN, GSRN.
///
/// Source: GS1 General Specifications, 7.9.
///
/// ```
/// use dpp_core::gs1::check_digit;
///
/// assert_eq!(check_digit(b"0950600013435"), Some(2));
/// assert_eq!(check_digit(b"09506OOO13435"), None);
/// ```
pub fn check_digit(data_digits: &[u8]) -> Option<u8> {
    if data_digits.is_empty() || !data_digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let weights = [3_u8, 1].into_iter().cycle();
    let sum = data_digits
        .iter()
        .rev()
        .zip(weights)
        .fold(0, |sum, (digit, weight)| {
            (sum + (digit - b'0') * weight) % 10
        });
    Some((10 - sum) % 10)
}

/// Why a text is not a [`Gtin`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GtinError {
    /// A character that is not one of `0` to `9`. The caller can strip spaces and hyphens, if it knows that
    /// people put them there.
    #[error("`{found}` at byte {at} of GTIN `{input}` is not a digit")]
    NotADigit {
        /// The byte of the input at which the character starts.
        at: usize,
        /// The character.
        found: char,
        /// The input.
        input: String,
    },
    /// Digits, but not 8, 12, 13 or 14 of them. The caller can look for zeros that a spreadsheet ate.
    #[error("GTIN `{input}` has {length} digits instead of 8, 12, 13 or 14")]
    WrongLength {
        /// How many digits there are.
        length: usize,
        /// The input.
        input: String,
    },
    /// The last digit does not belong to those before it. The caller has to ask for the number again: a digit
    /// was mistyped, and nothing says which.
    #[error("the check digit of GTIN `{input}` is {found}, but should be {expected}")]
    WrongCheckDigit {
        /// The digit that belongs there.
        expected: u8,
        /// The digit that stands there.
        found: u8,
        /// The input.
        input: String,
    },
}

impl fmt::Display for Gtin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Gtin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Gtin({self})")
    }
}

impl FromStr for Gtin {
    type Err = GtinError;

    fn from_str(input: &str) -> Result<Self, GtinError> {
        Self::parse(input)
    }
}

serde_as_text!(Gtin, "a GTIN of 8, 12, 13 or 14 digits");
