//! What happens to the exports of batches, as far as reads tell of them.
//!
//! This room must not know file formats, nor files.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::identity::MintBatchId;
use crate::store::typed_events;

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

typed_events! {
    /// What happens to an export.
    pub enum ExportEvent {
        /// It was asked for.
        Requested(ExportRequested) = ("export_requested", 1),
        /// All of its packs are there.
        Completed(ExportCompleted) = ("export_completed", 1),
    }
}

/// An export was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportRequested {
    /// The batch.
    pub mint_batch_id: MintBatchId,
    /// What it makes.
    pub format: ExportFormat,
}

/// All packs of an export are there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportCompleted {
    /// How many packs.
    pub packs: u32,
}
