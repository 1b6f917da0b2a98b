//! What rows say on the wire, and what is asked of the catalogue for them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use dpp_core::passport::{Brand, Product, ProductBatch};
use dpp_core::read::{BatchFilter, EventFilter, JobFilter, PageRequest, Reads, UnitFilter};
use dpp_core::store::log::PageLimit;
use dpp_core::store::{Catalogue, CatalogueError, Order};
use dpp_core::{BrandId, ProductBatchId, ProductId};
use dpp_store_memory::MemoryCatalogue;
use futures::executor::block_on;
use serde_json::{Value, json, to_value};

use crate::listing::world::*;
use crate::support::*;

/// Counts what it is asked, and gives out anything that it has, whosever it is.
#[derive(Debug, Default)]
pub struct Careless {
    products: Vec<Product>,
    pub asked: AtomicUsize,
    pub most_ids: AtomicUsize,
    fails: bool,
}

impl Careless {
    pub fn with(products: impl IntoIterator<Item = Product>) -> Arc<Self> {
        Arc::new(Self {
            products: products.into_iter().collect(),
            ..Self::default()
        })
    }
}

#[async_trait]
impl Catalogue for Careless {
    async fn brand(&self, _: BrandId) -> Result<Option<Brand>, CatalogueError> {
        panic!("a listing asks for products only");
    }

    async fn product(&self, _: BrandId, _: ProductId) -> Result<Option<Product>, CatalogueError> {
        panic!("a listing asks for all products at once");
    }

    async fn products(
        &self,
        _: BrandId,
        ids: &[ProductId],
    ) -> Result<Vec<Product>, CatalogueError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.most_ids.fetch_max(ids.len(), Ordering::Relaxed);
        match self.fails {
            true => Err(CatalogueError::new("no connection")),
            false => Ok(self.products.clone()),
        }
    }

    async fn find_products(
        &self,
        _: BrandId,
        _: &str,
        _: PageLimit,
    ) -> Result<Vec<Product>, CatalogueError> {
        panic!("a listing does not search");
    }

    async fn product_batch(
        &self,
        _: BrandId,
        _: ProductBatchId,
    ) -> Result<Option<ProductBatch>, CatalogueError> {
        panic!("a listing asks for products only");
    }
}

fn listed(reads: &Reads, request: &PageRequest) -> [Value; 4] {
    let scope = scope(1);
    let (batches, jobs, units) = <(BatchFilter, JobFilter, UnitFilter)>::default();
    let events = EventFilter::default();
    [
        to_value(block_on(reads.list_mint_batches(&scope, &batches, request)).unwrap()),
        to_value(block_on(reads.list_jobs(&scope, &jobs, request)).unwrap()),
        to_value(block_on(reads.list_mint_units(&scope, &units, request)).unwrap()),
        to_value(block_on(reads.list_mint_events(&scope, &events, request)).unwrap()),
    ]
    .map(Result::unwrap)
}

fn skus(page: &Value) -> Vec<Value> {
    let rows = ["batches", "jobs", "units", "events"].map(|name| page.get(name));
    let rows = rows.into_iter().flatten().next().unwrap();
    let rows = rows.as_array().unwrap().iter();
    rows.map(|row| row["product_sku"].clone()).collect()
}

#[test]
fn the_catalogue_is_asked_once_a_page_and_not_for_an_empty_one() {
    let world = many_batches();
    let catalogue = Careless::with([]);
    let reads = reads_of(world.log.clone(), catalogue.clone());
    listed(&reads, &pages_of(1_000, Order::NewestFirst));
    assert_eq!(catalogue.asked.load(Ordering::Relaxed), 4);
    assert_eq!(catalogue.most_ids.load(Ordering::Relaxed), 3);
    let nothing = UnitFilter {
        lot_code: Some(code("NONE")),
        ..UnitFilter::default()
    };
    let page = block_on(reads.list_mint_units(&scope(1), &nothing, &PageRequest::default()));
    assert!(page.unwrap().rows.is_empty());
    assert_eq!(catalogue.asked.load(Ordering::Relaxed), 4);
}

#[test]
fn a_product_that_is_gone_or_of_another_brand_has_no_sku() {
    let world = many_batches();
    let foreign = a_product(2, 1, None);
    for catalogue in [Careless::with([]), Careless::with([foreign])] {
        let reads = reads_of(world.log.clone(), catalogue);
        for page in listed(&reads, &PageRequest::default()) {
            assert!(skus(&page).iter().all(Value::is_null));
        }
        let detail = block_on(reads.get_mint_batch_by_id(&scope(1), world.batches[0]));
        let detail = to_value(detail.unwrap().unwrap()).unwrap();
        assert_eq!(detail["product_sku"], Value::Null);
        assert_eq!(detail["product_name"], Value::Null);
    }
}

