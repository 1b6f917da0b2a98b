//! What a job may ask for.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::crockford::is_crockford;
use crate::gs1::Serial;

/// How a job's serials come about. In JSON: `{"scheme": "randomised", "tag_length": 4}`,
/// `{"scheme": "sequential", "prefix": "SN-", "digits": 8}`, `{"scheme": "numeric38"}`,
/// `{"scheme": "provided"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "scheme", rename_all = "snake_case", deny_unknown_fields)]
pub enum SerialScheme {
    /// Block (4 characters), scrambled index (4) and tag (4 to 12), in Crockford's base32,
    /// upper case: unguessable, and a QR code of it stays in alphanumeric mode.
    Randomised {
        /// How many characters the tag has.
        #[serde(default)]
        tag_length: TagLength,
    },
    /// A prefix and a number with leading zeros, counted up. Anybody can guess the next.
    Sequential(SequentialFormat),
    /// A number under 2^38 without leading zeros, as an SGTIN-96 tag can hold (GS1 TDS 2.x,
    /// SGTIN-96), from a counter that a keyed bijection permutes.
    Numeric38,
    /// The brand's own, given with the request.
    Provided,
}

impl Default for SerialScheme {
    fn default() -> Self {
        Self::Randomised {
            tag_length: TagLength::default(),
        }
    }
}

/// How many characters of 5 bits a randomised serial's tag has: 4 to 12.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct TagLength(u8);

/// Why a scheme cannot be. Correct the parameter that it names.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SchemeError {
    /// A tag has 4 to 12 characters.
    #[error("tag_length `{0}` is not between 4 and 12")]
    TagLength(u8),
    /// The prefix has a character that no serial may have.
    #[error("prefix `{prefix}` has `{character}`, which is not in GS1 character set 82")]
    PrefixCharacter {
        /// The prefix.
        prefix: String,
        /// The character.
        character: char,
    },
    /// The number has no digit, or too many, or the whole is over 20 characters.
    #[error(
        "prefix `{prefix}` and {digits} digits do not make a serial: it needs 1 to 18 digits \
         and at most 20 characters together"
    )]
    Length {
        /// The prefix.
        prefix: String,
        /// How many digits were asked for.
        digits: u8,
    },
    /// The texts would look like randomised serials.
    #[error(
        "prefix `{prefix}` and {digits} digits look like a randomised serial: keep it under 12 \
         characters, or put a `-` into the prefix"
    )]
    LooksRandomised {
        /// The prefix.
        prefix: String,
        /// How many digits were asked for.
        digits: u8,
    },
    /// The texts would look like numeric serials.
    #[error(
        "prefix `{prefix}` and {digits} digits look like a numeric38 serial: use a prefix with \
         something else than digits in it, or one that begins with 0"
    )]
    LooksNumeric {
        /// The prefix.
        prefix: String,
        /// How many digits were asked for.
        digits: u8,
    },
}

impl TagLength {
    /// The lengths that there are.
    pub const RANGE: std::ops::RangeInclusive<u8> = 4..=12;

    /// So many characters.
    ///
    /// # Errors
    /// [`SchemeError::TagLength`] under 4 and over 12.
    pub fn new(characters: u8) -> Result<Self, SchemeError> {
        match Self::RANGE.contains(&characters) {
            true => Ok(Self(characters)),
            false => Err(SchemeError::TagLength(characters)),
        }
    }

    /// How many characters.
    pub const fn get(self) -> u8 {
        self.0
    }

    /// How long a whole serial is: block and index have 4 characters each.
    pub(crate) const fn serial_length(self) -> usize {
        self.0 as usize + 8
    }
}

impl Default for TagLength {
    fn default() -> Self {
        Self(4)
    }
}

impl TryFrom<u8> for TagLength {
    type Error = SchemeError;

    fn try_from(characters: u8) -> Result<Self, SchemeError> {
        Self::new(characters)
    }
}

impl From<TagLength> for u8 {
    fn from(length: TagLength) -> Self {
        length.0
    }
}

