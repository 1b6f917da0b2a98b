//! Writing the tables of a million units.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a bench stops where something is wrong"
)]

use std::io;

use criterion::Throughput;
use dpp_benches::{Host, MILLION, criterion};
use dpp_core::export::{ExportFormat, ExportOptions, Slices};
use dpp_core::gs1::CompanyPrefixLength;
use dpp_core::read::{BatchUnits, UnitStatuses};
use dpp_exports::PackUnits;
use dpp_exports::profile::Profile;
use dpp_exports::table::TableLayout;

/// With all that is written to tags.
const TAGS: &str = r#"{
    "name": "bench.tags",
    "version": 1,
    "title": "NDEF and EPC",
    "formats": ["rfid_manifest"],
    "columns": [
        { "column": "sequence" },
        { "column": "ndef_hex" },
        { "column": "epc_hex" },
        { "column": "epc_uri" },
        { "column": "serial" }
    ],
    "epc": { "scheme": "sgtin_198" }
}"#;

fn main() {
    let mut criterion = criterion();
    let host = Host::new().unwrap();
    let units = host.units(host.mint(MILLION).unwrap()).unwrap();
    let mut group = criterion.benchmark_group("CSV with SHA-256, 1,000,000 rows into a sink");
    group.throughput(Throughput::Elements(MILLION.into()));
    for (name, layout) in layouts() {
        group.bench_function(name, |bencher| bencher.iter(|| written(&layout, &units)));
    }
    group.finish();
    criterion.final_summary();
}

fn layouts() -> Vec<(&'static str, TableLayout)> {
    let of_format = |format| TableLayout::of_format(format).unwrap();
    let tags: Profile = serde_json::from_str(TAGS).unwrap();
    let options = ExportOptions {
        company_prefix_length: Some(CompanyPrefixLength::new(7).unwrap()),
        ..ExportOptions::default()
    };
    let tags = TableLayout::of(ExportFormat::RfidManifest, Some(&tags), &options);
    vec![
        ("manifest", of_format(ExportFormat::Manifest)),
        ("QR manifest", of_format(ExportFormat::QrManifest)),
        ("NFC manifest", of_format(ExportFormat::NfcManifest)),
        ("profile with NDEF and EPC columns", tags.unwrap()),
    ]
}

fn written(layout: &TableLayout, units: &BatchUnits) -> u64 {
    let statuses = UnitStatuses::at_mint(units);
    let packs = Slices::of(units.minted())
        .map(|slice| PackUnits::new(units.clone(), slice, None, statuses.clone()).unwrap());
    packs
        .map(|pack| layout.write(&pack, io::sink()).unwrap().bytes)
        .sum()
}
