//! The page that a bot gets instead of the passport: what a link preview shows, and nothing else.
//!
//! It must not know where its texts come from: whatever they are, they stay texts.

mod escape;

use crate::resolver::request::LanguageTag;
use escape::{Escaped, is_web_address};

/// What the preview of a product shows.
///
/// ```
/// use dpp_core::resolver::{LanguageTag, PreviewPage};
///
/// let page = PreviewPage {
///     title: "Linen shirt & scarf",
///     description: None,
///     site_name: "Nordlin",
///     image: Some("https://nordlin.example/shirt.jpg"),
///     url: "https://nordlin.example/p/0192f",
///     language: Some(&LanguageTag::parse("en")?),
/// };
/// assert!(page.to_html().contains("<title>Linen shirt &amp; scarf</title>"));
/// # Ok::<(), dpp_core::resolver::LanguageTagError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PreviewPage<'a> {
    /// The product's name.
    pub title: &'a str,
    /// What it is, in a sentence or two.
    pub description: Option<&'a str>,
    /// Whose product it is: the brand's name.
    pub site_name: &'a str,
    /// The address of a picture. Left out unless it starts with `http://` or `https://` and holds
    /// nothing but visible ASCII.
    pub image: Option<&'a str>,
    /// The address that is shared: the product's, not the unit's. Left out under the same condition.
    pub url: &'a str,
    /// The language of the texts, if it is known.
    pub language: Option<&'a LanguageTag>,
}

impl PreviewPage<'_> {
    /// The page as HTML 5, in UTF-8, and at the same time well-formed XML.
    ///
    /// It holds no script, no style, and no element but those written here, whatever the texts are: `& < > " '`
    /// are escaped, controls become spaces, and characters that would reorder the text around them (the bidi
    /// embeddings, overrides and isolates: U+202A to U+202E, U+2066 to U+2069) and noncharacters are dropped.
    ///
    /// `robots` says `noindex`: the page answers the address of one item, which must not turn up in a search
    /// engine, where everybody could find it, and a product would stand a million times. It does not say
    /// `nofollow`: the canonical address may well be indexed.
    ///
    /// Sources: HTML Living Standard, 13.1; the Open Graph protocol; X's card markup.
    pub fn to_html(&self) -> String {
        let mut page = Page::opened(self.language, self.title);
        let url = is_web_address(self.url).then_some(self.url);
        let image = self.image.filter(|image| is_web_address(image));
        page.named("robots", Some("noindex"));
        page.named("description", self.description);
        page.canonical(url);
        page.property("og:type", Some("product"));
        page.property("og:title", Some(self.title));
        page.property("og:description", self.description);
        page.property("og:site_name", Some(self.site_name));
        page.property("og:url", url);
        page.property("og:image", image);
        page.named("twitter:card", Some(card(image)));
        page.closed(self.title, self.description)
    }
}

/// X shows the large card only with a picture.
fn card(image: Option<&str>) -> &'static str {
    match image {
        Some(_) => "summary_large_image",
        None => "summary",
    }
}

struct Page(String);

impl Page {
    fn opened(language: Option<&LanguageTag>, title: &str) -> Self {
        let language = language.map(|tag| format!(" lang=\"{tag}\""));
        Self(format!(
            "<!DOCTYPE html>\n<html{}>\n<head>\n<meta charset=\"utf-8\"/>\n<title>{}</title>\n",
            language.unwrap_or_default(),
            Escaped(title)
        ))
    }

    fn named(&mut self, name: &str, content: Option<&str>) {
        self.meta("name", name, content);
    }

    fn property(&mut self, property: &str, content: Option<&str>) {
        self.meta("property", property, content);
    }

    fn meta(&mut self, attribute: &str, name: &str, content: Option<&str>) {
        if let Some(content) = content {
            let content = Escaped(content);
            self.push(&format!(
                "<meta {attribute}=\"{name}\" content=\"{content}\"/>\n"
            ));
        }
    }

    fn canonical(&mut self, url: Option<&str>) {
        if let Some(url) = url {
            let url = Escaped(url);
            self.push(&format!("<link rel=\"canonical\" href=\"{url}\"/>\n"));
        }
    }

    fn closed(mut self, title: &str, description: Option<&str>) -> String {
        self.push(&format!("</head>\n<body>\n<h1>{}</h1>\n", Escaped(title)));
        if let Some(description) = description {
            self.push(&format!("<p>{}</p>\n", Escaped(description)));
        }
        self.push("</body>\n</html>\n");
        self.0
    }

    fn push(&mut self, markup: &str) {
        self.0.push_str(markup);
    }
}