/// The form of sequential serials: a prefix, and how many digits the number has.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "RawFormat", into = "RawFormat")]
pub struct SequentialFormat {
    prefix: String,
    digits: u8,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFormat {
    #[serde(default)]
    prefix: String,
    digits: u8,
}

impl SequentialFormat {
    /// Serials that begin with `prefix` and end with a number of so many digits.
    ///
    /// # Errors
    /// [`SchemeError`] when the texts would be no serials, or could be taken for those of
    /// another scheme.
    pub fn new(prefix: &str, digits: u8) -> Result<Self, SchemeError> {
        let format = Self {
            prefix: prefix.to_owned(),
            digits,
        };
        let foreign = |c: &char| !u8::try_from(*c).is_ok_and(crate::gs1::is_cset82);
        if let Some(character) = prefix.chars().find(foreign) {
            let prefix = format.prefix;
            return Err(SchemeError::PrefixCharacter { prefix, character });
        }
        if !(1..=18).contains(&digits) || format.serial_length() > Serial::MAX {
            let prefix = format.prefix;
            return Err(SchemeError::Length { prefix, digits });
        }
        if format.looks_randomised() {
            let prefix = format.prefix;
            return Err(SchemeError::LooksRandomised { prefix, digits });
        }
        if format.looks_numeric() {
            let prefix = format.prefix;
            return Err(SchemeError::LooksNumeric { prefix, digits });
        }
        Ok(format)
    }

    /// What every serial begins with.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// How many digits the number has.
    pub const fn digits(&self) -> u8 {
        self.digits
    }

    /// The largest number that fits.
    pub const fn last(&self) -> u64 {
        10_u64.pow(self.digits as u32) - 1
    }

    fn serial_length(&self) -> usize {
        self.prefix.len() + usize::from(self.digits)
    }

    fn looks_randomised(&self) -> bool {
        let letter_first = self.prefix.starts_with(|c: char| c.is_ascii_alphabetic());
        letter_first && self.serial_length() >= 12 && is_crockford(self.prefix.as_bytes())
    }

    /// 2^38 has 12 digits. With an empty prefix the number itself may begin with any digit.
    fn looks_numeric(&self) -> bool {
        let digits_only = self.prefix.bytes().all(|byte| byte.is_ascii_digit());
        digits_only && !self.prefix.starts_with('0') && self.serial_length() <= 12
    }

    /// The number of a serial of this form.
    pub fn number_of(&self, serial: &[u8]) -> Option<u64> {
        let digits = serial.strip_prefix(self.prefix.as_bytes())?;
        if digits.len() != usize::from(self.digits) {
            return None;
        }
        digits.iter().try_fold(0, |number, byte| {
            let digit = byte.is_ascii_digit().then(|| u64::from(byte - b'0'))?;
            Some(number * 10 + digit)
        })
    }

    /// Whether some serial could be of this form and of the other: then the two may not be
    /// used for the same product.
    pub fn overlaps(&self, other: &Self) -> bool {
        let (short, long) = match self.prefix.len() <= other.prefix.len() {
            true => (self, other),
            false => (other, self),
        };
        let rest = long.prefix.strip_prefix(short.prefix.as_str());
        self != other
            && self.serial_length() == other.serial_length()
            && rest.is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
    }
}

impl TryFrom<RawFormat> for SequentialFormat {
    type Error = SchemeError;

    fn try_from(raw: RawFormat) -> Result<Self, SchemeError> {
        Self::new(&raw.prefix, raw.digits)
    }
}

impl From<SequentialFormat> for RawFormat {
    fn from(format: SequentialFormat) -> Self {
        Self {
            prefix: format.prefix,
            digits: format.digits,
        }
    }
}

/// The prefix and a `#` for each digit.
impl fmt::Display for SequentialFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.prefix)?;
        f.write_str(&"#".repeat(usize::from(self.digits)))
    }
}

impl fmt::Debug for SequentialFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{self}`")
    }
}
