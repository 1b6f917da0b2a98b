//! A digest over units, recorded when they are minted.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::batch_identity::Unit;
use super::ids::MintBatchId;

/// A BLAKE3 digest over the canonical bytes of a run of units: their batch's id, then of
/// each its index (4 bytes, most significant first), its id (16 bytes), the length of its
/// serial (1 byte, 0 for none) and the serial. Text is 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct UnitsDigest([u8; 32]);

/// Why a text is not a digest. Pass 64 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{input}` is not a digest of 64 hexadecimal digits")]
pub struct DigestError {
    /// What was given.
    pub input: String,
}

/// Large enough for BLAKE3 to hash many chunks at once.
const BUFFER: usize = 32 * 1024;

impl UnitsDigest {
    /// The digest over these units of this batch.
    pub fn of(batch: MintBatchId, units: impl IntoIterator<Item = Unit>) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("dpp 1 minted units");
        hasher.update(batch.as_uuid().as_bytes());
        let mut buffer = Vec::with_capacity(BUFFER + 64);
        for unit in units {
            push_canonical(&mut buffer, &unit);
            if buffer.len() >= BUFFER {
                hasher.update(&buffer);
                buffer.clear();
            }
        }
        hasher.update(&buffer);
        Self(*hasher.finalize().as_bytes())
    }
}

#[inline]
fn push_canonical(buffer: &mut Vec<u8>, unit: &Unit) {
    buffer.extend_from_slice(&unit.index.to_be_bytes());
    buffer.extend_from_slice(unit.id.as_uuid().as_bytes());
    let serial = unit
        .serial
        .as_ref()
        .map(|serial| serial.as_bytes())
        .unwrap_or_default();
    buffer.push(serial.len() as u8);
    buffer.extend_from_slice(serial);
}

impl FromStr for UnitsDigest {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, DigestError> {
        blake3::Hash::from_hex(text)
            .map(|hash| Self(*hash.as_bytes()))
            .map_err(|_| DigestError {
                input: text.to_owned(),
            })
    }
}

impl TryFrom<String> for UnitsDigest {
    type Error = DigestError;

    fn try_from(text: String) -> Result<Self, DigestError> {
        text.parse()
    }
}

impl From<UnitsDigest> for String {
    fn from(digest: UnitsDigest) -> Self {
        digest.to_string()
    }
}

impl fmt::Display for UnitsDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&blake3::Hash::from_bytes(self.0).to_hex())
    }
}

impl fmt::Debug for UnitsDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
