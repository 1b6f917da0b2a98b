//! Linksets, link types, and what a resolver says of itself.

use dpp_core::resolver::{
    LINKSET_LINK_HEADER, Link, LinkContext, LinkType, LinkTypeError, Linkset, MAX_LINK_TYPE,
    ResolverDescription, wants_linkset,
};
use proptest::prelude::*;
use serde_json::{Value, json};

fn link(href: &str, title: &str, media_type: Option<&str>, languages: &[&str]) -> Link {
    Link {
        href: href.to_owned(),
        title: title.to_owned(),
        media_type: media_type.map(str::to_owned),
        languages: languages.iter().map(|tag| tag.parse().unwrap()).collect(),
    }
}

fn unit() -> LinkContext {
    let html = Some("text/html");
    LinkContext {
        anchor: "https://id.example.com/01/09506000134352/21/K7M4Q2X9PRTW".to_owned(),
        links: vec![
            (
                LinkType::PIP,
                link("https://b.example/p/1?l=de", "Produkt", html, &["de"]),
            ),
            (
                LinkType::DPP,
                link(
                    "https://b.example/p/1.json",
                    "Passport",
                    Some("application/ld+json"),
                    &[],
                ),
            ),
            (
                LinkType::PIP,
                link(
                    "https://b.example/p/1",
                    "\"All\" others",
                    None,
                    &["es-419", "es", "zh-Hant-TW", "gsw"],
                ),
            ),
            (
                LinkType::DEFAULT_LINK,
                link("https://evil.example", "Second", None, &[]),
            ),
        ],
        default: Some(link("https://b.example/p/1", "Passport", html, &["en"])),
    }
}

