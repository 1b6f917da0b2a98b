//! Every answer of the read port, to be compared.

use std::sync::Arc;
use std::time::Duration;

use dpp_core::gs1::{Gtin, Serial};
use dpp_core::identity::MintBatchId;
use dpp_core::mint::{BatchStatus, JobStatus};
use dpp_core::read::BatchUnits;
use dpp_core::store::log::{PageLimit, RecordedEvent};
use dpp_core::store::{
    BatchQuery, BatchRecord, BrandCounters, DueExport, Entity, EntityKind, EventQuery, ExportQuery,
    ExportRecord, Order, ProvidedSerial, ReadStore, RunnableJob,
};
use dpp_core::unit::{UnitExceptions, UnitStatus};
use dpp_core::{BrandId, ProductId, Timestamp};

use crate::support::{brand, product};

#[derive(Debug, PartialEq)]
pub struct Answers {
    runnable: Vec<RunnableJob>,
    due: Vec<DueExport>,
    brands: Vec<OfBrand>,
}

#[derive(Debug, PartialEq)]
struct OfBrand {
    batches: Vec<Arc<BatchRecord>>,
    listed: Vec<Vec<MintBatchId>>,
    by_prefix: Vec<Option<Arc<BatchRecord>>>,
    exceptions: Vec<Arc<UnitExceptions>>,
    products: Vec<Vec<ProductId>>,
    owners: Vec<Option<MintBatchId>>,
    provided: Vec<Vec<ProvidedSerial>>,
    exports: Vec<Vec<ExportRecord>>,
    events: Vec<Vec<RecordedEvent>>,
    counters: BrandCounters,
}

impl Answers {
    /// How many events were listed.
    pub fn events(&self) -> usize {
        self.brands.iter().map(|brand| brand.events[0].len()).sum()
    }
}

const ALL: PageLimit = PageLimit::MAX;

pub async fn answers(store: &dyn ReadStore, now: Timestamp) -> Answers {
    let mut runnable = Vec::new();
    for at in [now, now.after(Duration::from_secs(3_600))] {
        runnable.extend(store.runnable_jobs(at, ALL).await.unwrap().jobs);
    }
    let mut due = Vec::new();
    for days in [0, 1, 29, 31] {
        let at = now.after(Duration::from_secs(days * 24 * 3_600));
        due.extend(store.runnable_exports(at, ALL).await.unwrap().exports);
        due.extend(store.expiring_exports(at, ALL).await.unwrap().exports);
    }
    let mut brands = Vec::new();
    for number in 1..=3 {
        brands.push(of_brand(store, brand(number)).await);
    }
    Answers {
        runnable,
        due,
        brands,
    }
}

async fn of_brand(store: &dyn ReadStore, of: BrandId) -> OfBrand {
    let every = BatchQuery::default();
    let oldest = Order::OldestFirst;
    let batches = store.batches(of, &every, oldest, None, ALL).await.unwrap();
    let mut answers = OfBrand {
        listed: listed(store, of).await,
        by_prefix: Vec::new(),
        exceptions: Vec::new(),
        products: Vec::new(),
        owners: Vec::new(),
        provided: Vec::new(),
        exports: exports(store, of, &batches).await,
        events: events(store, of, &batches).await,
        counters: store.counters(of).await.unwrap(),
        batches,
    };
    for record in &answers.batches {
        let id = record.batch.facts.mint_batch_id;
        let found = store.batch_by_prefix(of, id.prefix()).await.unwrap();
        answers.by_prefix.push(found);
        let exceptions = store.unit_exceptions(of, id).await.unwrap();
        answers.exceptions.push(exceptions);
        for serial in serials(record) {
            let product = record.batch.facts.product_id;
            let directory = store.serial_directory(of, product).await.unwrap();
            answers.owners.push(directory.unwrap().batch_of(&serial));
        }
    }
    for gtin in ["09506000134352", "04012345987652", "00614141123452"] {
        let gtin: Gtin = gtin.parse().unwrap();
        let products = store.products_with_gtin(of, gtin).await.unwrap();
        answers.products.push(products);
    }
    for prefix in ["own-", "own-1", "x"] {
        let rows = store.provided_serials(of, prefix, None, ALL).await.unwrap();
        answers.provided.push(rows);
    }
    answers
}

