//! What a Digital Link starts with.

use std::fmt;
use std::net::Ipv6Addr;
use std::str::FromStr;

use super::digital_link::is_primary_key;
use super::percent::{self, PercentError};
use super::piece::Piece;
use super::quote::quote;
use crate::serde_text::serde_as_text;

/// The most bytes of a base: enough for any host, and short enough that every link built on it can be parsed.
const MAX_BASE: usize = 1024;

/// What a Digital Link starts with: scheme, host, perhaps a port, perhaps a stem of path segments.
///
/// Scheme and host are kept in lower case, since their case means nothing (RFC 3986, 6.2.2.1). The stem is kept
/// as it is, byte for byte: the case of a path does mean something. There is no slash at the end.
///
/// Hosts are checked by their characters only (letters, digits, `-`, `.`; an IPv6 address in brackets): not
/// that they exist, nor the length of their labels.
///
/// Source: GS1 Digital Link: URI Syntax 1.7 (custom domains and stems).
///
/// ```
/// use dpp_core::gs1::ResolverBase;
///
/// let base = ResolverBase::parse("HTTPS://ID.Example.com/eu/p/")?;
/// assert_eq!(base.to_string(), "https://id.example.com/eu/p");
/// assert_eq!((base.host(), base.stem()), ("id.example.com", "/eu/p"));
/// assert_eq!(base.to_upper_case_string(), "HTTPS://ID.EXAMPLE.COM/eu/p");
/// # Ok::<(), dpp_core::gs1::ResolverBaseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResolverBase {
    scheme: Scheme,
    host: String,
    port: Option<u16>,
    stem: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Scheme {
    Http,
    Https,
}

impl ResolverBase {
    /// Reads `http` or `https`, a host, and what may follow. One slash at the end is stripped.
    ///
    /// The scheme stands in lower or upper case; a mixed one is refused, as the GS1 reference parser does.
    /// A stem segment must not be empty, a path step (`.`, `..`), or the AI of a GS1 primary key such as `01`:
    /// a link's own path would seem to start there.
    ///
    /// # Errors
    ///
    /// A [`ResolverBaseError`] with the byte at which the first thing is wrong.
    pub fn parse(input: &str) -> Result<Self, ResolverBaseError> {
        let text = input
            .strip_suffix('/')
            .filter(|text| !text.ends_with(":/"))
            .unwrap_or(input);
        read(Piece::whole(text)).map_err(|(at, kind)| ResolverBaseError {
            at,
            kind,
            input: quote(input),
        })
    }

    /// The base of canonical links: `https://id.gs1.org`.
    pub fn gs1() -> Self {
        Self {
            scheme: Scheme::Https,
            host: "id.gs1.org".to_owned(),
            port: None,
            stem: String::new(),
        }
    }

    /// The base of a host in lower case, whose form was checked, with `https` and a stem: empty, or
    /// what [`stem`](Self::stem) gives.
    pub(super) fn on_host(host: &str, stem: Piece<'_>) -> Result<Self, Refused> {
        if host.len() + stem.text.len() > MAX_BASE - "https://".len() {
            return Err((stem.at, Kind::TooLong { max: MAX_BASE }));
        }
        Ok(Self {
            scheme: Scheme::Https,
            host: host.to_owned(),
            port: None,
            stem: stem
                .cut("/")
                .1
                .map(read_stem)
                .transpose()?
                .unwrap_or_default(),
        })
    }

    /// The host, in lower case, without the port; an IPv6 address with its brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, if one is given.
    pub const fn port(&self) -> Option<u16> {
        self.port
    }

    /// The stem: empty, or segments that each begin with a slash.
    pub fn stem(&self) -> &str {
        &self.stem
    }

    /// Whether the scheme is `https`.
    pub const fn is_https(&self) -> bool {
        matches!(self.scheme, Scheme::Https)
    }

    /// The same base with scheme and host in upper case; the stem stays as it is.
    pub fn to_upper_case_string(&self) -> String {
        let mut text = self.origin().to_ascii_uppercase();
        text.push_str(&self.stem);
        text
    }

