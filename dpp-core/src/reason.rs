//! Why somebody did what cannot be undone.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use crate::serde_text::serde_as_text;

/// The most characters of a reason.
pub const MAX_REASON: usize = 500;

/// Why somebody did something, in their own words, for the audit trail: 1 to 500 characters,
/// without white space at its ends, and not only white space.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Reason(Arc<str>);

impl Reason {
    /// Reads a reason. White space at its ends is left out.
    ///
    /// # Errors
    /// [`ReasonError`] when nothing is left, or over 500 characters.
    pub fn parse(text: &str) -> Result<Self, ReasonError> {
        let text = text.trim();
        let length = text.chars().count();
        match length {
            0 => Err(ReasonError::Empty),
            1..=MAX_REASON => Ok(Self(text.into())),
            _ => Err(ReasonError::TooLong { length }),
        }
    }

    /// Why something failed: the first 500 characters of what an error says.
    pub(crate) fn of_error(message: &str) -> Self {
        let kept: String = message.trim().chars().take(MAX_REASON).collect();
        match kept.trim_end() {
            "" => Self("no reason was given".into()),
            kept => Self(kept.into()),
        }
    }

    /// The words.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a text is no reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReasonError {
    /// There is nothing in it. Say why: it cannot be undone, and others will ask.
    #[error("a reason is missing")]
    Empty,
    /// It is too long. Shorten it.
    #[error("the reason has {length} characters, and at most {MAX_REASON} are kept")]
    TooLong {
        /// How many characters it has.
        length: usize,
    },
}

impl FromStr for Reason {
    type Err = ReasonError;

    fn from_str(text: &str) -> Result<Self, ReasonError> {
        Self::parse(text)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

serde_as_text!(Reason, "a reason");
