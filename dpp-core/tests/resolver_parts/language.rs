//! Language tags and the languages that a request asks for.

use dpp_core::resolver::{AcceptLanguage, LanguageTag, LanguageTagError, MAX_LANGUAGE_TAG};
use proptest::prelude::*;

fn tags(texts: &[&str]) -> Vec<LanguageTag> {
    let parsed = texts.iter().map(|text| LanguageTag::parse(text).unwrap());
    parsed.collect()
}

fn found(header: &str, available: &[&str]) -> Option<String> {
    let tags = tags(available);
    let index = AcceptLanguage::parse(header.as_bytes()).lookup(&tags)?;
    Some(tags[index].to_string())
}

#[test]
fn the_examples_of_rfc_5646_are_read_in_their_case() {
    let examples = [
        "de",
        "fr",
        "ja",
        "i-enochian",
        "zh-Hant",
        "zh-Hans",
        "sr-Cyrl",
        "sr-Latn",
        "zh-cmn-Hans-CN",
        "cmn-Hans-CN",
        "zh-yue-HK",
        "yue-HK",
        "zh-Hans-CN",
        "sr-Latn-RS",
        "sl-rozaj",
        "sl-rozaj-biske",
        "sl-nedis",
        "de-CH-1901",
        "sl-IT-nedis",
        "hy-Latn-IT-arevela",
        "de-DE",
        "en-US",
        "es-419",
        "de-CH-x-phonebk",
        "az-Arab-x-aze-derbend",
        "x-whatever",
        "qaa-Qaaa-QM-x-southern",
        "de-Qaaa",
        "sr-Latn-QM",
        "sr-Qaaa-RS",
        "en-US-u-islamcal",
        "zh-CN-a-myext-x-private",
        "en-a-myext-b-another",
    ];
    for example in examples {
        assert_eq!(LanguageTag::parse(example).unwrap().as_str(), example);
        let upper = LanguageTag::parse(&example.to_uppercase()).unwrap();
        assert_eq!(upper.as_str(), example);
    }
}

#[test]
fn what_is_not_well_formed_is_refused() {
    let refused = [
        "",
        "d",
        "de-",
        "-de",
        "de--DE",
        "pt_BR",
        "de-419-DE",
        "a-DE",
        "english-language-x",
        "abcdefghi",
        "de-DE-x",
        "de-u",
        "x",
        "x-",
        "d\u{e9}",
        "de DE",
        "*",
        "de-*",
        "1a",
    ];
    for text in refused {
        let error = LanguageTag::parse(text).unwrap_err();
        assert!(
            matches!(error, LanguageTagError::NotWellFormed(_)),
            "{text}"
        );
        assert!(error.to_string().contains(&format!("`{text}`")));
    }
    let long = format!("de-x{}", "-abcd".repeat(12));
    assert_eq!(long.len(), MAX_LANGUAGE_TAG);
    assert!(LanguageTag::parse(&long).is_ok());
    let error = LanguageTag::parse(&format!("{long}e")).unwrap_err();
    assert!(matches!(error, LanguageTagError::TooLong(_)));
}

#[test]
fn a_tag_goes_through_json_by_its_parser() {
    let tag: LanguageTag = serde_json::from_str("\"PT-br\"").unwrap();
    assert_eq!(serde_json::to_string(&tag).unwrap(), "\"pt-BR\"");
    assert!(serde_json::from_str::<LanguageTag>("\"pt_BR\"").is_err());
}

#[test]
fn a_range_is_looked_up_by_ever_less_of_it() {
    // The example of RFC 4647, 3.4: from the whole range down to `zh`, and never to a single letter.
    let range = "zh-Hant-CN-x-private1-private2";
    let steps = [
        "zh-Hant-CN-x-private1-private2",
        "zh-Hant-CN-x-private1",
        "zh-Hant-CN",
        "zh-Hant",
        "zh",
    ];
    for from in 0..steps.len() {
        let mut available = steps[from..].to_vec();
        available.reverse();
        assert_eq!(found(range, &available).as_deref(), Some(steps[from]));
    }
    assert_eq!(found(range, &["zh-Hans", "en"]), None);
}