    fn origin(&self) -> String {
        let scheme = self.scheme.as_str();
        match self.port {
            Some(port) => format!("{scheme}://{}:{port}", self.host),
            None => format!("{scheme}://{}", self.host),
        }
    }
}

impl Scheme {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }
}

/// Why a text is not a [`ResolverBase`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind} at byte {at} of `{input}`")]
pub struct ResolverBaseError {
    /// The byte of the input at which it goes wrong.
    pub at: usize,
    /// What is wrong there.
    pub kind: ResolverBaseErrorKind,
    input: String,
}

/// What is wrong with a [`ResolverBase`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResolverBaseErrorKind {
    /// It is longer than 1,024 bytes. The caller has to shorten the stem.
    #[error("more than {max} bytes")]
    TooLong {
        /// The most bytes.
        max: usize,
    },
    /// It does not begin with `http://` or `https://`. The caller can put `https://` in front.
    #[error("no `http://` or `https://`")]
    NoScheme,
    /// The scheme is neither all lower nor all upper case. The caller can write it in lower case.
    #[error("a scheme in mixed case")]
    MixedCaseScheme,
    /// A name or password stands before the host. The caller has to drop it: printed codes hold no secrets.
    #[error("a user before the host")]
    UserInfo,
    /// There is no host. The caller has to give one.
    #[error("no host")]
    NoHost,
    /// A character that no host has. The caller can write a name of another script in Punycode (`xn--`).
    #[error("`{}`, which no host has,", quote(found.encode_utf8(&mut [0; 4])))]
    IllegalInHost {
        /// The character.
        found: char,
    },
    /// Brackets without an IPv6 address between them, or with a zone. The caller has to correct the address.
    #[error("no IPv6 address")]
    NoIpv6Address,
    /// A colon without a port of 0 to 65,535 behind it. The caller can drop the colon.
    #[error("no port from 0 to 65535")]
    NoPort,
    /// A `?` or `#`. The caller has to drop what begins there: it belongs at the end of a link.
    #[error("a query or fragment")]
    QueryOrFragment,
    /// Two slashes in a row, or at the end. The caller can drop one.
    #[error("an empty stem segment")]
    EmptyStemSegment,
    /// A stem segment `.` or `..`, which browsers resolve away. The caller has to write the path without it.
    #[error("a stem segment that is a path step")]
    PathStepInStem,
    /// A stem segment that is the AI of a GS1 primary key. The caller has to name the segment otherwise.
    #[error("the GS1 key `{key}` as a stem segment")]
    KeyInStem {
        /// The AI.
        key: String,
    },
    /// A character that a path segment must not have as it is. The caller can percent-encode it.
    #[error("`{}`, which no path has,", quote(found.encode_utf8(&mut [0; 4])))]
    IllegalInStem {
        /// The character.
        found: char,
    },
    /// A wrong percent escape. The caller can write a lone `%` as `%25`.
    #[error("a wrong escape: {0}")]
    Escape(PercentError),
}

use ResolverBaseErrorKind as Kind;

type Refused = (usize, Kind);

/// Reads a base without a slash at its end.
pub(super) fn read(text: Piece<'_>) -> Result<ResolverBase, Refused> {
    if text.text.len() > MAX_BASE {
        return Err((text.at + MAX_BASE, Kind::TooLong { max: MAX_BASE }));
    }
    let (scheme, Some(rest)) = text.cut("://") else {
        return Err((text.at, Kind::NoScheme));
    };
    let scheme = read_scheme(scheme)?;
    if let Some(found) = rest.text.find(['?', '#']) {
        return Err((rest.at + found, Kind::QueryOrFragment));
    }
    let (authority, stem) = rest.cut("/");
    let (host, port) = read_authority(authority)?;
    let stem = stem.map(read_stem).transpose()?.unwrap_or_default();
    Ok(ResolverBase {
        scheme,
        host,
        port,
        stem,
    })
}

