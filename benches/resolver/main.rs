//! From a scan to what it is answered: the decision alone, and through the service. All times are the
//! processor's.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "a bench stops where something is wrong"
)]

mod scans;

use std::hint::black_box;
use std::time::SystemTime;

use criterion::{Criterion, Throughput};
use dpp_benches::cpu::CpuTime;
use dpp_benches::criterion;
use dpp_core::Timestamp;
use dpp_core::resolver::{Decision, Facts, Scan, Step, decide};
use futures::executor::block_on;
use scans::{Asked, Scans};

fn now() -> Timestamp {
    SystemTime::now().into()
}

fn decided(scan: &Scan, facts: &Facts) -> Box<Decision> {
    match decide(scan, facts) {
        Step::Decided(decision) => decision,
        Step::Needs(need) => panic!("{need:?} is not in hand"),
    }
}

/// Reading a request and deciding about it, with everything known that it asks for.
fn deciding(criterion: &mut Criterion<CpuTime>, scans: &Scans) {
    let mut group = criterion.benchmark_group("a decision with the facts in hand");
    let at = now();
    for case in scans.cases() {
        let request = case.request();
        let decision = decided(&Scan::read(&request, at).unwrap(), &case.facts);
        assert_eq!(decision.answer.status(), case.status, "{}", case.name);
        group.bench_function(case.name, |bencher| {
            bencher.iter(|| {
                let scan = Scan::read(black_box(&request), at).unwrap();
                decided(&scan, black_box(&case.facts))
            });
        });
    }
    let item = &scans.cases()[0];
    let request = item.request();
    group.bench_function("the first, read alone", |bencher| {
        bencher.iter(|| Scan::read(black_box(&request), at).unwrap());
    });
    let scan = Scan::read(&request, at).unwrap();
    group.bench_function("the first, decided alone", |bencher| {
        bencher.iter(|| decided(black_box(&scan), black_box(&item.facts)));
    });
    group.finish();
}

/// What one thread answers a second, once it knows what it has to.
fn resolving(criterion: &mut Criterion<CpuTime>, scans: &Scans) {
    let resolver = scans.host.resolver();
    let mut group = criterion.benchmark_group("through the service with a warm cache");
    let asked = [
        ("serials of active units", Asked::links(&scans.active), 302),
        ("ids of active units", Asked::ids(&scans.active), 302),
        ("forged serials", Asked::forged_links(&scans.active), 404),
        ("forged ids", Asked::forged_ids(&scans.active), 404),
    ];
    for (name, paths, status) in asked {
        let all = async || {
            for path in &paths {
                let resolved = resolver.resolve(&scans::request(path), now()).await;
                assert_eq!(resolved.answer.status(), status);
            }
        };
        block_on(all());
        group.throughput(Throughput::Elements(paths.len() as u64));
        group.bench_function(name, |bencher| bencher.iter(|| block_on(all())));
    }
    group.finish();
}

fn main() {
    let mut criterion = criterion().with_measurement(CpuTime);
    let scans = Scans::new();
    deciding(&mut criterion, &scans);
    resolving(&mut criterion, &scans);
    criterion.final_summary();
}
