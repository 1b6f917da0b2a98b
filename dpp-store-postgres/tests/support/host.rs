//! A host for tests: one brand with two products, and the system's randomness.

use std::sync::Arc;

use dpp_core::mint::{ActivationMode, MintRequest};
use dpp_core::passport::{Brand, CommercialStatus, Product, Schema};
use dpp_core::service::{EntropyError, Host, MintService, Settings, Worker};
use dpp_core::store::log::WorkerName;
use dpp_core::store::{EventStore, ReadStore};
use dpp_core::{BrandId, Caller, ProductId, Role, Timestamp, UserId};
use dpp_store_memory::MemoryCatalogue;
use uuid::Uuid;

pub(crate) fn brand() -> BrandId {
    BrandId::from_uuid(Uuid::from_u128(0xb0 << 96 | 1))
}

pub(crate) fn product(number: u128) -> ProductId {
    ProductId::from_uuid(Uuid::from_u128(0xa0 << 96 | number))
}

pub(crate) fn owner() -> Caller {
    Caller::user(UserId::from_uuid(Uuid::from_u128(0x05e4))).with_role(brand(), Role::Owner)
}

/// The time of the system.
pub(crate) fn now() -> Timestamp {
    let since = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap();
    Timestamp::from_unix_millis(i64::try_from(since.as_millis()).unwrap())
}

fn catalogue() -> MemoryCatalogue {
    let brand = Brand {
        id: brand(),
        name: "Brand".to_owned(),
        resolver: "https://id.example.com".parse().unwrap(),
        schema: Schema::default(),
    };
    MemoryCatalogue::default()
        .with_brand(brand)
        .with_product(a_product(1, "09506000134352"))
        .with_product(a_product(2, "04012345987652"))
}

fn a_product(number: u128, gtin: &str) -> Product {
    Product {
        id: product(number),
        brand_id: brand(),
        sku: format!("SKU-{number}"),
        name: format!("Product {number}"),
        gtin: Some(gtin.parse().unwrap()),
        commercial_status: CommercialStatus::Active,
        fields: serde_json::Map::new(),
    }
}

fn host() -> Host {
    let fill = |bytes: &mut [u8]| getrandom::fill(bytes).map_err(EntropyError::new);
    Host {
        catalogue: Arc::new(catalogue()),
        entropy: Arc::new(fill),
    }
}

/// A service that folds its reads in memory, as a process of its own would have it.
pub(crate) fn folding(log: Arc<dyn EventStore>, settings: Settings) -> MintService {
    MintService::with_fold(log, host(), settings)
}

/// A service that reads the tables of its store.
pub(crate) fn reading<S: EventStore + ReadStore + 'static>(
    store: Arc<S>,
    settings: Settings,
) -> MintService {
    MintService::new(store.clone(), store, host(), settings)
}

pub(crate) fn worker(service: &MintService, name: &str) -> Worker {
    Worker::new(service.clone(), WorkerName::parse(name).unwrap())
}

/// So many units of a product, asked for under a key.
pub(crate) fn request(of: u128, quantity: u64, key: &str) -> MintRequest {
    let mode = ActivationMode::FirstScan;
    let mut request = MintRequest::of_serials(brand(), product(of), quantity, mode);
    request.idempotency_key = Some(key.to_owned());
    request
}
