//! What is known of a pack once it is written, and the writer that finds it out.

use std::fmt;
use std::io::{self, Write};

use sha2::{Digest, Sha256};

/// A SHA-256 over the bytes of a pack. Text is 64 hexadecimal digits in lower case, as
/// `sha256sum` prints them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sha256Digest([u8; 32]);

impl Sha256Digest {
    /// The digest with these bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The digest over this content.
    pub fn of(content: &[u8]) -> Self {
        Self(Sha256::digest(content).into())
    }

    /// The bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Sha256Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Sha256Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sha256Digest({self})")
    }
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
            sha256: Sha256Digest(self.hasher.finalize().into()),
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
