//! Qualifiers and data attributes that a Digital Link must not have.

use dpp_core::gs1::DigitalLinkErrorKind as Kind;
use dpp_core::gs1::percent::PercentError;
use dpp_core::gs1::{Cset82Error, DigitalLink};

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
fn qualifiers_in_another_order_are_refused() {
    let out_of_order = |ai, after| Kind::OutOfOrder { ai, after };
    assert_eq!(refused("/21/S/10/L"), (6, out_of_order("10", "21")));
    assert_eq!(refused("/10/L/22/V"), (6, out_of_order("22", "10")));
    assert_eq!(refused("/22/V/21/S/10/L"), (11, out_of_order("10", "21")));
}

#[test]
fn a_third_partys_serial_stands_alone() {
    assert_eq!(
        refused("/21/S/235/X"),
        (
            6,
            Kind::Exclusive {
                ai: "235",
                other: "21"
            }
        )
    );
    assert_eq!(
        refused("/235/X/10/L"),
        (
            7,
            Kind::Exclusive {
                ai: "10",
                other: "235"
            }
        )
    );
}

#[test]
fn no_ai_stands_twice() {
    assert_eq!(refused("/21/S/21/S"), (6, Kind::Duplicate { ai: ai("21") }));
    assert_eq!(
        refused("/10/L/21/S/10/L"),
        (11, Kind::Duplicate { ai: ai("10") })
    );
    assert_eq!(
        refused("/01/09506000134352"),
        (1, Kind::Duplicate { ai: ai("01") })
    );
    assert_eq!(refused("/21/S?21=S"), (6, Kind::Duplicate { ai: ai("21") }));
    assert_eq!(
        refused("?01=09506000134352"),
        (1, Kind::Duplicate { ai: ai("01") })
    );
    assert_eq!(
        refused("?17=261231&17=261231"),
        (11, Kind::Duplicate { ai: ai("17") })
    );
    assert_eq!(
        refused("?17=261231;%31%37=261231"),
        (11, Kind::Duplicate { ai: ai("17") })
    );
    assert_eq!(
        refused("/235/X?235=X"),
        (7, Kind::Duplicate { ai: ai("235") })
    );
}

#[test]
fn no_value_is_empty() {
    assert_eq!(refused("/10"), (1, Kind::NoValue { ai: ai("10") }));
    assert_eq!(refused("/10/"), (1, Kind::NoValue { ai: ai("10") }));
    assert_eq!(refused("/10//21/S"), (1, Kind::NoValue { ai: ai("10") }));
    assert_eq!(refused("//"), (1, Kind::EmptySegment));
    assert_eq!(refused("//21/S"), (1, Kind::EmptySegment));
    assert_eq!(refused("/21/S//"), (6, Kind::EmptySegment));
    assert_eq!(refused("?17="), (1, Kind::NoValue { ai: ai("17") }));
    assert_eq!(refused("?a=1&17"), (5, Kind::NoValue { ai: ai("17") }));
    assert_eq!(
        refused_link("https://a/01/"),
        (13, Kind::NoValue { ai: ai("01") })
    );
    assert_eq!(refused_link("https://a/01/x/10/").0, 13);
    assert_eq!(
        refused_link("https://a/01"),
        (10, Kind::NoValue { ai: ai("01") })
    );
}

#[test]
fn an_ai_that_does_not_qualify_a_gtin_is_refused_in_the_path() {
    assert_eq!(
        refused("/17/261231"),
        (1, Kind::NotAQualifier { ai: ai("17") })
    );
    assert_eq!(
        refused("/99/ABC"),
        (1, Kind::NotAQualifier { ai: ai("99") })
    );
    assert_eq!(
        refused("/8020/ABC"),
        (1, Kind::NotAQualifier { ai: ai("8020") })
    );
    assert_eq!(refused("/38/ABC"), (1, Kind::UnknownAi { ai: ai("38") }));
    assert_eq!(
        refused("/00021/ABC"),
        (1, Kind::UnknownAi { ai: ai("00021") })
    );
    assert_eq!(
        refused("/ser/ABC"),
        (1, Kind::NotAnAi { segment: ai("ser") })
    );
    assert_eq!(
        refused("/%32%31/ABC"),
        (
            1,
            Kind::NotAnAi {
                segment: ai("%32%31")
            }
        )
    );
}