fn read_scheme(scheme: Piece<'_>) -> Result<Scheme, Refused> {
    match scheme.text {
        "http" | "HTTP" => Ok(Scheme::Http),
        "https" | "HTTPS" => Ok(Scheme::Https),
        other if other.eq_ignore_ascii_case("http") || other.eq_ignore_ascii_case("https") => {
            Err((scheme.at, Kind::MixedCaseScheme))
        }
        _ => Err((scheme.at, Kind::NoScheme)),
    }
}

fn read_authority(authority: Piece<'_>) -> Result<(String, Option<u16>), Refused> {
    if authority.text.contains('@') {
        return Err((authority.at, Kind::UserInfo));
    }
    let (host, port) = if authority.text.starts_with('[') {
        read_ipv6(authority)?
    } else {
        let (host, port) = authority.cut(":");
        (read_host(host)?, port)
    };
    Ok((host, port.map(read_port).transpose()?))
}

fn read_ipv6(authority: Piece<'_>) -> Result<(String, Option<Piece<'_>>), Refused> {
    let refused = (authority.at, Kind::NoIpv6Address);
    let (opening, Some(after)) = authority.cut("]") else {
        return Err(refused);
    };
    let address = opening.text.trim_start_matches('[');
    if opening.text.len() != address.len() + 1 || address.parse::<Ipv6Addr>().is_err() {
        return Err(refused);
    }
    let host = format!("[{}]", address.to_ascii_lowercase());
    match after.cut(":") {
        (Piece { text: "", .. }, port) => Ok((host, port)),
        _ => Err((after.at, Kind::NoPort)),
    }
}

fn read_host(host: Piece<'_>) -> Result<String, Refused> {
    if host.text.is_empty() {
        return Err((host.at, Kind::NoHost));
    }
    match host
        .text
        .char_indices()
        .find(|&(_, c)| !matches!(c, 'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '.'))
    {
        Some((at, found)) => Err((host.at + at, Kind::IllegalInHost { found })),
        None => Ok(host.text.to_ascii_lowercase()),
    }
}

fn read_port(port: Piece<'_>) -> Result<u16, Refused> {
    if !port.text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err((port.at, Kind::NoPort));
    }
    port.text.parse().map_err(|_| (port.at, Kind::NoPort))
}

fn read_stem(stem: Piece<'_>) -> Result<String, Refused> {
    for segment in stem.split(&['/']) {
        check_segment(segment)?;
    }
    Ok(format!("/{}", stem.text))
}

fn check_segment(segment: Piece<'_>) -> Result<(), Refused> {
    if segment.text.is_empty() {
        return Err((segment.at, Kind::EmptyStemSegment));
    }
    if let Some((at, found)) = segment
        .text
        .char_indices()
        .find(|&(_, c)| !is_path_character(c))
    {
        return Err((segment.at + at, Kind::IllegalInStem { found }));
    }
    let decoded = percent::decode(segment.text).map_err(|error| {
        (
            segment.at + error.at(),
            Kind::Escape(error.shifted(segment.at)),
        )
    })?;
    if matches!(decoded.as_slice(), b"." | b"..") {
        return Err((segment.at, Kind::PathStepInStem));
    }
    if is_primary_key(&decoded) {
        return Err((
            segment.at,
            Kind::KeyInStem {
                key: String::from_utf8_lossy(&decoded).into_owned(),
            },
        ));
    }
    Ok(())
}

/// RFC 3986, 3.3: `pchar`.
fn is_path_character(character: char) -> bool {
    u8::try_from(character)
        .is_ok_and(|byte| percent::is_unreserved(byte) || b"%!$&'()*+,;=:@".contains(&byte))
}

impl fmt::Display for ResolverBase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin())?;
        f.write_str(&self.stem)
    }
}

impl FromStr for ResolverBase {
    type Err = ResolverBaseError;

    fn from_str(input: &str) -> Result<Self, ResolverBaseError> {
        Self::parse(input)
    }
}

serde_as_text!(
    ResolverBase,
    "the base of a Digital Link, such as `https://id.example.com`"
);
