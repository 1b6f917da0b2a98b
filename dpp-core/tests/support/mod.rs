//! A host for tests: a catalogue of two brands, entropy from a seed, a service.

use std::sync::{Arc, Mutex};

use dpp_core::mint::{ActivationMode, IdentityMode, LotRequest, MintRequest};
use dpp_core::passport::{
    Brand, CommercialStatus, Product, ProductBatch, ProductBatchStatus, Schema,
};
use dpp_core::read::ReadFold;
use dpp_core::service::{Did, EntropyError, Host, MintService, Settings, Worker};
use dpp_core::store::EventStore;
use dpp_core::store::log::WorkerName;
use dpp_core::{BrandId, Caller, ProductBatchId, ProductId, Role, Timestamp, UserId};
use dpp_store_memory::MemoryCatalogue;
use uuid::Uuid;

pub const NOON: i64 = 1_800_000_000_000;

pub fn noon() -> Timestamp {
    Timestamp::from_unix_millis(NOON)
}

pub fn brand(number: u128) -> BrandId {
    BrandId::from_uuid(Uuid::from_u128(0xb0 << 96 | number))
}

pub fn product(number: u128) -> ProductId {
    ProductId::from_uuid(Uuid::from_u128(0xa0 << 96 | number))
}

pub fn production(number: u128) -> ProductBatchId {
    ProductBatchId::from_uuid(Uuid::from_u128(0xe0 << 96 | number))
}

pub fn owner(of: BrandId) -> Caller {
    someone().with_role(of, Role::Owner)
}

pub fn someone() -> Caller {
    Caller::user(UserId::from_uuid(Uuid::from_u128(0x05e4)))
}

/// Brand 1 has products 1 and 2 with GTINs, 3 without, 4 not active; production batch 1 of
/// product 1 has 1,000 units, 2 has no cap, 3 is closed, 4 has 300 units. Brand 2 has product 9 and
/// production batch 9.
pub fn catalogue() -> MemoryCatalogue {
    let batches = [
        (1, 1, 1, ProductBatchStatus::Ready, Some(1_000)),
        (1, 2, 1, ProductBatchStatus::Ready, None),
        (1, 3, 1, ProductBatchStatus::Closed, None),
        (1, 4, 1, ProductBatchStatus::Ready, Some(300)),
        (2, 9, 9, ProductBatchStatus::Ready, None),
    ];
    let catalogue = MemoryCatalogue::default()
        .with_brand(a_brand(1))
        .with_brand(a_brand(2))
        .with_product(a_product(1, 1, Some("09506000134352")))
        .with_product(a_product(1, 2, Some("04012345987652")))
        .with_product(a_product(1, 3, None))
        .with_product(Product {
            commercial_status: CommercialStatus::Draft,
            ..a_product(1, 4, None)
        })
        .with_product(a_product(2, 9, Some("00614141123452")));
    batches
        .into_iter()
        .fold(catalogue, |catalogue, (of, id, makes, status, quantity)| {
            catalogue.with_product_batch(ProductBatch {
                id: production(id),
                brand_id: brand(of),
                product_id: product(makes),
                status,
                quantity,
            })
        })
}

pub fn a_brand(number: u128) -> Brand {
    Brand {
        id: brand(number),
        name: format!("Brand {number}"),
        resolver: format!("https://id{number}.example.com").parse().unwrap(),
        schema: Schema::default(),
    }
}

pub fn a_product(of: u128, number: u128, gtin: Option<&str>) -> Product {
    Product {
        id: product(number),
        brand_id: brand(of),
        sku: format!("SKU-{number}"),
        name: format!("Product {number}"),
        gtin: gtin.map(|gtin| gtin.parse().unwrap()),
        commercial_status: CommercialStatus::Active,
        fields: serde_json::Map::new(),
    }
}

pub fn host(seed: u64) -> Host {
    host_with(seed, catalogue())
}

pub fn host_with(seed: u64, catalogue: MemoryCatalogue) -> Host {
    let random = Mutex::new(fastrand::Rng::with_seed(seed));
    let fill = move |bytes: &mut [u8]| -> Result<(), EntropyError> {
        random.lock().unwrap().fill(bytes);
        Ok(())
    };
    Host {
        catalogue: Arc::new(catalogue),
        entropy: Arc::new(fill),
    }
}

pub fn service(log: Arc<dyn EventStore>, seed: u64, settings: Settings) -> MintService {
    service_for(log, host(seed), settings)
}

pub fn service_for(log: Arc<dyn EventStore>, host: Host, settings: Settings) -> MintService {
    MintService::new(log.clone(), Arc::new(ReadFold::new(log)), host, settings)
}

pub fn worker(service: &MintService, name: &str) -> Worker {
    Worker::new(service.clone(), WorkerName::parse(name).unwrap())
}

/// Calls a worker until it finds nothing to do.
pub async fn work_off(service: &MintService, now: Timestamp) {
    let mut worker = worker(service, "test");
    while worker.run_once(now).await.unwrap().did != Did::Nothing {}
}

pub fn serials(of: u128, quantity: u64) -> MintRequest {
    MintRequest::of_serials(brand(1), product(of), quantity, ActivationMode::FirstScan)
}

pub fn lots(of: u128, lots: &[(&str, u64)]) -> MintRequest {
    let lots: Vec<_> = lots
        .iter()
        .map(|(code, qty)| LotRequest {
            lot_code: (*code).to_owned(),
            qty: *qty,
        })
        .collect();
    let request = MintRequest::of_lots(brand(1), product(of), lots, ActivationMode::ActiveAtMint);
    assert_eq!(request.identity_mode, IdentityMode::Batch);
    request
}
