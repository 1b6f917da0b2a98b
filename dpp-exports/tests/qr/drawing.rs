//! What a scanner reads.

use dpp_exports::qr::{
    Encoder, ErrorCorrection, Lengths, SvgTemplate, Symbol, Version, upper_case_host,
};

use crate::optics::Picture;

fn draw(error_correction: ErrorCorrection, text: &str) -> (Symbol, Vec<u8>) {
    let encoder = Encoder::new(error_correction, &Lengths::of([text])).unwrap();
    let symbol = encoder.encode(text).unwrap();
    let svg = SvgTemplate::new(symbol.version()).svg(&symbol);
    (symbol, svg)
}

#[test]
fn codes_of_all_versions_are_read() {
    for version in Version::all() {
        for error_correction in [ErrorCorrection::M, ErrorCorrection::H] {
            let text = format!("https://id.example.com/{version}/{error_correction:?}");
            let text = upper_case_host(&text);
            let encoder = Encoder::of_version(version, error_correction);
            let Ok(symbol) = encoder.encode(&text) else {
                assert!(version.number() < 3);
                continue;
            };
            let svg = SvgTemplate::new(version).svg(&symbol);
            assert_eq!(Picture::of_path(&svg).find(3), text);
        }
    }
}

#[test]
fn a_full_code_is_read() {
    for (error_correction, length) in [(ErrorCorrection::M, 1125), (ErrorCorrection::H, 625)] {
        let text: String = ('!'..='~').cycle().take(length).collect();
        let (_, svg) = draw(error_correction, &text);
        assert_eq!(Picture::of_path(&svg).find(3), text);
    }
}

#[test]
fn the_drawing_is_the_symbol_in_a_quiet_zone_of_four_modules() {
    let (symbol, svg) = draw(ErrorCorrection::M, "https://id.example.com/mu/1");
    let picture = Picture::of_path(&svg);
    let side = symbol.width() as usize + 8;
    assert_eq!(picture.side, side);
    for y in 0..side {
        for x in 0..side {
            let inside = x.checked_sub(4).zip(y.checked_sub(4));
            let expected = inside.is_some_and(|(x, y)| symbol.is_dark(x as u32, y as u32));
            assert_eq!(picture.is_dark(x, y), expected, "{x} {y}");
        }
    }
}

#[test]
fn a_renderer_draws_what_the_path_says() {
    for text in [
        "HTTPS://ID.EXAMPLE.COM/01/09506000134352/21/K7M4Q2X9PRTW",
        "https://a.eu/mu/1",
    ] {
        let (_, svg) = draw(ErrorCorrection::M, text);
        let (path, rendered) = (Picture::of_path(&svg), Picture::rendered(&svg, 4));
        assert_eq!(rendered.find(1), text);
        for y in 0..rendered.side {
            for x in 0..rendered.side {
                assert_eq!(
                    rendered.is_dark(x, y),
                    path.is_dark(x / 4, y / 4),
                    "{x} {y}"
                );
            }
        }
    }
}

fn assert_golden(name: &str, golden: &str, error_correction: ErrorCorrection, text: &str) {
    let (_, svg) = draw(error_correction, text);
    let svg = String::from_utf8(svg).unwrap();
    if std::env::var_os("BLESS").is_some() {
        let file = format!("{}/tests/golden/{name}", env!("CARGO_MANIFEST_DIR"));
        std::fs::write(file, &svg).unwrap();
        return;
    }
    assert_eq!(svg, golden, "{name}");
}

#[test]
fn a_unit_has_the_bytes_that_it_always_had() {
    assert_golden(
        "qr_unit.svg",
        include_str!("../golden/qr_unit.svg"),
        ErrorCorrection::M,
        "https://id.example.com/01/09506000134352/21/K7M4Q2X9PRTW",
    );
}

#[test]
fn a_unit_in_upper_case_has_the_bytes_that_it_always_had() {
    assert_golden(
        "qr_unit_upper_case.svg",
        include_str!("../golden/qr_unit_upper_case.svg"),
        ErrorCorrection::H,
        "HTTPS://ID.EXAMPLE.COM/01/09506000134352/21/K7M4Q2X9PRTW",
    );
}
