//! A digest over units, recorded when they are minted.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::batch_identity::{Unit, Units};
use super::ids::MintBatchId;
use super::urls::UnitUrls;
use crate::gs1::Serial;

/// A BLAKE3 digest over the canonical bytes of a run of units: their batch's id, what their
/// resolver URLs are made of ([`UnitUrls::canonical`]), then of each its index (4 bytes, most significant first), its id (16 bytes), the length of its
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

/// Index, id, length and the longest serial.
const LONGEST: usize = 4 + 16 + 1 + 20;

impl UnitsDigest {
    /// The digest over these units of this batch, which have these URLs.
    pub fn of(batch: MintBatchId, urls: &UnitUrls, units: impl IntoIterator<Item = Unit>) -> Self {
        let mut canonical = Canonical::new(batch, urls);
        units.into_iter().for_each(|unit| canonical.push(&unit));
        canonical.finish()
    }

    /// The same over units as they are derived, without a copy of each.
    pub fn of_runs(batch: MintBatchId, urls: &UnitUrls, mut units: Units<'_>) -> Self {
        let mut canonical = Canonical::new(batch, urls);
        while let Some(run) = units.next_run() {
            run.iter().for_each(|unit| canonical.push(unit));
        }
        canonical.finish()
    }
}

/// The canonical bytes on their way into the hash.
struct Canonical {
    hasher: blake3::Hasher,
    buffer: Vec<u8>,
    used: usize,
}

impl Canonical {
    fn new(batch: MintBatchId, urls: &UnitUrls) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("dpp 1 minted units");
        hasher.update(batch.as_uuid().as_bytes());
        hasher.update(&urls.canonical());
        Self {
            hasher,
            buffer: vec![0; BUFFER + LONGEST],
            used: 0,
        }
    }

    #[inline]
    fn push(&mut self, unit: &Unit) {
        let free = self.buffer.get_mut(self.used..).unwrap_or_default();
        self.used += write_canonical(free, unit);
        if self.used >= BUFFER {
            self.flush();
        }
    }

    fn flush(&mut self) {
        self.hasher
            .update(self.buffer.get(..self.used).unwrap_or_default());
        self.used = 0;
    }

    fn finish(mut self) -> UnitsDigest {
        self.flush();
        UnitsDigest(*self.hasher.finalize().as_bytes())
    }
}

/// Writes with copies of fixed length: what stands behind the serial is written over by the
/// next unit. Tells how many bytes count.
#[inline]
fn write_canonical(out: &mut [u8], unit: &Unit) -> usize {
    let Some(out) = out.first_chunk_mut::<LONGEST>() else {
        return 0;
    };
    let (serial, length) = unit.serial.as_ref().map_or((&[0; 20], 0), Serial::parts);
    let (index, out) = out.split_at_mut(4);
    let (id, out) = out.split_at_mut(16);
    let (len, text) = out.split_at_mut(1);
    index.copy_from_slice(&unit.index.to_be_bytes());
    id.copy_from_slice(unit.id.as_uuid().as_bytes());
    len.copy_from_slice(&[length as u8]);
    text.copy_from_slice(serial);
    LONGEST - 20 + length
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
