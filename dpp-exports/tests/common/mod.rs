//! A host in memory whose entropy and clock are fixed.

#![allow(dead_code, reason = "each test file uses its part")]

pub(crate) mod fixed;

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use dpp_core::export::{Slice, Slices};
use dpp_core::identity::MintBatchId;
use dpp_core::identity::ProvidedSerials;
use dpp_core::identity::serial::SerialScheme;
use dpp_core::mint::{ActivationMode, LotRequest, MintRequest};
use dpp_core::passport::{Brand, CommercialStatus, Fields, Product, Schema};
use dpp_core::read::{AsOf, BatchUnits, ReadFold, Reads, UnitStatuses};
use dpp_core::service::{Did, EntropyError, ExportService, Host, MintService, Settings};
use dpp_core::service::{SubmitAnswer, Worker};
use dpp_core::store::EventStore;
use dpp_core::store::log::WorkerName;
use dpp_core::{BrandId, BrandScope, Caller, ProductId, Reason, Role, TextRows, Timestamp, UserId};
use dpp_exports::{PackError, PackUnits};
use dpp_store_memory::{MemoryCatalogue, MemoryStore};
use futures::executor::block_on;

const BRAND: &str = "0b8f6a0e-5d5c-4f0e-8a55-0f2c7f0f9d11";
const WITH_GTIN: &str = "4a6c3f7e-0d0b-4d53-9d43-7a3a0f0c1b22";
const WITHOUT_GTIN: &str = "d5a1a3b4-6a55-4b0e-9f57-3f1a5f1f0c33";

/// A service, and a member of its only brand.
pub(crate) struct World {
    log: Arc<MemoryStore>,
    host: Host,
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
            service: MintService::new(log.clone(), reads, host.clone(), Settings::default()),
            log,
            host,
            caller: Caller::user(user).with_role(brand, Role::Owner),
            brand,
            now: Cell::new("2027-02-18T09:30:00.123Z".parse().unwrap()),
        }
    }

    pub(crate) fn exports(&self) -> ExportService {
        self.service.exports()
    }

    pub(crate) fn log(&self) -> &Arc<MemoryStore> {
        &self.log
    }

    /// A service of another process, on the world's log or on one before it.
    pub(crate) fn exports_on(&self, log: Arc<dyn EventStore>) -> ExportService {
        let reads = Arc::new(ReadFold::new(log.clone()));
        ExportService::new(log, reads, self.host.clone(), &Settings::default())
    }

    pub(crate) const fn service(&self) -> &MintService {
        &self.service
    }

    pub(crate) fn caller(&self) -> &Caller {
        &self.caller
    }

    pub(crate) const fn brand(&self) -> BrandId {
        self.brand
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.now.get()
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
        self.wait_millis(1_000 * seconds);
    }

    pub(crate) fn wait_millis(&self, millis: u64) {
        let later = self.now.get().after(Duration::from_millis(millis));
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

    /// Where the batch's units stand.
    pub(crate) fn statuses(&self, units: &BatchUnits) -> UnitStatuses {
        let (reads, scope) = (self.reads(), self.scope());
        let batch = units.identity().batch();
        let statuses = reads.unit_statuses_as_of(&scope, batch, AsOf::Now);
        block_on(statuses).unwrap().unwrap()
    }

    pub(crate) fn pack(&self, units: &BatchUnits, slice: Slice) -> Result<PackUnits, PackError> {
        let provided = self.provided(units, slice.indexes());
        PackUnits::new(units.clone(), slice, provided, self.statuses(units))
    }

    /// Every pack of the batch.
    pub(crate) fn packs(&self, units: &BatchUnits) -> Vec<PackUnits> {
        Slices::of(units.minted())
            .map(|slice| self.pack(units, slice).unwrap())
            .collect()
    }

    /// Takes the unit with this index back.
    pub(crate) fn revoke(&self, units: &BatchUnits, index: u32) {
        let unit = units.identity().unit(index).unwrap().id;
        let reason = Reason::parse("lost").unwrap();
        let (caller, now) = (&self.caller, self.now.get());
        let revoked = self
            .service
            .revoke_unit(caller, self.brand, unit, reason, now);
        block_on(revoked).unwrap();
    }

    pub(crate) fn reads(&self) -> Reads {
        self.service.reads()
    }

    pub(crate) fn scope(&self) -> BrandScope {
        self.caller.to_read(self.brand).unwrap()
    }
}
