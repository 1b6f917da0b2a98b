//! Paths and queries as they are kept.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

/// The most bytes that are kept of a path, or of a query.
pub const MAX_SCAN_TEXT: usize = 2048;

/// A path or a query as somebody asked for it, cut to [`MAX_SCAN_TEXT`] bytes. What is no text of
/// a URI (controls, bytes outside ASCII) is replaced by `?`.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct ScanText(Box<str>);

impl ScanText {
    /// The text as it is kept.
    pub fn of(text: &str) -> Self {
        let fits = text.len() <= MAX_SCAN_TEXT && text.bytes().all(|byte| byte.is_ascii_graphic());
        if fits {
            return Self(text.into());
        }
        let kept = |byte: u8| match byte.is_ascii_graphic() {
            true => char::from(byte),
            false => '?',
        };
        let cut = text.bytes().take(MAX_SCAN_TEXT).map(kept);
        Self(cut.collect::<String>().into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ScanText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for ScanText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::of(&text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_kept_as_it_is_and_cut_where_it_is_too_long() {
        assert_eq!(ScanText::of("a=1;b&%2F").as_str(), "a=1;b&%2F");
        assert_eq!(ScanText::of("a b\u{0}\u{e9}").as_str(), "a?b???");
        let long = "x".repeat(70_000);
        assert_eq!(ScanText::of(&long).as_str().len(), MAX_SCAN_TEXT);
    }
}
