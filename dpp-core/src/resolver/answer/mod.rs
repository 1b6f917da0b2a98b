//! What a request is answered.

mod linkset;
mod page;

use super::request::LanguageTag;
use crate::unit::UnitStatus;

pub use linkset::{
    LINKSET_CONTEXT, LINKSET_LINK_HEADER, LINKSET_MEDIA_TYPE, Link, LinkContext, LinkType,
    LinkTypeError, Linkset, MAX_LINK_TYPE, ResolverDescription, wants_linkset,
};
pub use page::PreviewPage;

/// An answer, as HTTP has it: a status, headers, a body.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Answer {
    /// The scan is led on.
    Redirect {
        /// 302, or 307 of a GS1-conformant resolver.
        status: u16,
        /// Where to: a path on the same host, or a URL on a host of the site.
        location: String,
        /// How long it holds.
        cache: Cache,
        /// Where what was scanned stands; none of a batch or a product.
        state: Option<UnitStatus>,
    },
    /// A page for a program that shows a preview.
    Preview(Box<Preview>),
    /// All links.
    Linkset(Box<Linkset>),
    /// What the resolver is.
    Description(String),
    /// What may be asked.
    Options,
    /// Nothing is told but the status: 400, 404, 405 or 503.
    Error(ErrorStatus),
}

/// What a bot is shown: the product, whatever of it was asked for. See [`PreviewPage`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The product's name.
    pub title: String,
    /// What it is.
    pub description: Option<String>,
    /// The brand's name.
    pub site_name: String,
    /// The address of a picture.
    pub image: Option<String>,
    /// The address of the product's passport.
    pub url: String,
    /// The language of the texts, if it is known.
    pub language: Option<LanguageTag>,
}

impl Preview {
    /// The page.
    pub fn to_html(&self) -> String {
        let page = PreviewPage {
            title: &self.title,
            description: self.description.as_deref(),
            site_name: &self.site_name,
            image: self.image.as_deref(),
            url: &self.url,
            language: self.language.as_ref(),
        };
        page.to_html()
    }
}

/// How long a redirect may be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cache {
    /// Not at all: an activation has just happened, or is still to come.
    NoStore,
    /// An hour, by anybody.
    Hour,
}

impl Cache {
    /// The value of the `Cache-Control` header.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoStore => "no-store, max-age=0",
            Self::Hour => "public, max-age=3600",
        }
    }
}

/// The errors that a stranger gets to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorStatus {
    /// 400: no valid link looks so.
    BadRequest,
    /// 404: unknown, forged, or another brand's; which, is not told.
    NotFound,
    /// 405: a resolver is only asked.
    MethodNotAllowed,
    /// 503: it cannot be told now. Nothing is wrong with the link.
    Unavailable,
}

impl ErrorStatus {
    /// The number.
    pub const fn code(self) -> u16 {
        match self {
            Self::BadRequest => 400,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::Unavailable => 503,
        }
    }

    const fn text(self) -> &'static str {
        match self {
            Self::BadRequest => "bad request\n",
            Self::NotFound => "not found\n",
            Self::MethodNotAllowed => "method not allowed\n",
            Self::Unavailable => "try again\n",
        }
    }
}

const METHODS: &str = "GET, HEAD, OPTIONS";

/// The header that says where what was scanned stands.
pub const STATE_HEADER: &str = "dpp-state";

impl Answer {
    /// The status.
    pub const fn status(&self) -> u16 {
        match self {
            Self::Redirect { status, .. } => *status,
            Self::Preview(_) | Self::Linkset(_) | Self::Description(_) => 200,
            Self::Options => 204,
            Self::Error(error) => error.code(),
        }
    }

    /// The headers, with names in lower case. [Those of a conformant resolver](CONFORMANT_HEADERS) are not among them, nor is
    /// `content-length`.
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        let own = |name, value: &str| (name, value.to_owned());
        match self {
            Self::Redirect {
                location,
                cache,
                state,
                ..
            } => {
                let mut headers = vec![
                    own("location", location),
                    own("cache-control", cache.as_str()),
                ];
                headers.extend(state.map(|state| own(STATE_HEADER, state.as_str())));
                headers
            }
            Self::Preview(preview) => {
                let mut headers = vec![
                    own("content-type", "text/html; charset=utf-8"),
                    own("cache-control", Cache::NoStore.as_str()),
                    own("x-content-type-options", "nosniff"),
                    own("content-security-policy", "default-src 'none'"),
                ];
                let language = preview.language.as_ref().map(LanguageTag::as_str);
                headers.extend(language.map(|tag| own("content-language", tag)));
                headers
            }
            Self::Linkset(_) => vec![
                own("content-type", LINKSET_MEDIA_TYPE),
                own("cache-control", Cache::NoStore.as_str()),
                own("link", LINKSET_LINK_HEADER),
            ],
            Self::Description(_) => vec![
                own("content-type", "application/json"),
                own("cache-control", Cache::Hour.as_str()),
            ],
            Self::Options => vec![own("allow", METHODS)],
            Self::Error(error) => {
                let mut headers = vec![
                    own("content-type", "text/plain; charset=utf-8"),
                    own("cache-control", "no-store"),
                ];
                match error {
                    ErrorStatus::MethodNotAllowed => headers.push(own("allow", METHODS)),
                    ErrorStatus::Unavailable => headers.push(own("retry-after", "1")),
                    ErrorStatus::BadRequest | ErrorStatus::NotFound => {}
                }
                headers
            }
        }
    }

    /// The body; empty of a redirect. A request by `HEAD` must not be sent it.
    pub fn body(&self) -> String {
        match self {
            Self::Redirect { .. } | Self::Options => String::new(),
            Self::Preview(preview) => preview.to_html(),
            Self::Linkset(linkset) => linkset.to_json(),
            Self::Description(json) => json.clone(),
            Self::Error(error) => error.text().to_owned(),
        }
    }
}

/// What every answer of a GS1-conformant resolver has: scripts of any page may ask it (CORS, by the
/// Fetch standard), and what it answers hangs on these headers of the request, so that a cache must
/// not give one visitor's language to another (RFC 9110, 12.5.5).
///
/// Source: GS1-Conformant Resolver 1.2.1.
pub const CONFORMANT_HEADERS: [(&str, &str); 5] = [
    ("access-control-allow-origin", "*"),
    ("access-control-allow-methods", METHODS),
    ("access-control-allow-headers", "Accept, Accept-Language"),
    ("access-control-expose-headers", "Link, Location"),
    ("vary", "Accept, Accept-Language"),
];
