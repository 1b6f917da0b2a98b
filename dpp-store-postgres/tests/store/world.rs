//! Random histories of brands, made by the service and its worker.

use std::sync::{Arc, Mutex};

use dpp_core::export::{
    ExportCompleted, ExportEvent, ExportExpired, ExportFacts, ExportFilesRemoved, ExportFormat,
    ExportOptions, ExportRequested, PackFailed, PackNumber, PackStarted,
};
use dpp_core::identity::MintBatchId;
use dpp_core::identity::serial::{SequentialFormat, SerialScheme};
use dpp_core::mint::{ActivationMode, BatchStatus, LotRequest, MintRequest};
use dpp_core::passport::{Brand, Product};
use dpp_core::read::BatchUnits;
use dpp_core::service::{EntropyError, Host, MintService, Settings, UnitSelection, Worker};
use dpp_core::store::log::{Actor, Commit, EventType, Expected, StreamId, StreamKind, WorkerName};
use dpp_core::store::{Codec, EventStore};
use dpp_core::{
    BrandId, Caller, CommitId, CorrelationId, ExportId, ProductId, Role, TextRows, Timestamp,
    UserId,
};
use dpp_store_memory::MemoryCatalogue;
use dpp_store_postgres::PostgresStore;
use dpp_store_postgres::testing::TestSchema;
use fastrand::Rng;
use uuid::Uuid;

use crate::support::{open, options};

/// A store with a service on it, and some brands.
pub(crate) struct World {
    pub(crate) schema: TestSchema,
    pub(crate) store: PostgresStore,
    pub(crate) service: MintService,
    pub(crate) random: Rng,
    now: i64,
    serials: u64,
}

pub(crate) fn brand(number: u128) -> BrandId {
    BrandId::from_uuid(Uuid::from_u128(0xb0 << 96 | number))
}

pub(crate) fn product(number: u128) -> ProductId {
    ProductId::from_uuid(Uuid::from_u128(0xa0 << 96 | number))
}

pub(crate) fn caller() -> Caller {
    let user = Caller::user(UserId::from_uuid(Uuid::from_u128(7)));
    (1..=2).fold(user, |user, number| {
        user.with_role(brand(number), Role::Owner)
    })
}

fn catalogue() -> MemoryCatalogue {
    let resolver = || "https://id.example.com".parse().unwrap();
    let mut catalogue = MemoryCatalogue::default();
    for of in 1..=2 {
        catalogue = catalogue.with_brand(Brand::new(brand(of), "Brand", resolver()));
        for number in 1..=4 {
            let number = of * 10 + number;
            let mut one = Product::new(product(number), brand(of), "SKU", "Product");
            one.gtin = (number % 2 == 0).then(|| "09506000134352".parse().unwrap());
            catalogue = catalogue.with_product(one);
        }
    }
    catalogue
}

fn host(seed: u64) -> Host {
    let random = Mutex::new(Rng::with_seed(seed));
    let fill = move |bytes: &mut [u8]| -> Result<(), EntropyError> {
        random.lock().unwrap().fill(bytes);
        Ok(())
    };
    Host {
        catalogue: Arc::new(catalogue()),
        entropy: Arc::new(fill),
    }
}

impl World {
    pub(crate) async fn new(seed: u64) -> Self {
        Self::with(seed, Settings::default().units_per_cycle(700)).await
    }

    pub(crate) async fn with(seed: u64, settings: Settings) -> Self {
        let schema = TestSchema::new();
        let store = open(&options(&schema)).await;
        let service = MintService::with_fold(Arc::new(store.clone()), host(seed), settings);
        Self {
            schema,
            store,
            service,
            random: Rng::with_seed(seed),
            now: 1_800_000_000_000,
            serials: 0,
        }
    }

    pub(crate) fn now(&mut self) -> Timestamp {
        self.now += 1 + self.random.i64(0..5_000);
        Timestamp::from_unix_millis(self.now)
    }

    pub(crate) async fn submit(&mut self, request: MintRequest) -> MintBatchId {
        let now = self.now();
        let answer = self.service.submit(&caller(), request, now).await.unwrap();
        answer.batch().unwrap()
    }

