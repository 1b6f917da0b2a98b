//! Random histories of two brands: jobs, units, lots, exports.

use std::sync::Arc;
use std::time::Duration;

use dpp_core::export::{
    ExportCompleted, ExportEvent, ExportExpired, ExportLocked, ExportUnlocked, PackCompleted,
    PackFailed, PackFile, PackNumber, PackStarted, Sha256Digest,
};
use dpp_core::identity::MintJobId;
use dpp_core::identity::serial::{SequentialFormat, SerialScheme};
use dpp_core::mint::{ActivationMode, MintRequest};
use dpp_core::read::{BatchUnits, ReadFold};
use dpp_core::service::{MintService, Settings, Worker};
use dpp_core::store::log::PageLimit;
use dpp_core::store::{BatchQuery, EventStore, Order, ReadStore};
use dpp_core::{ExportId, TextRows, Timestamp, WorkerName};
use dpp_store_memory::MemoryStore;
use fastrand::Rng;
use uuid::Uuid;

use crate::exceptions::Writer;
use crate::support::*;

pub struct History {
    pub log: Arc<MemoryStore>,
    pub writer: Writer,
    pub now: Timestamp,
    random: Rng,
    service: MintService,
    workers: [Worker; 2],
    fold: ReadFold,
    jobs: Vec<(u128, MintJobId)>,
    exports: Vec<(u128, ExportId)>,
}

impl History {
    pub fn new(seed: u64) -> Self {
        let log = Arc::new(MemoryStore::default());
        let settings = Settings::default().units_per_cycle(20);
        let service = service(log.clone(), seed, settings);
        Self {
            writer: Writer::new(log.clone(), 1),
            fold: ReadFold::new(log.clone()),
            workers: ["one", "two"].map(|name| worker(&service, name)),
            now: noon(),
            random: Rng::with_seed(seed),
            jobs: Vec::new(),
            exports: Vec::new(),
            log,
            service,
        }
    }

    pub fn store(&self) -> Arc<dyn EventStore> {
        self.log.clone()
    }

    /// Something happens, or is refused.
    pub async fn step(&mut self) {
        self.now = self.now.after(Duration::from_millis(self.random.u64(..3)));
        match self.random.u32(..20) {
            0..3 => self.submit().await,
            3..9 => self.work().await,
            9 => self.cancel().await,
            10..17 => self.exception().await,
            _ => self.export().await,
        }
    }

    async fn submit(&mut self) {
        let of = self.random.u128(1..=2);
        let request = self.request(of);
        let caller = owner(brand(of));
        let answer = self.service.submit(&caller, request, self.now);
        if let Some(job) = answer.await.ok().and_then(|answer| answer.job()) {
            self.jobs.push((of, job));
        }
    }

    fn request(&mut self, of: u128) -> MintRequest {
        let product = if of == 1 { self.random.u128(1..=3) } else { 9 };
        let quantity = self.random.u64(1..60);
        let mut request = match self.random.u32(..6) {
            0 => lots(product, &[("LOT-A", quantity), ("LOT-B", 7)]),
            _ => serials(product, quantity),
        };
        request.brand_id = brand(of);
        if self.random.bool() {
            request.activation_mode = ActivationMode::FirstScan;
        }
        if !request.lots.is_empty() {
            return request;
        }
        match self.random.u32(..5) {
            0 => request.serial_scheme = Some(SerialScheme::Numeric38),
            1 => {
                let format = SequentialFormat::new("SN-", 8).unwrap();
                request.serial_scheme = Some(SerialScheme::Sequential(format));
            }
            2 => {
                request.serial_scheme = Some(SerialScheme::Provided);
                request.serials = Some(self.own_serials(quantity));
            }
            _ => {}
        }
        request
    }

    fn own_serials(&mut self, quantity: u64) -> TextRows {
        let first = self.random.u32(..900_000);
        let rows: Vec<_> = (0..quantity)
            .map(|row| format!("own-{first}-{row}"))
            .collect();
        rows.iter().map(String::as_str).collect()
    }

