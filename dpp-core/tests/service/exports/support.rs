//! A batch of brand 1 whose exports a test asks for and makes.

use std::sync::Arc;
use std::time::Duration;

use crate::support::*;
use dpp_core::export::{
    CarrierProfile, Export, ExportFormat, ExportRejection, PackFile, PackNumber, Sha256Digest,
    Slice,
};
use dpp_core::identity::MintBatchId;
use dpp_core::mint::MintRequest;
use dpp_core::service::{
    Download, ExportAnswer, ExportError, ExportRequest, ExportService, HeldExport, MintService,
    Settings,
};
use dpp_core::store::log::{PageLimit, StreamKind};
use dpp_core::store::{Codec, EventStore, ExportQuery, ExportRecord, Order, ReadStore};
use dpp_core::{ExportId, Timestamp, WorkerName, read::ReadFold};
use dpp_store_memory::MemoryStore;
use futures::executor::block_on;

use crate::export_laws::Laws;

pub(crate) const LOCK: u64 = 600;
pub(crate) const DAY: u64 = 24 * 60 * 60;

/// So many seconds after noon, when the batch was minted.
pub(crate) fn at(second: u64) -> Timestamp {
    noon().after(Duration::from_secs(second))
}

pub(crate) fn named(name: &str) -> WorkerName {
    WorkerName::parse(name).unwrap()
}

pub(crate) fn number(pack: u32) -> PackNumber {
    PackNumber::new(pack).unwrap()
}

pub(crate) fn profile(name: &str) -> Option<CarrierProfile> {
    Some(CarrierProfile {
        name: name.parse().unwrap(),
        version: 1,
    })
}

pub(crate) fn file(slice: &Slice) -> PackFile {
    PackFile {
        path: format!("a/pack_{:03}.csv", slice.number()).parse().unwrap(),
        bytes: u64::from(slice.rows()) * 10,
        rows: slice.rows(),
        sha256: Sha256Digest::from_bytes([slice.number().get() as u8; 32]),
    }
}

/// Why an export itself refused.
#[track_caller]
pub(crate) fn rejection<T: std::fmt::Debug>(answer: Result<T, ExportError>) -> ExportRejection {
    let error = answer.unwrap_err();
    let rejection = error.rejection().cloned();
    rejection.unwrap_or_else(|| panic!("{error:?}"))
}

pub(crate) fn locked_by(worker: &str, until: u64) -> ExportRejection {
    ExportRejection::Locked {
        worker: named(worker),
        until: at(until),
    }
}

pub(crate) fn not_held_by(worker: &str) -> ExportRejection {
    ExportRejection::NotHeld {
        worker: named(worker),
    }
}

pub(crate) struct World {
    pub(crate) store: Arc<MemoryStore>,
    pub(crate) service: MintService,
    pub(crate) exports: ExportService,
    pub(crate) batch: MintBatchId,
}

/// A batch of so many units.
pub(crate) fn batch_of(units: u64) -> World {
    batch_from(serials(1, units))
}

pub(crate) fn batch_from(request: MintRequest) -> World {
    let store = Arc::new(MemoryStore::default());
    let service = service(store.clone(), 1, Settings::default());
    World {
        batch: crate::made::mint(&service, request),
        exports: service.exports(),
        service,
        store,
    }
}

/// A service in a process of its own.
pub(crate) fn exports_on(store: Arc<dyn EventStore>, seed: u64) -> ExportService {
    service(store, seed, Settings::default()).exports()
}

impl World {
    pub(crate) fn of(&self, format: ExportFormat) -> ExportRequest {
        ExportRequest::of(brand(1), self.batch, format)
    }

    pub(crate) fn manifest(&self) -> ExportRequest {
        self.of(ExportFormat::Manifest)
    }

    pub(crate) fn with_profile(&self, name: &str) -> ExportRequest {
        ExportRequest {
            profile: profile(name),
            ..self.manifest()
        }
    }

    pub(crate) fn ask(
        &self,
        request: &ExportRequest,
        second: u64,
    ) -> Result<ExportAnswer, ExportError> {
        let caller = owner(request.brand_id);
        block_on(self.exports.request(&caller, request, at(second)))
    }