    /// Makes all units that were asked for.
    pub(crate) async fn work_off(&mut self) {
        self.now += 3_600_000;
        let at = Timestamp::from_unix_millis(self.now);
        let mut worker = Worker::new(self.service.clone(), WorkerName::parse("one").unwrap());
        worker.run_until_idle(|| at).await.unwrap();
    }

    pub(crate) fn provided(&mut self, of: BrandId, number: u128, quantity: u32) -> MintRequest {
        let mode = ActivationMode::FirstScan;
        let mut request = MintRequest::of_serials(of, product(number), u64::from(quantity), mode);
        let first = self.serials;
        self.serials += u64::from(quantity);
        let rows: Vec<String> = (first..self.serials).map(|n| format!("own-{n}")).collect();
        request.serials = Some(rows.iter().map(String::as_str).collect::<TextRows>());
        request
    }

    fn request(&mut self, of: u128) -> MintRequest {
        let quantity = self.random.u64(1..2_000);
        let mode = match self.random.bool() {
            true => ActivationMode::FirstScan,
            false => ActivationMode::ActiveAtMint,
        };
        let own = brand(of);
        let mut request = MintRequest::of_serials(own, product(of * 10 + 1), quantity, mode);
        match self.random.u8(0..5) {
            0 => return self.provided(own, of * 10 + 2, quantity as u32),
            1 => {
                request.product_id = product(of * 10 + 3);
                let format = SequentialFormat::new("n-", 9).unwrap();
                request.serial_scheme = Some(SerialScheme::Sequential(format));
            }
            2 => {
                request.product_id = product(of * 10 + 4);
                request.serial_scheme = Some(SerialScheme::Numeric38);
            }
            3 => {
                let lot = |code: &str| LotRequest {
                    lot_code: code.to_owned(),
                    qty: 1 + quantity / 2,
                };
                let lots = vec![lot("L1"), lot("L2"), lot("L3")];
                return MintRequest::of_lots(own, product(of * 10 + 2), lots, mode);
            }
            _ => {}
        }
        request
    }

    /// Lets something happen, many times over, to both brands; the batches are given.
    pub(crate) async fn history(&mut self, steps: u32) -> Vec<(BrandId, MintBatchId)> {
        let mut batches = Vec::new();
        for step in 0..steps {
            let of = self.random.u128(1..=2);
            if step < 4 || self.random.u8(0..4) == 0 {
                let request = self.request(of);
                let batch = self.submit(request).await;
                batches.push((brand(of), batch));
                continue;
            }
            let (own, batch) = batches[self.random.usize(0..batches.len())];
            self.step(own, batch).await;
        }
        batches
    }

    /// Lets something happen to a batch. What is refused did not happen.
    async fn step(&mut self, own: BrandId, batch: MintBatchId) {
        let (service, caller, now) = (self.service.clone(), caller(), self.now());
        let reason = || "they were lost".parse().unwrap();
        match self.random.u8(0..12) {
            0..=2 => self.work_some().await,
            3..=5 => self.scan(own, batch).await,
            6 => {
                if let Some(unit) = self.unit(own, batch).await {
                    let _may_be_refused =
                        service.revoke_unit(&caller, own, unit, reason(), now).await;
                }
            }
            7 => {
                let start = self.random.u32(0..1_000);
                let range = UnitSelection::Range(start..start + self.random.u32(1..300));
                let _may_be_refused = service
                    .revoke_units(&caller, own, batch, &range, reason(), now)
                    .await;
            }
            8 => {
                let scope = caller.to_read(own).unwrap();
                let units = service.reads().batch_units(&scope, batch).await;
                let lots = units.map(|units| units.lot_ids().to_vec());
                if let Some(lot) = lots.unwrap_or_default().first() {
                    let _may_be_refused = service.activate_lot(&caller, own, *lot, now).await;
                }
            }
            9 => {
                let _may_be_refused = service.cancel(&caller, own, batch.job(), None, now).await;
            }
            10 => {
                let voided = BatchStatus::Voided;
                let _may_be_refused = service
                    .set_mint_batch_status(&caller, own, batch, voided, Some(reason()), now)
                    .await;
            }
            _ => self.export(own, batch).await,
        }
    }

