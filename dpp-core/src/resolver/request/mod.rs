//! What arrives, and what of it is understood.

mod host;
mod language;
mod malformed;
pub(super) mod quality;
mod target;
mod visitor;

use std::net::IpAddr;

use super::answer::{LinkType, wants_linkset};
use super::record::CutAddress;
use crate::gs1::percent;
use crate::time::Timestamp;

pub use host::{Host, HostError};
pub use language::{
    AcceptLanguage, LanguageTag, LanguageTagError, MAX_LANGUAGE_RANGES, MAX_LANGUAGE_TAG,
};
pub use malformed::Malformed;
pub use target::Target;
pub use visitor::{MAX_USER_AGENT, Visitor};

/// How many bytes of a list of languages are looked at.
const MOST_OF_LANGUAGES: usize = 1_024;

/// A request as it came in from anybody. Nothing of it is trusted.
#[derive(Debug, Clone, Copy, Default)]
pub struct ScanRequest<'a> {
    /// The method, such as `GET`.
    pub method: &'a str,
    /// The `Host` header, or `:authority`.
    pub host: Option<&'a [u8]>,
    /// The path, not decoded; it begins with a slash.
    pub path: &'a [u8],
    /// What stands behind the `?`, not decoded; none without one.
    pub query: Option<&'a [u8]>,
    /// The `User-Agent` header.
    pub user_agent: Option<&'a [u8]>,
    /// The `Accept` header; several are joined with commas.
    pub accept: Option<&'a [u8]>,
    /// The `Accept-Language` header; several are joined with commas.
    pub accept_language: Option<&'a [u8]>,
    /// Who asks. It is cut before anything else is done with it.
    pub client: Option<IpAddr>,
}

/// A request that some valid link looks like.
#[derive(Debug, Clone)]
pub struct Scan {
    /// How it was asked.
    pub method: ScanMethod,
    /// Which host was asked.
    pub host: Host,
    /// What was asked for.
    pub target: Target,
    /// The path as it came.
    pub path: String,
    /// The query as it came; none without a `?`.
    pub query: Option<String>,
    /// Who asks.
    pub visitor: Visitor,
    /// What a GS1-conformant resolver is asked for beside the target.
    pub wants: Wants,
    /// Which languages are liked: the header as it came, of which no more is kept than is read.
    pub accept_language: Option<Vec<u8>>,
    /// The network that it came from.
    pub network: Option<CutAddress>,
    /// When it came.
    pub at: Timestamp,
}

/// How a resolver may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScanMethod {
    /// `GET`: a scan.
    Get,
    /// `HEAD`: what a scan would be answered; nothing happens.
    Head,
    /// `OPTIONS`: what may be asked.
    Options,
}

/// What a GS1-conformant resolver is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wants {
    /// The default link.
    Default,
    /// A link of this type.
    Link(LinkType),
    /// A link of a type that cannot be one.
    NoSuchLink,
    /// All links, as a linkset.
    Linkset,
}

/// Why a request is not looked at any further.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// No valid link looks so.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// The method is none of a resolver's.
    #[error("the method is neither `GET` nor `HEAD` nor `OPTIONS`")]
    Method,
}

impl Scan {
    /// Understands a request that came at this time.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn read(request: &ScanRequest<'_>, at: Timestamp) -> Result<Self, Refused> {
        Self::read_by(request, at, Visitor::of)
    }

    /// The same, with somebody who knows visitors by their user agents, as [`Visitor::of`] does.
    pub(crate) fn read_by(
        request: &ScanRequest<'_>,
        at: Timestamp,
        visitor: impl FnOnce(Option<&[u8]>) -> Visitor,
    ) -> Result<Self, Refused> {
        let method = method(request.method)?;
        let host =
            Host::parse(ascii(request.host.ok_or(Malformed::NoHost)?)?).map_err(Malformed::from)?;
        let path = ascii(request.path)?;
        let query = request.query.map(ascii).transpose()?;
        let target = Target::parse(&host, path, query)?;
        let wants = wants(query, request.accept);
        Ok(Self {
            method,
            host,
            target,
            path: path.to_owned(),
            query: query.map(str::to_owned),
            visitor: visitor(request.user_agent),
            wants,
            accept_language: request
                .accept_language
                .map(|header| header.iter().copied().take(MOST_OF_LANGUAGES).collect()),
            network: request.client.map(CutAddress::of),
            at,
        })
    }
}

/// Methods are case-sensitive (RFC 9110, 9.1).
fn method(text: &str) -> Result<ScanMethod, Refused> {
    match text {
        "GET" => Ok(ScanMethod::Get),
        "HEAD" => Ok(ScanMethod::Head),
        "OPTIONS" => Ok(ScanMethod::Options),
        _ => Err(Refused::Method),
    }
}

fn ascii(bytes: &[u8]) -> Result<&str, Malformed> {
    match bytes.is_ascii() {
        true => std::str::from_utf8(bytes).map_err(|_| Malformed::NotAscii),
        false => Err(Malformed::NotAscii),
    }
}

/// `linkType` rules over `Accept`; of several, the first counts.
fn wants(query: Option<&str>, accept: Option<&[u8]>) -> Wants {
    let parameters = query.unwrap_or_default().split(['&', ';']);
    let mut values = parameters.filter_map(|parameter| parameter.strip_prefix("linkType="));
    let Some(value) = values.next().filter(|value| !value.is_empty()) else {
        return match wants_linkset(accept) {
            true => Wants::Linkset,
            false => Wants::Default,
        };
    };
    let decoded = percent::decode(value).ok();
    let text = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
    match text.as_deref() {
        Some("linkset") => Wants::Linkset,
        Some(text) => LinkType::parse(text).map_or(Wants::NoSuchLink, Wants::Link),
        None => Wants::NoSuchLink,
    }
}
