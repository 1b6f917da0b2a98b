//! The page that bots get.

use dpp_core::resolver::{LanguageTag, PreviewPage};
use proptest::prelude::*;
use roxmltree::{Document, Node, ParsingOptions};

const URL: &str = "https://nordlin.example/p/0192f?a=1&b=2";

fn page<'a>(title: &'a str, language: &'a LanguageTag) -> PreviewPage<'a> {
    PreviewPage {
        title,
        description: None,
        site_name: "Nordlin",
        image: None,
        url: URL,
        language: Some(language),
    }
}

fn german() -> LanguageTag {
    LanguageTag::parse("de").unwrap()
}

fn parsed(html: &str) -> Document<'_> {
    let options = ParsingOptions {
        allow_dtd: true,
        ..ParsingOptions::default()
    };
    Document::parse_with_options(html, options).unwrap()
}

fn elements<'a>(document: &'a Document<'_>) -> Vec<&'a str> {
    let elements = document.descendants().filter(Node::is_element);
    elements.map(|node| node.tag_name().name()).collect()
}

fn meta<'a>(document: &'a Document<'_>, name: &str) -> Option<&'a str> {
    let named = |node: &Node<'_, '_>| {
        node.attribute("property") == Some(name) || node.attribute("name") == Some(name)
    };
    let mut found = document.descendants().filter(named);
    let node = found.next()?;
    assert!(found.next().is_none(), "{name} stands twice");
    Some(node.attribute("content").unwrap())
}

fn text<'a>(document: &'a Document<'_>, element: &str) -> &'a str {
    let mut found = document
        .descendants()
        .filter(|node| node.has_tag_name(element));
    let text = found.next().unwrap().text().unwrap_or_default();
    assert!(found.next().is_none(), "{element} stands twice");
    text
}

#[test]
fn a_whole_page_looks_like_this() {
    let language = german();
    let page = PreviewPage {
        description: Some("Leinen & Baumwolle"),
        image: Some("HTTPS://nordlin.example/shirt.jpg?w=1200&h=630"),
        ..page("Hemd \"Fjord\"", &language)
    };
    let golden = r#"<!DOCTYPE html>
<html lang="de">
<head>
<meta charset="utf-8"/>
<title>Hemd &quot;Fjord&quot;</title>
<meta name="robots" content="noindex"/>
<meta name="description" content="Leinen &amp; Baumwolle"/>
<link rel="canonical" href="https://nordlin.example/p/0192f?a=1&amp;b=2"/>
<meta property="og:type" content="product"/>
<meta property="og:title" content="Hemd &quot;Fjord&quot;"/>
<meta property="og:description" content="Leinen &amp; Baumwolle"/>
<meta property="og:site_name" content="Nordlin"/>
<meta property="og:url" content="https://nordlin.example/p/0192f?a=1&amp;b=2"/>
<meta property="og:image" content="HTTPS://nordlin.example/shirt.jpg?w=1200&amp;h=630"/>
<meta name="twitter:card" content="summary_large_image"/>
</head>
<body>
<h1>Hemd &quot;Fjord&quot;</h1>
<p>Leinen &amp; Baumwolle</p>
</body>
</html>
"#;
    assert_eq!(page.to_html(), golden);
}

#[test]
fn what_there_is_not_is_left_out() {
    let html = page("Hemd", &german()).to_html();
    let document = parsed(&html);
    for name in ["description", "og:description", "og:image"] {
        assert_eq!(meta(&document, name), None);
    }
    assert_eq!(meta(&document, "twitter:card"), Some("summary"));
    assert!(!elements(&document).contains(&"p"));
}

