//! Exports, as the fold tells of them.

use std::sync::Arc;

use dpp_core::ExportId;
use dpp_core::export::{
    EXPORT_LOCK, EXPORT_RETENTION, ExportDownloaded, ExportEvent, ExportExpired, ExportLocked,
    ExportUnlocked, PackCompleted, PackFailed, PackFile, PackNumber, PackStarted, Sha256Digest,
};
use dpp_core::identity::MintBatchId;
use dpp_core::read::ReadFold;
use dpp_core::store::ReadStore;
use dpp_core::store::log::{PageLimit, WorkerName};
use dpp_store_memory::MemoryStore;
use futures::executor::block_on;
use uuid::Uuid;

use crate::exceptions::Writer;
use crate::support::*;

/// What happens to an export of one pack until it is completed, besides its request.
fn at_work() -> Vec<ExportEvent> {
    let (pack, until) = (PackNumber::FIRST, noon().after(EXPORT_LOCK));
    let worker = WorkerName::parse("a").unwrap();
    let locked = ExportLocked {
        worker: worker.clone(),
        until,
    };
    let started = PackStarted {
        pack,
        worker: worker.clone(),
        until,
    };
    let failed = PackFailed {
        pack,
        reason: "the disk is full".parse().unwrap(),
    };
    let file = PackFile {
        path: "a/b.csv".parse().unwrap(),
        bytes: 1,
        rows: 1,
        sha256: Sha256Digest::from_bytes([1; 32]),
    };
    vec![
        ExportEvent::Locked(locked),
        ExportEvent::PackStarted(started),
        ExportEvent::PackFailed(failed),
        ExportEvent::Unlocked(ExportUnlocked { worker }),
        ExportEvent::PackCompleted(PackCompleted { pack, file }),
    ]
}

fn afterwards() -> Vec<ExportEvent> {
    let pack = PackNumber::FIRST;
    vec![
        ExportEvent::Downloaded(ExportDownloaded { pack }),
        ExportEvent::Expired(ExportExpired { packs: 1 }),
    ]
}

/// Whether the export is completed, and how many the counter says are.
async fn told(fold: &ReadFold, export: ExportId) -> (bool, u64) {
    let found = fold.exports(brand(1), export..=export, None, PageLimit::MAX);
    let records = found.await.unwrap();
    assert_eq!(records.len(), 1);
    assert_eq!(records[0].requested_at, noon());
    let counters = fold.counters(brand(1)).await.unwrap();
    (records[0].completed, counters.completed_exports)
}

#[test]
fn an_export_counts_once_from_its_completion_on_and_still_when_it_expired() {
    block_on(async {
        let log = Arc::new(MemoryStore::default());
        let writer = Writer::new(log.clone(), 1);
        let fold = ReadFold::new(log);
        let batch = MintBatchId::new(noon(), [4; 10]);
        let export = ExportId::from_uuid(Uuid::from_u128(1));
        let later = noon().after(EXPORT_RETENTION);
        writer.request_export(brand(1), export, batch, noon()).await;
        for event in at_work() {
            writer.tell_export(brand(1), export, &event, later).await;
            assert_eq!(told(&fold, export).await, (false, 0), "{event:?}");
        }
        for _ in 0..2 {
            writer.complete_export(brand(1), export, later).await;
            assert_eq!(told(&fold, export).await, (true, 1));
        }
        for event in afterwards() {
            writer.tell_export(brand(1), export, &event, later).await;
            assert_eq!(told(&fold, export).await, (true, 1), "{event:?}");
        }
    });
}
