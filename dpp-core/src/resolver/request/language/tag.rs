//! Language tags.

use std::fmt;
use std::str::FromStr;

use oxilangtag::LanguageTag as Checked;

use crate::gs1::quote::quote;
use crate::serde_text::serde_as_text;

/// The most bytes that a language tag can have: RFC 5646, 4.4.1, asks for room for 35, and extensions are rare.
pub const MAX_LANGUAGE_TAG: usize = 64;

/// A well-formed language tag, as `de`, `pt-BR` or `zh-Hant-TW`, in the case that RFC 5646 recommends.
///
/// Well-formed is not valid: whether the registry knows a subtag is not checked. At most
/// [`MAX_LANGUAGE_TAG`] bytes.
///
/// Source: RFC 5646 (BCP 47), 2.1, 2.1.1 and 2.2.9.
///
/// ```
/// use dpp_core::resolver::LanguageTag;
///
/// assert_eq!(LanguageTag::parse("ZH-hant-tw")?.as_str(), "zh-Hant-TW");
/// assert!(LanguageTag::parse("pt_BR").is_err());
/// # Ok::<(), dpp_core::resolver::LanguageTagError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LanguageTag(Box<str>);

/// Why a text is not a [`LanguageTag`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LanguageTagError {
    /// It has not the form. The caller can write a language of two or three letters, then what narrows it down
    /// after `-`.
    #[error("`{0}` is not a language tag as RFC 5646 forms it")]
    NotWellFormed(String),
    /// It is longer than any tag in use. The caller can leave extensions out.
    #[error("the language tag `{0}` has more than {MAX_LANGUAGE_TAG} bytes")]
    TooLong(String),
}

impl LanguageTag {
    /// Reads a tag, in any case.
    ///
    /// # Errors
    ///
    /// A [`LanguageTagError`] if the text is too long or not well-formed.
    pub fn parse(input: &str) -> Result<Self, LanguageTagError> {
        if input.len() > MAX_LANGUAGE_TAG {
            return Err(LanguageTagError::TooLong(quote(input)));
        }
        match Checked::parse_and_normalize(input) {
            Ok(tag) => Ok(Self(tag.into_inner().into_boxed_str())),
            Err(_) => Err(LanguageTagError::NotWellFormed(quote(input))),
        }
    }

    /// The tag, in its recommended case.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The tag as `ll` or `ll-CC`, the only forms which the schema of GS1 linksets admits for `hreflang`:
    /// `es-419` becomes `es`, `zh-Hant-TW` becomes `zh-TW`. `None` if the language has no code of two letters, as
    /// `gsw`: a link then says no language rather than a wrong one.
    ///
    /// Source: the schema of GS1-Conformant resolvers 1.2.
    ///
    /// ```
    /// use dpp_core::resolver::LanguageTag;
    ///
    /// let degraded = |tag| LanguageTag::parse(tag).map(|tag| tag.to_hreflang());
    /// assert_eq!(degraded("zh-Hant-TW")?.as_deref(), Some("zh-TW"));
    /// assert_eq!(degraded("es-419")?.as_deref(), Some("es"));
    /// assert_eq!(degraded("gsw-CH")?, None);
    /// # Ok::<(), dpp_core::resolver::LanguageTagError>(())
    /// ```
    pub fn to_hreflang(&self) -> Option<String> {
        let tag = Checked::parse(self.as_str()).ok()?;
        let language = tag.primary_language();
        if language.len() != 2 || tag.as_str().starts_with("x-") {
            return None;
        }
        match tag.region() {
            Some(region) if region.len() == 2 => Some(format!("{language}-{region}")),
            _ => Some(language.to_owned()),
        }
    }
}

impl fmt::Display for LanguageTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for LanguageTag {
    type Err = LanguageTagError;

    fn from_str(input: &str) -> Result<Self, LanguageTagError> {
        Self::parse(input)
    }
}

serde_as_text!(LanguageTag, "a language tag (RFC 5646)");
