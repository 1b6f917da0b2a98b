//! What must hold in the end.

use std::collections::BTreeSet;

use dpp_core::ExportId;
use dpp_core::export::{Export, ExportFormat, PackFile};
use dpp_core::read::{AsOf, PackFilter};
use dpp_core::store::EventStore;
use dpp_core::store::log::{PageLimit, Position, StreamId, StreamKind, Version};
use dpp_exports::table::TableLayout;
use dpp_exports::{PackUnits, sha256};
use futures::FutureExt;
use object_store::path::Path;

use super::ledger::is_of;
use super::town::Town;
use crate::support::{DAY, named};

/// That every export is there as it should be, and nothing else.
pub(super) fn assert_made(town: &Town) {
    let answered = town.known.exports.borrow().clone();
    let there = exports(town);
    assert!(answered.is_subset(&there), "{answered:?} {there:?}");
    let mut recorded = BTreeSet::new();
    for export in &there {
        let files = town.known.world.completed(*export);
        if town.has_expired(*export) {
            assert_gone(town, *export, &files);
            continue;
        }
        assert_packs(town, *export, &files);
        recorded.extend(files.into_iter().map(|file| file.path.to_string()));
    }
    assert_nothing_else(town, &there, &recorded);
}

/// All exports that the log has, also those whose answer was lost.
fn exports(town: &Town) -> BTreeSet<ExportId> {
    let world = &town.known.world;
    let mut exports = BTreeSet::new();
    for batch in &town.batches {
        let filter = PackFilter {
            mint_batch_id: Some(*batch),
            ..PackFilter::default()
        };
        exports.extend(
            world
                .listed_by(&filter)
                .into_iter()
                .map(|row| row.export_id),
        );
    }
    exports
}

fn state(town: &Town, export: ExportId) -> Export {
    let world = &town.known.world;
    let (reads, scope) = (world.reads(), world.scope());
    let found = reads.export(&scope, export);
    found.now_or_never().unwrap().unwrap().unwrap()
}

/// Every pack is there once, with the bytes that follow from its batch and its request.
fn assert_packs(town: &Town, export: ExportId, files: &[PackFile]) {
    let state = state(town, export);
    assert!(state.is_completed(), "{export}: {state:?}");
    assert_eq!(files, state.completed, "{export}");
    assert_eq!(files.len() as u32, state.packs());
    for (file, slice) in files.iter().zip(state.facts.slices()) {
        assert_eq!(file.rows, slice.rows());
        let path = Path::from(file.path.as_str());
        assert_eq!(sha256(&town.ledger.content(&path)), file.sha256);
        if state.facts.format != ExportFormat::QrBundle {
            let pack = units(town, export, &state, slice);
            let layout = TableLayout::of_format(state.facts.format).unwrap();
            let expected = layout.write(&pack, std::io::sink()).unwrap();
            assert_eq!((file.sha256, file.bytes), (expected.sha256, expected.bytes));
        }
    }
}

fn units(
    town: &Town,
    export: ExportId,
    state: &Export,
    slice: dpp_core::export::Slice,
) -> PackUnits {
    let world = &town.known.world;
    let (reads, scope) = (world.reads(), world.scope());
    let as_of = AsOf::Position(asked_at(town, export));
    let statuses = reads.unit_statuses_as_of(&scope, state.facts.mint_batch_id, as_of);
    let statuses = statuses.now_or_never().unwrap().unwrap().unwrap();
    let units = world.units(state.facts.mint_batch_id);
    PackUnits::new(units, slice, None, statuses).unwrap()
}

fn asked_at(town: &Town, export: ExportId) -> Position {
    let world = &town.known.world;
    let stream = StreamId::new(StreamKind::Export, *export.as_uuid());
    let first = world
        .log()
        .read_stream(world.brand(), stream, Version::FIRST, PageLimit::new(1));
    first.now_or_never().unwrap().unwrap().events[0].position
}

fn assert_gone(town: &Town, export: ExportId, files: &[PackFile]) {
    let found = paths(town);
    let orphans: Vec<_> = found.iter().filter(|path| is_of(path, export)).collect();
    for file in files {
        let path = file.path.to_string();
        assert!(
            !orphans.contains(&&path) || is_orphan(town, export),
            "{path}"
        );
    }
}

fn paths(town: &Town) -> Vec<String> {
    let objects = town.ledger.objects().into_iter();
    objects.map(|object| object.location.to_string()).collect()
}

/// A worker that was killed between naming a file and noting it leaves it: when all files of the
/// export were removed before, nobody knows of it.
fn is_orphan(town: &Town, export: ExportId) -> bool {
    state(town, export).files_removed
}

/// What is visible is recorded, but for what was left when its export had gone.
fn assert_nothing_else(town: &Town, exports: &BTreeSet<ExportId>, recorded: &BTreeSet<String>) {
    let mut orphans = 0;
    for object in town.ledger.visible() {
        let path = object.location.to_string();
        let of = exports.iter().find(|export| is_of(&path, **export));
        let of = of.unwrap_or_else(|| panic!("{path} is of no export"));
        if !recorded.contains(&path) {
            assert!(is_orphan(town, *of), "{path} is not recorded");
            orphans += 1;
        }
    }
    let mut tally = town.known.tally.get();
    tally.orphans += orphans;
    town.known.tally.set(tally);
}

/// In the end nothing lies there but what was left when its export had gone.
pub(super) fn assert_all_expire(town: &Town) {
    let exports = exports(town);
    let gone: Vec<_> = exports.iter().filter(|of| is_orphan(town, **of)).collect();
    let world = &town.known.world;
    world.wait(31 * DAY);
    let swept = super::turn::alone(town.process().expire(&named("end"), world.now()));
    assert_eq!(swept.unwrap().exports.len(), exports.len() - gone.len());
    for path in paths(town) {
        assert!(gone.iter().any(|export| is_of(&path, **export)), "{path}");
    }
}
