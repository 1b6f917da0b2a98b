//! The contact sheet.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]

mod images;
mod optics;

use dpp_exports::bundle::{Codes, Design};
use dpp_exports::logo::Logo;
use dpp_exports::sheet::{MOST_CODES, Sheet};
use optics::Picture;

const BATCH: &str = "018c3f6e-2d00-7000-8000-0123456789ab";

fn of_serials(count: u32) -> Codes {
    let mut codes = Codes::of_serials(Some("09506000134352".parse().unwrap()));
    for number in 0..count {
        let serial = format!("K7M4Q2X9PRTW{number:08}");
        let url = format!("https://id.example.com/01/09506000134352/21/{serial}");
        codes.push(&serial, &url).unwrap();
    }
    codes
}

fn of_ids(count: u32) -> Codes {
    let mut codes = Codes::of_serials(None);
    for number in 0..count {
        let id = format!("0b8f6a0e-5d5c-8f0e-8a55-0f2c7f{number:06x}");
        codes
            .push(&id, &format!("https://id.example.com/mu/{id}"))
            .unwrap();
    }
    codes
}

fn sheet(sheet: Sheet<'_>, codes: &Codes, logo: Option<&Logo>) -> String {
    sheet
        .svg(codes, &Design::new(codes, logo).unwrap())
        .unwrap()
}

#[test]
fn every_code_on_it_is_read() {
    let logo = images::coloured("#0a7", 10);
    for (codes, logo, most) in [
        (of_serials(100), None, 24),
        (of_serials(3), Some(&logo), 24),
        (of_ids(100), None, MOST_CODES),
    ] {
        let svg = sheet(
            Sheet::new(BATCH, 1, "QR bundle").of_codes(most),
            &codes,
            logo,
        );
        let page = Picture::rendered(svg.as_bytes(), 3);
        let pixel = |mm: f64| (mm * page.side as f64 / 210.0).round() as usize;
        let found = symbols(&svg).into_iter().map(|(_, [left, right, top, _])| {
            page.part(pixel(left), pixel(top), pixel(right - left))
                .find(1)
        });
        let found: Vec<_> = found.collect();
        let expected = codes.iter().take(most).map(|code| code.resolver_url);
        assert!(found.iter().eq(expected), "{found:?}");
    }
}

/// Left, right, top and bottom.
type Frame = [f64; 4];

/// Each text and the most room that it takes: a character is as wide as in the widest of the fonts
/// that are named, on average in those that are not of fixed width.
fn texts(svg: &str) -> Vec<(String, Frame)> {
    let document = roxmltree::Document::parse(svg).unwrap();
    let texts = document
        .descendants()
        .filter(|node| node.has_tag_name("text"));
    let frames = texts.map(|node| {
        let number = |name| node.attribute(name).unwrap().parse::<f64>().unwrap();
        let (x, y, size) = (number("x"), number("y"), number("font-size"));
        let text = node.text().unwrap().to_owned();
        let is_fixed = node
            .attribute("font-family")
            .unwrap()
            .ends_with("monospace");
        let character = if is_fixed { 0.61 } else { 0.57 };
        let width = text.chars().count() as f64 * character * size;
        let left = match node.attribute("text-anchor") {
            None => x,
            Some("middle") => x - width / 2.0,
            Some(_) => x - width,
        };
        (text, [left, left + width, y - 0.8 * size, y + 0.25 * size])
    });
    frames.collect()
}

/// Each code with its quiet zone.
fn symbols(svg: &str) -> Vec<(String, Frame)> {
    let document = roxmltree::Document::parse(svg).unwrap();
    let root = document.root_element();
    let codes = root.children().filter(|node| node.has_tag_name("svg"));
    let frames = codes.map(|node| {
        let number = |name| node.attribute(name).unwrap().parse::<f64>().unwrap();
        let (x, y, side) = (number("x"), number("y"), number("width"));
        ("code".to_owned(), [x, x + side, y, y + side])
    });
    frames.collect()
}