#[test]
fn the_best_language_is_found() {
    let cases: &[(&str, &[&str], Option<&str>)] = &[
        ("pt-BR", &["en", "pt"], Some("pt")),
        ("PT-br", &["en", "pt-BR"], Some("pt-BR")),
        ("pt", &["pt-BR"], None),
        // RFC 9110, 12.5.4.
        ("da, en-gb;q=0.8, en;q=0.7", &["en", "en-GB"], Some("en-GB")),
        ("da, en-gb;q=0.8, en;q=0.7", &["en", "da"], Some("da")),
        // All of the first range comes before the second: RFC 4647, 3.4.
        ("fr-FR, en", &["en", "fr"], Some("fr")),
        // Quality, then order.
        ("en;q=0.5, de", &["en", "de"], Some("de")),
        ("en;q=0.5, de;q=0.5", &["de", "en"], Some("en")),
        ("en;q=0.001, de;q=0", &["de", "en"], Some("en")),
        // `*`.
        ("*", &["de", "en"], Some("de")),
        ("fr, *;q=0.5", &["de", "en"], Some("de")),
        ("*, en", &["de", "en"], Some("de")),
        ("de;q=0, *", &["de", "de-AT", "en"], Some("en")),
        ("de-AT;q=0, *", &["de-AT", "de"], Some("de")),
        ("*;q=0, en", &["de", "en"], Some("en")),
        ("*;q=0", &["de"], None),
        ("*, *;q=0", &["de"], None),
        // Excluded.
        ("de;q=0", &["de"], None),
        ("de-AT, de;q=0", &["de"], None),
        ("de-AT, de;q=0", &["de-AT"], Some("de-AT")),
        ("de-AT, de-AT;q=0, en;q=0.1", &["de-AT", "en"], Some("en")),
        // Lenient.
        ("", &["de"], None),
        (
            ",, ;, =, de_AT, en;level=1, fr;q=2, it;q=0.8;x=1, \u{e9}, -, 1a, es\t;\tq=0.3 ,",
            &["de", "en", "fr", "it", "es"],
            Some("es"),
        ),
        ("en", &[], None),
    ];
    for (header, available, expected) in cases {
        assert_eq!(
            found(header, available).as_deref(),
            *expected,
            "{header} of {available:?}"
        );
    }
}

#[test]
fn at_most_32_elements_are_read() {
    let behind = |elements: usize| format!("{}de", "xx,".repeat(elements));
    assert_eq!(found(&behind(31), &["de"]).as_deref(), Some("de"));
    assert_eq!(found(&behind(32), &["de"]), None);
}

#[test]
fn a_tag_degrades_to_what_the_schema_of_linksets_admits() {
    let cases = [
        ("de", Some("de")),
        ("pt-BR", Some("pt-BR")),
        ("es-419", Some("es")),
        ("zh-Hant", Some("zh")),
        ("zh-Hant-TW", Some("zh-TW")),
        ("zh-yue-HK", Some("zh-HK")),
        ("sl-IT-nedis", Some("sl-IT")),
        ("de-CH-x-phonebk", Some("de-CH")),
        ("gsw-CH", None),
        ("x-de", None),
        ("i-klingon", None),
    ];
    for (tag, expected) in cases {
        let tag = LanguageTag::parse(tag).unwrap();
        assert_eq!(tag.to_hreflang().as_deref(), expected, "{tag}");
    }
}

proptest! {
    #[test]
    fn any_header_is_read(header in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = AcceptLanguage::parse(&header).lookup(&tags(&["de", "en"]));
    }

    #[test]
    fn any_text_is_refused_or_read_the_same_twice(text in "[a-zA-Z0-9-]{0,20}|\\PC{0,12}") {
        if let Ok(tag) = LanguageTag::parse(&text) {
            prop_assert!(tag.as_str().eq_ignore_ascii_case(&text));
            prop_assert_eq!(LanguageTag::parse(tag.as_str()).unwrap(), tag.clone());
            if let Some(degraded) = tag.to_hreflang() {
                let (language, country) = degraded.split_once('-').unwrap_or((&degraded, "AA"));
                prop_assert!(language.len() == 2 && language.bytes().all(|byte| byte.is_ascii_lowercase()));
                prop_assert!(country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_uppercase()));
            }
        }
    }

    #[test]
    fn who_asks_for_a_language_that_there_is_gets_it_and_who_excludes_it_does_not(
        language in "[a-z]{2}", others in prop::collection::vec("[a-z]{2}", 0..5), quality in 1..=999,
    ) {
        let mut available: Vec<&str> = others.iter().map(String::as_str).collect();
        available.push(&language);
        let header = format!("{language};q=0.{quality:03}");
        prop_assert_eq!(found(&header, &available), Some(language.clone()));
        let header = format!("{language};q=0, *");
        let other = others.iter().find(|other| **other != language);
        prop_assert_eq!(found(&header, &available), other.cloned());
    }
}
