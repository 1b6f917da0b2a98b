//! QR bundles of 10,000 codes, against the plain way: the `qrcode` crate with its own choice of
//! the mask and its own SVG, and the `zip` crate with its defaults, on one thread.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs,
    reason = "a bench stops where something is wrong, and its output is what it is for"
)]

#[allow(dead_code, reason = "the other benches use the rest")]
#[path = "postgres/table.rs"]
mod table;

use std::io::{Cursor, Write};
use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

use dpp_core::Timestamp;
use dpp_exports::bundle::{self, BundleOptions, Codes, Design};
use dpp_exports::logo::Logo;
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};
use table::Table;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const CODES: u32 = 10_000;
const RUNS: u32 = 5;
const PLAIN_RUNS: u32 = 2;

/// What both ways make.
struct Case {
    name: &'static str,
    codes: Codes,
    logo: Option<Logo>,
}

fn codes(codes: Codes) -> Codes {
    const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let mut codes = codes;
    for number in 1..=u64::from(CODES) {
        let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let letter = |place: u32| char::from(LETTERS[(mixed >> (5 * place)) as usize % 32]);
        let serial: String = (0..12).map(letter).collect();
        let link = format!("https://id.example.com/01/09506000134352/21/{serial}");
        codes.push(&serial, &link).unwrap();
    }
    codes
}

/// A star of 60 points, of some 1,000 bytes.
fn logo() -> Logo {
    let points = (0..60_u32).map(|point| {
        let angle = f64::from(point) / 30.0 * std::f64::consts::PI;
        let radius = if point % 2 == 0 { 49.5 } else { 30.25 };
        let (y, x) = angle.sin_cos();
        format!("{:.2},{:.2} ", 50.0 + radius * x, 50.0 + radius * y)
    });
    let points: String = points.collect();
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 100 100\">\
         <polygon fill=\"#0a7\" points=\"{points}\"/></svg>"
    );
    Logo::parse(svg.as_bytes()).unwrap()
}

/// The plain way; with a logo, as little of it as shows the same picture.
fn plain(case: &Case) -> Vec<u8> {
    let level = case.logo.as_ref().map_or(EcLevel::M, |_| EcLevel::H);
    let picture = case.logo.as_ref().map(|logo| {
        let design = Design::new(&case.codes, Some(logo)).unwrap();
        let first = case.codes.iter().next().unwrap();
        let svg = String::from_utf8(design.svg(first.resolver_url).unwrap()).unwrap();
        svg[svg.find("<svg x=").unwrap()..svg.find("<path").unwrap()].to_owned()
    });
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut index = String::from("serial,gtin,resolver_url,filename\r\n");
    for (number, code) in case.codes.iter().enumerate() {
        let symbol = QrCode::with_error_correction_level(code.resolver_url, level).unwrap();
        let mut svg = symbol.render::<svg::Color<'_>>().build();
        if let Some(picture) = &picture {
            svg = svg.replace("</svg>", &format!("{picture}</svg>"));
        }
        let name = format!("qr/{:05}_{}.svg", number + 1, code.name);
        index += &format!(
            "{},09506000134352,{},{name}\r\n",
            code.name, code.resolver_url
        );
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(svg.as_bytes()).unwrap();
    }
    zip.start_file("index.csv", SimpleFileOptions::default())
        .unwrap();
    zip.write_all(index.as_bytes()).unwrap();
    zip.finish().unwrap().into_inner()
}

fn ours(case: &Case, threads: usize) -> Vec<u8> {
    let options = BundleOptions {
        at: Timestamp::from_unix_millis(1_800_000_000_000),
        threads: NonZeroUsize::new(threads).unwrap(),
    };
    let mut zip = Vec::new();
    let design = Design::new(&case.codes, case.logo.as_ref()).unwrap();
    bundle::write(&mut zip, &case.codes, &design, &options).unwrap();
    zip
}

/// The shortest of some runs, since whatever else the machine does only makes them longer, and
/// the size.
fn time(runs: u32, make: impl Fn() -> Vec<u8>) -> (Duration, usize) {
    let run = || {
        let start = Instant::now();
        let bytes = make().len();
        (start.elapsed(), bytes)
    };
    (0..runs).map(|_| run()).min().unwrap()
}

fn main() {
    let serials = || Codes::of_serials(Some("09506000134352".parse().unwrap()));
    let cases = [
        Case {
            name: "M",
            codes: codes(serials()),
            logo: None,
        },
        Case {
            name: "M, upper case",
            codes: codes(serials().in_upper_case()),
            logo: None,
        },
        Case {
            name: "H with a logo",
            codes: codes(serials()),
            logo: Some(logo()),
        },
    ];
    let mut table = Table::of(["codes", "way", "codes a second", "of plain", "MB"]);
    for case in &cases {
        let (plain_time, plain_bytes) = time(PLAIN_RUNS, || plain(case));
        let mut row = |way: &str, (time, bytes): (Duration, usize)| {
            let rate = f64::from(CODES) / time.as_secs_f64();
            let ratio = plain_time.as_secs_f64() / time.as_secs_f64();
            let (name, way) = (case.name.to_owned(), way.to_owned());
            let size = format!("{:.1}", bytes as f64 / 1e6);
            table.row([
                name,
                way,
                format!("{rate:.0}"),
                format!("{ratio:.1} x"),
                size,
            ]);
        };
        row("plain, 1 thread", (plain_time, plain_bytes));
        row("ours, 1 thread", time(RUNS, || ours(case, 1)));
        row("ours, 2 threads", time(RUNS, || ours(case, 2)));
    }
    table.print("Bundles of 10,000 QR codes as SVG");
}
