//! The commands, given to the service. What it refuses is no matter here.

use std::sync::Arc;
use std::time::Duration;

use dpp_core::export::{
    EXPORT_LOCK, ExportCompleted, ExportEvent, ExportExpired, ExportFacts, ExportFilesRemoved,
    ExportFormat, ExportLocked, ExportOptions, ExportRequested, ExportUnlocked, PackCompleted,
    PackFailed, PackFile, PackNumber, PackStarted, Sha256Digest,
};
use dpp_core::identity::MintBatchId;
use dpp_core::identity::serial::{SequentialFormat, SerialScheme};
use dpp_core::mint::{ActivationMode, CycleFailed, MintRequest};
use dpp_core::service::{MintService, Settings, SubmitAnswer, UnitSelection, Worker};
use dpp_core::store::log::{Actor, Commit, EventType, Expected, StreamId, StreamKind, WorkerName};
use dpp_core::store::{Codec, EventStore, ReadStore};
use dpp_core::{BrandId, Caller, CommitId, CorrelationId, ExportId, PageLimit, Role, Timestamp};
use dpp_store_memory::MemoryStore;
use dpp_store_postgres::testing::TestSchema;
use uuid::Uuid;

use super::plan::{Happens, Kind, Order, Step};
use super::tee::Tee;
use crate::hosting::{NOON, brand, host, lots, production, serials, someone, worker};
use crate::support::{open, options};

pub(super) struct World {
    pub(super) log: Arc<Tee>,
    service: MintService,
    worker: Worker,
    caller: Caller,
    millis: i64,
    numbers: u128,
    /// In the order in which they were accepted.
    pub(super) batches: Vec<(BrandId, MintBatchId)>,
    _schema: TestSchema,
}

pub(super) fn export(number: u128) -> ExportId {
    ExportId::from_uuid(Uuid::from_u128(0xe4 << 96 | number))
}

impl World {
    pub(super) async fn new(seed: u64) -> Self {
        let schema = TestSchema::new();
        let postgres = Arc::new(open(&options(&schema).connections(2)).await);
        let memory = Arc::new(MemoryStore::default());
        let reads: Arc<dyn ReadStore> = postgres.clone();
        let log = Arc::new(Tee { postgres, memory });
        let settings = Settings::default().units_per_cycle(4_000);
        let service = MintService::new(log.clone(), reads, host(seed), settings);
        Self {
            worker: worker(&service, "test"),
            log,
            service,
            caller: someone()
                .with_role(brand(1), Role::Owner)
                .with_role(brand(2), Role::Owner),
            millis: NOON,
            numbers: 0,
            batches: Vec::new(),
            _schema: schema,
        }
    }

    /// Several steps of one moment, so that keys are told apart by ids.
    pub(super) fn now(&self) -> Timestamp {
        Timestamp::from_unix_millis(self.millis)
    }

    fn number(&mut self) -> u128 {
        self.numbers += 1;
        self.millis += i64::from(self.numbers.is_multiple_of(3)) * 1_000;
        self.numbers
    }

    fn which(&self, which: usize) -> Option<(BrandId, MintBatchId)> {
        let place = which.checked_rem(self.batches.len())?;
        self.batches.get(place).copied()
    }

    pub(super) async fn take(&mut self, step: &Step) {
        self.number();
        let now = self.now();
        match step {
            Step::Submit(order) => {
                let request = self.request(order);
                let answer = self.service.submit(&self.caller, request, now).await;
                self.note(brand_of(order), answer.ok());
            }
            Step::Preflight(order) => {
                let request = self.request(order);
                let answer = self
                    .service
                    .create_preflighted_job(&self.caller, request, now);
                let answer = answer.await;
                self.note(brand_of(order), answer.ok());
            }
            Step::Work => drop(self.worker.run_once(now).await),
            Step::Wait => self.millis += 3_600_000,
            Step::Export(number, what) => {
                for of in [brand(1), brand(2)] {
                    self.tell_export(of, *number, &happened(what, now)).await;
                }
            }
            _ => {}
        }
        if let Some((of, batch)) = step.which().and_then(|which| self.which(which)) {
            self.take_of(of, batch, step, now).await;
        }
    }

