//! What the host of a resolver has set up.

use std::fmt;
use std::str::FromStr;

use crate::gs1::ResolverBase;
use crate::gs1::{LotCode, Serial};
use crate::ids::{BrandId, ProductId};
use crate::resolver::answer::LinkType;
use crate::resolver::request::{Host, LanguageTag};
use crate::serde_text::serde_as_text;
use crate::time::Timestamp;

/// What stands behind a host name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// The brand whose codes are resolved here.
    pub brand: BrandId,
    /// Its name, as pages show it.
    pub name: String,
    /// The language of its name, and of what its products are called.
    pub language: Option<LanguageTag>,
    /// What a scan is answered with.
    pub conformance: Conformance,
    /// Other hosts that pages may lie on. A page that lies elsewhere is left out: nobody is led
    /// to it.
    pub other_hosts: Vec<Host>,
}

impl Site {
    /// A plain site of a brand.
    pub fn new(brand: BrandId, name: &str) -> Self {
        Self {
            brand,
            name: name.to_owned(),
            language: None,
            conformance: Conformance::Plain,
            other_hosts: Vec::new(),
        }
    }

    /// The same, as a GS1-conformant resolver.
    #[must_use]
    pub fn gs1_conformant(self) -> Self {
        Self {
            conformance: Conformance::Gs1,
            ..self
        }
    }
}

/// What a scan is answered with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Conformance {
    /// 302 to the product's passport.
    #[default]
    Plain,
    /// As the GS1-Conformant Resolver standard 1.2.1 has it: 307 to the default link, link types,
    /// linksets, languages, and CORS.
    Gs1,
}

/// Who has a GTIN, or had it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GtinOwner {
    /// The product.
    pub product: ProductId,
    /// When the product gave the GTIN up; none while it has it.
    pub retired_at: Option<Timestamp>,
}

/// A product as pages and links show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScannedProduct {
    /// Its name.
    pub title: String,
    /// A sentence about it.
    pub description: Option<String>,
    /// The URL of a picture.
    pub image: Option<String>,
    /// Where its pages lie, for a GS1-conformant resolver; the first of what fits is the default
    /// link. Without any there is its passport at `/p/<product id>`.
    pub pages: Vec<ProductPage>,
}

impl ScannedProduct {
    /// A product of this name, with nothing but its passport.
    pub fn new(title: &str) -> Self {
        Self {
            title: title.to_owned(),
            description: None,
            image: None,
            pages: Vec::new(),
        }
    }
}

/// A page about a product, or about some of its items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductPage {
    /// What kind of page it is.
    pub link_type: LinkType,
    /// Where it lies.
    pub url: PageUrl,
    /// What it is called.
    pub title: String,
    /// Its media type, such as `text/html`.
    pub media_type: Option<String>,
    /// Its language; none if it has none.
    pub language: Option<LanguageTag>,
    /// Of which items it is.
    pub of: PageOf,
}

/// Of which items of a product a page is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PageOf {
    /// Of all.
    #[default]
    Product,
    /// Of those of a batch or lot.
    Lot(LotCode),
    /// Of the one with this serial.
    Item(Serial),
}

/// Where a page lies: a path on the host that was asked (`/p/7`), or a URL with `https`.
///
/// It has no fragment, no user, and nothing that a URI must not have.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PageUrl {
    text: String,
    host: Option<Host>,
}

/// Why a text is no [`PageUrl`]. Give a path from the root (`/p/7`), or a URL with `https` and
/// without a fragment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("neither a path from the root nor a URL with `https`: `{}`", self.0.escape_debug())]
pub struct PageUrlError(String);

impl PageUrl {
    /// Reads a path or a URL.
    ///
    /// # Errors
    /// [`PageUrlError`].
    pub fn parse(text: &str) -> Result<Self, PageUrlError> {
        Self::read(text).ok_or_else(|| PageUrlError(text.chars().take(256).collect()))
    }

    fn read(text: &str) -> Option<Self> {
        let legal =
            |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=:@/?".contains(&byte);
        let owned = |host| Self {
            text: text.to_owned(),
            host,
        };
        if text.starts_with('/') {
            // Two slashes would begin with another host.
            let is_path = !text.starts_with("//") && text.bytes().all(legal);
            return is_path.then(|| owned(None));
        }
        let rest = text.strip_prefix("https://")?;
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at_checked(end)?;
        let base = ResolverBase::parse(&format!("https://{authority}")).ok()?;
        let host = Host::parse(base.host()).ok()?;
        path.bytes().all(legal).then(|| owned(Some(host)))
    }

    /// The passport of a product on the host that was asked.
    pub fn passport_of(product: ProductId) -> Self {
        Self {
            text: format!("/p/{product}"),
            host: None,
        }
    }

    /// The path or the URL.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The host of a URL; none of a path.
    pub const fn host(&self) -> Option<&Host> {
        self.host.as_ref()
    }

    /// Where to send somebody who came with this query, which is passed on byte for byte.
    pub fn with_query(&self, query: Option<&str>) -> String {
        let Some(query) = query else {
            return self.text.clone();
        };
        let separator = match self.text.contains('?') {
            true => '&',
            false => '?',
        };
        format!("{}{separator}{query}", self.text)
    }
}

impl fmt::Display for PageUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for PageUrl {
    type Err = PageUrlError;

    fn from_str(text: &str) -> Result<Self, PageUrlError> {
        Self::parse(text)
    }
}

serde_as_text!(PageUrl, "a path or a URL with `https`");