    pub(crate) fn asked(&self, request: &ExportRequest, second: u64) -> ExportId {
        let answer = self.ask(request, second).unwrap();
        assert!(!answer.is_duplicate, "{answer:?}");
        answer.export_id
    }

    pub(crate) fn hold(
        &self,
        export: ExportId,
        worker: &str,
        second: u64,
    ) -> Result<HeldExport, ExportError> {
        hold(&self.exports, export, worker, second)
    }

    pub(crate) fn take(&self, worker: &str, second: u64) -> Option<HeldExport> {
        block_on(self.exports.take(&named(worker), at(second))).unwrap()
    }

    pub(crate) fn start(&self, held: &mut HeldExport, second: u64) -> Result<Slice, ExportError> {
        block_on(self.exports.start_pack(held, at(second)))
    }

    pub(crate) fn complete(
        &self,
        held: &mut HeldExport,
        slice: &Slice,
        second: u64,
    ) -> Result<(), ExportError> {
        let (pack, now) = (slice.number(), at(second));
        block_on(self.exports.complete_pack(held, pack, file(slice), now))
    }

    pub(crate) fn make_pack(&self, held: &mut HeldExport, second: u64) {
        let slice = self.start(held, second).unwrap();
        self.complete(held, &slice, second).unwrap();
    }

    /// Makes all packs that are missing.
    pub(crate) fn make(&self, export: ExportId, worker: &str, second: u64) {
        let mut held = self.hold(export, worker, second).unwrap();
        while !held.export().is_completed() {
            self.make_pack(&mut held, second);
        }
    }

    pub(crate) fn completed(&self) -> ExportId {
        let id = self.asked(&self.manifest(), 0);
        self.make(id, "a", 0);
        id
    }

    pub(crate) fn fail(
        &self,
        held: HeldExport,
        pack: u32,
        reason: &str,
        second: u64,
    ) -> Result<(), ExportError> {
        let (pack, reason) = (number(pack), reason.to_owned());
        let failed = self.exports.fail_pack(held, pack, reason, at(second));
        block_on(failed)
    }

    pub(crate) fn release(&self, held: HeldExport, second: u64) {
        block_on(self.exports.release(held, at(second))).unwrap();
    }

    pub(crate) fn expire(&self, export: ExportId, second: u64) -> Result<(), ExportError> {
        let worker = named("sweeper");
        let expired = self.exports.expire(&worker, brand(1), export, at(second));
        block_on(expired)
    }

    pub(crate) fn download(
        &self,
        export: ExportId,
        pack: u32,
        second: u64,
    ) -> Result<Download, ExportError> {
        let (caller, pack) = (owner(brand(1)), number(pack));
        let download = self
            .exports
            .download(&caller, brand(1), export, pack, at(second));
        block_on(download)
    }

    pub(crate) fn export(&self, export: ExportId) -> Export {
        let found = block_on(self.exports.of_worker(brand(1), export));
        found.unwrap().unwrap()
    }

    /// What the reads tell of all exports of brand 1, the oldest first.
    pub(crate) fn records(&self) -> Vec<ExportRecord> {
        let fold = ReadFold::new(self.store.clone());
        let (all, order) = (ExportQuery::ALL, Order::OldestFirst);
        let found = fold.exports(brand(1), &all, order, None, PageLimit::MAX);
        block_on(found).unwrap()
    }

    pub(crate) fn events_in(&self) -> usize {
        crate::submit::events_in(&self.store)
    }

    /// The types of what happened to an export, in order.
    pub(crate) fn story(&self, export: ExportId) -> Vec<String> {
        let events = crate::made::feed(&self.store).into_iter();
        let of_export = events.filter(|recorded| {
            let stream = recorded.stream;
            stream.kind() == StreamKind::Export && stream.id() == export.as_uuid()
        });
        of_export
            .map(|recorded| recorded.event.event_type.to_string())
            .collect()
    }

    /// Asserts what must hold at every position of every feed.
    pub(crate) fn check_laws(&self) {
        Laws::check(&crate::made::feed(&self.store), &Codec::new());
    }
}

pub(crate) fn hold(
    exports: &ExportService,
    export: ExportId,
    worker: &str,
    second: u64,
) -> Result<HeldExport, ExportError> {
    let (caller, worker) = (owner(brand(1)), named(worker));
    block_on(exports.hold(&caller, brand(1), export, &worker, at(second)))
}
