//! Bundles against the plain way to them: each symbol by an encoder that shares no code with this
//! one, each path run by run, each bit by itself.

use std::num::NonZeroUsize;

use dpp_core::Timestamp;
use proptest::prelude::*;

use super::deflate::tests::{TAIL, deflated, path};
use super::files::{Files, IndexFile};
use super::zip::{File, ZipWriter};
use super::{BundleOptions, Codes, Design, write};
use crate::logo::Logo;
use crate::qr::tests::plain_rows;

fn at() -> Timestamp {
    Timestamp::from_unix_millis(1_800_000_000_000)
}

fn plain(codes: &Codes, design: &Design) -> Vec<u8> {
    let mut out = Vec::new();
    let mut zip = ZipWriter::new(&mut out, at());
    zip.add("index.csv", &IndexFile::of(codes).unwrap().file())
        .unwrap();
    let files = Files::new(design).unwrap();
    let template = design.template();
    let mut number = 0;
    for code in codes.iter() {
        let (version, error_correction) = (design.version(), design.error_correction());
        let mut rows = plain_rows(version, error_correction, code.resolver_url);
        if let Some(picture) = template.picture() {
            for y in picture.area.rows() {
                rows[y as usize] &= !picture.area.columns();
            }
        }
        let path = path(&rows);
        let svg = [template.head(), path.as_bytes(), TAIL.as_bytes()].concat();
        let file = File {
            crc: crc32fast::hash(&svg),
            size: svg.len(),
            deflated: [files.head(), &deflated(&path, TAIL)],
        };
        for _ in 0..code.copies {
            number += 1;
            let is_safe = |c: &char| c.is_ascii_alphanumeric() || "-._".contains(*c);
            let name = code.name.chars().map(|c| if is_safe(&c) { c } else { '_' });
            let name = format!("qr/{number:05}_{}.svg", name.collect::<String>());
            zip.add(&name, &file).unwrap();
        }
    }
    zip.finish().unwrap();
    out
}

fn fast(codes: &Codes, design: &Design, threads: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let options = BundleOptions {
        at: at(),
        threads: NonZeroUsize::new(threads).unwrap(),
    };
    write(&mut out, codes, design, &options).unwrap();
    out
}

fn logo() -> Logo {
    let svg =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 8 8\"><circle r=\"4\"/></svg>";
    Logo::parse(svg.as_bytes()).unwrap()
}

/// Links with serials of one length or of several, to units, or of any text, up to the largest
/// versions.
fn codes() -> impl Strategy<Value = Codes> {
    let serial = prop_oneof!["[0-9A-Z]{12}", "[0-9A-Z]{1,20}", "[!-~]{1,12}"];
    let base = prop_oneof![
        3 => Just("https://id.example.com/01/09506000134352/21/".to_owned()),
        1 => Just("HTTPS://ID.EXAMPLE.COM/01/09506000134352/21/".to_owned()),
        1 => "https://[a-z]{1,200}/mu/",
    ];
    let codes = prop::collection::vec((serial, 1_u32..3), 1..12);
    (base, codes, any::<bool>()).prop_map(|(base, serials, is_upper)| {
        let mut codes = Codes::of_serials(None);
        if is_upper {
            codes = codes.in_upper_case();
        }
        for (serial, copies) in serials {
            codes
                .push_copies(&serial, &format!("{base}{serial}"), copies)
                .unwrap();
        }
        codes
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn a_bundle_is_the_one_that_is_made_the_plain_way(
        codes in codes(),
        has_logo in any::<bool>(),
        threads in 1_usize..4,
    ) {
        let logo = has_logo.then(logo);
        let Ok(design) = Design::new(&codes, logo.as_ref()) else {
            return Ok(());
        };
        prop_assert!(fast(&codes, &design, threads) == plain(&codes, &design), "{codes:?}");
    }
}
