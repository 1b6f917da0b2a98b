//! Which EPC a tag gets.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How a GTIN and a serial become an EPC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum EpcScheme {
    /// 96 bits, which every tag holds. Only for serials that are a number up to 274,877,906,943
    /// (2^38 - 1) without leading zeros. Needs to know how long the company prefix is.
    #[serde(rename = "sgtin_96")]
    Sgtin96,
    /// 198 bits, for any serial. Needs to know how long the company prefix is.
    #[serde(rename = "sgtin_198")]
    Sgtin198,
    /// 80 to 216 bits, for any serial: as few as the serial needs. Since TDS 2.0.
    #[serde(rename = "sgtin_plus")]
    SgtinPlus,
}

impl EpcScheme {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sgtin96 => "sgtin_96",
            Self::Sgtin198 => "sgtin_198",
            Self::SgtinPlus => "sgtin_plus",
        }
    }

    /// Whether it needs to know how long the company prefix of the GTIN is.
    pub const fn needs_company_prefix(self) -> bool {
        matches!(self, Self::Sgtin96 | Self::Sgtin198)
    }
}

impl fmt::Display for EpcScheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What kind of thing a tag is on, so that a reader can pass over others: 0 to 7. By default a
/// point of sale item, 1. In JSON it is a number.
///
/// Source: TDS, table 10-1: 0 all others, 1 point of sale item, 2 full case, 4 inner pack, 6 unit
/// load, 7 unit inside or component; 3 and 5 are reserved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct EpcFilter(u8);

/// Why a number is not a filter value. Pass 0 to 7.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("`{value}` is not a filter value of an EPC: they go from 0 to 7")]
pub struct EpcFilterError {
    /// What was given.
    pub value: u8,
}

impl EpcFilter {
    /// This value.
    ///
    /// # Errors
    /// [`EpcFilterError`] above 7.
    pub const fn new(value: u8) -> Result<Self, EpcFilterError> {
        match value {
            0..=7 => Ok(Self(value)),
            _ => Err(EpcFilterError { value }),
        }
    }

    /// The value.
    pub const fn get(self) -> u8 {
        self.0
    }
}

impl Default for EpcFilter {
    fn default() -> Self {
        Self(1)
    }
}

impl TryFrom<u8> for EpcFilter {
    type Error = EpcFilterError;

    fn try_from(value: u8) -> Result<Self, EpcFilterError> {
        Self::new(value)
    }
}

impl From<EpcFilter> for u8 {
    fn from(filter: EpcFilter) -> Self {
        filter.get()
    }
}

/// Which EPCs the units of a table get.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct EpcRule {
    /// How they are made.
    pub scheme: EpcScheme,
    /// What the tags are on.
    pub filter: EpcFilter,
}
