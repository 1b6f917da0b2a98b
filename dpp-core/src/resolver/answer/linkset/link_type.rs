//! What a link is a link to.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use crate::gs1::quote::quote;
use crate::serde_text::serde_as_text;

/// The most bytes that a link type can have, written out as a URI.
pub const MAX_LINK_TYPE: usize = 256;

/// Where GS1's vocabulary was before, and still is in links that people wrote down.
const GS1_BEFORE: [&str; 2] = ["https://gs1.org/voc/", "http://gs1.org/voc/"];

/// The relation of a link to an item, as a URI: mostly from GS1's Web Vocabulary, and anybody's.
///
/// Compared byte by byte. `gs1:dpp`, `https://ref.gs1.org/voc/dpp` and its former addresses under
/// `gs1.org/voc/` are the same; displayed, it is the full URI.
///
/// Source: GS1-Conformant Resolver 1.2.1, 2.14.
///
/// ```
/// use dpp_core::resolver::LinkType;
///
/// assert_eq!(LinkType::parse("gs1:dpp")?, LinkType::DPP);
/// assert_eq!(LinkType::DPP.to_string(), "https://ref.gs1.org/voc/dpp");
/// assert!(LinkType::parse("dpp").is_err());
/// # Ok::<(), dpp_core::resolver::LinkTypeError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkType(Cow<'static, str>);

/// Why a text is not a [`LinkType`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkTypeError {
    /// It is no URI with a scheme. The caller can write a name of GS1's vocabulary as `gs1:pip`.
    #[error("the link type `{0}` is neither a name as `gs1:pip` nor an absolute URI")]
    NotAUri(String),
    /// A name of GS1's vocabulary is made of letters and digits. The caller has to look it up there.
    #[error("`{0}` is not a name of GS1's vocabulary")]
    NotAName(String),
    /// It is longer than any link type in use. The caller has to take another.
    #[error("the link type `{0}` has more than {MAX_LINK_TYPE} bytes")]
    TooLong(String),
}

impl LinkType {
    /// The GS1 Web Vocabulary, which `gs1:` stands for.
    pub const GS1_VOCABULARY: &'static str = "https://ref.gs1.org/voc/";

    /// `gs1:dpp`: the digital product passport.
    pub const DPP: Self = Self(Cow::Borrowed("https://ref.gs1.org/voc/dpp"));
    /// `gs1:pip`: the page about the product.
    pub const PIP: Self = Self(Cow::Borrowed("https://ref.gs1.org/voc/pip"));
    /// `gs1:defaultLink`: where a request goes that asks for nothing in particular.
    pub const DEFAULT_LINK: Self = Self(Cow::Borrowed("https://ref.gs1.org/voc/defaultLink"));

    /// Reads a name as `gs1:pip`, or an absolute URI. Percent-decoding is the caller's.
    ///
    /// # Errors
    ///
    /// A [`LinkTypeError`] if the text is neither, or too long.
    pub fn parse(input: &str) -> Result<Self, LinkTypeError> {
        if input.len() > MAX_LINK_TYPE {
            return Err(LinkTypeError::TooLong(quote(input)));
        }
        let in_gs1 = ["gs1:", Self::GS1_VOCABULARY].into_iter().chain(GS1_BEFORE);
        let mut names = in_gs1.filter_map(|prefix| input.strip_prefix(prefix));
        match names.next() {
            Some(name) if is_name(name) => {
                Ok(Self(Cow::Owned(format!("{}{name}", Self::GS1_VOCABULARY))))
            }
            Some(_) => Err(LinkTypeError::NotAName(quote(input))),
            None if is_absolute_uri(input) => Ok(Self(Cow::Owned(input.to_owned()))),
            None => Err(LinkTypeError::NotAUri(quote(input))),
        }
    }

    /// The full URI.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// A scheme, and then characters of a URI: RFC 3986, 2 and 3.1.
fn is_absolute_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else {
        return false;
    };
    let in_scheme = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    let in_uri = |byte: u8| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte);
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(in_scheme)
        && !rest.is_empty()
        && rest.bytes().all(in_uri)
}

impl fmt::Display for LinkType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for LinkType {
    type Err = LinkTypeError;

    fn from_str(input: &str) -> Result<Self, LinkTypeError> {
        Self::parse(input)
    }
}

serde_as_text!(LinkType, "a link type: a name as `gs1:pip`, or a URI");
