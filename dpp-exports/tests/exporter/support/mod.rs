//! What the tests of exports share.

mod faulty;
mod gate;

use std::sync::Arc;

use dpp_core::export::{ExportEvent, ExportFormat, PackFile, PackNumber};
use dpp_core::identity::MintBatchId;
use dpp_core::read::{ListLimit, PackFilter, PackRow, PageRequest};
use dpp_core::store::log::{PageLimit, StreamId, StreamKind, Version};
use dpp_core::store::{Codec, EventStore};
use dpp_core::{ExportId, Timestamp, WorkerName};
use dpp_exports::storage::{PackStorage, StorageError};
use dpp_exports::{ExportDid, ExportOrder, Exporter, Progress, sha256};
use futures::TryStreamExt;
use futures::executor::block_on;
use object_store::ObjectStore;
use object_store::memory::InMemory;

pub(crate) use faulty::{Fault, FaultyStorage, Op, StorageFaults};
pub(crate) use gate::{Gate, give_way, within};

use crate::common::World;

/// More than a lock's 10 minutes.
pub(crate) const LOCK: u64 = 601;

pub(crate) const DAY: u64 = 24 * 60 * 60;

pub(crate) const FORMATS: [ExportFormat; 5] = [
    ExportFormat::Manifest,
    ExportFormat::QrManifest,
    ExportFormat::NfcManifest,
    ExportFormat::RfidManifest,
    ExportFormat::QrBundle,
];

/// A storage in memory that fails as a test says.
pub(crate) fn faulty() -> (FaultyStorage, PackStorage) {
    let faulty = FaultyStorage::like_a_cloud(Arc::new(InMemory::new()), 1);
    let storage = PackStorage::of(Arc::new(faulty.clone()));
    (faulty, storage)
}

pub(crate) fn named(worker: &str) -> WorkerName {
    WorkerName::parse(worker).unwrap()
}

pub(crate) fn pack(number: u32) -> PackNumber {
    PackNumber::new(number).unwrap()
}

impl World {
    /// A batch of so many units with serials, all made.
    pub(crate) fn batch_of(&self, units: u64) -> MintBatchId {
        let batch = self.submit(self.request(units));
        self.work(u32::MAX);
        batch
    }

    /// An exporter of a process of its own.
    pub(crate) fn exporter(&self, storage: &PackStorage) -> Exporter {
        Exporter::new(self.exports_on(self.log().clone()), storage.clone())
    }

    pub(crate) fn order(&self, batch: MintBatchId, format: ExportFormat) -> ExportOrder {
        ExportOrder::of(self.brand(), batch, format)
    }

    pub(crate) async fn ask(
        &self,
        exporter: &Exporter,
        batch: MintBatchId,
        format: ExportFormat,
    ) -> ExportId {
        let order = self.order(batch, format);
        let asked = exporter.request(self.caller(), &order, self.now()).await;
        asked.unwrap().export_id
    }

    /// What happened to an export.
    pub(crate) fn story(&self, export: ExportId) -> Vec<ExportEvent> {
        let stream = StreamId::new(StreamKind::Export, *export.as_uuid());
        let read = self
            .log()
            .read_stream(self.brand(), stream, Version::FIRST, PageLimit::MAX);
        let codec = Codec::new();
        let events = block_on(read).unwrap().events.into_iter();
        events
            .map(|recorded| codec.decode(&recorded.event).unwrap())
            .collect()
    }

    /// The files of all packs that were completed, each as often as it was.
    pub(crate) fn completed(&self, export: ExportId) -> Vec<PackFile> {
        let events = self.story(export).into_iter();
        let files = events.filter_map(|event| match event {
            ExportEvent::PackCompleted(completed) => Some(completed.file),
            _ => None,
        });
        files.collect()
    }

    /// How many events the log has.
    pub(crate) fn events(&self) -> usize {
        let read = self.log().read_feed(self.brand(), None, PageLimit::MAX);
        let page = block_on(read).unwrap();
        assert!(!page.more);
        page.events.len()
    }

    /// The packs of an export in order, as they are listed.
    pub(crate) fn listed(&self, export: ExportId) -> Vec<PackRow> {
        self.listed_by(&PackFilter {
            export_id: Some(export),
            ..PackFilter::default()
        })
    }

    /// The packs for which all that is given holds, in order, as they are listed.
    pub(crate) fn listed_by(&self, filter: &PackFilter) -> Vec<PackRow> {
        let request = PageRequest::oldest_first().of(ListLimit::MAX);
        let (reads, scope) = (self.reads(), self.scope());
        let page = reads.list_payload_packs(&scope, filter, &request, self.now());
        block_on(page).unwrap().rows
    }
}

/// Lets a worker make everything that there is to make. Nothing may go wrong.
pub(crate) async fn make_all(exporter: &Exporter, worker: &str, now: Timestamp) -> Vec<Progress> {
    let mut worker = exporter.worker(named(worker));
    let mut made = Vec::new();
    loop {
        match worker.run_once(now).await.unwrap().did {
            ExportDid::Nothing => return made,
            ExportDid::Took(_) => {}
            ExportDid::Made(progress) => made.push(progress),
            other => panic!("{other:?}"),
        }
    }
}

pub(crate) async fn content(storage: &PackStorage, file: &PackFile) -> Vec<u8> {
    try_content(storage, file).await.unwrap()
}

pub(crate) async fn try_content(
    storage: &PackStorage,
    file: &PackFile,
) -> Result<Vec<u8>, StorageError> {
    let stream = storage.read(&file.path).await?;
    let chunks: Vec<_> = stream.try_collect().await?;
    Ok(chunks.concat())
}

/// Each file has the bytes and the digest that were recorded.
pub(crate) async fn assert_whole(storage: &PackStorage, files: &[PackFile]) {
    for file in files {
        let content = content(storage, file).await;
        assert_eq!(content.len() as u64, file.bytes, "{file:?}");
        assert_eq!(sha256(&content), file.sha256, "{file:?}");
    }
}

/// The paths of all that a store shows, sorted.
pub(crate) async fn paths(store: &dyn ObjectStore) -> Vec<String> {
    let objects: Vec<_> = store.list(None).try_collect().await.unwrap();
    let mut paths: Vec<_> = objects
        .iter()
        .map(|object| object.location.to_string())
        .collect();
    paths.sort();
    paths
}
