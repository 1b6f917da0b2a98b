//! Building Digital Links: their forms, laws, and golden texts.

use std::fmt::Write as _;

use dpp_core::gs1::{
    DigitalLink, Gtin, LotCode, ProductVariant, ResolverBase, ResolverBaseErrorKind as Kind,
    Serial, ThirdPartySerial, lot_link, percent, serial_link_prefix,
};
use dpp_core::testing::strategies::gs1 as strategies;
use proptest::prelude::*;

fn gtin() -> Gtin {
    Gtin::parse("09506000134352").unwrap()
}

fn base(text: &str) -> ResolverBase {
    ResolverBase::parse(text).unwrap_or_else(|error| panic!("{error}"))
}

fn golden_links() -> Vec<DigitalLink> {
    let plain = DigitalLink::product(base("https://id.example.com"), gtin());
    let serial = |text| Serial::parse(text).unwrap();
    let lot = |text| LotCode::parse(text).unwrap();
    let variant = ProductVariant::parse("2A").unwrap();
    let third_party = ThirdPartySerial::parse("C-0001:x/7").unwrap();
    let everything = "!\"%&'()*+,-./0:;<=>?";
    vec![
        plain.clone(),
        plain.clone().with_serial(serial("K7M4Q2X9PRTW")),
        plain.clone().with_lot(lot("LOT42A")),
        plain
            .clone()
            .with_variant(variant)
            .with_lot(lot("LOT42A"))
            .with_serial(serial("32a/b")),
        plain.clone().with_serial(serial(everything)),
        plain.with_lot(lot("_AZaz09")),
        DigitalLink::product(base("HTTPS://ID.EXAMPLE.COM/EU/P"), gtin())
            .with_serial(serial("A%B")),
        DigitalLink::product(base("http://127.0.0.1:8080/eu"), gtin())
            .with_serial(serial("274877906943")),
        DigitalLink::third_party(
            base("https://[2001:DB8::1]"),
            Gtin::parse("96385074").unwrap(),
            third_party,
        ),
    ]
}

#[test]
fn built_links_are_as_they_were_once_printed() {
    let mut text = String::new();
    for link in golden_links() {
        writeln!(text, "normal     {link}").unwrap();
        writeln!(text, "upper case {}", link.to_upper_case_string()).unwrap();
        writeln!(text, "canonical  {}", link.canonical()).unwrap();
        writeln!(
            text,
            "QR code    {}\n",
            if link.is_alphanumeric() {
                "alphanumeric"
            } else {
                "bytes"
            }
        )
        .unwrap();
    }
    assert_eq!(text, include_str!("../golden/gs1/links.txt"));
}

#[test]
fn adding_a_qualifier_to_a_third_partys_link_leaves_that_branch() {
    let link = DigitalLink::parse("https://a/01/09506000134352/235/X?10=L#f").unwrap();
    let link = link.with_serial(Serial::parse("S").unwrap());
    assert_eq!(link.to_string(), "https://a/01/09506000134352/21/S#f");
}

#[test]
fn a_canonical_link_keeps_the_data_attributes_sorted() {
    let canonical = |text: &str| DigitalLink::parse(text).unwrap().canonical().to_string();
    assert_eq!(
        canonical(
            "http://a/s/01/09506000134352/21/a%2fb/?x=1;%31%37=2612%33%31&99=(b)&3103=000195&flag#f"
        ),
        "https://id.gs1.org/01/09506000134352/21/a%2Fb?17=261231&3103=000195&99=%28b%29"
    );
    assert_eq!(
        canonical("https://a/01/09506000134352?linkType=all"),
        "https://id.gs1.org/01/09506000134352"
    );
    assert_eq!(
        canonical("https://a/01/09506000134352/235/X?10=L"),
        "https://id.gs1.org/01/09506000134352/235/X?10=L"
    );
}

#[test]
fn bases_are_normalised() {
    for (input, expected) in [
        ("https://id.example.com", "https://id.example.com"),
        ("HTTP://ID.EXAMPLE.COM/", "http://id.example.com"),
        (
            "https://id.example.com/Eu/p/",
            "https://id.example.com/Eu/p",
        ),
        (
            "https://example.com.:0443/a%2Fb/~x:@",
            "https://example.com.:443/a%2Fb/~x:@",
        ),
        (
            "https://xn--bcher-kva.example",
            "https://xn--bcher-kva.example",
        ),
        ("https://[::FFFF:1.2.3.4]:1", "https://[::ffff:1.2.3.4]:1"),
        ("https://0x7f.1", "https://0x7f.1"),
        ("https://a/010/1/21", "https://a/010/1/21"),
    ] {
        assert_eq!(base(input).to_string(), expected);
        assert_eq!(base(expected), base(input));
    }
    assert_eq!(base("https://a:1").port(), Some(1));
    assert!(!base("http://a").is_https());
    assert_eq!(ResolverBase::gs1(), base("https://id.gs1.org"));
}

