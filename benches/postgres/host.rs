//! Brands on a durable PostgreSQL server that the bench starts.

use std::sync::Arc;
use std::time::SystemTime;

use dpp_core::identity::MintBatchId;
use dpp_core::mint::{ActivationMode, MintRequest};
use dpp_core::passport::{Brand, CommercialStatus, Fields, Product, Schema};
use dpp_core::read::BatchUnits;
use dpp_core::service::{self, Did, EntropyError, MintService, Settings, Worker};
use dpp_core::store::log::WorkerName;
use dpp_core::{BrandId, Caller, ProductId, Role, Timestamp, UserId};
use dpp_store_memory::MemoryCatalogue;
use dpp_store_postgres::testing::{self, Server, TestSchema};
use dpp_store_postgres::{Joining, Options, PostgresStore};
use uuid::Uuid;

/// A server whose disk is flushed at each commit; a slow one takes so many microseconds longer
/// for that.
pub(crate) fn server(slower_by: u32) -> Server {
    testing::Options::default()
        .durable()
        .setting("shared_buffers", "512MB")
        .setting("max_wal_size", "4GB")
        .setting("commit_delay", &slower_by.to_string())
        .setting("commit_siblings", "0")
        .start()
        .unwrap()
}

pub(crate) fn now() -> Timestamp {
    SystemTime::now().into()
}

/// Some brands with a product each, in a schema of their own.
pub(crate) struct Host {
    pub(crate) store: PostgresStore,
    pub(crate) service: MintService,
    pub(crate) brands: Vec<BrandId>,
    pub(crate) caller: Caller,
    pub(crate) schema: Arc<TestSchema>,
}

impl Host {
    pub(crate) async fn open(server: &Server, brands: u32, joining: Joining) -> Self {
        let schema = Arc::new(TestSchema::on(server).unwrap());
        Self::in_schema(schema, brands, joining).await
    }

    /// Another process, as it were: nothing is in its memory.
    pub(crate) async fn opened_again(&self) -> Self {
        let brands = self.brands.len() as u32;
        Self::in_schema(self.schema.clone(), brands, Joining::Joined).await
    }

    async fn in_schema(schema: Arc<TestSchema>, brands: u32, joining: Joining) -> Self {
        let options = Options::parse(schema.url()).unwrap();
        let options = options.schema(schema.name()).unwrap().joining(joining);
        let store = PostgresStore::open(&options.connections(34)).await.unwrap();
        let brands: Vec<_> = (1..=brands).map(brand).collect();
        let user = UserId::from_uuid(Uuid::from_u128(1));
        let caller = Caller::user(user);
        let caller = brands.iter().fold(caller, |caller, brand| {
            caller.with_role(*brand, Role::Owner)
        });
        let log = Arc::new(store.clone());
        let service = MintService::new(log.clone(), log, outside(&brands), Settings::default());
        Self {
            store,
            service,
            brands,
            caller,
            schema,
        }
    }

    /// Mints so many units for a brand, from the request to the end of the job.
    pub(crate) async fn mint(&self, brand: BrandId, units: u32) -> MintBatchId {
        let mode = ActivationMode::FirstScan;
        let request = MintRequest::of_serials(brand, product(brand), units.into(), mode);
        let answer = self
            .service
            .submit(&self.caller, request, now())
            .await
            .unwrap();
        let mut worker = Worker::new(self.service.clone(), WorkerName::parse("bench").unwrap());
        while worker.run_once(now()).await.unwrap().did != Did::Nothing {}
        answer.job().unwrap().batch()
    }

    /// The units of a batch of so many for each brand.
    pub(crate) async fn minted(&self, units: u32) -> Vec<Arc<BatchUnits>> {
        let mut minted = Vec::new();
        for brand in &self.brands {
            let batch = self.mint(*brand, units).await;
            minted.push(Arc::new(self.units(*brand, batch).await));
        }
        minted
    }

    pub(crate) async fn units(&self, brand: BrandId, batch: MintBatchId) -> BatchUnits {
        let scope = self.caller.to_read(brand).unwrap();
        self.service
            .reads()
            .batch_units(&scope, batch)
            .await
            .unwrap()
    }
}

fn brand(number: u32) -> BrandId {
    BrandId::from_uuid(Uuid::from_u128(u128::from(number) << 64 | 0xb))
}

pub(crate) fn product(brand: BrandId) -> ProductId {
    ProductId::from_uuid(*brand.as_uuid())
}

fn outside(brands: &[BrandId]) -> service::Host {
    let empty = MemoryCatalogue::default();
    let catalogue = brands.iter().fold(empty, |catalogue, id| {
        catalogue
            .with_brand(Brand {
                id: *id,
                name: "Nordlin".to_owned(),
                resolver: "https://id.nordlin.example".parse().unwrap(),
                schema: Schema::default(),
            })
            .with_product(Product {
                id: product(*id),
                brand_id: *id,
                sku: "NL-TEE-1001".to_owned(),
                name: "Organic crew tee".to_owned(),
                gtin: Some("09506000134352".parse().unwrap()),
                commercial_status: CommercialStatus::Active,
                fields: Fields::default(),
            })
    });
    service::Host {
        catalogue: Arc::new(catalogue),
        entropy: Arc::new(|bytes: &mut [u8]| getrandom::fill(bytes).map_err(EntropyError::new)),
    }
}
