//! Symbols against an encoder that shares no code with this one.

use proptest::prelude::*;
use qrcodegen::{Mask, QrCode, QrCodeEcc, QrSegment};

use super::drawn::{Linear, Modules};
use super::{Encoder, ErrorCorrection, Lengths, Version};

fn level(error_correction: ErrorCorrection) -> QrCodeEcc {
    match error_correction {
        ErrorCorrection::M => QrCodeEcc::Medium,
        ErrorCorrection::H => QrCodeEcc::High,
    }
}

/// In one segment.
fn oracle(version: Version, level: QrCodeEcc, text: &str, mask: Option<u8>) -> QrCode {
    let segment = match QrSegment::is_alphanumeric(text) {
        true => QrSegment::make_alphanumeric(text),
        false => QrSegment::make_bytes(text.as_bytes()),
    };
    let version = qrcodegen::Version::new(version.number());
    let mask = mask.map(Mask::new);
    QrCode::encode_segments_advanced(&[segment], level, version, version, mask, false).unwrap()
}

fn rows(code: &QrCode) -> Vec<u128> {
    let row = |y| {
        let modules = (0..code.size()).rev();
        modules.fold(0, |row, x| row << 1 | u128::from(code.get_module(x, y)))
    };
    (0..code.size()).map(row).collect()
}

/// The symbol of a text, as another encoder makes it.
pub(crate) fn plain_rows(version: Version, of: ErrorCorrection, text: &str) -> Vec<u128> {
    rows(&oracle(version, level(of), text, None))
}

fn assert_equal(encoder: &Encoder, text: &str) {
    let symbol = encoder.encode(text).unwrap();
    let expected = oracle(
        symbol.version(),
        level(symbol.error_correction()),
        text,
        None,
    );
    assert_eq!(symbol.mask(), expected.mask().value(), "{text}");
    assert_eq!(symbol.rows(), rows(&expected), "{text}");
}

/// 10,000 texts: each with the mask that is chosen, and with one of the masks in turn.
fn assert_all_equal(
    error_correction: ErrorCorrection,
    text: impl Fn(&mut fastrand::Rng) -> String,
) {
    let mut random = fastrand::Rng::with_seed(7);
    let texts: Vec<String> = (0..10_000).map(|_| text(&mut random)).collect();
    let encoder = Encoder::new(error_correction, &Lengths::of([texts[0].as_str()])).unwrap();
    let modules = Modules::new(encoder.version(), error_correction);
    let masks = modules.masks();
    let linear: Linear<u64> = Linear::new(modules);
    for (text, (number, mask)) in texts.iter().zip((0..).zip(&masks).cycle()) {
        assert_equal(&encoder, text);
        let drawn = linear.draw(text).unwrap();
        let masked: Vec<u128> = drawn
            .iter()
            .zip(mask)
            .map(|(row, mask)| u128::from(*row) ^ mask)
            .collect();
        let level = level(error_correction);
        let expected = oracle(encoder.version(), level, text, Some(number));
        assert_eq!(masked, rows(&expected), "{text} {number}");
    }
}

fn link(random: &mut fastrand::Rng) -> String {
    let letter = |random: &mut fastrand::Rng| {
        char::from(b"0123456789ABCDEFGHJKMNPQRSTVWXYZ"[random.usize(..32)])
    };
    let serial: String = (0..12).map(|_| letter(random)).collect();
    format!("https://id.example.com/01/09506000134352/21/{serial}")
}

fn unit(random: &mut fastrand::Rng) -> String {
    let id = random.u128(..);
    let [a, b, c, d, e] = [id >> 96, id >> 80, id >> 64, id >> 48, id].map(|part| part as u64);
    let [b, c, d] = [b, c, d].map(|part| part & 0xffff);
    let (a, e) = (a & 0xffff_ffff, e & 0xffff_ffff_ffff);
    format!("https://id.example.com/mu/{a:08x}-{b:04x}-{c:04x}-{d:04x}-{e:012x}")
}

#[test]
fn links_have_the_symbols_of_another_encoder() {
    assert_all_equal(ErrorCorrection::M, link);
}

#[test]
fn links_of_level_h_have_the_symbols_of_another_encoder() {
    assert_all_equal(ErrorCorrection::H, link);
}

#[test]
fn links_to_units_have_the_symbols_of_another_encoder() {
    assert_all_equal(ErrorCorrection::M, unit);
}

#[test]
fn links_to_units_of_level_h_have_the_symbols_of_another_encoder() {
    assert_all_equal(ErrorCorrection::H, unit);
}

#[test]
fn links_in_upper_case_have_the_symbols_of_another_encoder() {
    assert_all_equal(ErrorCorrection::M, |random| link(random).to_uppercase());
}

#[test]
fn links_in_upper_case_of_level_h_have_the_symbols_of_another_encoder() {
    assert_all_equal(ErrorCorrection::H, |random| link(random).to_uppercase());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(30))]

    /// One encoder learns from all of them, whatever they have in common.
    #[test]
    fn texts_of_any_length_have_the_symbols_of_another_encoder(
        version in 1_usize..=27,
        is_high in any::<bool>(),
        texts in prop::collection::vec("[A-Z0-9 $%*+./:-]{1,40}|[ -~äß€]{1,20}|[a-z]{1,600}", 1..6),
    ) {
        let version = Version::all().nth(version - 1).unwrap();
        let error_correction = if is_high { ErrorCorrection::H } else { ErrorCorrection::M };
        let encoder = Encoder::of_version(version, error_correction);
        for text in texts {
            if encoder.encode(&text).is_ok() {
                assert_equal(&encoder, &text);
            }
        }
    }
}
