//! Deriving identities, and decoding them.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a bench stops where something is wrong"
)]

use std::collections::BTreeSet;
use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput};
use dpp_benches::{MILLION, criterion};
use dpp_core::Timestamp;
use dpp_core::identity::serial::{NumberRanges, SequentialFormat, SerialAllocation, TagLength};
use dpp_core::identity::{
    BatchIdentity, BatchSeed, IdentityFacts, MintBatchId, PoolSeed, SchemeVersion, Unit, UnitUrls,
    UnitsDigest,
};

const DECODED: u32 = 10_000;

fn schemes() -> [(&'static str, SerialAllocation); 3] {
    let ranges = || NumberRanges::stepping_over(1, MILLION, &BTreeSet::new());
    [
        (
            "randomised",
            SerialAllocation::Randomised {
                block: "K7QX".to_owned().try_into().unwrap(),
                tag_length: TagLength::default(),
            },
        ),
        (
            "sequential",
            SerialAllocation::Sequential {
                format: SequentialFormat::new("SN-", 8).unwrap(),
                ranges: ranges(),
            },
        ),
        (
            "numeric38",
            SerialAllocation::Numeric38 {
                pool_seed: PoolSeed::from_bytes([3; 32]),
                ranges: ranges(),
            },
        ),
    ]
}

fn identity(serials: SerialAllocation) -> BatchIdentity {
    let at = Timestamp::from_unix_millis(1_800_000_000_000);
    let batch = MintBatchId::new(at, [7; 10]);
    let facts = IdentityFacts {
        version: SchemeVersion::V1,
        seed: BatchSeed::from_bytes([42; 32]),
        serials,
    };
    BatchIdentity::new(batch, MILLION, &facts)
}

/// Units from all over the batch.
fn some_units(identity: &BatchIdentity) -> Vec<Unit> {
    let indexes = (0..DECODED).map(|n| n.wrapping_mul(2_654_435_769) % MILLION);
    indexes.map(|index| identity.unit(index).unwrap()).collect()
}

/// Id, serial and URL of every unit into one buffer, which is emptied when it is full.
fn derive(identity: &BatchIdentity, urls: &UnitUrls, buffer: &mut Vec<u8>) {
    const FULL: usize = 64 * 1024;
    let mut units = identity.units(0..MILLION);
    while let Some(run) = units.next_run() {
        for unit in run {
            buffer.extend_from_slice(unit.id.as_uuid().as_bytes());
            if let Some(serial) = &unit.serial {
                serial.push_to(buffer);
            }
            urls.write(unit, buffer);
        }
        if buffer.len() > FULL {
            black_box(buffer.as_slice());
            buffer.clear();
        }
    }
}

fn deriving(criterion: &mut Criterion) {
    let base = "https://id.nordlin.example".parse().unwrap();
    let gtin = "09506000134352".parse().unwrap();
    let urls = UnitUrls::of_serials(&base, Some(&gtin));
    let mut group = criterion.benchmark_group("derive id, serial and URL");
    group.throughput(Throughput::Elements(MILLION.into()));
    for (name, serials) in schemes() {
        let identity = identity(serials);
        let mut buffer = Vec::with_capacity(128 * 1024);
        group.bench_function(BenchmarkId::from_parameter(name), |bencher| {
            bencher.iter(|| derive(&identity, &urls, &mut buffer));
        });
    }
    group.finish();

    let mut group = criterion.benchmark_group("digest of the units");
    group.throughput(Throughput::Elements(MILLION.into()));
    for (name, serials) in schemes() {
        let identity = identity(serials);
        group.bench_function(BenchmarkId::from_parameter(name), |bencher| {
            bencher
                .iter(|| UnitsDigest::of_runs(identity.batch(), &urls, identity.units(0..MILLION)));
        });
    }
    group.finish();
}

fn decoding(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("decode a serial");
    group.throughput(Throughput::Elements(DECODED.into()));
    for (name, serials) in schemes() {
        let identity = identity(serials);
        let units = some_units(&identity);
        group.bench_function(BenchmarkId::from_parameter(name), |bencher| {
            bencher.iter(|| {
                let serials = units.iter().filter_map(|unit| unit.serial.as_ref());
                serials.for_each(|serial| {
                    black_box(identity.decode_serial(serial).unwrap());
                });
            });
        });
    }
    group.finish();

    let mut group = criterion.benchmark_group("decode a unit id");
    group.throughput(Throughput::Elements(DECODED.into()));
    let identity = identity(SerialAllocation::None);
    let units = some_units(&identity);
    group.bench_function("any scheme", |bencher| {
        bencher.iter(|| {
            units.iter().for_each(|unit| {
                black_box(identity.decode_unit_id(unit.id).unwrap());
            });
        });
    });
    group.finish();
}

fn main() {
    let mut criterion = criterion();
    deriving(&mut criterion);
    decoding(&mut criterion);
    criterion.final_summary();
}
