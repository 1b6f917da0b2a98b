//! Exports, as the fold tells of them.

use std::sync::Arc;

use dpp_core::export::{
    EXPORT_LOCK, EXPORT_RETENTION, ExportDownloaded, ExportEvent, ExportExpired, ExportLocked,
    ExportUnlocked, PackCompleted, PackFailed, PackFile, PackNumber, PackStarted, Sha256Digest,
};
use dpp_core::identity::MintBatchId;
use dpp_core::read::ReadFold;
use dpp_core::store::log::{PageLimit, WorkerName};
use dpp_core::store::{DueExport, ExportQuery, ExportRecord, Order, ReadStore};
use dpp_core::{BrandId, ExportId, Timestamp};
use dpp_store_memory::MemoryStore;
use futures::executor::block_on;
use uuid::Uuid;

use crate::exceptions::Writer;
use crate::fold::history::history;
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
    let (all, order) = (ExportQuery::ALL, Order::OldestFirst);
    let found = fold.exports(brand(1), &all, order, None, PageLimit::MAX);
    let records = found.await.unwrap();
    assert_eq!(records.len(), 1);
    assert_eq!(records[0].export_id, export);
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

/// All exports that there are, of both brands.
async fn records(fold: &ReadFold) -> Vec<(BrandId, ExportRecord)> {
    let mut all = Vec::new();
    for of in [brand(1), brand(2)] {
        let (every, order) = (ExportQuery::ALL, Order::OldestFirst);
        let page = fold.exports(of, &every, order, None, PageLimit::MAX);
        all.extend(page.await.unwrap().into_iter().map(|record| (of, record)));
    }
    all
}

async fn is_due(fold: &ReadFold, now: Timestamp) {
    let due = |all: Vec<(BrandId, ExportRecord)>| -> Vec<_> {
        let due = all.iter().map(|(of, record)| DueExport::of(*of, record));
        due.collect()
    };
    let mut runnable = records(fold).await;
    runnable.retain(|(_, record)| record.is_runnable(now));
    runnable.sort_by_key(|(of, record)| (record.requested_at, record.export_id, *of));
    let answer = fold.runnable_exports(now, PageLimit::MAX).await.unwrap();
    assert_eq!(answer.exports, due(runnable));

    let mut expiring = records(fold).await;
    expiring.retain(|(_, record)| record.is_expiring(now));
    expiring.sort_by_key(|(of, record)| (record.expires_at, record.export_id, *of));
    let answer = fold.expiring_exports(now, PageLimit::MAX).await.unwrap();
    assert_eq!(answer.exports, due(expiring));
}

#[test]
fn what_is_due_follows_from_the_records_whatever_happened() {
    block_on(async {
        let mut seen = 0;
        for seed in 0..20 {
            let history = history(seed, 300).await;
            let fold = ReadFold::new(history.store());
            let named: Vec<_> = records(&fold)
                .await
                .into_iter()
                .flat_map(|(_, record)| [Some(record.expires_at), record.runnable_at])
                .flatten()
                .collect();
            seen += named.len();
            for now in named.into_iter().chain([history.now]) {
                is_due(&fold, now).await;
            }
        }
        assert!(seen > 200, "{seen}");
    });
}

#[test]
fn a_brand_that_cannot_be_read_is_left_out_of_what_is_due_and_named() {
    block_on(async {
        let log = Arc::new(MemoryStore::default());
        let writer = Writer::new(log.clone(), 1);
        let fold = ReadFold::new(log);
        let batch = MintBatchId::new(noon(), [4; 10]);
        let export = ExportId::from_uuid(Uuid::from_u128(1));
        for of in [brand(1), brand(2)] {
            writer.request_export(of, export, batch, noon()).await;
        }
        writer.unknown(brand(1), noon()).await;
        let later = noon().after(EXPORT_RETENTION);
        let runnable = fold.runnable_exports(noon(), PageLimit::MAX).await;
        let expiring = fold.expiring_exports(later, PageLimit::MAX).await;
        for answer in [runnable.unwrap(), expiring.unwrap()] {
            let brands: Vec<_> = answer.exports.iter().map(|export| export.brand).collect();
            assert_eq!(brands, [brand(2)]);
            let unreadable: Vec<_> = answer
                .unreadable
                .iter()
                .map(|error| error.brand())
                .collect();
            assert_eq!(unreadable, [Some(brand(1))]);
        }
    });
}
