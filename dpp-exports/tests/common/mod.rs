//! A host in memory whose entropy and clock are fixed.

#![allow(dead_code, reason = "each test file uses its part")]

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use dpp_core::identity::MintBatchId;
use dpp_core::identity::ProvidedSerials;
use dpp_core::identity::serial::SerialScheme;
use dpp_core::mint::{ActivationMode, LotRequest, MintRequest};
use dpp_core::passport::{Brand, CommercialStatus, Fields, Product, Schema};
use dpp_core::read::{BatchUnits, ReadFold, Reads};
use dpp_core::service::{Did, EntropyError, Host, MintService, Settings, SubmitAnswer, Worker};
use dpp_core::store::log::WorkerName;
use dpp_core::{BrandId, BrandScope, Caller, ProductId, Role, TextRows, Timestamp, UserId};
use dpp_store_memory::{MemoryCatalogue, MemoryStore};
use futures::executor::block_on;

const BRAND: &str = "0b8f6a0e-5d5c-4f0e-8a55-0f2c7f0f9d11";
const WITH_GTIN: &str = "4a6c3f7e-0d0b-4d53-9d43-7a3a0f0c1b22";
const WITHOUT_GTIN: &str = "d5a1a3b4-6a55-4b0e-9f57-3f1a5f1f0c33";

/// A service, and a member of its only brand.
pub(crate) struct World {
    service: MintService,
    caller: Caller,
    brand: BrandId,
    now: Cell<Timestamp>,
}

impl World {
    pub(crate) fn new() -> Self {
        let brand = BrandId::parse(BRAND).unwrap();
        let product = |id: &str, gtin: Option<&str>| Product {
            id: ProductId::parse(id).unwrap(),
            brand_id: brand,
            sku: "NW-1001".to_owned(),
            name: "Crew neck".to_owned(),
            gtin: gtin.map(|gtin| gtin.parse().unwrap()),
            commercial_status: CommercialStatus::Active,
            fields: Fields::default(),
        };
        let catalogue = MemoryCatalogue::default()
            .with_brand(Brand {
                id: brand,
                name: "Northwave".to_owned(),
                resolver: "https://id.example.com".parse().unwrap(),
                schema: Schema::default(),
            })
            .with_product(product(WITH_GTIN, Some("09506000134352")))
            .with_product(product(WITHOUT_GTIN, None));
        let drawn = AtomicU64::new(1);
        let entropy = move |bytes: &mut [u8]| -> Result<(), EntropyError> {
            for chunk in bytes.chunks_mut(8) {
                let number = drawn.fetch_add(1, Ordering::Relaxed);
                let number = number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes();
                chunk.copy_from_slice(&number[..chunk.len()]);
            }
            Ok(())
        };
        let host = Host {
            catalogue: Arc::new(catalogue),
            entropy: Arc::new(entropy),
        };
        let log = Arc::new(MemoryStore::default());
        let reads = Arc::new(ReadFold::new(log.clone()));
        let user = UserId::parse(BRAND).unwrap();
        Self {
            service: MintService::new(log, reads, host, Settings::default()),
            caller: Caller::user(user).with_role(brand, Role::Owner),
            brand,
            now: Cell::new("2027-02-18T09:30:00.123Z".parse().unwrap()),
        }
    }

    pub(crate) fn request(&self, quantity: u64) -> MintRequest {
        let product = ProductId::parse(WITH_GTIN).unwrap();
        MintRequest::of_serials(self.brand, product, quantity, ActivationMode::FirstScan)
    }

    pub(crate) fn of_scheme(&self, quantity: u64, scheme: SerialScheme) -> MintRequest {
        MintRequest {
            serial_scheme: Some(scheme),
            ..self.request(quantity)
        }
    }

    pub(crate) fn of_serials(&self, serials: TextRows) -> MintRequest {
        MintRequest {
            serials: Some(serials.clone()),
            ..self.of_scheme(serials.len() as u64, SerialScheme::Provided)
        }
    }

    pub(crate) fn of_lots(&self, lots: &[(&str, u64)]) -> MintRequest {
        let lots = lots.iter().map(|(code, qty)| LotRequest {
            lot_code: (*code).to_owned(),
            qty: *qty,
        });
        let product = ProductId::parse(WITH_GTIN).unwrap();
        MintRequest::of_lots(
            self.brand,
            product,
            lots.collect(),
            ActivationMode::ActiveAtMint,
        )
    }

    pub(crate) fn without_gtin(request: MintRequest) -> MintRequest {
        MintRequest {
            product_id: ProductId::parse(WITHOUT_GTIN).unwrap(),
            ..request
        }
    }

    pub(crate) fn submit(&self, request: MintRequest) -> MintBatchId {
        let answer = block_on(self.service.submit(&self.caller, request, self.now.get())).unwrap();
        match answer {
            SubmitAnswer::Accepted { mint_batch_id, .. } => mint_batch_id,
            SubmitAnswer::Blocked { .. } => panic!("{answer:?}"),
        }
    }

    /// Lets so much time pass.
    pub(crate) fn wait(&self, seconds: u64) {
        let later = self.now.get().after(Duration::from_secs(seconds));
        self.now.set(later);
    }

    /// At most so many steps of a new worker, a second apart.
    pub(crate) fn work(&self, steps: u32) {
        let name = WorkerName::parse("minter-1").unwrap();
        let mut worker = Worker::new(self.service.clone(), name);
        for _ in 0..steps {
            self.wait(1);
            if block_on(worker.run_once(self.now.get())).unwrap().did == Did::Nothing {
                return;
            }
        }
    }

    pub(crate) fn minted(&self, request: MintRequest) -> BatchUnits {
        let batch = self.submit(request);
        self.work(u32::MAX);
        self.units(batch)
    }

    pub(crate) fn units(&self, batch: MintBatchId) -> BatchUnits {
        block_on(self.reads().batch_units(&self.scope(), batch)).unwrap()
    }

    pub(crate) fn provided(
        &self,
        units: &BatchUnits,
        indexes: std::ops::Range<u32>,
    ) -> Option<ProvidedSerials> {
        block_on(self.reads().provided(&self.scope(), units, indexes)).unwrap()
    }

    pub(crate) fn reads(&self) -> Reads {
        self.service.reads()
    }

    pub(crate) fn scope(&self) -> BrandScope {
        self.caller.to_read(self.brand).unwrap()
    }
}