    async fn work_some(&mut self) {
        let name = WorkerName::parse("some").unwrap();
        let mut worker = Worker::new(self.service.clone(), name);
        for _ in 0..self.random.u8(1..4) {
            let now = self.now();
            worker.run_once(now).await.unwrap();
        }
        // Nobody holds what it has left behind.
        self.now += 120_000;
    }

    pub(crate) async fn scan(&mut self, own: BrandId, batch: MintBatchId) {
        let now = self.now();
        if let Some(unit) = self.unit(own, batch).await {
            let _may_be_refused = self.service.activate_unit(&caller(), own, unit, now).await;
        }
    }

    /// Any unit of a batch that has made one.
    async fn unit(
        &mut self,
        own: BrandId,
        batch: MintBatchId,
    ) -> Option<dpp_core::identity::MintUnitId> {
        let scope = caller().to_read(own).unwrap();
        let units: BatchUnits = self.service.reads().batch_units(&scope, batch).await.ok()?;
        let made = units.minted();
        let index = (made > 0).then(|| self.random.u32(0..made))?;
        units.identity().unit(index).map(|unit| unit.id)
    }

    pub(crate) async fn export(&mut self, own: BrandId, batch: MintBatchId) {
        let id = ExportId::from_uuid(Uuid::from_u128(self.random.u128(..)));
        let requested = ExportEvent::Requested(ExportRequested {
            facts: ExportFacts {
                mint_batch_id: batch,
                format: ExportFormat::Manifest,
                units: 1,
                profile: None,
                options: ExportOptions::default(),
            },
            expires_at: self.now(),
        });
        let completed = ExportEvent::Completed(ExportCompleted {
            packs: 1,
            expires_at: self.now(),
        });
        let (pack, worker) = (PackNumber::FIRST, WorkerName::parse("some").unwrap());
        let until = self.now();
        let started = ExportEvent::PackStarted(PackStarted {
            pack,
            worker,
            until,
        });
        let failed = ExportEvent::PackFailed(PackFailed {
            pack,
            reason: "the disk is full".parse().unwrap(),
        });
        let expired = ExportEvent::Expired(ExportExpired { packs: 1 });
        let mut events = match self.random.bool() {
            true => vec![requested, completed],
            false => vec![requested, started, failed],
        };
        let removed = ExportEvent::FilesRemoved(ExportFilesRemoved { packs: 1 });
        let told = match self.random.u8(0..6) {
            0 => 2,
            1 => 1,
            _ => 0,
        };
        events.extend([expired, removed].into_iter().take(told));
        let codec = Codec::new();
        let events = events.iter().map(|event| codec.encode(event).unwrap());
        let stream = StreamId::new(StreamKind::Export, *id.as_uuid());
        self.commit(own, stream, events.collect()).await;
    }

    /// Commits events as they are.
    pub(crate) async fn commit(
        &mut self,
        own: BrandId,
        stream: StreamId,
        events: Vec<(EventType, u16, Vec<u8>)>,
    ) {
        let id = CommitId::from_uuid(Uuid::from_u128(self.random.u128(..)));
        let actor = Actor::User(UserId::from_uuid(Uuid::nil()));
        let correlation = CorrelationId::from_uuid(Uuid::nil());
        let commit = Commit::builder(own, id, self.now(), actor, correlation)
            .write(stream, Expected::Any, events)
            .build()
            .unwrap();
        self.store.commit(&commit).await.unwrap();
    }

    /// Whether all rows of both brands are as the log has them; what is not is told.
    pub(crate) async fn differences(&self) -> Vec<String> {
        let verified = self.store.read_tables().verify_all().await.unwrap();
        let all = verified.iter().flat_map(|one| {
            assert_eq!(one.count as usize, one.differences.len());
            one.differences.iter().map(ToString::to_string)
        });
        all.collect()
    }

    pub(crate) async fn rebuild(&self) {
        self.store.read_tables().rebuild_all(|_| {}).await.unwrap();
    }
}
