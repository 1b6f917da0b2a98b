//! What is known of a pack once it is written, and the writer that finds it out.

use std::io::{self, Write};

use dpp_core::export::Sha256Digest;
use sha2::{Digest, Sha256};

/// The SHA-256 over this content.
pub fn sha256(content: &[u8]) -> Sha256Digest {
    Sha256Digest::from_bytes(Sha256::digest(content).into())
}

/// A pack that was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PackWritten {
    /// How many units it has: its rows without the header.
    pub rows: u32,
    /// How many bytes were written.
    pub bytes: u64,
    /// The digest over those bytes.
    pub sha256: Sha256Digest,
}

/// Passes bytes on, and counts and hashes those that were taken.
#[derive(Debug)]
pub(crate) struct HashingWriter<W> {
    out: W,
    hasher: Sha256,
    bytes: u64,
}

impl<W: Write> HashingWriter<W> {
    pub(crate) fn new(out: W) -> Self {
        Self {
            out,
            hasher: Sha256::new(),
            bytes: 0,
        }
    }

    pub(crate) fn finish(self, rows: u32) -> PackWritten {
        PackWritten {
            rows,
            bytes: self.bytes,
            sha256: Sha256Digest::from_bytes(self.hasher.finalize().into()),
        }
    }
}

impl<W: Write> Write for HashingWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = self.out.write(bytes)?;
        self.hasher.update(bytes.get(..taken).unwrap_or(bytes));
        self.bytes += taken as u64;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
