//! The carrier profile of an export: for which printer or tag encoder it is laid out.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::serde_text::serde_as_text;

/// A carrier profile in one of its versions. Which there are, and what they change, is the
/// formats' affair.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CarrierProfile {
    /// Its name.
    pub name: ProfileName,
    /// Its version: the same one makes the same bytes for ever.
    pub version: u32,
}

/// The name of a carrier profile: 1 to 64 bytes of `a-z 0-9 - . _`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProfileName(Arc<str>);

/// Why a text is not the name of a profile. Pass 1 to 64 bytes of `a-z 0-9 - . _`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{input}` is not the name of a carrier profile: 1 to 64 bytes of `a-z 0-9 - . _`")]
pub struct ProfileNameError {
    /// What was given.
    pub input: String,
}

impl ProfileName {
    /// Reads a name.
    ///
    /// # Errors
    /// [`ProfileNameError`] when it is empty, over 64 bytes, or has others.
    pub fn parse(text: &str) -> Result<Self, ProfileNameError> {
        let allowed = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_');
        match (1..=64).contains(&text.len()) && text.bytes().all(allowed) {
            true => Ok(Self(text.into())),
            false => Err(ProfileNameError {
                input: text.to_owned(),
            }),
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ProfileName {
    type Err = ProfileNameError;

    fn from_str(text: &str) -> Result<Self, ProfileNameError> {
        Self::parse(text)
    }
}

impl fmt::Display for ProfileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ProfileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

serde_as_text!(ProfileName, "the name of a carrier profile");
