//! Exports of a batch of 25,000 units, which have three packs, at any stage.

use std::time::Duration;

use dpp_core::export::{
    EXPORT_LOCK, EXPORT_RETENTION, Export, ExportCommand, ExportContext, ExportEvent, ExportFacts,
    ExportFormat, ExportLock, ExportLocked, ExportOptions, ExportRejection, PackFile, PackNumber,
    Sha256Digest, Slices, decide, evolve,
};
use dpp_core::identity::MintBatchId;
use dpp_core::testing::scenario::{Given, given};
use dpp_core::{Timestamp, WorkerName};

pub(crate) const UNITS: u32 = 25_000;
pub(crate) const MINUTE: i64 = 60;
pub(crate) const DAY: i64 = 24 * 60 * 60;

pub(crate) fn batch() -> MintBatchId {
    "01a3ae2d-2400-7707-8707-070707070706".parse().unwrap()
}

/// So many seconds after the request.
pub(crate) fn at(second: i64) -> Timestamp {
    let noon: Timestamp = "2027-02-18T12:00:00Z".parse().unwrap();
    Timestamp::from_unix_millis(noon.unix_millis() + second * 1_000)
}

pub(crate) fn worker(name: &str) -> WorkerName {
    WorkerName::parse(name).unwrap()
}

pub(crate) fn number(pack: u32) -> PackNumber {
    PackNumber::new(pack).unwrap()
}

pub(crate) fn facts() -> ExportFacts {
    ExportFacts {
        mint_batch_id: batch(),
        format: ExportFormat::Manifest,
        units: UNITS,
        profile: None,
        options: ExportOptions::default(),
    }
}

/// A file with as many units as the slice of its pack.
pub(crate) fn file(pack: u32) -> PackFile {
    let slice = Slices::of(UNITS).get(number(pack));
    PackFile {
        path: format!("exports/1/manifest_{pack:03}.csv").parse().unwrap(),
        bytes: u64::from(pack) * 1_000,
        rows: slice.map_or(0, |slice| slice.rows()),
        sha256: Sha256Digest::from_bytes([pack as u8; 32]),
    }
}

pub(crate) fn request() -> ExportCommand {
    ExportCommand::Request(facts())
}

pub(crate) fn lock(name: &str) -> ExportCommand {
    ExportCommand::Lock {
        worker: worker(name),
        elsewhere: None,
    }
}

pub(crate) fn start(name: &str, pack: u32) -> ExportCommand {
    ExportCommand::StartPack {
        worker: worker(name),
        pack: number(pack),
    }
}

pub(crate) fn complete(name: &str, pack: u32) -> ExportCommand {
    ExportCommand::CompletePack {
        worker: worker(name),
        pack: number(pack),
        file: file(pack),
    }
}

pub(crate) fn fail(name: &str, pack: u32) -> ExportCommand {
    ExportCommand::FailPack {
        worker: worker(name),
        pack: number(pack),
        reason: "the disk is full".to_owned(),
    }
}

pub(crate) fn release(name: &str) -> ExportCommand {
    ExportCommand::Release {
        worker: worker(name),
    }
}

pub(crate) fn download(pack: u32) -> ExportCommand {
    ExportCommand::Download { pack: number(pack) }
}

pub(crate) fn decided(
    export: Option<&Export>,
    command: ExportCommand,
    second: i64,
) -> Result<Vec<ExportEvent>, ExportRejection> {
    decide(export, command, &ExportContext { now: at(second) })
}

/// What came of a request and these commands at these seconds, none of which is refused.
pub(crate) fn after(commands: impl IntoIterator<Item = (ExportCommand, i64)>) -> Vec<ExportEvent> {
    let mut events = decided(None, request(), 0).unwrap();
    for (command, second) in commands {
        let state = state(&events);
        events.extend(decided(Some(&state), command, second).unwrap());
    }
    events
}

/// The commands that complete the first packs, one a second, from the lock on.
pub(crate) fn making(name: &'static str, packs: u32) -> Vec<(ExportCommand, i64)> {
    let each = (1..=packs).flat_map(|pack| [start(name, pack), complete(name, pack)]);
    std::iter::once(lock(name)).chain(each).zip(1..).collect()
}

/// An export of which worker `a` completed the first packs.
pub(crate) fn with_packs(packs: u32) -> Vec<ExportEvent> {
    after(making("a", packs))
}

/// When the last of three packs is completed by [`making`].
pub(crate) const DONE: i64 = 7;

pub(crate) fn expired() -> Vec<ExportEvent> {
    let commands = making("a", 3);
    let expire = (ExportCommand::Expire, DONE + 30 * DAY);
    after(commands.into_iter().chain([expire]))
}

pub(crate) fn export(events: impl IntoIterator<Item = ExportEvent>) -> Given<Option<Export>> {
    given(events, evolve)
}

pub(crate) fn state(events: &[ExportEvent]) -> Export {
    export(events.to_vec()).state.unwrap()
}

/// What a command at a second comes to after these events.
pub(crate) fn when(
    events: Vec<ExportEvent>,
    command: ExportCommand,
    second: i64,
) -> dpp_core::testing::scenario::Outcome<Vec<ExportEvent>, ExportRejection> {
    export(events).when(|export| decided(export.as_ref(), command, second))
}

/// The lock that is taken at a second.
pub(crate) fn lock_from(name: &str, second: i64) -> ExportLock {
    ExportLock {
        worker: worker(name),
        until: at(second + 10 * MINUTE),
    }
}

pub(crate) fn locked(name: &str, second: i64) -> ExportEvent {
    let ExportLock { worker, until } = lock_from(name, second);
    ExportEvent::Locked(ExportLocked { worker, until })
}

pub(crate) fn refused_by(name: &str, second: i64) -> ExportRejection {
    ExportRejection::from(&lock_from(name, second))
}

pub(crate) fn not_held(name: &str) -> ExportRejection {
    ExportRejection::NotHeld {
        worker: worker(name),
    }
}

#[test]
fn the_terms_are_10_minutes_and_30_days() {
    assert_eq!(EXPORT_LOCK, Duration::from_secs(600));
    assert_eq!(EXPORT_RETENTION, Duration::from_secs(2_592_000));
    assert_eq!(dpp_core::export::DOWNLOAD_LINK, Duration::from_secs(300));
}
