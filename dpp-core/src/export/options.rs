//! What a request for an export can choose beside its format and profile.

use serde::{Deserialize, Serialize};

use super::pack::Sha256Digest;
use crate::gs1::CompanyPrefixLength;

/// What a request for an export can choose beside its format and profile. By default it chooses
/// nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportOptions {
    /// How long the company prefix of the product's GTIN is, for EPCs that have to tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company_prefix_length: Option<CompanyPrefixLength>,
    /// Which form of the resolver URL the QR codes of a bundle hold.
    #[serde(default, skip_serializing_if = "QrText::is_default")]
    pub qr_text: QrText,
    /// The digest over the logo in the centre of the QR codes of a bundle; none for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<Sha256Digest>,
}

impl ExportOptions {
    pub(super) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// Which form of a resolver URL a QR code holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QrText {
    /// The URL as everything else shows it.
    #[default]
    AsIs,
    /// With scheme and host in upper case, for a smaller symbol. Both are case-insensitive
    /// (RFC 3986, 3.1 and 3.2.2), so that it leads to the same.
    UpperCase,
}

impl QrText {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}