#[test]
fn a_linkset_is_written_as_gs1_shows_it() {
    let product = LinkContext {
        anchor: "https://id.example.com/01/09506000134352".to_owned(),
        links: vec![],
        default: None,
    };
    let golden = concat!(
        r#"{"linkset":[{"anchor":"https://id.example.com/01/09506000134352/21/K7M4Q2X9PRTW","#,
        r#""https://ref.gs1.org/voc/defaultLink":[{"href":"https://b.example/p/1","title":"Passport"}],"#,
        r#""https://ref.gs1.org/voc/pip":[{"href":"https://b.example/p/1?l=de","title":"Produkt","#,
        r#""type":"text/html","hreflang":["de"]},"#,
        r#"{"href":"https://b.example/p/1","title":"\"All\" others","hreflang":["es","zh-TW"]}],"#,
        r#""https://ref.gs1.org/voc/dpp":[{"href":"https://b.example/p/1.json","title":"Passport","#,
        r#""type":"application/ld+json"}]},"#,
        r#"{"anchor":"https://id.example.com/01/09506000134352"}]}"#,
    );
    assert_eq!(
        Linkset {
            contexts: vec![unit(), product]
        }
        .to_json(),
        golden
    );
    assert_eq!(Linkset::default().to_json(), r#"{"linkset":[]}"#);
}

/// The shape that the schema of GS1's linksets asks for.
fn check_shape(linkset: &Value) {
    let contexts = linkset["linkset"].as_array().unwrap();
    assert_eq!(linkset.as_object().unwrap().len(), 1);
    for context in contexts {
        for (member, value) in context.as_object().unwrap() {
            if member == "anchor" {
                assert!(value.is_string());
                continue;
            }
            assert!(member.contains(':'), "{member}");
            let targets = value.as_array().unwrap();
            assert!(!targets.is_empty());
            let is_default = member.ends_with("/defaultLink");
            assert!(!is_default || targets.len() == 1);
            for target in targets {
                check_target(target, is_default);
            }
        }
    }
}

fn check_target(target: &Value, is_default: bool) {
    for (member, value) in target.as_object().unwrap() {
        match member.as_str() {
            "href" | "title" => assert!(value.is_string()),
            "type" if !is_default => assert!(value.is_string()),
            "hreflang" if !is_default => {
                for tag in value.as_array().unwrap() {
                    let tag = tag.as_str().unwrap().as_bytes();
                    let is_language = tag[..2].iter().all(u8::is_ascii_lowercase);
                    let is_country = tag.len() == 5
                        && tag[2] == b'-'
                        && tag[3..].iter().all(u8::is_ascii_uppercase);
                    assert!(is_language && (tag.len() == 2 || is_country));
                }
            }
            other => panic!("{other}"),
        }
    }
    assert!(target["href"].is_string() && target["title"].is_string());
}

#[test]
fn the_context_of_a_linkset_goes_with_it() {
    assert!(
        LINKSET_LINK_HEADER.starts_with(&format!("<{}>; ", dpp_core::resolver::LINKSET_CONTEXT))
    );
    assert!(LINKSET_LINK_HEADER.contains("rel=\"http://www.w3.org/ns/json-ld#context\""));
    assert!(!LINKSET_LINK_HEADER.contains("  "));
}

#[test]
fn a_link_type_is_read_in_each_of_its_forms() {
    let pip = [
        "gs1:pip",
        "https://ref.gs1.org/voc/pip",
        "https://gs1.org/voc/pip",
        "http://gs1.org/voc/pip",
    ];
    for text in pip {
        assert_eq!(LinkType::parse(text), Ok(LinkType::PIP), "{text}");
    }
    assert_eq!(
        LinkType::parse("gs1:defaultLink"),
        Ok(LinkType::DEFAULT_LINK)
    );
    assert_ne!(LinkType::parse("gs1:DPP"), Ok(LinkType::DPP));
    for uri in [
        "https://schema.org/url",
        "urn:example:care",
        "x-brand:repair%20",
    ] {
        assert_eq!(LinkType::parse(uri).unwrap().to_string(), uri);
    }
    let read: LinkType = serde_json::from_str("\"gs1:dpp\"").unwrap();
    assert_eq!(
        serde_json::to_string(&read).unwrap(),
        "\"https://ref.gs1.org/voc/dpp\""
    );
}

#[test]
fn what_is_no_link_type_is_refused() {
    for text in [
        "",
        "dpp",
        "anchor",
        "linkset",
        ":x",
        "x:",
        "1x:y",
        "https://x y",
        "a:\"b\"",
        "a:<b>",
        "a:\u{e9}",
        "a b:c",
    ] {
        assert_eq!(
            LinkType::parse(text),
            Err(LinkTypeError::NotAUri(text.to_owned()))
        );
    }
    for text in [
        "gs1:",
        "gs1:a/b",
        "https://ref.gs1.org/voc/",
        "https://ref.gs1.org/voc/pip?x",
    ] {
        assert_eq!(
            LinkType::parse(text),
            Err(LinkTypeError::NotAName(text.to_owned()))
        );
    }
    let longest = format!("x:{}", "y".repeat(MAX_LINK_TYPE - 2));
    assert!(LinkType::parse(&longest).is_ok());
    assert!(matches!(
        LinkType::parse(&format!("{longest}y")),
        Err(LinkTypeError::TooLong(_))
    ));
}

#[test]
fn only_who_names_a_linkset_gets_one() {
    let wanted = [
        "application/linkset+json",
        "APPLICATION/Linkset+JSON",
        "text/html, application/linkset+json;q=0.1",
        "application/linkset+json; q=1",
        "application/linkset+json;profile=\"a,b;q=0\"",
        "x/y;p=\"\\\",\", application/linkset+json ;q=0.5",
        "application/linkset+json;q=0, application/linkset+json",
    ];
    for accept in wanted {
        assert!(wants_linkset(Some(accept.as_bytes())), "{accept}");
    }
    let unwanted = [
        "",
        "*/*",
        "application/*",
        "application/json",
        "application/linkset",
        "application/linkset+jsonx",
        "application/linkset+json;q=0",
        "application/linkset+json;q=0.000",
        "application/linkset+json;q=x",
        "application/linkset+json;profile=x;q=0",
        "x/y;p=\"application/linkset+json,application/linkset+json\"",
        "x/y;p=\",application/linkset+json,\"",
        "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8",
    ];
    for accept in unwanted {
        assert!(!wants_linkset(Some(accept.as_bytes())), "{accept}");
    }
    assert!(!wants_linkset(None));
}

#[test]
fn a_resolver_describes_itself() {
    let description = ResolverDescription::new("https://id.example.com/", "Nordlin");
    let mut expected = json!({
        "resolverRoot": "https://id.example.com",
        "name": "Nordlin",
        "supportedPrimaryKeys": ["01"],
        "supportedLinkType": [{"namespace": "https://ref.gs1.org/voc/", "prefix": "gs1:"}],
        "linkTypeDefaultCanBeLinkset": false,
        "jsonLdContextLocation": "https://ref.gs1.org/standards/resolver/linkset-context",
    });
    let written = |description: &ResolverDescription| {
        serde_json::from_str::<Value>(&description.to_json()).unwrap()
    };
    assert_eq!(written(&description), expected);
    expected["contact"] = json!({"fn": "Nordlin AB"});
    assert_eq!(written(&description.with_contact("Nordlin AB")), expected);
}

proptest! {
    #[test]
    fn any_accept_header_is_read(accept in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = wants_linkset(Some(&accept));
    }

    #[test]
    fn every_linkset_has_the_shape_and_keeps_every_link(
        links in prop::collection::vec(("gs1:[a-z]{1,3}", any::<String>(), any::<String>(), "[a-z]{2,3}(-[A-Z]{2}|-419)?"), 0..12),
    ) {
        let typed = |(link_type, href, title, language): &(String, String, String, String)| {
            (LinkType::parse(link_type).unwrap(), link(href, title, None, &[language]))
        };
        let context = LinkContext { links: links.iter().map(typed).collect(), ..unit() };
        let json: Value = serde_json::from_str(&Linkset { contexts: vec![context.clone()] }.to_json()).unwrap();
        check_shape(&json);
        for (link_type, link) in &context.links {
            let targets = json["linkset"][0][link_type.as_str()].as_array().unwrap();
            prop_assert!(targets.iter().any(|target| target["href"] == *link.href && target["title"] == *link.title));
        }
        let all: usize = json["linkset"][0].as_object().unwrap().values().filter_map(Value::as_array).map(Vec::len).sum();
        prop_assert_eq!(all, links.len() + 1);
    }
}
