//! The fold of the log: replaying it, and asking it.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a bench stops where something is wrong"
)]

use std::sync::Arc;

use criterion::{Criterion, Throughput};
use dpp_benches::{Host, MILLION, criterion};
use dpp_core::identity::MintBatchId;
use dpp_core::read::ReadFold;
use dpp_core::store::{EventStore, ReadStore};
use futures::executor::block_on;

const ACTIVATIONS: u32 = 100_000;

/// A host with a million units, of which so many were activated.
fn activated(count: u32) -> (Host, MintBatchId) {
    let host = Host::new().unwrap();
    let batch = host.mint(MILLION).unwrap();
    host.activate(batch, 0..count).unwrap();
    (host, batch)
}

fn replayed(log: &Arc<dyn EventStore>) -> ReadFold {
    let fold = ReadFold::new(log.clone());
    block_on(fold.catch_up()).unwrap();
    fold
}

fn replaying(criterion: &mut Criterion) {
    let (host, _) = activated(ACTIVATIONS);
    let log: Arc<dyn EventStore> = host.log.clone();
    let counters = block_on(replayed(&log).counters(host.brand)).unwrap();
    assert_eq!(counters.units.active, u64::from(ACTIVATIONS));
    let mut group = criterion.benchmark_group("replay 100,000 activations");
    group.throughput(Throughput::Elements(ACTIVATIONS.into()));
    group.bench_function("into a fold", |bencher| bencher.iter(|| replayed(&log)));

    group.finish();
}

fn snapshots(criterion: &mut Criterion) {
    let (host, _) = activated(ACTIVATIONS);
    let log: Arc<dyn EventStore> = host.log.clone();
    let fold = replayed(&log);
    let snapshot = fold.snapshot().unwrap();
    let mut group = criterion.benchmark_group("a snapshot of a batch with 100,000 activations");
    group.bench_function("made", |bencher| bencher.iter(|| fold.snapshot().unwrap()));
    group.bench_function("loaded", |bencher| {
        bencher.iter(|| block_on(ReadFold::load(log.clone(), &snapshot)).unwrap());
    });
    group.finish();
}

fn asking(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("the counters of a brand");
    for count in [0, 1_000, ACTIVATIONS] {
        let (host, _) = activated(count);
        let fold = replayed(&(host.log.clone() as Arc<dyn EventStore>));
        group.bench_function(format!("of 1,000,000 units, {count} active"), |bencher| {
            bencher.iter(|| block_on(fold.counters(host.brand)).unwrap());
        });
    }
    group.finish();
}

/// Whoever holds the exceptions of a batch has them as they were: the next activation copies.
fn activating(criterion: &mut Criterion) {
    let (host, batch) = activated(ACTIVATIONS);
    let fold = replayed(&(host.log.clone() as Arc<dyn EventStore>));
    let mut numbers = ACTIVATIONS..;
    let mut activate = || {
        let number = numbers.next().unwrap();
        host.activate(batch, number..number + 1).unwrap();
        block_on(fold.unit_exceptions(host.brand, batch)).unwrap()
    };
    let mut group = criterion.benchmark_group("an activation, committed and read on");
    group.bench_function("which nobody looks at", |bencher| {
        bencher.iter(|| drop(activate()))
    });
    let mut held = None;
    group.bench_function("while the exceptions are held", |bencher| {
        bencher.iter(|| held = Some(activate()));
    });
    group.finish();
}

fn main() {
    let mut criterion = criterion();
    replaying(&mut criterion);
    snapshots(&mut criterion);
    asking(&mut criterion);
    activating(&mut criterion);
    criterion.final_summary();
}
