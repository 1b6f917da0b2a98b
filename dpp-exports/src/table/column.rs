//! What a column of a table can show.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What a column of a table can show of a unit. Text is the name on the wire, in snake case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "&'static str")]
pub enum Column {
    /// The unit's id.
    MintUnitId,
    /// Its batch's id.
    MintBatchId,
    /// What is printed on it, encoded in its QR code, or written to its tag.
    ResolverUrl,
    /// Its serial, AI (21); empty in lot mode.
    Serial,
    /// The product's GTIN, AI (01), with 14 digits; empty if it has none.
    Gtin,
    /// Where the unit stood at the moment that the pack shows.
    Status,
    /// When it was made: RFC 3339, in UTC with milliseconds.
    CreatedAt,
    /// The GTIN with 13 digits, as a shop knows it; empty for one whose indicator digit is not
    /// 0, which no GTIN-13 has.
    Gtin13,
    /// The unit as a reader of bar codes shows it: `(01)<gtin>(21)<serial>`, in lot mode
    /// `(01)<gtin>(10)<lot>`; empty without a GTIN. Source: GS1 General Specifications, 4.14.
    ElementString,
    /// The resolver URL with scheme and host in upper case, for a smaller QR code; the rest
    /// as it is. Both are case-insensitive (RFC 3986, 3.1 and 3.2.2).
    ResolverUrlUpper,
    /// The unit's place in its batch, from 1.
    Sequence,
    /// The code of the unit's lot, AI (10); empty in serial mode.
    LotCode,
    /// The memory of an NFC tag of Type 2 with the resolver URL, in hexadecimal digits
    /// ([`ndef::push_type_2`](crate::tags::ndef::push_type_2)).
    NdefHex,
    /// The EPC of an RFID tag, in hexadecimal digits ([`Epc`](crate::tags::Epc)).
    EpcHex,
    /// What that EPC identifies, as a URI
    /// ([`SgtinEncoder::push_uri`](crate::tags::SgtinEncoder::push_uri)).
    EpcUri,
}

impl Column {
    /// Every column.
    pub const ALL: [Self; 15] = [
        Self::MintUnitId,
        Self::MintBatchId,
        Self::ResolverUrl,
        Self::Serial,
        Self::Gtin,
        Self::Status,
        Self::CreatedAt,
        Self::Gtin13,
        Self::ElementString,
        Self::ResolverUrlUpper,
        Self::Sequence,
        Self::LotCode,
        Self::NdefHex,
        Self::EpcHex,
        Self::EpcUri,
    ];

    /// The name on the wire, which is the header of the column where no profile gives another.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MintUnitId => "mint_unit_id",
            Self::MintBatchId => "mint_batch_id",
            Self::ResolverUrl => "resolver_url",
            Self::Serial => "serial",
            Self::Gtin => "gtin",
            Self::Status => "status",
            Self::CreatedAt => "created_at",
            Self::Gtin13 => "gtin_13",
            Self::ElementString => "element_string",
            Self::ResolverUrlUpper => "resolver_url_upper",
            Self::Sequence => "sequence",
            Self::LotCode => "lot_code",
            Self::NdefHex => "ndef_hex",
            Self::EpcHex => "epc_hex",
            Self::EpcUri => "epc_uri",
        }
    }

    /// Whether a table that has it needs to be told which EPCs its units get.
    pub const fn needs_epc(self) -> bool {
        matches!(self, Self::EpcHex | Self::EpcUri)
    }
}

/// Why a text is not the name of a [`Column`]. Pass one of [`Column::ALL`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{input}` is not the name of a column: there are {}", names())]
pub struct ColumnError {
    /// What was given.
    pub input: String,
}

fn names() -> String {
    let names = Column::ALL.map(|column| format!("`{column}`"));
    names.join(", ")
}

impl FromStr for Column {
    type Err = ColumnError;

    fn from_str(text: &str) -> Result<Self, ColumnError> {
        let mut all = Self::ALL.into_iter();
        all.find(|column| column.as_str() == text)
            .ok_or_else(|| ColumnError {
                input: text.to_owned(),
            })
    }
}

impl TryFrom<String> for Column {
    type Error = ColumnError;

    fn try_from(text: String) -> Result<Self, ColumnError> {
        text.parse()
    }
}

impl From<Column> for &'static str {
    fn from(column: Column) -> Self {
        column.as_str()
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