#[test]
fn each_row_has_the_sku_of_its_own_product_as_it_is_now() {
    let world = many_batches();
    let renamed = Product {
        sku: "NEW-2".to_owned(),
        ..a_product(1, 2, None)
    };
    let catalogue = Careless::with([a_product(1, 1, None), renamed]);
    let reads = reads_of(world.log.clone(), catalogue);
    let all = pages_of(1_000, Order::OldestFirst);
    let [batches, jobs, units, _] = listed(&reads, &all);
    let by_product = |number: u8| match number {
        1 => json!("SKU-1"),
        2 => json!("NEW-2"),
        _ => Value::Null,
    };
    let products = [1, 1, 2, 2, 3, 1, 3, 2, 1, 3, 1, 1, 2];
    let expected: Vec<_> = products.map(by_product).to_vec();
    assert_eq!(skus(&batches), expected);
    assert_eq!(skus(&jobs), expected);
    let made = [25, 15, 10, 13, 12, 10, 10, 0, 6, 10, 0, 10, 0];
    let expected: Vec<_> = expected
        .into_iter()
        .zip(made)
        .flat_map(|(sku, made)| vec![sku; made])
        .collect();
    assert_eq!(skus(&units), expected);
}

#[test]
fn a_catalogue_that_fails_is_named_as_the_reason() {
    let world = many_batches();
    let catalogue = Arc::new(Careless {
        fails: true,
        ..Careless::default()
    });
    let reads = reads_of(world.log.clone(), catalogue);
    let page = block_on(reads.list_jobs(&scope(1), &JobFilter::default(), &PageRequest::default()));
    let error = page.unwrap_err();
    assert!(
        matches!(error, dpp_core::read::ReadsError::Catalogue(_)),
        "{error}"
    );
}

/// The text itself is compared: hosts pass it on as it is.
fn assert_page(text: &str, rows: &str, more: &Value) {
    let begin = format!("{{\"ok\":true,\"{rows}\":[{{");
    assert!(text.starts_with(&begin), "{text}");
    let end = format!(
        "}}],\"has_more\":{},\"next_cursor\":{more}}}",
        !more.is_null()
    );
    assert!(text.ends_with(&end), "{text}");
}

#[test]
fn pages_have_the_same_form_on_the_wire() {
    let world = many_batches();
    let (scope, reads) = (scope(1), &world.reads);
    for (limit, is_all) in [(1, false), (1_000, true)] {
        let request = pages_of(limit, Order::NewestFirst);
        let batches = BatchFilter::default();
        let page = block_on(reads.list_mint_batches(&scope, &batches, &request)).unwrap();
        let next = to_value(&page.next_cursor).unwrap();
        assert_eq!(next.is_null(), is_all);
        assert_page(&serde_json::to_string(&page).unwrap(), "batches", &next);
        let page = block_on(reads.list_jobs(&scope, &JobFilter::default(), &request)).unwrap();
        let next = to_value(&page.next_cursor).unwrap();
        assert_page(&serde_json::to_string(&page).unwrap(), "jobs", &next);
        let units = UnitFilter::default();
        let page = block_on(reads.list_mint_units(&scope, &units, &request)).unwrap();
        let next = to_value(&page.next_cursor).unwrap();
        assert_page(&serde_json::to_string(&page).unwrap(), "units", &next);
        let events = EventFilter::default();
        let page = block_on(reads.list_mint_events(&scope, &events, &request)).unwrap();
        let next = to_value(&page.next_cursor).unwrap();
        assert_page(&serde_json::to_string(&page).unwrap(), "events", &next);
    }
    let nothing = UnitFilter {
        lot_code: Some(code("NONE")),
        ..UnitFilter::default()
    };
    let page = block_on(reads.list_mint_units(&scope, &nothing, &PageRequest::default()));
    let text = serde_json::to_string(&page.unwrap()).unwrap();
    let empty = r#"{"ok":true,"units":[],"has_more":false,"next_cursor":null}"#;
    assert_eq!(text, empty);
}

#[test]
fn a_batch_row_says_on_the_wire_what_is_known_of_it() {
    let world = many_batches();
    let (batch, request) = (world.batches[2], pages_of(50, Order::OldestFirst));
    let page = block_on(world.reads.list_mint_batches(
        &scope(1),
        &BatchFilter::default(),
        &request,
    ));
    let rows = to_value(page.unwrap()).unwrap();
    let expected = json!({
        "mint_batch_id": batch.to_string(),
        "mint_job_id": batch.job().to_string(),
        "product_id": product(2).to_string(),
        "product_sku": "SKU-2",
        "product_batch_id": null,
        "gtin": "04012345987652",
        "status": "minted",
        "job_status": "COMPLETED",
        "identity_mode": "batch",
        "activation_mode": "first_scan",
        "requested_quantity": 10,
        "minted": 10,
        "active": 6,
        "revoked": 1,
        "created_at": "2027-01-15T08:00:02.000Z",
        "changed_at": "2027-01-15T08:00:02.500Z",
    });
    assert_eq!(rows["batches"][2], expected);
}