#[test]
fn an_address_that_is_not_on_the_web_is_left_out() {
    let language = german();
    let hostile = [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "/p/1",
        "",
        "http:/x",
        "https://",
        " https://x.example",
        "https://x.example/\n",
        "https://x.example/ y",
        "https:///x",
        "ftp://x.example",
        "https://x.example/\u{202e}",
        "xhttps://x.example",
        "https://\"onload=x",
    ];
    for address in hostile {
        let html = PreviewPage {
            url: address,
            image: Some(address),
            ..page("Hemd", &language)
        }
        .to_html();
        let document = parsed(&html);
        assert_eq!(meta(&document, "og:url"), None, "{address}");
        assert_eq!(meta(&document, "og:image"), None, "{address}");
        assert!(!elements(&document).contains(&"link"), "{address}");
    }
    let fine = ["http://x.example", "HTTPS://[::1]:8080/a'b\"><script>"];
    for address in fine {
        let html = PreviewPage {
            url: address,
            image: Some(address),
            ..page("Hemd", &language)
        }
        .to_html();
        let document = parsed(&html);
        assert_eq!(meta(&document, "og:url"), Some(address));
        assert_eq!(meta(&document, "og:image"), Some(address));
    }
}

#[test]
fn hostile_texts_stay_texts() {
    let language = german();
    let hostile = [
        (
            "\"><script>alert(1)</script>",
            "\"><script>alert(1)</script>",
        ),
        ("</title><svg onload='x'>", "</title><svg onload='x'>"),
        ("&lt;b&gt; &amp; &#0;", "&lt;b&gt; &amp; &#0;"),
        ("<!-- ]]> -->", "<!-- ]]> -->"),
        ("a\u{0}b\nc\r\nd\u{1b}\u{85}\u{7f}", "a b c  d   "),
        (
            "\u{202e}drow\u{202c}\u{2066}x\u{2069}\u{fffe}\u{fdd0}",
            "drowx",
        ),
        ("\u{5e9}\u{200f}!", "\u{5e9}\u{200f}!"),
    ];
    for (raw, shown) in hostile {
        let html = PreviewPage {
            description: Some(raw),
            site_name: raw,
            ..page(raw, &language)
        }
        .to_html();
        let document = parsed(&html);
        assert_eq!(text(&document, "title"), shown);
        assert_eq!(text(&document, "h1"), shown);
        for name in ["og:title", "description", "og:description", "og:site_name"] {
            assert_eq!(meta(&document, name), Some(shown), "{name}");
        }
    }
}

proptest! {
    #[test]
    fn whatever_the_texts_are_the_page_has_its_own_elements_and_they_as_its_texts(
        title in any::<String>(),
        description in "(\\PC|[<>\"'&;/!=\\-]|script|title|--|\u{202e}){0,40}",
        site in ".{0,20}",
        address in "(https?://[a-z<>\"'& ]{1,20})|.{0,20}",
    ) {
        let language = german();
        let html = PreviewPage {
            description: Some(&description), site_name: &site, image: Some(&address), url: &address,
            ..page(&title, &language)
        }.to_html();
        let document = parsed(&html);
        let metas = 8 + 2 * usize::from(meta(&document, "og:url").is_some());
        let mut expected = vec!["html", "head", "meta", "title"];
        expected.extend(["meta", "meta"]);
        if meta(&document, "og:url").is_some() {
            expected.push("link");
        }
        expected.extend(vec!["meta"; metas - 3]);
        expected.extend(["body", "h1", "p"]);
        prop_assert_eq!(elements(&document), expected);
        let shown = |text: &str| {
            let kept = text.chars().filter(|&c| {
                !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fdd0}'..='\u{fdef}')
                    && u32::from(c) % 0x1_0000 < 0xfffe
            });
            kept.map(|c| if c.is_control() { ' ' } else { c }).collect::<String>()
        };
        prop_assert_eq!(text(&document, "title"), shown(&title));
        prop_assert_eq!(meta(&document, "og:title").unwrap(), shown(&title));
        prop_assert_eq!(text(&document, "p"), shown(&description));
        prop_assert_eq!(meta(&document, "og:site_name").unwrap(), shown(&site));
        // The texts bring no markup of their own.
        prop_assert_eq!(html.matches('<').count(), html.matches('>').count());
        prop_assert!(!html.contains("<script") && !html.contains("style"), "{}", html);
    }
}
