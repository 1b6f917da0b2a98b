//! QR bundles of 10,000 codes in three ways, in one run:
//!
//! - plain: the `qrcode` crate with its own choice of the mask and its own SVG, and the `zip` crate
//!   with its defaults;
//! - crates: the fastest ready crates, put together with care: `fast_qr`, filled runs,
//!   `libdeflater` at its fastest level, and `zip` for what is compressed already;
//! - ours.
//!
//! Times of one thread are CPU times, so that others on the machine count less.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs,
    reason = "a bench stops where something is wrong, and its output is what it is for"
)]

#[allow(dead_code, reason = "the other benches use the rest")]
#[path = "../postgres/table.rs"]
mod table;

mod cases;
mod crates;
mod plain;

use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

use cases::Case;
use dpp_core::Timestamp;
use dpp_exports::bundle::{self, BundleOptions, Design};
use dpp_exports::qr::{Encoder, ErrorCorrection, Lengths};
use sha2::{Digest, Sha256};
use table::Table;

const CODES: u32 = 10_000;
const RUNS: u32 = 7;
const PLAIN_RUNS: u32 = 2;

/// Writes a bundle into memory, hashed.
fn ours(case: &Case, threads: usize) -> Vec<u8> {
    let options = BundleOptions {
        at: Timestamp::from_unix_millis(1_800_000_000_000),
        threads: NonZeroUsize::new(threads).unwrap(),
    };
    let mut zip = Vec::new();
    let design = Design::new(&case.codes, case.logo.as_ref()).unwrap();
    bundle::write(&mut zip, &case.codes, &design, &options).unwrap();
    hash(&zip);
    zip
}

/// What all ways do with what they made.
fn hash(zip: &[u8]) {
    std::hint::black_box(Sha256::digest(zip));
}

/// The CPU time of this thread; where the system does not tell, the time.
fn cpu(start: Instant) -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let first = told.split(' ').next().and_then(|nanos| nanos.parse().ok());
    first.map_or_else(|| start.elapsed(), Duration::from_nanos)
}

/// The shortest of some runs, since whatever else the machine does only makes them longer, and
/// the size.
fn time(runs: u32, make: impl Fn() -> usize, clock: impl Fn() -> Duration) -> (Duration, usize) {
    let run = || {
        let start = clock();
        let bytes = make();
        (clock() - start, bytes)
    };
    (0..runs).map(|_| run()).min().unwrap()
}

fn symbols(table: &mut Table, start: Instant) {
    for case in cases::symbols() {
        let lengths = Lengths::of(case.texts.iter().map(String::as_str));
        let encoder = Encoder::new(case.error_correction, &lengths).unwrap();
        let all = || {
            case.texts
                .iter()
                .map(|text| encoder.encode(text).unwrap().rows().len())
                .sum()
        };
        let (ours, _) = time(RUNS, all, || cpu(start));
        let level = match case.error_correction {
            ErrorCorrection::H => qrcode::EcLevel::H,
            _ => qrcode::EcLevel::M,
        };
        let some = || {
            let texts = case.texts.iter().take(500);
            texts
                .map(|text| {
                    qrcode::QrCode::with_error_correction_level(text, level)
                        .unwrap()
                        .width()
                })
                .sum()
        };
        let (plain, _) = time(PLAIN_RUNS, some, || cpu(start));
        let micros = |time: Duration, count: f64| time.as_secs_f64() * 1e6 / count;
        let (ours, plain) = (micros(ours, f64::from(CODES)), micros(plain, 500.0));
        table.row([
            format!("{}, version {}", case.name, encoder.version()),
            format!("{ours:.2}"),
            format!("{plain:.0}"),
            format!("{:.0} x", plain / ours),
        ]);
    }
}

fn bundles(table: &mut Table, start: Instant) {
    for case in cases::bundles() {
        let plain = time(PLAIN_RUNS, || plain::bundle(&case).len(), || cpu(start));
        let mut row = |way: &str, (time, bytes): (Duration, usize)| {
            table.row([
                case.name.to_owned(),
                way.to_owned(),
                format!("{:.2}", time.as_secs_f64() * 1e6 / f64::from(CODES)),
                format!("{:.1} x", plain.0.as_secs_f64() / time.as_secs_f64()),
                format!("{:.1}", bytes as f64 / 1e6),
            ]);
        };
        row("plain", plain);
        if case.logo.is_none() {
            row(
                "crates",
                time(RUNS, || crates::bundle(&case).len(), || cpu(start)),
            );
        }
        row("ours", time(RUNS, || ours(&case, 1).len(), || cpu(start)));
        let wall = time(RUNS, || ours(&case, 2).len(), || start.elapsed());
        row("ours, 2 threads, time passed", wall);
    }
}

/// 1,000,000 codes in 100 packs, into memory one after another.
fn million(table: &mut Table, start: Instant) {
    for case in cases::bundles() {
        let packs = || (0..100).map(|_| ours(&case, 2).len()).sum();
        let (time, bytes) = time(1, packs, || start.elapsed());
        table.row([
            case.name.to_owned(),
            format!("{:.2}", time.as_secs_f64()),
            format!("{:.0}", bytes as f64 / 1e6),
        ]);
    }
}

/// All of it, or only the tables that are named on the command line.
fn main() {
    let named: Vec<String> = std::env::args()
        .skip(1)
        .filter(|name| !name.starts_with('-'))
        .collect();
    let is_asked = |table: &str| named.is_empty() || named.iter().any(|name| name == table);
    let start = Instant::now();
    if is_asked("symbols") {
        let mut table = Table::of(["symbols", "ours, µs", "`qrcode`, µs", "ratio"]);
        symbols(&mut table, start);
        table.print("Symbols with the mask of the standard, CPU time of one thread");
    }
    if is_asked("bundles") {
        let mut table = Table::of(["codes", "way", "µs a code", "of plain", "MB"]);
        bundles(&mut table, start);
        table.print("Bundles of 10,000 QR codes as SVG, with SHA-256, CPU time of one thread");
    }
    if is_asked("million") {
        let mut table = Table::of(["codes", "s", "MB"]);
        million(&mut table, start);
        table.print("1,000,000 QR codes in 100 bundles, two threads, time passed");
    }
}
