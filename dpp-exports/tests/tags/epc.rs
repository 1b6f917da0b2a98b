//! EPCs that the standard and others have, and serials that fit into none.

use dpp_core::gs1::{CompanyPrefixLength, Gtin, Serial};
use dpp_exports::tags::{EpcError, EpcFilter, EpcRule, EpcScheme, SgtinEncoder};

use EpcScheme::{Sgtin96, Sgtin198, SgtinPlus};

fn encoder(scheme: EpcScheme, filter: u8, gtin: &str, digits: u8) -> SgtinEncoder {
    let rule = EpcRule {
        scheme,
        filter: EpcFilter::new(filter).unwrap(),
    };
    let prefix = CompanyPrefixLength::new(digits).unwrap();
    SgtinEncoder::new(rule, gtin.parse().unwrap(), Some(prefix)).unwrap()
}

fn serial(text: &str) -> Serial {
    text.parse().unwrap()
}

fn uri(encoder: &SgtinEncoder, text: &str) -> String {
    let mut out = Vec::new();
    encoder.push_uri(&serial(text), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn the_known_epcs_come_out() {
    for (scheme, gtin, digits, text, hex) in [
        (
            Sgtin96,
            "80614141123458",
            7,
            "6789",
            "3074257BF7194E4000001A85",
        ),
        (
            Sgtin96,
            "09506000134352",
            11,
            "6789",
            "3066C4409047E14000001A85",
        ),
        (
            Sgtin96,
            "09506000134352",
            11,
            "123456789",
            "3066C4409047E140075BCD15",
        ),
        (
            Sgtin198,
            "09506000134352",
            11,
            "32a/b",
            "3666C4409047E159B2C2BF100000000000000000000000000000",
        ),
        (
            Sgtin198,
            "70614141123451",
            7,
            "32a/b",
            "3674257BF6B7A659B2C2BF100000000000000000000000000000",
        ),
        (
            SgtinPlus,
            "79521141123453",
            7,
            "32a/b",
            "F73795211411234538566CB0AFC4",
        ),
    ] {
        let epc = encoder(scheme, 3, gtin, digits).encode(&serial(text));
        assert_eq!(epc.unwrap().to_string(), hex, "{scheme} {gtin} {text}");
    }
}

#[test]
fn a_serial_of_sgtin_plus_takes_the_fewest_bits() {
    // The serial, its indicator, and the bits of the whole: 68 before the serial, 8 before its
    // characters.
    for (text, indicator, bits) in [
        ("7", 0, 76 + 4),
        ("007", 0, 76 + 10),
        ("274877906943", 0, 76 + 40),
        ("99999999999999999999", 0, 76 + 67),
        ("0A1B2C3D4E5F6071", 1, 76 + 64),
        ("0a1b2c3d4e5f6071", 2, 76 + 64),
        ("K7", 3, 76 + 12),
        ("Abc_-", 3, 76 + 30),
        ("32a/b", 4, 76 + 35),
        ("!!!!!!!!!!!!!!!!!!!!", 4, 76 + 140),
        ("K7M4Q2X9PRTW", 5, 76 + 64),
        ("A.B:C-", 5, 76 + 32),
    ] {
        let epc = encoder(SgtinPlus, 1, "09506000134352", 7).encode(&serial(text));
        let epc = epc.unwrap();
        assert_eq!(epc.bits(), bits, "{text}");
        // The first bit of the serial is the 69th.
        assert_eq!(epc.as_bytes()[8] >> 1 & 7, indicator, "{text}");
    }
}

#[test]
fn an_epc_fills_whole_words() {
    for (scheme, bits, bytes) in [(Sgtin96, 96, 12), (Sgtin198, 198, 26), (SgtinPlus, 86, 12)] {
        let epc = encoder(scheme, 1, "09506000134352", 7).encode(&serial("100"));
        let epc = epc.unwrap();
        assert_eq!(
            (epc.bits(), epc.as_bytes().len()),
            (bits, bytes),
            "{scheme}"
        );
    }
}

#[test]
fn uris_escape_what_they_have_to() {
    let every = "!\"%&'()*+,-./:;<=>?_";
    let of_96 = encoder(Sgtin96, 1, "80614141123458", 7);
    assert_eq!(uri(&of_96, "6789"), "urn:epc:id:sgtin:0614141.812345.6789");
    let of_198 = encoder(Sgtin198, 1, "80614141123458", 7);
    assert_eq!(
        uri(&of_198, every),
        "urn:epc:id:sgtin:0614141.812345.!%22%25%26'()*+,-.%2F:;%3C=%3E%3F_"
    );
    let plus = encoder(SgtinPlus, 1, "80614141123458", 7);
    assert_eq!(
        uri(&plus, "32a/b+"),
        "https://id.gs1.org/01/80614141123458/21/32a%2Fb%2B"
    );
}

#[test]
fn the_company_prefix_ends_where_it_was_said() {
    for (digits, expected) in [
        (6, "061414.8112345"),
        (9, "061414112.8345"),
        (12, "061414112345.8"),
    ] {
        let encoder = encoder(Sgtin198, 1, "80614141123458", digits);
        assert_eq!(uri(&encoder, "1"), format!("urn:epc:id:sgtin:{expected}.1"));
    }
}

#[test]
fn serials_that_sgtin_96_cannot_hold_are_refused() {
    let encoder = encoder(Sgtin96, 1, "09506000134352", 7);
    for (text, refused) in [
        (
            "K7M4Q2X9PRTW",
            EpcError::NotDecimal as fn(Serial) -> EpcError,
        ),
        ("-1", EpcError::NotDecimal),
        ("+1", EpcError::NotDecimal),
        ("007", EpcError::LeadingZero),
        ("00", EpcError::LeadingZero),
        ("274877906944", EpcError::TooLarge),
        ("99999999999999999999", EpcError::TooLarge),
    ] {
        let serial = serial(text);
        let refused = refused(serial);
        assert_eq!(encoder.check(&serial), Err(refused));
        assert_eq!(encoder.encode(&serial), Err(refused));
        assert_eq!(encoder.push_uri(&serial, &mut Vec::new()), Err(refused));
        assert!(refused.to_string().contains(&format!("`{text}`")));
    }
    for text in ["0", "1", "274877906943"] {
        assert_eq!(encoder.check(&serial(text)), Ok(()));
    }
}

#[test]
fn only_sgtin_plus_needs_no_length_of_the_company_prefix() {
    let gtin = Gtin::parse("09506000134352").unwrap();
    for scheme in [Sgtin96, Sgtin198, SgtinPlus] {
        let filter = EpcFilter::default();
        let made = SgtinEncoder::new(EpcRule { scheme, filter }, gtin, None);
        let refused = EpcError::NoCompanyPrefixLength(scheme);
        assert_eq!(made.is_ok(), !scheme.needs_company_prefix());
        assert!(made.is_ok() || made.unwrap_err() == refused);
    }
}

#[test]
fn filters_go_from_0_to_7_and_are_1_by_default() {
    assert_eq!(EpcFilter::default().get(), 1);
    assert!((0..=7).all(|value| EpcFilter::new(value).is_ok()));
    let refused = serde_json::from_str::<EpcFilter>("8").unwrap_err();
    assert!(refused.to_string().contains("`8` is not a filter value"));
}
