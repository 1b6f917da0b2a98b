//! Writing the manifest of a million units.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a bench stops where something is wrong"
)]

use std::io;

use criterion::Throughput;
use dpp_benches::{Host, MILLION, criterion};
use dpp_exports::manifest::Packs;

fn main() {
    let mut criterion = criterion();
    let host = Host::new().unwrap();
    let units = host.units(host.mint(MILLION).unwrap()).unwrap();
    let mut group = criterion.benchmark_group("manifest CSV with SHA-256");
    group.throughput(Throughput::Elements(MILLION.into()));
    group.bench_function("1,000,000 rows into a sink", |bencher| {
        bencher.iter(|| {
            let packs = Packs::of(&units).unwrap();
            packs
                .map(|pack| pack.write(&units, None, io::sink()).unwrap().bytes)
                .sum::<u64>()
        });
    });
    group.finish();
    criterion.final_summary();
}
