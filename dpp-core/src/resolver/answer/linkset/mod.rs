//! All links of an item at once, for programs: a linkset as a GS1-conformant resolver gives it.
//!
//! Sources: RFC 9264, 4.2 (JSON); GS1-Conformant Resolver 1.2.1, 2.10 and 3; RFC 9110, 12.5.1.

mod accept;
mod description;
mod link_type;

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::resolver::request::LanguageTag;

pub use accept::{LINKSET_MEDIA_TYPE, wants_linkset};
pub use description::ResolverDescription;
pub use link_type::{LinkType, LinkTypeError, MAX_LINK_TYPE};

/// Where GS1 keeps the JSON-LD context of linksets.
pub const LINKSET_CONTEXT: &str = "https://ref.gs1.org/standards/resolver/linkset-context";

/// The value of the `Link` header that goes with a linkset: it makes the JSON to JSON-LD.
///
/// Source: GS1-Conformant Resolver 1.2.1, 2.10; RFC 9264, A.
pub const LINKSET_LINK_HEADER: &str = "<https://ref.gs1.org/standards/resolver/linkset-context>; \
     rel=\"http://www.w3.org/ns/json-ld#context\"; type=\"application/ld+json\"";

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The address.
    pub href: String,
    /// What stands behind it, for people.
    pub title: String,
    /// Its media type, as `text/html`.
    pub media_type: Option<String>,
    /// The languages it is in. In JSON as [`LanguageTag::to_hreflang`] degrades them, each once.
    pub languages: Vec<LanguageTag>,
}

/// The links of one anchor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkContext {
    /// What the links are links of: the Digital Link at the level they belong to.
    pub anchor: String,
    /// The links by their type. Links of one type are given together, where the first of them stands.
    /// A link of the type [`LinkType::DEFAULT_LINK`] is left out: there is just one, below.
    pub links: Vec<(LinkType, Link)>,
    /// Where a request without a link type is sent. GS1 asks that it stand among the links as well.
    pub default: Option<Link>,
}

/// The links of an item: of itself, its lot, its product.
///
/// ```
/// use dpp_core::resolver::{Link, LinkContext, LinkType, Linkset};
///
/// let page = Link {
///     href: "https://nordlin.example/p/0192f".to_owned(),
///     title: "Passport".to_owned(),
///     media_type: Some("text/html".to_owned()),
///     languages: vec!["en".parse()?],
/// };
/// let context = LinkContext {
///     anchor: "https://nordlin.example/01/09506000134352".to_owned(),
///     links: vec![(LinkType::DPP, page.clone())],
///     default: Some(page),
/// };
/// assert_eq!(Linkset { contexts: vec![context] }.to_json(), concat!(
///     r#"{"linkset":[{"anchor":"https://nordlin.example/01/09506000134352","#,
///     r#""https://ref.gs1.org/voc/defaultLink":[{"href":"https://nordlin.example/p/0192f","title":"Passport"}],"#,
///     r#""https://ref.gs1.org/voc/dpp":[{"href":"https://nordlin.example/p/0192f","title":"Passport","#,
///     r#""type":"text/html","hreflang":["en"]}]}]}"#,
/// ));
/// # Ok::<(), dpp_core::resolver::LanguageTagError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Linkset {
    /// One for each anchor.
    pub contexts: Vec<LinkContext>,
}

impl Linkset {
    /// The linkset as JSON, of the media type [`LINKSET_MEDIA_TYPE`].
    pub fn to_json(&self) -> String {
        // Nothing in it can fail: every key is a text.
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Serialize for Linkset {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry("linkset", &self.contexts)?;
        map.end()
    }
}

impl Serialize for LinkContext {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("anchor", &self.anchor)?;
        if let Some(default) = &self.default {
            map.serialize_entry(LinkType::DEFAULT_LINK.as_str(), &[Bare(default)])?;
        }
        for (link_type, links) in self.grouped() {
            map.serialize_entry(link_type.as_str(), &links)?;
        }
        map.end()
    }
}

impl LinkContext {
    fn grouped(&self) -> Vec<(&LinkType, Vec<&Link>)> {
        let mut groups: Vec<(&LinkType, Vec<&Link>)> = Vec::new();
        for (link_type, link) in &self.links {
            if *link_type == LinkType::DEFAULT_LINK {
                continue;
            }
            match groups.iter_mut().find(|(known, _)| *known == link_type) {
                Some((_, links)) => links.push(link),
                None => groups.push((link_type, vec![link])),
            }
        }
        groups
    }
}

/// A default link, which says nothing but where and what.
struct Bare<'a>(&'a Link);

impl Serialize for Bare<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("href", &self.0.href)?;
        map.serialize_entry("title", &self.0.title)?;
        map.end()
    }
}

impl Serialize for Link {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("href", &self.href)?;
        map.serialize_entry("title", &self.title)?;
        if let Some(media_type) = &self.media_type {
            map.serialize_entry("type", media_type)?;
        }
        let languages = self.hreflang();
        if !languages.is_empty() {
            map.serialize_entry("hreflang", &languages)?;
        }
        map.end()
    }
}

impl Link {
    fn hreflang(&self) -> Vec<String> {
        let mut tags = Vec::new();
        for tag in self.languages.iter().filter_map(LanguageTag::to_hreflang) {
            if !tags.contains(&tag) {
                tags.push(tag);
            }
        }
        tags
    }
}
