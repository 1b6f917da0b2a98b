//! Reading Digital Links: what stands before the qualifiers, and what comes out.

use dpp_core::gs1::DigitalLinkErrorKind as Kind;
use dpp_core::gs1::{DigitalLink, GtinError, MAX_LINK, Qualifiers, ResolverBaseErrorKind as Base};

const G: &str = "https://id.example.com/01/09506000134352";

fn parse(input: &str) -> DigitalLink {
    DigitalLink::parse(input).unwrap_or_else(|error| panic!("{error}"))
}

/// What follows the GTIN, refused: at which byte of it, and why.
fn refused(tail: &str) -> (usize, Kind) {
    let error = DigitalLink::parse(&format!("{G}{tail}")).unwrap_err();
    (error.at - G.len(), error.kind)
}

fn refused_link(input: &str) -> (usize, Kind) {
    let error = DigitalLink::parse(input).unwrap_err();
    (error.at, error.kind)
}

fn ai(ai: &str) -> String {
    ai.to_owned()
}

#[test]
fn every_legal_sequence_of_qualifiers_is_read() {
    for tail in [
        "",
        "/21/S",
        "/10/L",
        "/10/L/21/S",
        "/22/V",
        "/22/V/21/S",
        "/22/V/10/L",
        "/22/V/10/L/21/S",
    ] {
        let link = parse(&format!("{G}{tail}"));
        assert_eq!(link.to_string(), format!("{G}{tail}"));
        assert_eq!(link.variant().is_some(), tail.contains("/22/"));
        assert_eq!(link.lot().is_some(), tail.contains("/10/"));
        assert_eq!(link.serial().is_some(), tail.contains("/21/"));
    }
    let link = parse(&format!("{G}/235/X"));
    assert!(matches!(link.qualifiers(), Qualifiers::ThirdParty(serial) if serial.as_str() == "X"));
    assert_eq!((link.lot(), link.serial()), (None, None));
}

#[test]
fn other_parameters_are_kept_byte_for_byte() {
    for query in [
        "",
        "&",
        "linkType=all&flag;context=a+b%20c&&=x",
        "x[]=1&utm=100%&q=%zz",
        "a=1;17=261231&b",
        "a?b=/@:",
    ] {
        let link = parse(&format!("{G}/21/S?{query}#frag?10=L/21"));
        assert_eq!(
            (link.query(), link.fragment()),
            (Some(query), Some("frag?10=L/21"))
        );
        assert_eq!(link.to_string(), format!("{G}/21/S?{query}#frag?10=L/21"));
    }
    assert_eq!(parse(&format!("{G}#")).fragment(), Some(""));
}

#[test]
fn values_are_decoded_and_written_in_one_way() {
    let link = parse(&format!("{G}/21/32a%2fb!%2b+"));
    assert_eq!(link.serial().unwrap().as_str(), "32a/b!++");
    assert_eq!(link.to_string(), format!("{G}/21/32a%2Fb%21%2B%2B"));
    let everything = "%21%22%25%26%27%28%29%2A%2B%2C%2F%3A%3B%3C%3D%3E%3F";
    let link = parse(&format!("{G}/10/{everything}"));
    assert_eq!(link.lot().unwrap().as_str(), "!\"%&'()*+,/:;<=>?");
    assert_eq!(link.to_string(), format!("{G}/10/{everything}"));
}

#[test]
fn the_gtin_has_14_digits_and_a_right_check_digit() {
    for (gtin, digits) in [
        ("9506000134352", 13),
        ("614141123452", 12),
        ("96385074", 8),
        ("96385070", 8),
    ] {
        assert_eq!(
            refused_link(&format!("https://a/01/{gtin}")),
            (13, Kind::GtinNotPadded { digits })
        );
    }
    let wrong = |gtin: &str| match refused_link(&format!("https://a/01/{gtin}/21/S")) {
        (at, Kind::Gtin(error)) => (at, error),
        other => panic!("{other:?}"),
    };
    assert!(matches!(
        wrong("09506000134353"),
        (
            26,
            GtinError::WrongCheckDigit {
                expected: 2,
                found: 3,
                ..
            }
        )
    ));
    assert!(matches!(
        wrong("095060001343520"),
        (13, GtinError::WrongLength { length: 15, .. })
    ));
    assert!(matches!(
        wrong("0950600013435x"),
        (26, GtinError::NotADigit { found: 'x', .. })
    ));
    assert_eq!(
        parse("https://a/01/%309506000134352").gtin().as_str(),
        "09506000134352"
    );
}