fn serials(record: &Arc<BatchRecord>) -> Vec<Serial> {
    let units = BatchUnits::of(record.clone());
    let units = units.filter(|units| !units.identity().needs_serials());
    let serials = |units: BatchUnits| -> Vec<_> {
        let derived = units.identity().units(0..units.minted());
        derived.filter_map(|unit| unit.serial).collect()
    };
    units.map(serials).unwrap_or_default()
}

async fn listed(store: &dyn ReadStore, of: BrandId) -> Vec<Vec<MintBatchId>> {
    let every = BatchQuery::default();
    let mut queries = vec![every.clone()];
    queries.extend(UnitStatus::ALL.map(|holding| BatchQuery {
        holding: Some(holding),
        ..every.clone()
    }));
    queries.extend(["SN-", "1", "K"].map(|serials| BatchQuery {
        serials: Some(serials.to_owned()),
        ..every.clone()
    }));
    queries.extend(["LOT-A", "LOT-C"].map(|lot| BatchQuery {
        lot: Some(lot.parse().unwrap()),
        ..every.clone()
    }));
    queries.push(BatchQuery {
        product: Some(product(1)),
        job_status: Some(JobStatus::Completed),
        status: Some(BatchStatus::Minted),
        ..every
    });
    let mut all = Vec::new();
    for query in &queries {
        for order in [Order::NewestFirst, Order::OldestFirst] {
            let page = store.batches(of, query, order, None, ALL).await.unwrap();
            let ids = page.iter().map(|record| record.batch.facts.mint_batch_id);
            all.push(ids.collect());
        }
    }
    all
}

async fn exports(
    store: &dyn ReadStore,
    of: BrandId,
    batches: &[Arc<BatchRecord>],
) -> Vec<Vec<ExportRecord>> {
    let ids = batches
        .iter()
        .map(|record| record.batch.facts.mint_batch_id);
    let mut all = Vec::new();
    for batch in ids.map(Some).chain([None]) {
        for order in [Order::NewestFirst, Order::OldestFirst] {
            let query = ExportQuery {
                batch,
                ..ExportQuery::ALL
            };
            let page = store.exports(of, &query, order, None, ALL).await.unwrap();
            all.push(page);
        }
    }
    all
}

async fn events(
    store: &dyn ReadStore,
    of: BrandId,
    batches: &[Arc<BatchRecord>],
) -> Vec<Vec<RecordedEvent>> {
    let every = EventQuery::default();
    let mut queries = vec![every.clone()];
    queries.extend(EntityKind::ALL.map(|kind| EventQuery {
        kind: Some(kind),
        ..every.clone()
    }));
    queries.extend(batches.iter().map(|record| EventQuery {
        entity: Some(Entity::MintBatch(record.batch.facts.mint_batch_id)),
        ..every.clone()
    }));
    let mut all = Vec::new();
    for query in &queries {
        for order in [Order::NewestFirst, Order::OldestFirst] {
            all.push(pages(store, of, query, order, 7).await);
        }
    }
    all
}

/// All events that a query finds, read in pages of so many.
pub async fn pages(
    store: &dyn ReadStore,
    of: BrandId,
    query: &EventQuery,
    order: Order,
    limit: u32,
) -> Vec<RecordedEvent> {
    let limit = PageLimit::new(limit);
    let (mut all, mut after) = (Vec::<RecordedEvent>::new(), None);
    loop {
        let page = store.events(of, query, order, after, limit).await.unwrap();
        assert!(page.len() <= limit.get());
        after = page.last().map(|event| event.position);
        let is_last = page.len() < limit.get();
        all.extend(page);
        if is_last {
            return all;
        }
    }
}
