//! Runs of bytes behind their lengths.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Adds bytes behind their length.
pub(super) fn put(to: &mut Vec<u8>, bytes: &[u8]) {
    to.extend_from_slice(&(bytes.len() as u64).to_be_bytes());
    to.extend_from_slice(bytes);
}

/// Adds a value as JSON behind its length.
pub(super) fn put_json(to: &mut Vec<u8>, value: &impl Serialize) -> serde_json::Result<()> {
    put(to, &serde_json::to_vec(value)?);
    Ok(())
}

/// What is left to be read. Nothing is kept of it, and so a wrong length cannot make anything
/// large.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chunks<'a>(&'a [u8]);

impl<'a> Chunks<'a> {
    pub(super) const fn of(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The next so many bytes.
    pub(super) fn bytes<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (bytes, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*bytes)
    }

    /// The next bytes behind their length.
    pub(super) fn chunk(&mut self) -> Option<&'a [u8]> {
        let len = u64::from_be_bytes(self.bytes()?);
        self.take(usize::try_from(len).ok()?)
    }

    /// The next value behind its length.
    pub(super) fn json<T: DeserializeOwned>(&mut self) -> Option<T> {
        serde_json::from_slice(self.chunk()?).ok()
    }

    /// The next text behind its length in one byte.
    pub(super) fn short_text(&mut self) -> Option<&'a str> {
        let [len] = self.bytes()?;
        std::str::from_utf8(self.take(usize::from(len))?).ok()
    }

    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(bytes)
    }
}
