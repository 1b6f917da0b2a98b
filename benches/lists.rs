//! Pages of listings, and the numbers of a brand, over the fold in memory.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a bench stops where something is wrong"
)]

use std::sync::Arc;
use std::time::SystemTime;

use criterion::Criterion;
use dpp_benches::{Host, MILLION, criterion};
use dpp_core::identity::MintBatchId;
use dpp_core::passport::Product;
use dpp_core::read::{
    BatchFilter, JobFilter, ListLimit, Page, PageRequest, ReadFold, Reads, UnitFilter, UnitRow,
};
use dpp_core::store::log::{Actor, Commit, Expected, StreamId, StreamKind};
use dpp_core::store::{Codec, EventStore, Order};
use dpp_core::unit::{UnitActivated, UnitEvent, UnitStatus};
use dpp_core::{BrandScope, Caller, CommitId, CorrelationId, Role, Timestamp, UserId};
use dpp_store_memory::MemoryCatalogue;
use futures::executor::block_on;
use uuid::Uuid;

/// What answers, and a member of the brand who has this batch.
fn reads(host: &Host, batch: MintBatchId) -> (Reads, BrandScope) {
    let user = UserId::from_uuid(Uuid::new_v4());
    let caller = Caller::user(user).with_role(host.brand, Role::Member);
    let product = host.units(batch).unwrap().facts().product_id;
    let product = Product::new(product, host.brand, "NL-TEE-1001", "Organic crew tee");
    let catalogue = MemoryCatalogue::default().with_product(product);
    let fold = ReadFold::new(host.log.clone());
    let reads = Reads::new(host.log.clone(), Arc::new(fold), Arc::new(catalogue));
    (reads, caller.to_read(host.brand).unwrap())
}

/// Activates every unit whose number, scattered over all numbers, is of the first tenth.
fn activate_a_tenth(host: &Host, batch: MintBatchId) {
    let units = host.units(batch).unwrap();
    let chosen = (0..MILLION).filter(|index| index.wrapping_mul(2_654_435_761) < u32::MAX / 10);
    let chosen: Vec<_> = chosen.collect();
    let now = Timestamp::from(SystemTime::now());
    for some in chosen.chunks(10_000) {
        let id = CommitId::from_uuid(Uuid::new_v4());
        let request = CorrelationId::from_uuid(Uuid::new_v4());
        let mut commit = Commit::builder(host.brand, id, now, Actor::Scan, request);
        for index in some.iter().copied() {
            let unit = units.identity().unit(index).unwrap().id;
            let stream = StreamId::new(StreamKind::MintUnit, *unit.as_uuid());
            let event = UnitEvent::Activated(UnitActivated {
                mint_batch_id: batch,
                index,
            });
            let event = Codec::new().encode(&event).unwrap();
            commit = commit.write(stream, Expected::NoStream, [event]);
        }
        block_on(host.log.commit(&commit.build().unwrap())).unwrap();
    }
}

fn units_of_a_million(criterion: &mut Criterion) {
    let host = Host::new().unwrap();
    let batch = host.mint(MILLION).unwrap();
    activate_a_tenth(&host, batch);
    let (reads, scope) = reads(&host, batch);
    let mut group = criterion.benchmark_group("50 units of 1,000,000");
    for order in [Order::NewestFirst, Order::OldestFirst] {
        for status in [None, Some(UnitStatus::Active), Some(UnitStatus::Minted)] {
            let filter = UnitFilter {
                status,
                ..UnitFilter::of_batch(batch)
            };
            let list = |request: &PageRequest| -> Page<UnitRow> {
                block_on(reads.list_mint_units(&scope, &filter, request)).unwrap()
            };
            for (place, request) in pages(order, &list) {
                let which = status.map_or("all", UnitStatus::as_str);
                let name = format!("{which}, {order:?}, {place}");
                assert!(!list(&request).rows.is_empty(), "{name}");
                group.bench_function(name, |bencher| bencher.iter(|| list(&request)));
            }
        }
    }
    group.finish();
}

/// The first page, one in the middle, and one among the last thousand units.
fn pages(
    order: Order,
    list: &impl Fn(&PageRequest) -> Page<UnitRow>,
) -> [(&'static str, PageRequest); 3] {
    let first = PageRequest {
        order,
        ..PageRequest::default()
    };
    let mut cursors = Vec::new();
    let mut large = first.clone().of(ListLimit::MAX);
    while let Some(cursor) = list(&large).next_cursor {
        cursors.push(cursor.clone());
        large = large.after(cursor);
    }
    let middle = cursors.get(cursors.len() / 2).cloned().unwrap();
    let last = cursors.pop().unwrap();
    [
        ("first page", first.clone()),
        ("in the middle", first.clone().after(middle)),
        ("at the end", first.after(last)),
    ]
}

fn ten_thousand_batches(criterion: &mut Criterion) {
    let host = Host::new().unwrap();
    let batches: Vec<_> = (0..10_000).map(|_| host.mint(1).unwrap()).collect();
    let (reads, scope) = reads(&host, *batches.first().unwrap());
    let mut group = criterion.benchmark_group("among 10,000 batches");
    let first = PageRequest::default();
    let mut middle = first.clone();
    let filter = BatchFilter::default();
    for _ in 0..100 {
        let page = block_on(reads.list_mint_batches(&scope, &filter, &middle)).unwrap();
        middle = middle.after(page.next_cursor.unwrap());
    }
    for (place, request) in [("first page", &first), ("in the middle", &middle)] {
        group.bench_function(format!("50 batches, {place}"), |bencher| {
            bencher.iter(|| block_on(reads.list_mint_batches(&scope, &filter, request)).unwrap());
        });
    }
    let filter = JobFilter::default();
    group.bench_function("50 jobs, first page", |bencher| {
        bencher.iter(|| block_on(reads.list_jobs(&scope, &filter, &first)).unwrap());
    });
    let filter = UnitFilter::default();
    group.bench_function("50 units of 50 batches, first page", |bencher| {
        bencher.iter(|| block_on(reads.list_mint_units(&scope, &filter, &first)).unwrap());
    });
    group.bench_function("the numbers of the brand", |bencher| {
        bencher.iter(|| block_on(reads.get_mint_kpis(&scope)).unwrap());
    });
    group.finish();
}

fn main() {
    let mut criterion = criterion();
    units_of_a_million(&mut criterion);
    ten_thousand_batches(&mut criterion);
    criterion.final_summary();
}
