//! What exports make.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What an export makes (SPEC section 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// Every unit with its state, for the brand's own records.
    Manifest,
    /// Every unit, for a printer of QR codes.
    QrManifest,
    /// Every unit, for a writer of NFC tags.
    NfcManifest,
    /// Every unit, for a writer of RFID tags.
    RfidManifest,
    /// QR codes as SVG files.
    QrBundle,
}

impl ExportFormat {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Manifest => "manifest",
            Self::QrManifest => "qr_manifest",
            Self::NfcManifest => "nfc_manifest",
            Self::RfidManifest => "rfid_manifest",
            Self::QrBundle => "qr_bundle",
        }
    }
}

impl fmt::Display for ExportFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
