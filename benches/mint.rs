//! Minting through the service on the store in memory, beside the way most would do it.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a bench stops where something is wrong"
)]

use criterion::{BatchSize, Criterion, Throughput};
use dpp_benches::{Host, MILLION, criterion};
use dpp_core::mint::{MintBatch, MintEvent, evolve};
use dpp_core::store::log::{PageLimit, RecordedEvent, StreamId, StreamKind, Version};
use dpp_core::store::{Codec, EventStore};
use futures::executor::block_on;
use serde::Serialize;
use uuid::Uuid;

/// One job of one cycle.
const CYCLE: u32 = 20_000;

fn a_million(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("mint 1,000,000 units");
    group.throughput(Throughput::Elements(MILLION.into()));
    group.bench_function("through the service", |bencher| {
        bencher.iter(|| {
            let host = Host::new().unwrap();
            let batch = host.mint(MILLION).unwrap();
            (host, batch)
        });
    });
    group.bench_function("the usual way", |bencher| {
        bencher.iter_with_large_drop(|| the_usual_way(MILLION));
    });
    group.finish();
}

/// What most would write for one unit.
#[derive(Serialize)]
struct UnitMinted<'a> {
    mint_unit_id: Uuid,
    mint_batch_id: Uuid,
    serial: String,
    gtin: &'a str,
    resolver_url: String,
    status: &'a str,
    created_at: &'a str,
}

/// A random id, a formatted URL and a struct for each unit, and an event of each.
fn the_usual_way(units: u32) -> Vec<Vec<u8>> {
    let mint_batch_id = Uuid::new_v4();
    let gtin = "09506000134352";
    let mut log = Vec::new();
    for _ in 0..units {
        let mint_unit_id = Uuid::new_v4();
        let serial = mint_unit_id.simple().to_string().split_off(20);
        let unit = UnitMinted {
            mint_unit_id,
            mint_batch_id,
            resolver_url: format!("https://id.nordlin.example/01/{gtin}/21/{serial}"),
            serial,
            gtin,
            status: "minted",
            created_at: "2027-02-18T09:30:00.000Z",
        };
        log.push(serde_json::to_vec(&unit).unwrap());
    }
    log
}

fn the_thousandth_job(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("a job of 20,000 units");
    group.throughput(Throughput::Elements(CYCLE.into()));
    group.bench_function("the 1st of a product", |bencher| {
        bencher.iter_batched(
            || Host::new().unwrap(),
            |host| {
                host.mint(CYCLE).unwrap();
                host
            },
            BatchSize::SmallInput,
        );
    });
    let host = Host::new().unwrap();
    for _ in 1..1_000 {
        host.mint(CYCLE).unwrap();
    }
    group.bench_function("the 1,000th of a product, and those after it", |bencher| {
        bencher.iter(|| host.mint(CYCLE).unwrap());
    });
    group.finish();
}

fn replaying(criterion: &mut Criterion) {
    let host = Host::new().unwrap();
    let batch = host.mint(MILLION).unwrap();
    let stream = StreamId::new(StreamKind::MintBatch, *batch.as_uuid());
    let codec = Codec::new();
    let replayed = || -> Option<MintBatch> {
        let page = host
            .log
            .read_stream(host.brand, stream, Version::FIRST, PageLimit::MAX);
        let page = block_on(page).unwrap();
        let decode = |recorded: &RecordedEvent| codec.decode(&recorded.event).unwrap();
        let events = page.events.iter().map(decode);
        events.fold(None, |state, event: MintEvent| evolve(state, &event))
    };
    assert_eq!(replayed().map(|batch| batch.minted), Some(MILLION));
    let mut group = criterion.benchmark_group("replay a job");
    group.bench_function("of 1,000,000 units", |bencher| bencher.iter(replayed));
    group.finish();
}

fn main() {
    let mut criterion = criterion();
    a_million(&mut criterion);
    the_thousandth_job(&mut criterion);
    replaying(&mut criterion);
    criterion.final_summary();
}
