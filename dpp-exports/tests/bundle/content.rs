//! What a printer finds in a bundle.

use std::collections::HashSet;
use std::io::{Cursor, Read};

use dpp_exports::bundle::{Codes, CodesError, LOT_COLUMNS, SERIAL_COLUMNS};
use dpp_exports::qr::{Encoder, ErrorCorrection, Symbol};
use zip::ZipArchive;

use crate::images::noisy;
use crate::optics::Picture;
use crate::packs::{GTIN, link, of_lots, of_serials, serial, zip};

/// The files of an archive in their order.
fn files(zip: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(zip)).unwrap();
    let files = (0..archive.len()).map(|index| {
        let mut file = archive.by_index(index).unwrap();
        let mut content = Vec::new();
        file.read_to_end(&mut content).unwrap();
        (file.name().unwrap().into_owned(), content)
    });
    files.collect()
}

fn rows(index: &[u8]) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(index);
    let rows = reader
        .records()
        .map(|row| row.unwrap().iter().map(str::to_owned).collect());
    rows.collect()
}

/// That each pixel is the symbol's module, or the quiet zone.
fn assert_is(picture: &Picture, symbol: &Symbol) {
    assert_eq!(picture.side, symbol.width() as usize + 8);
    for y in 0..picture.side {
        for x in 0..picture.side {
            let inside = x.checked_sub(4).zip(y.checked_sub(4));
            let is_dark = inside.is_some_and(|(x, y)| symbol.is_dark(x as u32, y as u32));
            assert_eq!(picture.is_dark(x, y), is_dark, "{x} {y}");
        }
    }
}

#[test]
fn every_code_of_a_full_pack_holds_its_url() {
    let files = files(&zip(&of_serials(10_000), None, 2));
    let (index, codes) = files.split_first().unwrap();
    assert_eq!(index.0, "index.csv");
    let rows = rows(&index.1);
    assert_eq!(rows[0], SERIAL_COLUMNS);
    assert_eq!((rows.len(), codes.len()), (10_001, 10_000));
    let encoder = Encoder::new(ErrorCorrection::M, of_serials(1).lengths()).unwrap();
    for (number, (row, (name, svg))) in rows[1..].iter().zip(codes).enumerate() {
        let serial = serial(number as u32);
        let url = link(&serial);
        assert_eq!(*name, format!("qr/{:05}_{serial}.svg", number + 1));
        assert_eq!(row, &[serial.as_str(), GTIN, &url, name]);
        let picture = Picture::of_path(svg);
        assert_eq!(picture.read(1), url);
        assert_eq!(picture.find_otherwise(2), url);
        let symbol = encoder.encode(&url).unwrap();
        assert_is(&picture, &symbol);
        if number % 20 == 0 {
            assert_is(&Picture::rendered(svg, 1), &symbol);
        }
        if number % 400 == 0 {
            let picture = Picture::rendered(svg, 3);
            assert_eq!(
                (picture.find(1), picture.find_otherwise(1)),
                (url.clone(), url)
            );
        }
    }
}

#[test]
fn codes_with_a_logo_hold_their_urls() {
    let files = files(&zip(&of_serials(100), Some(&noisy(64, 48)), 2));
    for (number, (_, svg)) in files[1..].iter().enumerate() {
        let url = link(&serial(number as u32));
        let picture = Picture::rendered(svg, 2);
        assert_eq!(
            (picture.read(2), picture.find_otherwise(2)),
            (url.clone(), url)
        );
    }
}

#[test]
fn upper_case_urls_stand_in_the_index_as_in_the_codes() {
    let mut codes = Codes::of_serials(None).in_upper_case();
    codes.push("K7M4Q2X9PRTW", &link("K7M4Q2X9PRTW")).unwrap();
    let files = files(&zip(&codes, None, 1));
    let url = "HTTPS://ID.EXAMPLE.COM/01/09506000134352/21/K7M4Q2X9PRTW";
    assert_eq!(rows(&files[0].1)[1], ["K7M4Q2X9PRTW", "", url, &files[1].0]);
    let picture = Picture::of_path(&files[1].1);
    assert_eq!((picture.find(3).as_str(), picture.side), (url, 29 + 8));
}

#[test]
fn a_lot_has_its_code_once_for_each_of_its_items() {
    let lots = [("L-2027/05", 3), ("B,\"2\"", 2), ("NONE", 0), ("C", 1)];
    let files = files(&zip(&of_lots(&lots), None, 2));
    let names: Vec<_> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "index.csv",
            "qr/00001_L-2027_05.svg",
            "qr/00002_L-2027_05.svg",
            "qr/00003_L-2027_05.svg",
            "qr/00004_B__2_.svg",
            "qr/00005_B__2_.svg",
            "qr/00006_C.svg",
        ]
    );
    let rows = rows(&files[0].1);
    assert_eq!(rows[0], LOT_COLUMNS);
    for (row, (name, svg)) in rows[1..].iter().zip(&files[1..]) {
        let url = format!("https://id.example.com/01/{GTIN}/10/{}", row[0]);
        assert_eq!(row[1..], [GTIN, &url, name]);
        assert_eq!(Picture::of_path(svg).find(3), url);
    }
    assert_eq!(files[1].1, files[3].1);
}

#[test]
fn the_index_is_rfc_4180() {
    let files = files(&zip(&of_lots(&[("B,\"2\"", 1)]), None, 1));
    assert_eq!(
        str::from_utf8(&files[0].1).unwrap(),
        "lot_code,gtin,resolver_url,filename\r\n\
         \"B,\"\"2\"\"\",09506000134352,\"https://id.example.com/01/09506000134352/10/B,\"\"2\"\"\",\
         qr/00001_B__2_.svg\r\n"
    );
}

#[test]
fn names_are_safe_and_sort_in_print_order() {
    let mut codes = Codes::of_serials(None);
    let hostile = [
        "../../etc/passwd",
        "a\\b:c*d?e\"f<g>h|i",
        ".",
        "CON",
        "",
        "%41",
        "ä€",
    ];
    for name in hostile {
        codes.push(name, "https://a.eu/mu/1").unwrap();
    }
    codes.push(&"x".repeat(300), "https://a.eu/mu/1").unwrap();
    let files = files(&zip(&codes, None, 1));
    let names: Vec<_> = files[1..].iter().map(|(name, _)| name.as_str()).collect();
    assert!(names.is_sorted());
    assert_eq!(
        names.iter().collect::<HashSet<_>>().len(),
        hostile.len() + 1
    );
    for name in &names {
        let file = name.strip_prefix("qr/").unwrap();
        let is_safe = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
        assert!(file.chars().all(is_safe) && name.len() < 100, "{name}");
    }
    assert_eq!(names[0], "qr/00001_.._.._etc_passwd.svg");
}

#[test]
fn a_bundle_has_at_most_ten_thousand_codes() {
    let mut codes = of_serials(9_000);
    codes.push_copies("L", "https://a.eu/ml/1", 1_000).unwrap();
    for copies in [1, u32::MAX] {
        let refused = codes.push_copies("L", "https://a.eu/ml/1", copies);
        let files = 10_000 + u64::from(copies);
        assert_eq!(refused, Err(CodesError::TooMany { files }));
    }
    assert_eq!((codes.files(), codes.iter().len()), (10_000, 9_001));
}