    async fn take_of(&mut self, of: BrandId, batch: MintBatchId, step: &Step, now: Timestamp) {
        let (service, caller) = (self.service.clone(), self.caller.clone());
        let job = batch.job();
        let reason = || "as planned".parse().unwrap();
        match step {
            Step::Prepare(_) => {
                drop(service.create_batch_from_job(&caller, of, job, now).await);
            }
            Step::Cycle(_) => drop(service.process(&caller, of, job, now).await),
            Step::FailCycle(_) => {
                let (cycle, failures) = (1, 1);
                let reason = "the host's entropy ran dry".to_owned();
                let body = CycleFailed {
                    cycle,
                    failures,
                    reason,
                };
                let name = "mint_cycle_failed";
                let stream = StreamId::new(StreamKind::MintBatch, *batch.as_uuid());
                let body = serde_json::to_vec(&body).unwrap();
                self.tell(of, stream, (EventType::new(name), 1, body)).await;
            }
            Step::Cancel(_) => drop(service.cancel(&caller, of, job, None, now).await),
            Step::Activate(_, index) => {
                if let Some(unit) = self.unit(of, batch, *index).await {
                    drop(service.activate_unit(&Caller::scan(), of, unit, now).await);
                }
            }
            Step::ActivateLot(_, lot) => {
                if let Some(lot) = self.lot(of, batch, *lot).await {
                    drop(service.activate_lot(&Caller::scan(), of, lot, now).await);
                }
            }
            Step::Revoke(_, index) => {
                if let Some(unit) = self.unit(of, batch, *index).await {
                    drop(service.revoke_unit(&caller, of, unit, reason(), now).await);
                }
            }
            Step::RevokeRange(_, from, count) => {
                let some = UnitSelection::Range(*from..from + count);
                drop(
                    service
                        .revoke_units(&caller, of, batch, &some, reason(), now)
                        .await,
                );
            }
            Step::RevokeLot(_, lot) => {
                let some = UnitSelection::Lot(format!("L{lot}").parse().unwrap());
                drop(
                    service
                        .revoke_units(&caller, of, batch, &some, reason(), now)
                        .await,
                );
            }
            Step::SetStatus(_, to) => {
                let why = Some(reason());
                drop(
                    service
                        .set_mint_batch_status(&caller, of, batch, *to, why, now)
                        .await,
                );
            }
            Step::RequestExport(_, number) => {
                let requested = ExportRequested {
                    facts: ExportFacts {
                        mint_batch_id: batch,
                        format: ExportFormat::QrManifest,
                        units: 1,
                        profile: None,
                        options: ExportOptions::default(),
                    },
                    expires_at: now.after(HOUR),
                };
                let event = ExportEvent::Requested(requested);
                self.tell_export(of, *number, &event).await;
            }
            _ => {}
        }
    }

    fn note(&mut self, of: BrandId, answer: Option<SubmitAnswer>) {
        if let Some(SubmitAnswer::Accepted { mint_batch_id, .. }) = answer {
            self.batches.push((of, mint_batch_id));
        }
    }

    fn request(&mut self, order: &Order) -> MintRequest {
        let request = serials(order.product, order.quantity.into());
        let request = match order.kind {
            Kind::Randomised => request,
            Kind::Sequential => {
                let format = SequentialFormat::new("SEQ-", 6).unwrap();
                let serial_scheme = Some(SerialScheme::Sequential(format));
                MintRequest {
                    serial_scheme,
                    ..request
                }
            }
            Kind::Numeric => {
                let serial_scheme = Some(SerialScheme::Numeric38);
                MintRequest {
                    serial_scheme,
                    ..request
                }
            }
            Kind::Provided => {
                let first = self.number() * 10_000;
                let rows = (first..first + u128::from(order.quantity)).rev();
                let rows: Vec<_> = rows.map(|number| format!("own/{number}")).collect();
                let serials = Some(rows.iter().map(String::as_str).collect());
                MintRequest { serials, ..request }
            }
            Kind::Lots(count) => {
                let names: Vec<_> = (0..count).map(|lot| format!("L{lot}")).collect();
                let each = u64::from(order.quantity.div_ceil(count));
                let rows: Vec<_> = names.iter().map(|name| (name.as_str(), each)).collect();
                lots(order.product, &rows)
            }
        };
        MintRequest {
            brand_id: brand_of(order),
            product_batch_id: order.production.map(production),
            activation_mode: match order.active {
                true => ActivationMode::ActiveAtMint,
                false => ActivationMode::FirstScan,
            },
            ..request
        }
    }

