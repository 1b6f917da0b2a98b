//! What a text needs of a symbol.

use std::borrow::Cow;

/// How a text is written into a symbol (ISO/IEC 18004, 7.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// `0-9 A-Z $ % * + - . / :` and space, in 5.5 bits each.
    Alphanumeric,
    /// Any text as its UTF-8, in 8 bits a byte.
    Byte,
}

impl Mode {
    pub(super) fn of(text: &str) -> Self {
        if text.bytes().all(is_alphanumeric) {
            Self::Alphanumeric
        } else {
            Self::Byte
        }
    }
}

fn is_alphanumeric(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit() || b" $%*+-./:".contains(&byte)
}

/// How long the longest of some texts are: what a version has to hold so that each of them fits.
///
/// ```
/// use dpp_exports::qr::Lengths;
///
/// let mut lengths = Lengths::default();
/// lengths.add("HTTPS://ID.EXAMPLE.COM/01/09506000134352/10/LOT42A");
/// lengths.add("https://id.example.com/ml/9");
/// assert_eq!(lengths, Lengths::of([
///     "HTTPS://ID.EXAMPLE.COM/01/09506000134352/10/LOT42A",
///     "https://id.example.com/ml/9",
/// ]));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lengths {
    alphanumeric: usize,
    byte: usize,
}

impl Lengths {
    /// Those of no text.
    pub const NONE: Self = Self {
        alphanumeric: 0,
        byte: 0,
    };

    /// Those of all these texts.
    pub fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut lengths = Self::default();
        for text in texts {
            lengths.add(text);
        }
        lengths
    }

    /// Takes one more text into account.
    pub fn add(&mut self, text: &str) {
        let longest = match Mode::of(text) {
            Mode::Alphanumeric => &mut self.alphanumeric,
            Mode::Byte => &mut self.byte,
        };
        *longest = text.len().max(*longest);
    }

    pub(super) fn each(&self) -> [(Mode, usize); 2] {
        [
            (Mode::Alphanumeric, self.alphanumeric),
            (Mode::Byte, self.byte),
        ]
    }
}

/// A URL with its scheme and host in upper case, whose case means nothing (RFC 3986, 6.2.2.1). If
/// the rest is in upper case too, its symbol is up to two versions smaller.
///
/// What has no `://` stays as it is.
///
/// ```
/// use dpp_exports::qr::upper_case_host;
///
/// let url = upper_case_host("https://id.example.com/eu/01/09506000134352");
/// assert_eq!(url, "HTTPS://ID.EXAMPLE.COM/eu/01/09506000134352");
/// ```
pub fn upper_case_host(url: &str) -> Cow<'_, str> {
    let Some((scheme, rest)) = url.split_once("://") else {
        return Cow::Borrowed(url);
    };
    let host = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(host);
    let (scheme, host) = (scheme.to_ascii_uppercase(), host.to_ascii_uppercase());
    Cow::Owned(format!("{scheme}://{host}{path}"))
}
