//! Pages of units and of batches among 1,000 batches with 1,000,000 units that are not as their
//! batch is.

use std::sync::Arc;
use std::time::{Duration, Instant};

use dpp_benches::scattered;
use dpp_core::identity::MintBatchId;
use dpp_core::mint::BatchStatus;
use dpp_core::read::{BatchFilter, EventFilter, Page, PageRequest, UnitFilter};
use dpp_core::store::EventStore;
use dpp_core::unit::UnitStatus;
use dpp_core::{BrandId, BrandScope};
use dpp_store_postgres::Joining;

use crate::commits::activations;
use crate::host::{Host, product, server};
use crate::table::{Table, micros, middle};

const BATCHES: u32 = 1_000;
const UNITS: u32 = 100_000;
const ACTIVE_OF_EACH: u32 = 1_000;
const AT_ONCE: u32 = 8;
const PAGES: usize = 300;

pub(crate) async fn bench() {
    let server = server(0);
    let host = Arc::new(Host::open(&server, 1, Joining::Joined).await);
    let brand = host.brands[0];
    let batches = set_up(&host, brand).await;
    let scope = host.caller.to_read(brand).unwrap();
    let mut table = Table::of(["a page of 50", "median", "slowest of 100"]);
    batch_pages(&host, &scope, &mut table).await;
    unit_pages(&host, &scope, &batches, &mut table).await;
    event_pages(&host, &scope, &mut table).await;
    let title =
        format!("Pages among {BATCHES} batches of {UNITS} units, {ACTIVE_OF_EACH} of each active");
    table.print(&title);
}

async fn set_up(host: &Arc<Host>, brand: BrandId) -> Vec<MintBatchId> {
    let tasks = (0..AT_ONCE).map(|_| {
        let host = host.clone();
        tokio::spawn(async move {
            let mut batches = Vec::new();
            for _ in 0..BATCHES / AT_ONCE {
                let batch = host.mint(brand, UNITS).await;
                let units = host.units(brand, batch).await;
                let indexes = (0..).map(scattered).filter(|index| *index < UNITS);
                let indexes: Vec<_> = indexes.take(ACTIVE_OF_EACH as usize).collect();
                let commit = activations(brand, &units, &indexes);
                host.store.commit(&commit).await.unwrap();
                batches.push(batch);
            }
            batches
        })
    });
    let mut batches = Vec::new();
    for task in tasks.collect::<Vec<_>>() {
        batches.extend(task.await.unwrap());
    }
    batches
}

/// Reads on page by page, from the first one again when there is none left.
async fn timed<R, F>(name: &str, table: &mut Table, ask: impl Fn(PageRequest) -> F)
where
    F: Future<Output = Page<R>>,
{
    let mut times = Vec::new();
    let mut request = PageRequest::default();
    while times.len() < PAGES {
        let begun = Instant::now();
        let page = ask(request.clone()).await;
        times.push(begun.elapsed());
        assert!(!page.rows.is_empty(), "{name}");
        let first = PageRequest::default();
        request = page
            .next_cursor
            .map_or(first.clone(), |cursor| first.after(cursor));
    }
    row(name, times, table);
}

fn row(name: &str, mut times: Vec<Duration>, table: &mut Table) {
    let median = middle(&mut times);
    let slow = times[times.len() * 99 / 100];
    table.row([name.to_owned(), micros(median), micros(slow)]);
}

async fn batch_pages(host: &Host, scope: &BrandScope, table: &mut Table) {
    let reads = host.service.reads();
    let of = |status, product_id| BatchFilter {
        status,
        product_id,
        ..BatchFilter::default()
    };
    let product = Some(product(scope.brand()));
    for (name, filter) in [
        ("batches", BatchFilter::default()),
        ("batches by status", of(Some(BatchStatus::Minted), None)),
        ("batches by product", of(None, product)),
    ] {
        timed(name, table, async |request| {
            reads
                .list_mint_batches(scope, &filter, &request)
                .await
                .unwrap()
        })
        .await;
    }
}

async fn unit_pages(host: &Host, scope: &BrandScope, batches: &[MintBatchId], table: &mut Table) {
    let reads = host.service.reads();
    let of = |status| UnitFilter {
        status,
        ..UnitFilter::default()
    };
    for (name, filter) in [
        ("units of the brand", of(None)),
        ("active units of the brand", of(Some(UnitStatus::Active))),
    ] {
        timed(name, table, async |request| {
            reads
                .list_mint_units(scope, &filter, &request)
                .await
                .unwrap()
        })
        .await;
    }
    for (name, status) in [
        ("units of a batch", None),
        ("active units of a batch", Some(UnitStatus::Active)),
    ] {
        let mut times = Vec::new();
        for batch in batches.iter().take(PAGES) {
            let filter = UnitFilter {
                status,
                ..UnitFilter::of_batch(*batch)
            };
            let (first, begun) = (PageRequest::default(), Instant::now());
            let page = reads.list_mint_units(scope, &filter, &first).await.unwrap();
            assert_eq!(page.rows.len(), 50);
            times.push(begun.elapsed());
        }
        row(name, times, table);
    }
}

async fn event_pages(host: &Host, scope: &BrandScope, table: &mut Table) {
    let reads = host.service.reads();
    timed("events", table, async |request| {
        let all = EventFilter::default();
        reads.list_mint_events(scope, &all, &request).await.unwrap()
    })
    .await;
    let mut times = Vec::new();
    for _ in 0..PAGES {
        let begun = Instant::now();
        reads.get_mint_kpis(scope).await.unwrap();
        times.push(begun.elapsed());
    }
    row("the numbers of the brand", times, table);
}