    async fn unit(
        &self,
        of: BrandId,
        batch: MintBatchId,
        index: u32,
    ) -> Option<dpp_core::identity::MintUnitId> {
        let scope = self.caller.to_read(of).unwrap();
        let row = self.service.reads().unit_at(&scope, batch, index).await;
        row.unwrap().map(|row| row.mint_unit_id)
    }

    async fn lot(
        &self,
        of: BrandId,
        batch: MintBatchId,
        lot: usize,
    ) -> Option<dpp_core::identity::LotId> {
        let scope = self.caller.to_read(of).unwrap();
        let found = self
            .service
            .reads()
            .get_mint_batch_by_id(&scope, batch)
            .await;
        found.unwrap()?.lots.get(lot)?.lot_id
    }

    /// Serials of units that were made.
    pub(super) async fn serials(&self) -> Vec<dpp_core::gs1::Serial> {
        let mut serials = Vec::new();
        for (of, batch) in &self.batches {
            let scope = self.caller.to_read(*of).unwrap();
            for index in [0, 3] {
                let row = self.service.reads().unit_at(&scope, *batch, index).await;
                serials.extend(row.unwrap().and_then(|row| row.serial));
            }
        }
        serials
    }

    async fn tell_export(&mut self, of: BrandId, number: u128, event: &ExportEvent) {
        let stream = StreamId::new(StreamKind::Export, *export(number).as_uuid());
        let event = Codec::new().encode(event).unwrap();
        self.tell(of, stream, event).await;
    }

    /// Commits what no command tells yet.
    async fn tell(&mut self, of: BrandId, stream: StreamId, event: (EventType, u16, Vec<u8>)) {
        let number = self.number();
        let id_of = CommitId::from_uuid(Uuid::from_u128(0xcc << 96 | number));
        let correlation = CorrelationId::from_uuid(Uuid::from_u128(number));
        let commit = Commit::builder(of, id_of, self.now(), Actor::Scan, correlation)
            .write(stream, Expected::Any, [event])
            .build()
            .unwrap();
        self.log.commit(&commit).await.unwrap();
    }
}

/// About as long as an export rests at most, and longer than a lock.
pub(super) const HOUR: Duration = Duration::from_secs(3_600);

fn happened(what: &Happens, now: Timestamp) -> ExportEvent {
    let (pack, until) = (PackNumber::FIRST, now.after(EXPORT_LOCK));
    let worker = WorkerName::parse("test").unwrap();
    match what {
        Happens::Locked => ExportEvent::Locked(ExportLocked { worker, until }),
        Happens::Unlocked => ExportEvent::Unlocked(ExportUnlocked { worker }),
        Happens::PackStarted => ExportEvent::PackStarted(PackStarted {
            pack,
            worker,
            until,
        }),
        Happens::PackCompleted => ExportEvent::PackCompleted(PackCompleted {
            pack,
            file: PackFile {
                path: "a/b.csv".parse().unwrap(),
                bytes: 1,
                rows: 1,
                sha256: Sha256Digest::from_bytes([1; 32]),
            },
        }),
        Happens::PackFailed => ExportEvent::PackFailed(PackFailed {
            pack,
            reason: "the disk is full".parse().unwrap(),
        }),
        Happens::Completed => ExportEvent::Completed(ExportCompleted {
            packs: 1,
            expires_at: until,
        }),
        Happens::Expired => ExportEvent::Expired(ExportExpired { packs: 1 }),
        Happens::FilesRemoved => ExportEvent::FilesRemoved(ExportFilesRemoved { packs: 1 }),
    }
}

fn brand_of(order: &Order) -> BrandId {
    brand(if order.product == 9 { 2 } else { 1 })
}

impl Step {
    fn which(&self) -> Option<usize> {
        match self {
            Self::Prepare(which)
            | Self::Cycle(which)
            | Self::FailCycle(which)
            | Self::Cancel(which)
            | Self::Activate(which, _)
            | Self::ActivateLot(which, _)
            | Self::Revoke(which, _)
            | Self::RevokeRange(which, _, _)
            | Self::RevokeLot(which, _)
            | Self::SetStatus(which, _)
            | Self::RequestExport(which, _) => Some(*which),
            _ => None,
        }
    }
}

/// So many that each listing of a test is one page.
pub(super) const ALL: PageLimit = PageLimit::MAX;
