//! The file of a pack, as the log tells of it.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::sha256::Sha256Digest;
use crate::serde_text::serde_as_text;

/// The most bytes of a path.
const MAX_PATH: usize = 512;

/// Where a pack's file lies in the host's storage: a relative path of 1 to 512 bytes of
/// `A-Z a-z 0-9 - . _ /`, without an empty, a `.` or a `..` segment.
///
/// It never leaves the folder that it is looked up in, and means the same in a file system, in
/// an object store and in a URL.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PackPath(Arc<str>);

/// Why a text is not the path of a pack. Pass a relative one of 1 to 512 bytes of
/// `A-Z a-z 0-9 - . _ /`, without an empty, a `.` or a `..` segment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{input}` is not a relative path of 1 to {MAX_PATH} bytes of `A-Z a-z 0-9 - . _ /`, without \
     empty segments, `.` and `..`"
)]
pub struct PackPathError {
    /// What was given.
    pub input: String,
}

impl PackPath {
    /// Reads a path.
    ///
    /// # Errors
    /// [`PackPathError`] when it is empty, too long, has other bytes, or a segment that is
    /// empty, `.` or `..`.
    pub fn parse(text: &str) -> Result<Self, PackPathError> {
        let right = text.len() <= MAX_PATH && text.split('/').all(is_segment);
        match right {
            true => Ok(Self(text.into())),
            false => Err(PackPathError {
                input: text.to_owned(),
            }),
        }
    }

    /// The path.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_segment(segment: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    !matches!(segment, "" | "." | "..") && segment.bytes().all(allowed)
}

impl FromStr for PackPath {
    type Err = PackPathError;

    fn from_str(text: &str) -> Result<Self, PackPathError> {
        Self::parse(text)
    }
}

impl fmt::Display for PackPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for PackPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

serde_as_text!(PackPath, "the path of a pack");

/// The file of a pack that is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackFile {
    /// Where it lies.
    pub path: PackPath,
    /// How long it is.
    pub bytes: u64,
    /// How many units it has.
    pub rows: u32,
    /// The digest over its bytes.
    pub sha256: Sha256Digest,
}