    async fn work(&mut self) {
        let worker = &mut self.workers[self.random.usize(..2)];
        worker.run_once(self.now).await.unwrap();
    }

    async fn cancel(&mut self) {
        let Some((of, job)) = self.random.choice(&self.jobs).copied() else {
            return;
        };
        let caller = owner(brand(of));
        let cancelled = self.service.cancel(&caller, brand(of), job, None, self.now);
        let _too_late = cancelled.await;
    }

    /// A batch that has made units.
    async fn minted(&mut self) -> Option<BatchUnits> {
        let of = brand(self.random.u128(1..=2));
        let (query, all) = (BatchQuery::default(), PageLimit::MAX);
        let batches = self
            .fold
            .batches(of, &query, Order::OldestFirst, None, all)
            .await;
        let mut batches = batches.unwrap();
        batches.retain(|record| record.batch.minted > 0);
        BatchUnits::of(self.random.choice(batches)?)
    }

    async fn exception(&mut self) {
        let Some(units) = self.minted().await else {
            return;
        };
        let index = self.random.u32(..units.minted());
        let lots = units.lot_ids().len() as u32;
        match self.random.u32(..24) {
            0..4 if lots > 0 => {
                let lot = self.random.u32(..lots);
                self.writer.activate_lot(&units, lot, self.now).await
            }
            0..4 => {
                let some = (index..units.minted()).filter(|_| self.random.bool());
                let some = some.chain([index]).collect();
                self.writer.revoke_many(&units, some, self.now).await
            }
            4..8 => self.writer.revoke(&units, index, self.now).await,
            8 if units.record().batch.job.is_over() => self.writer.void(&units, self.now).await,
            _ => self.writer.activate(&units, index, self.now).await,
        };
    }

    async fn export(&mut self) {
        if self.random.u8(..4) > 0
            && let Some((of, export)) = self.random.choice(&self.exports).copied()
        {
            let event = self.export_event();
            self.writer
                .tell_export(brand(of), export, &event, self.now)
                .await;
            return;
        }
        let Some((of, job)) = self.random.choice(&self.jobs).copied() else {
            return;
        };
        let export = ExportId::from_uuid(Uuid::from_u128(self.random.u128(..)));
        self.writer
            .request_export(brand(of), export, job.batch(), self.now)
            .await;
        self.exports.push((of, export));
    }

    /// Anything that can happen to an export, whether it can now or not.
    fn export_event(&mut self) -> ExportEvent {
        let (pack, worker) = (PackNumber::FIRST, WorkerName::parse("a").unwrap());
        let until = self.now.after(Duration::from_millis(self.random.u64(..20)));
        match self.random.u8(..8) {
            0 | 1 => ExportEvent::Locked(ExportLocked { worker, until }),
            2 => ExportEvent::Unlocked(ExportUnlocked { worker }),
            3 => ExportEvent::PackStarted(PackStarted {
                pack,
                worker,
                until,
            }),
            4 => ExportEvent::PackCompleted(PackCompleted {
                pack,
                file: PackFile {
                    path: "a/b.csv".parse().unwrap(),
                    bytes: 1,
                    rows: 1,
                    sha256: Sha256Digest::from_bytes([1; 32]),
                },
            }),
            5 => ExportEvent::PackFailed(PackFailed {
                pack,
                reason: "the disk is full".parse().unwrap(),
            }),
            6 => ExportEvent::Completed(ExportCompleted {
                packs: 1,
                expires_at: until,
            }),
            _ => ExportEvent::Expired(ExportExpired { packs: 1 }),
        }
    }
}

/// A log after so many steps.
pub async fn history(seed: u64, steps: usize) -> History {
    let mut history = History::new(seed);
    for _ in 0..steps {
        history.step().await;
    }
    history
}