#[test]
fn a_qualifier_is_refused_in_the_query_unless_the_other_branch_was_chosen() {
    for (tail, name) in [
        ("?10=L", "10"),
        ("?21=S", "21"),
        ("?22=V", "22"),
        ("?235=X", "235"),
        ("?%31%30=L", "10"),
    ] {
        assert_eq!(refused(tail), (1, Kind::QualifierInQuery { ai: ai(name) }));
    }
    assert_eq!(
        refused("/21/S?10=L"),
        (6, Kind::QualifierInQuery { ai: ai("10") })
    );
    assert_eq!(
        refused("/235/X?21=S"),
        (7, Kind::QualifierInQuery { ai: ai("21") })
    );
    assert_eq!(parse(&format!("{G}/235/X?10=L")).query(), Some("10=L"));
    assert_eq!(
        refused("/235/X?10=L&10=L"),
        (12, Kind::Duplicate { ai: ai("10") })
    );
}

#[test]
fn the_query_holds_data_attributes_of_a_gtin_only() {
    for (tail, name) in [
        ("?38=1", "38"),
        ("?1=1", "1"),
        ("?3106=000001", "3106"),
        ("?12345=1", "12345"),
        ("?999=1", "999"),
    ] {
        assert_eq!(refused(tail), (1, Kind::UnknownAi { ai: ai(name) }));
    }
    for (tail, name) in [
        ("?37=5", "37"),
        ("?02=09506000134352", "02"),
        ("?8200=x", "8200"),
        ("?8006=x", "8006"),
    ] {
        assert_eq!(refused(tail), (1, Kind::NotAnAttribute { ai: ai(name) }));
    }
    for query in [
        "17=261231",
        "99=ABC",
        "3103=000195",
        "3922=0299",
        "710=1",
        "7240=A",
        "8008=26010112",
        "414=9521141123454",
    ] {
        assert_eq!(parse(&format!("{G}?{query}")).query(), Some(query));
    }
}

#[test]
fn attribute_values_are_of_the_character_set() {
    assert_eq!(
        refused("?240=a+b"),
        (
            6,
            Kind::AttributeValue {
                ai: ai("240"),
                found: ' '
            }
        )
    );
    assert_eq!(
        refused("?240=a%20b"),
        (
            6,
            Kind::AttributeValue {
                ai: ai("240"),
                found: ' '
            }
        )
    );
    assert_eq!(
        refused("?240=%2Fa%FF"),
        (
            9,
            Kind::AttributeValue {
                ai: ai("240"),
                found: '\u{fffd}'
            }
        )
    );
    assert!(matches!(
        refused("?240=a%2"),
        (6, Kind::Escape(PercentError::Truncated { .. }))
    ));
    parse(&format!("{G}?240=a%2Bb%2f"));
}

#[test]
fn a_wrong_value_is_refused_at_its_byte_of_the_link() {
    assert!(matches!(
        refused("/21/a%2"),
        (5, Kind::Escape(PercentError::Truncated { at: 45 }))
    ));
    assert!(matches!(
        refused("/21/a%00"),
        (5, Kind::Escape(PercentError::Zero { .. }))
    ));
    assert!(matches!(
        refused("/21/a%2Gb"),
        (5, Kind::Escape(PercentError::NotHex { .. }))
    ));
    let illegal = |tail| match refused(tail) {
        (at, Kind::Value(Cset82Error::IllegalCharacter { found, .. })) => (at, found),
        other => panic!("{other:?}"),
    };
    assert_eq!(illegal("/21/a%2Fb%20c"), (9, ' '));
    assert_eq!(illegal("/21/a%2Fb~c"), (9, '~'));
    assert_eq!(illegal("/21/a@"), (5, '@'));
    assert_eq!(illegal("/21/%C3%A9"), (4, 'é'));
    assert_eq!(illegal("/21/a%FF"), (5, '\u{fffd}'));
    let long = format!("/21/%2F{}", "A".repeat(20));
    assert!(matches!(
        refused(&long),
        (
            26,
            Kind::Value(Cset82Error::TooLong {
                length: 21,
                max: 20,
                ..
            })
        )
    ));
    let long = format!("/235/{}", "A".repeat(29));
    assert!(matches!(
        refused(&long),
        (
            33,
            Kind::Value(Cset82Error::TooLong {
                length: 29,
                max: 28,
                ..
            })
        )
    ));
}

#[test]
fn characters_that_no_uri_has_are_refused_wherever_they_stand() {
    for found in "<>{}\\^`|\" \u{0}\u{1f}\u{7f}é\u{2028}".chars() {
        for tail in [
            format!("/21/a{found}b"),
            format!("?aaa{found}"),
            format!("#aaa{found}"),
        ] {
            let at = tail.find(found).unwrap();
            assert_eq!(refused(&tail), (at, Kind::IllegalCharacter { found }));
        }
    }
}
