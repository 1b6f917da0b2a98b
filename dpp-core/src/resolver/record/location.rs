//! Roughly where a scan was made.

use std::fmt;
use std::str::FromStr;

use crate::serde_text::serde_as_text;

/// A country, and perhaps a part of it: `DE`, `DE-BY`, `FR-75C`.
///
/// Only the form is checked, not that there is such a country.
///
/// Source: ISO 3166-1 alpha-2 and ISO 3166-2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CoarseLocation {
    country: [u8; 2],
    /// Padded with zeros at its end.
    part: [u8; 3],
}

/// Why a text is no [`CoarseLocation`]. Give two capital letters, and perhaps a hyphen with one
/// to three capital letters or digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a country such as `DE`, nor a part of one such as `DE-BY`")]
pub struct CoarseLocationError(String);

impl CoarseLocation {
    /// Reads a code.
    ///
    /// # Errors
    /// [`CoarseLocationError`].
    pub fn parse(text: &str) -> Result<Self, CoarseLocationError> {
        Self::read(text).ok_or_else(|| CoarseLocationError(text.chars().take(32).collect()))
    }

    fn read(text: &str) -> Option<Self> {
        let (country, part) = match text.split_once('-') {
            Some((country, part)) if (1..=3).contains(&part.len()) => (country, part),
            Some(_) => return None,
            None => (text, ""),
        };
        let country: [u8; 2] = country.as_bytes().try_into().ok()?;
        let fits = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
        if !country.iter().all(u8::is_ascii_uppercase) || !part.as_bytes().iter().all(fits) {
            return None;
        }
        let mut padded = [0; 3];
        for (to, from) in padded.iter_mut().zip(part.bytes()) {
            *to = from;
        }
        Some(Self {
            country,
            part: padded,
        })
    }

    /// The same without the part of the country.
    #[must_use]
    pub const fn country(self) -> Self {
        Self {
            part: [0; 3],
            ..self
        }
    }
}

impl fmt::Display for CoarseLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letters = |f: &mut fmt::Formatter<'_>, bytes: &[u8]| {
            let mut bytes = bytes.iter().take_while(|byte| **byte != 0);
            bytes.try_for_each(|byte| fmt::Write::write_char(f, char::from(*byte)))
        };
        letters(f, &self.country)?;
        if self.part != [0; 3] {
            f.write_str("-")?;
        }
        letters(f, &self.part)
    }
}

impl FromStr for CoarseLocation {
    type Err = CoarseLocationError;

    fn from_str(text: &str) -> Result<Self, CoarseLocationError> {
        Self::parse(text)
    }
}

serde_as_text!(CoarseLocation, "a country or a part of one");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_and_a_part_of_it_are_read_and_written() {
        for text in ["DE", "DE-BY", "FR-75C", "GB-1"] {
            assert_eq!(CoarseLocation::parse(text).unwrap().to_string(), text);
        }
        let part = CoarseLocation::parse("DE-BY").unwrap();
        assert_eq!(part.country().to_string(), "DE");
    }

    #[test]
    fn anything_finer_is_refused() {
        for text in [
            "",
            "D",
            "de",
            "DEU",
            "DE-",
            "DE-BYXX",
            "DE-by",
            "DE-B-Y",
            "48.13,11.58",
            "D\u{c9}",
        ] {
            assert!(CoarseLocation::parse(text).is_err(), "`{text}`");
        }
    }
}