#[test]
fn what_is_no_base_is_refused_at_its_byte() {
    let key = |key: &str| Kind::KeyInStem {
        key: key.to_owned(),
    };
    for (input, at, kind) in [
        ("", 0, Kind::NoScheme),
        ("id.example.com", 0, Kind::NoScheme),
        ("ftp://a", 0, Kind::NoScheme),
        ("Https://a", 0, Kind::MixedCaseScheme),
        ("https://", 8, Kind::NoHost),
        ("https:///p", 8, Kind::NoHost),
        ("https://:80", 8, Kind::NoHost),
        ("https://u:p@a", 8, Kind::UserInfo),
        ("https://a_b", 9, Kind::IllegalInHost { found: '_' }),
        (
            "https://bücher.example",
            9,
            Kind::IllegalInHost { found: 'ü' },
        ),
        ("https://a%2Fb", 9, Kind::IllegalInHost { found: '%' }),
        ("https://a:", 10, Kind::NoPort),
        ("https://a:65536", 10, Kind::NoPort),
        ("https://a:+1", 10, Kind::NoPort),
        ("https://[::1", 8, Kind::NoIpv6Address),
        ("https://[[::1]", 8, Kind::NoIpv6Address),
        ("https://[fe80::1%25eth0]", 8, Kind::NoIpv6Address),
        ("https://[::1]x", 13, Kind::NoPort),
        ("https://a?x", 9, Kind::QueryOrFragment),
        ("https://a/b#x", 11, Kind::QueryOrFragment),
        ("https://a//", 10, Kind::EmptyStemSegment),
        ("https://a/b//c", 12, Kind::EmptyStemSegment),
        ("https://a/b/../c", 12, Kind::PathStepInStem),
        ("https://a/%2e", 10, Kind::PathStepInStem),
        ("https://a/b/01", 12, key("01")),
        ("https://a/8004/b", 10, key("8004")),
        ("https://a/b c", 11, Kind::IllegalInStem { found: ' ' }),
    ] {
        let error = ResolverBase::parse(input).unwrap_err();
        assert_eq!((error.at, error.kind), (at, kind), "{input}");
    }
    let error = ResolverBase::parse(&format!("https://a/{}", "b".repeat(1015))).unwrap_err();
    assert_eq!((error.at, error.kind), (1024, Kind::TooLong { max: 1024 }));
    assert_eq!(ResolverBase::parse("https://a/%4").unwrap_err().at, 10);
}

proptest! {
    #[test]
    fn what_is_built_is_what_is_parsed(link in strategies::digital_link()) {
        prop_assert_eq!(&DigitalLink::parse(&link.to_string()).unwrap(), &link);
        prop_assert_eq!(&DigitalLink::parse(&link.to_upper_case_string()).unwrap(), &link);
        prop_assert_eq!(&DigitalLink::parse(&link.canonical().to_string()).unwrap(), &link.canonical());
        let json = serde_json::to_string(&link).unwrap();
        prop_assert_eq!(&serde_json::from_str::<DigitalLink>(&json).unwrap(), &link);
    }

    #[test]
    fn bases_round_trip(base in strategies::resolver_base()) {
        prop_assert_eq!(&ResolverBase::parse(&base.to_string()).unwrap(), &base);
        prop_assert_eq!(&ResolverBase::parse(&base.to_upper_case_string()).unwrap(), &base);
        prop_assert_eq!(&serde_json::from_value::<ResolverBase>(serde_json::to_value(&base).unwrap()).unwrap(), &base);
    }

    #[test]
    fn the_fast_paths_write_the_same_links(
        base in strategies::resolver_base(),
        gtin in strategies::gtin(),
        serial in strategies::serial(),
        lot in strategies::lot_code(),
    ) {
        let mut fast = serial_link_prefix(&base, &gtin).into_bytes();
        percent::push_encoded(&mut fast, serial.as_bytes());
        let link = DigitalLink::product(base.clone(), gtin);
        prop_assert_eq!(String::from_utf8(fast).unwrap(), link.clone().with_serial(serial).to_string());
        prop_assert_eq!(lot_link(&base, &gtin, &lot), link.with_lot(lot).to_string());
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in any::<String>(), tail in "[/0-9a%?=&;#.\\[\\]:@-]{0,60}") {
        let _ = DigitalLink::parse(&text);
        let _ = ResolverBase::parse(&text);
        let _ = ResolverBase::parse(&format!("https://{tail}"));
        check_law(&format!("https://a/01/09506000134352{tail}"))?;
        check_law(&format!("https://{tail}/01/09506000134352"))?;
    }

    #[test]
    fn a_mutated_link_is_read_as_its_normal_form_is_or_refused(
        link in strategies::digital_link(),
        tail in prop::sample::select(vec!["", "/", "?17=261231", "?a=b;c&11=260101#x", "?10=L"]),
        at in any::<prop::sample::Index>(),
        removed in 0..4_usize,
        inserted in prop_oneof![
            prop::sample::select(vec!["/", "//", "/01/", "/10/", "/21/", "%", "%2F", "%00", "?", "#", "&10=", "=", "é"])
                .prop_map(str::to_owned),
            any::<String>(),
        ],
    ) {
        let mut characters: Vec<char> = format!("{link}{tail}").chars().collect();
        let from = at.index(characters.len());
        let to = (from + removed).min(characters.len());
        characters.splice(from..to, inserted.chars());
        check_law(&String::from_iter(characters))?;
    }
}

/// What parses has a normal form that parses to the same; what does not, is refused inside of the input.
fn check_law(input: &str) -> Result<(), TestCaseError> {
    match DigitalLink::parse(input) {
        Ok(link) => {
            prop_assert_eq!(&DigitalLink::parse(&link.to_string()).unwrap(), &link);
            prop_assert_eq!(
                &DigitalLink::parse(&link.canonical().to_string()).unwrap(),
                &link.canonical()
            );
        }
        Err(error) => prop_assert!(
            error.at <= input.len() && input.is_char_boundary(error.at),
            "{}",
            error
        ),
    }
    Ok(())
}
