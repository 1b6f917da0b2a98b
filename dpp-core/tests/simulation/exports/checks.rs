//! What must hold after every run, read out of the store without any cache.

use std::collections::BTreeSet;

use dpp_core::export::{Export, PackStatus};
use dpp_core::read::{ListLimit, PackFilter, PageRequest, Reads};
use dpp_core::store::log::{PageLimit, RecordedEvent};
use dpp_core::store::{Codec, EventStore};
use dpp_core::{BrandScope, ExportId};
use futures::executor::block_on;

use super::world::ExportWorld;
use crate::export_laws::Laws;
use crate::support::*;

pub fn check(world: &ExportWorld) {
    let feed = feed(world);
    let laws = Laws::check(&feed, &Codec::new());
    let records = world.records();
    let folded: Vec<_> = laws.records.values().copied().collect();
    assert_eq!(records, folded, "the records are the folds of the feed");
    for (id, export) in &laws.exports {
        assert!(
            export.is_completed() || export.expired,
            "{id} ends neither completed nor expired"
        );
        let record = laws.records[id];
        assert_eq!(record.completed, export.is_completed(), "{id}");
        assert_eq!(record.runnable_at, None, "{id}");
    }
    check_answers(world, &laws);
    check_reads(world, &laws);
    let downloads = count(&feed, "export_downloaded");
    assert!(world.told.lock().unwrap().downloads <= downloads);
}

fn feed(world: &ExportWorld) -> Vec<RecordedEvent> {
    let page = world.store.read_feed(brand(1), None, PageLimit::MAX);
    let page = block_on(page).unwrap();
    assert!(!page.more);
    page.events
}

fn count(feed: &[RecordedEvent], event_type: &str) -> usize {
    let of_type = |recorded: &&RecordedEvent| recorded.event.event_type.as_str() == event_type;
    feed.iter().filter(of_type).count()
}

/// What was answered is so: the exports are there with what was asked for, each was new once,
/// and every pack that a worker was told is completed is.
fn check_answers(world: &ExportWorld, laws: &Laws) {
    let told = world.told.lock().unwrap();
    let mut new = BTreeSet::new();
    for (request, answer) in &told.answers {
        let facts = &laws.exports[&answer.export_id].facts;
        assert_eq!(facts.mint_batch_id, request.mint_batch_id);
        assert_eq!(facts.format, request.format);
        assert_eq!(facts.profile, request.profile);
        let first = answer.is_duplicate || new.insert(answer.export_id);
        assert!(first, "{answer:?} was new twice");
    }
    for (id, pack) in &told.completed {
        assert!(laws.exports[id].file(*pack).is_some(), "{id} has no {pack}");
    }
}

/// Replaying a stream gives what the listing shows, and what a worker sees.
fn check_reads(world: &ExportWorld, laws: &Laws) {
    let service = service(world.store.clone(), 0, world.plan.settings());
    let scope = owner(brand(1)).to_read(brand(1)).unwrap();
    for (id, export) in &laws.exports {
        let read = block_on(service.reads().export(&scope, *id)).unwrap();
        assert_eq!(read.as_ref(), Some(export));
        let held = block_on(service.exports().of_worker(brand(1), *id)).unwrap();
        assert_eq!(held.as_ref(), Some(export));
    }
    check_rows(world, &service.reads(), &scope, laws);
}

fn check_rows(world: &ExportWorld, reads: &Reads, scope: &BrandScope, laws: &Laws) {
    let page = PageRequest::oldest_first().of(ListLimit::MAX);
    let (filter, now) = (PackFilter::default(), world.clock.now());
    let listed = block_on(reads.list_payload_packs(scope, &filter, &page, now)).unwrap();
    assert!(!listed.has_more());
    let packs = |(id, export): (&ExportId, &Export)| -> Vec<_> {
        (1..=export.packs()).map(|pack| (*id, pack)).collect()
    };
    let expected: Vec<_> = laws.exports.iter().flat_map(packs).collect();
    let rows = listed.rows.iter();
    let found: Vec<_> = rows.map(|row| (row.export_id, row.pack.get())).collect();
    assert_eq!(found, expected);
    for row in &listed.rows {
        let export = &laws.exports[&row.export_id];
        let file = export.file(row.pack);
        assert_eq!(row.path.as_ref(), file.map(|file| &file.path));
        let status = match export.is_alive(now) {
            true => PackStatus::Completed,
            false => PackStatus::Expired,
        };
        assert_eq!(row.status, status);
    }
}