#[test]
fn scheme_and_host_may_have_either_case() {
    let link = parse("HTTPS://ID.Example.COM:8443/Eu/01/09506000134352/21/aB");
    assert_eq!(
        link.to_string(),
        "https://id.example.com:8443/Eu/01/09506000134352/21/aB"
    );
    assert_eq!(
        refused_link("HtTpS://a/01/09506000134352"),
        (0, Kind::Base(Base::MixedCaseScheme))
    );
    assert_eq!(
        refused_link("ftp://a/01/09506000134352"),
        (0, Kind::Base(Base::NoScheme))
    );
    assert_eq!(
        refused_link("/01/09506000134352"),
        (0, Kind::Base(Base::NoScheme))
    );
    assert_eq!(
        refused_link("https:///01/09506000134352"),
        (8, Kind::Base(Base::NoHost))
    );
    assert_eq!(
        refused_link("https://a$b/01/09506000134352"),
        (9, Kind::Base(Base::IllegalInHost { found: '$' }))
    );
}

#[test]
fn a_link_has_one_reading_only() {
    assert_eq!(
        parse("https://a/more/stem/01/09506000134352").base().stem(),
        "/more/stem"
    );
    assert_eq!(
        parse(&format!("{G}/10/01/21/01")).lot().unwrap().as_str(),
        "01"
    );
    // The reference parser takes the last key; this stem is refused rather than guessed at.
    assert!(matches!(
        refused_link("https://a/01/shop/01/09506000134352"),
        (13, Kind::Gtin(_))
    ));
    assert_eq!(
        refused("/01/09506000134352/21/S"),
        (1, Kind::Duplicate { ai: ai("01") })
    );
    assert_eq!(
        refused("/10/00/006141411234567890"),
        (
            7,
            Kind::UnknownAi {
                ai: ai("006141411234567890")
            }
        )
    );
    let key = Kind::Base(Base::KeyInStem { key: ai("414") });
    assert_eq!(refused_link("https://a/414/x/01/09506000134352"), (10, key));
    let key = Kind::Base(Base::KeyInStem { key: ai("01") });
    assert_eq!(
        refused_link("https://a/%30%31/01/09506000134352"),
        (10, key)
    );
    assert_eq!(
        refused_link("https://a//01/09506000134352"),
        (10, Kind::Base(Base::EmptyStemSegment))
    );
}

#[test]
fn a_link_without_a_gtin_says_so() {
    for (input, at) in [
        ("https://example.com", 19),
        ("https://example.com/", 19),
        ("https://example.com/p/4711", 19),
        ("https://a/gtin/09506000134352", 9),
        ("https://a?x=/01/09506000134352", 9),
    ] {
        assert_eq!(refused_link(input), (at, Kind::NoGtin), "{input}");
    }
}

#[test]
fn one_slash_after_a_complete_path_is_ignored() {
    assert_eq!(parse(&format!("{G}/")).to_string(), G);
    assert_eq!(
        parse(&format!("{G}/21/S/?x")).to_string(),
        format!("{G}/21/S?x")
    );
}

#[test]
fn a_link_over_the_limit_is_refused() {
    let fill = |length: usize| format!("{G}?{}", "x".repeat(length - G.len() - 1));
    assert_eq!(parse(&fill(MAX_LINK)).to_string().len(), MAX_LINK);
    assert_eq!(
        refused_link(&fill(MAX_LINK + 1)),
        (MAX_LINK, Kind::TooLong { max: MAX_LINK })
    );
    let grows = format!("{G}/21/!?{}", "x".repeat(MAX_LINK - G.len() - 6));
    assert_eq!(
        refused_link(&grows),
        (MAX_LINK, Kind::TooLong { max: MAX_LINK })
    );
}

#[test]
fn a_message_says_what_is_wrong_and_where() {
    let message = |tail: &str| {
        DigitalLink::parse(&format!("https://a/01/09506000134352{tail}"))
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        message("/21/A/10/B"),
        "AI (10) after AI (21) at byte 33 of `https://a/01/09506000134352/21/A/10/B`"
    );
    assert_eq!(
        message("/21/A%20"),
        "no value of its AI: ` ` at byte 1 of the value of AI (21), `A `, is not in the GS1 character set 82, at byte \
         32 of `https://a/01/09506000134352/21/A%20`"
    );
    assert_eq!(
        DigitalLink::parse("https://a/01/96385074")
            .unwrap_err()
            .to_string(),
        "a GTIN of 8 digits (pad it with zeros on the left to 14) at byte 13 of `https://a/01/96385074`"
    );
}