#[test]
fn nothing_overlaps_and_nothing_leaves_the_page() {
    let mut lots = Codes::of_lots(Some("09506000134352".parse().unwrap()));
    for number in 0..9 {
        let lot = format!("WWWWWWWWWWWWWWWWWWW{number}");
        let url = format!("https://id.example.com/01/09506000134352/10/{lot}");
        lots.push_copies(&lot, &url, 1_000).unwrap();
    }
    for codes in [of_serials(50), of_ids(50), lots] {
        for most in [1, 6, 7, 12, 13, 24, 25, 40] {
            let svg = sheet(
                Sheet::new(BATCH, 1, "QR bundle").of_codes(most),
                &codes,
                None,
            );
            let mut frames = texts(&svg);
            frames.extend(symbols(&svg));
            for (place, (text, [left, right, top, bottom])) in frames.iter().enumerate() {
                assert!(*left >= 10.0 && *right <= 200.0, "{text} {left} {right}");
                assert!(*top >= 10.0 && *bottom <= 290.0, "{text} {top} {bottom}");
                for (other, [l, r, t, b]) in &frames[..place] {
                    let apart = right <= l || r <= left || bottom <= t || b <= top;
                    assert!(apart, "{most}: {text} {other}");
                }
            }
        }
    }
}

fn lines(svg: &str) -> Vec<String> {
    texts(svg).into_iter().map(|(text, _)| text).collect()
}

#[test]
fn it_says_what_it_shows() {
    let svg = sheet(Sheet::new(BATCH, 7, "QR bundle"), &of_serials(1_200), None);
    let lines = lines(&svg);
    assert_eq!(lines[0], format!("Batch {BATCH}"));
    assert_eq!(
        lines[1],
        "Pack 7 · QR bundle · 1,200 codes, 24 of them shown"
    );
    assert_eq!(
        lines[2..5],
        ["00001", "(01)09506000134352", "(21)K7M4Q2X9PRTW00000000"]
    );
    assert_eq!(lines.len(), 2 + 3 * 24 + 2);
    let footer = "QR code version 5, error correction M, 37 × 37 modules, quiet zone 4 modules";
    assert_eq!(lines[lines.len() - 2], footer);
}

#[test]
fn copies_are_shown_once() {
    let mut codes = Codes::of_lots(None);
    for (lot, copies) in [("A<&>\u{1}", 1_250), ("NONE", 0), ("B", 1)] {
        codes.push_copies(lot, "https://a.eu/ml/1", copies).unwrap();
    }
    let lines = lines(&sheet(Sheet::new("<B>", 1, "QR bundle"), &codes, None));
    assert_eq!(lines[0], "Batch <B>");
    assert_eq!(
        lines[1],
        "Pack 1 · QR bundle · 1,251 codes, 2 of them shown"
    );
    assert_eq!(
        lines[2..7],
        ["00001", "A<&>\u{fffd}", "× 1,250", "01251", "B"]
    );
}

#[test]
fn long_names_are_cut() {
    let mut codes = Codes::of_serials(None);
    codes.push(&"é".repeat(100), "https://a.eu/mu/1").unwrap();
    let lines = lines(&sheet(Sheet::new(&"b".repeat(100), 1, "QR"), &codes, None));
    assert_eq!(lines[0], format!("Batch {}…", "b".repeat(59)));
    assert_eq!(
        lines[3..5],
        ["é".repeat(24), format!("{}…", "é".repeat(23))]
    );
}

#[test]
fn a_sheet_has_the_bytes_that_it_always_had() {
    let logo = images::coloured("#0a7", 10);
    let codes = of_serials(2).in_upper_case();
    let svg = sheet(Sheet::new(BATCH, 1, "QR bundle"), &codes, Some(&logo));
    if std::env::var_os("BLESS").is_some() {
        let file = format!("{}/tests/golden/sheet.svg", env!("CARGO_MANIFEST_DIR"));
        std::fs::write(file, &svg).unwrap();
        return;
    }
    assert_eq!(svg, include_str!("golden/sheet.svg"));
}
