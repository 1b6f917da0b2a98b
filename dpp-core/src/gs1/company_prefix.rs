//! How long a company prefix is.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How many digits of a GTIN are the GS1 Company Prefix of whoever it was issued to, 6 to 12.
///
/// A GTIN does not say it: GS1 does, with the prefix. Only EPC schemes without a `+` need it.
/// In JSON it is a number.
///
/// Source: EPC Tag Data Standard, the partition tables.
///
/// ```
/// use dpp_core::gs1::CompanyPrefixLength;
///
/// assert_eq!(CompanyPrefixLength::new(7)?.get(), 7);
/// assert!(CompanyPrefixLength::new(5).is_err());
/// # Ok::<(), dpp_core::gs1::CompanyPrefixLengthError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct CompanyPrefixLength(u8);

/// Why a number is not the length of a company prefix. Pass 6 to 12: GS1's certificate of the
/// prefix tells which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("`{digits}` is not the length of a GS1 company prefix: it has 6 to 12 digits")]
pub struct CompanyPrefixLengthError {
    /// What was given.
    pub digits: u8,
}

impl CompanyPrefixLength {
    /// So many digits.
    ///
    /// # Errors
    /// [`CompanyPrefixLengthError`] for anything but 6 to 12.
    pub const fn new(digits: u8) -> Result<Self, CompanyPrefixLengthError> {
        match digits {
            6..=12 => Ok(Self(digits)),
            _ => Err(CompanyPrefixLengthError { digits }),
        }
    }

    /// How many digits.
    pub const fn get(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for CompanyPrefixLength {
    type Error = CompanyPrefixLengthError;

    fn try_from(digits: u8) -> Result<Self, CompanyPrefixLengthError> {
        Self::new(digits)
    }
}

impl From<CompanyPrefixLength> for u8 {
    fn from(length: CompanyPrefixLength) -> Self {
        length.get()
    }
}

impl fmt::Display for CompanyPrefixLength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
