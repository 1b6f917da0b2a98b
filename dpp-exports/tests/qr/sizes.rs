//! Which version texts get.

use dpp_exports::qr::{EncodeError, Encoder, ErrorCorrection, Lengths, Version};

fn version(error_correction: ErrorCorrection, text: &str) -> u8 {
    let encoder = Encoder::new(error_correction, &Lengths::of([text])).unwrap();
    let symbol = encoder.encode(text).unwrap();
    assert_eq!(symbol.version(), encoder.version());
    assert_eq!(symbol.rows().len(), symbol.width() as usize);
    symbol.version().number()
}

#[test]
fn links_have_the_sizes_that_the_standard_gives_them() {
    use ErrorCorrection::{H, M};
    let link = "https://id.example.com/01/09506000134352/21/K7M4Q2X9PRTW";
    for (text, error_correction, expected) in [
        (link.to_owned(), M, 4),
        (link.to_owned(), H, 6),
        (link.to_uppercase(), M, 3),
        (link.to_uppercase(), H, 5),
        (format!("{link}/10/LOT42A"), M, 5),
        (format!("{link}/10/LOT42A"), H, 8),
        (format!("{link}/10/LOT42A").to_uppercase(), M, 4),
        (format!("{link}/10/LOT42A").to_uppercase(), H, 6),
    ] {
        assert_eq!(version(error_correction, &text), expected, "{text}");
    }
}

/// Capacities of ISO/IEC 18004, table 7.
#[test]
fn a_version_holds_as_much_as_the_standard_says() {
    use ErrorCorrection::{H, M};
    for (version, error_correction, alphanumeric, byte) in [
        (1, M, 20, 14),
        (1, H, 10, 7),
        (6, M, 154, 106),
        (6, H, 84, 58),
        (9, M, 262, 180),
        (10, M, 311, 213),
        (14, H, 283, 194),
        (20, H, 557, 382),
        (26, M, 1542, 1059),
        (27, M, 1637, 1125),
        (27, H, 910, 625),
    ] {
        for (letter, most) in [("A", alphanumeric), ("a", byte)] {
            let fits = |length| {
                let lengths = Lengths::of([letter.repeat(length).as_str()]);
                Version::holding(error_correction, &lengths)
                    .map(Version::number)
                    .next()
            };
            assert_eq!(fits(most), Some(version), "{letter} {error_correction:?}");
            assert_ne!(
                fits(most + 1),
                Some(version),
                "{letter} {error_correction:?}"
            );
        }
    }
}

#[test]
fn every_url_that_can_be_minted_has_a_code() {
    let longest = format!(
        "https://{}/01/09506000134352/21/{}",
        "a".repeat(1016),
        "%2F".repeat(20)
    );
    assert_eq!(version(ErrorCorrection::M, &longest), 27);
}

#[test]
fn all_texts_of_a_pack_get_the_size_of_the_longest() {
    let texts = [
        "HTTPS://A.EU/01/09506000134352/21/A",
        "https://a.eu/01/09506000134352/21/abcdefgh",
    ];
    let encoder = Encoder::new(ErrorCorrection::M, &Lengths::of(texts)).unwrap();
    assert_eq!(encoder.version().number(), 3);
    assert!(
        texts
            .iter()
            .all(|text| encoder.encode(text).unwrap().version().number() == 3)
    );
    assert_eq!(version(ErrorCorrection::M, texts[0]), 2);
}

#[test]
fn a_text_that_is_too_long_is_refused() {
    let long = "a".repeat(626);
    let error = Encoder::new(ErrorCorrection::H, &Lengths::of([long.as_str()])).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the longest text fits no QR code of error correction `H`"
    );
    let encoder = Encoder::new(ErrorCorrection::M, &Lengths::of(["short"])).unwrap();
    let error = encoder.encode("longer than short").unwrap_err();
    assert!(
        matches!(error, EncodeError::LongerThanPlanned { .. }),
        "{error}"
    );
}