#[test]
fn a_job_row_says_on_the_wire_what_is_known_of_it() {
    let world = many_batches();
    let (batch, request) = (world.batches[5], pages_of(50, Order::OldestFirst));
    let page = block_on(
        world
            .reads
            .list_jobs(&scope(1), &JobFilter::default(), &request),
    );
    let rows = to_value(page.unwrap()).unwrap();
    let expected = json!({
        "mint_job_id": batch.job().to_string(),
        "mint_batch_id": batch.to_string(),
        "product_id": product(1).to_string(),
        "product_sku": "SKU-1",
        "status": "FAILED",
        "requested_quantity": 30,
        "minted": 10,
        "failure": "the disk is full",
        "created_at": "2027-01-15T08:00:05.000Z",
        "changed_at": "2027-01-15T08:16:40.000Z",
    });
    assert_eq!(rows["jobs"][5], expected);
}

#[test]
fn a_unit_row_says_on_the_wire_what_is_known_of_it() {
    let world = many_batches();
    let row_of = |number: usize, index: usize| {
        let filter = UnitFilter::of_batch(world.batches[number]);
        let request = pages_of(50, Order::OldestFirst);
        let page = block_on(world.reads.list_mint_units(&scope(1), &filter, &request));
        let rows = to_value(page.unwrap()).unwrap();
        rows["units"][index].clone()
    };
    let id = |number: usize, index: u32| {
        let units = world.units(world.batches[number]);
        units.identity().unit(index).unwrap().id.to_string()
    };
    let provided = json!({
        "mint_unit_id": id(3, 12),
        "mint_batch_id": world.batches[3].to_string(),
        "index": 12,
        "product_id": product(2).to_string(),
        "product_sku": "SKU-2",
        "serial": "P/12",
        "gtin": "04012345987652",
        "resolver_url": "https://id1.example.com/01/04012345987652/21/P%2F12",
        "lot_code": null,
        "status": "active",
        "created_at": "2027-01-15T08:00:03.500Z",
    });
    assert_eq!(row_of(3, 12), provided);
    let of_lot = json!({
        "mint_unit_id": id(2, 5),
        "mint_batch_id": world.batches[2].to_string(),
        "index": 5,
        "product_id": product(2).to_string(),
        "product_sku": "SKU-2",
        "serial": null,
        "gtin": "04012345987652",
        "resolver_url": "https://id1.example.com/01/04012345987652/10/Z",
        "lot_code": "Z",
        "status": "revoked",
        "created_at": "2027-01-15T08:00:02.500Z",
    });
    assert_eq!(row_of(2, 5), of_lot);
}

#[test]
fn a_batch_in_detail_has_its_name_its_lots_and_why_it_failed() {
    let world = many_batches();
    let detail = |number: usize| {
        let detail = block_on(
            world
                .reads
                .get_mint_batch_by_id(&scope(1), world.batches[number]),
        );
        to_value(detail.unwrap().unwrap()).unwrap()
    };
    let of_lots = detail(2);
    assert_eq!(of_lots["product_name"], "Product 2");
    assert_eq!(of_lots["product_sku"], "SKU-2");
    assert_eq!(of_lots["resolver_base"], "https://id1.example.com");
    assert_eq!(of_lots["serial_scheme"], Value::Null);
    assert_eq!(of_lots["failure"], Value::Null);
    let ids = world.units(world.batches[2]).lot_ids().to_vec();
    let url = |code| format!("https://id1.example.com/01/04012345987652/10/{code}");
    let expected = json!([
        {"lot_id": ids[0].to_string(), "lot_code": "A", "qty": 4, "resolver_url": url("A"),
            "activated": false},
        {"lot_id": ids[1].to_string(), "lot_code": "Z", "qty": 6, "resolver_url": url("Z"),
            "activated": true},
    ]);
    assert_eq!(of_lots["lots"], expected);
    assert_eq!(detail(5)["failure"], "the disk is full");
    assert_eq!(detail(5)["lots"], json!([]));
    assert_eq!(detail(4)["serial_scheme"]["scheme"], "numeric38");
}

#[test]
fn lots_of_a_job_that_nobody_took_have_no_ids_and_urls_yet() {
    let mut world = World::empty();
    let batch = world.submit(lots(3, &[("A", 4), ("B", 1)]));
    let detail = block_on(world.reads.get_mint_batch_by_id(&scope(1), batch));
    let lots = detail.unwrap().unwrap().lots;
    let lots = to_value(lots).unwrap();
    let expected = json!([
        {"lot_id": null, "lot_code": "A", "qty": 4, "resolver_url": null, "activated": false},
        {"lot_id": null, "lot_code": "B", "qty": 1, "resolver_url": null, "activated": false},
    ]);
    assert_eq!(lots, expected);
}

#[test]
fn a_detail_has_all_that_a_row_has() {
    let world = many_batches();
    let catalogue: MemoryCatalogue = catalogue();
    let reads = reads_of(world.log.clone(), Arc::new(catalogue));
    let all = pages_of(1_000, Order::OldestFirst);
    let page = block_on(reads.list_mint_batches(&scope(1), &BatchFilter::default(), &all));
    for row in page.unwrap().rows {
        let detail = block_on(reads.get_mint_batch_by_id(&scope(1), row.mint_batch_id));
        assert_eq!(detail.unwrap().unwrap().row, row);
    }
}
