//! What an export may do.

use super::command::{
    EXPORT_LOCK, EXPORT_RETENTION, ExportCommand, ExportContext, ExportRejection,
};
use super::events::{
    ExportCompleted, ExportDownloaded, ExportEvent, ExportExpired, ExportFacts, ExportFilesRemoved,
    ExportLocked, ExportRequested, ExportUnlocked, PackCompleted, PackFailed, PackStarted,
};
use super::pack::PackFile;
use super::pack::PackStatus;
use super::pack::{PackNumber, Slice};
use super::state::{Export, ExportLock, NextPack};
use crate::actor::WorkerName;
use crate::reason::Reason;
use crate::time::Timestamp;

type Decision = Result<Vec<ExportEvent>, ExportRejection>;

/// What follows from a command.
///
/// # Errors
/// [`ExportRejection`] when it is refused.
pub fn decide(state: Option<&Export>, command: ExportCommand, context: &ExportContext) -> Decision {
    let now = context.now;
    let Some(export) = state else {
        return match command {
            ExportCommand::Request(facts) => request(facts, now),
            _ => Err(ExportRejection::NoSuchExport),
        };
    };
    match command {
        ExportCommand::Request(_) => Err(ExportRejection::AlreadyThere),
        ExportCommand::Expire => expire(export, now),
        ExportCommand::NoteFilesRemoved => note_files_removed(export),
        _ if !export.is_alive(now) => Err(ExportRejection::Expired {
            at: export.expires_at,
        }),
        ExportCommand::Lock { worker, elsewhere } => lock(export, worker, elsewhere, now),
        ExportCommand::StartPack { worker, pack } => start_pack(export, worker, pack, now),
        ExportCommand::CompletePack { worker, pack, file } => {
            complete_pack(export, worker, pack, file, now)
        }
        ExportCommand::FailPack {
            worker,
            pack,
            reason,
        } => fail_pack(export, worker, pack, &reason),
        ExportCommand::Release { worker } => release(export, worker),
        ExportCommand::Download { pack } => download(export, pack),
    }
}

fn request(facts: ExportFacts, now: Timestamp) -> Decision {
    if facts.units == 0 {
        return Err(ExportRejection::NoUnits);
    }
    Ok(vec![ExportEvent::Requested(ExportRequested {
        facts,
        expires_at: now.after(EXPORT_RETENTION),
    })])
}

fn expire(export: &Export, now: Timestamp) -> Decision {
    if export.expired {
        return Ok(Vec::new());
    }
    if export.is_alive(now) {
        let at = export.expires_at;
        return Err(ExportRejection::NotYet { at });
    }
    let packs = export.completed_packs();
    Ok(vec![ExportEvent::Expired(ExportExpired { packs })])
}

fn note_files_removed(export: &Export) -> Decision {
    match (export.expired, export.files_removed) {
        (false, _) => Err(ExportRejection::NotExpired),
        (true, true) => Ok(Vec::new()),
        (true, false) => {
            let packs = export.completed_packs();
            Ok(vec![ExportEvent::FilesRemoved(ExportFilesRemoved {
                packs,
            })])
        }
    }
}

fn lock(
    export: &Export,
    worker: WorkerName,
    elsewhere: Option<ExportLock>,
    now: Timestamp,
) -> Decision {
    if export.is_completed() {
        return Err(ExportRejection::Completed);
    }
    let others = export.lock.iter().filter(|lock| lock.worker != worker);
    let mut live = others.chain(&elsewhere).filter(|lock| lock.is_live(now));
    if let Some(lock) = live.next() {
        return Err(lock.into());
    }
    let until = now.after(EXPORT_LOCK);
    Ok(vec![ExportEvent::Locked(ExportLocked { worker, until })])
}

/// The slice of a pack, if it is the one to be made now.
fn next_slice(export: &Export, pack: PackNumber) -> Result<Slice, ExportRejection> {
    let no_such_pack = ExportRejection::NoSuchPack {
        pack,
        packs: export.packs(),
    };
    let slice = export.slice(pack).ok_or(no_such_pack)?;
    if export.file(pack).is_some() {
        return Err(ExportRejection::PackCompleted { pack });
    }
    let next = PackNumber::after(export.completed_packs());
    match pack == next {
        true => Ok(slice),
        false => Err(ExportRejection::NotNext { pack, next }),
    }
}

/// A lock that ran out is not enough to begin with: another export of the batch and format may
/// have been locked since.
fn start_pack(export: &Export, worker: WorkerName, pack: PackNumber, now: Timestamp) -> Decision {
    next_slice(export, pack)?;
    let live = export.live_lock(now);
    if live.is_none_or(|lock| lock.worker != worker) {
        return Err(ExportRejection::NotHeld { worker });
    }
    Ok(vec![ExportEvent::PackStarted(PackStarted {
        pack,
        worker,
        until: now.after(EXPORT_LOCK),
    })])
}

/// The slice of a pack that this worker began. A lock that ran out still counts as long as
/// nobody else took it: whoever does so changes the stream, and this commit then fails.
fn begun_slice(
    export: &Export,
    worker: WorkerName,
    pack: PackNumber,
) -> Result<Slice, ExportRejection> {
    let slice = next_slice(export, pack)?;
    if !export.is_held_by(&worker) {
        return Err(ExportRejection::NotHeld { worker });
    }
    match export.next {
        NextPack::Generating => Ok(slice),
        _ => Err(ExportRejection::NotStarted { pack }),
    }
}

fn complete_pack(
    export: &Export,
    worker: WorkerName,
    pack: PackNumber,
    file: PackFile,
    now: Timestamp,
) -> Decision {
    let slice = begun_slice(export, worker, pack)?;
    if file.rows != slice.rows() {
        return Err(ExportRejection::WrongRows {
            pack,
            rows: file.rows,
            expected: slice.rows(),
        });
    }
    let completed = ExportEvent::PackCompleted(PackCompleted { pack, file });
    let packs = export.packs();
    if pack.get() < packs {
        return Ok(vec![completed]);
    }
    let all = ExportEvent::Completed(ExportCompleted {
        packs,
        expires_at: now.after(EXPORT_RETENTION),
    });
    Ok(vec![completed, all])
}

fn fail_pack(export: &Export, worker: WorkerName, pack: PackNumber, reason: &str) -> Decision {
    begun_slice(export, worker, pack)?;
    let reason = Reason::of_error(reason);
    Ok(vec![ExportEvent::PackFailed(PackFailed { pack, reason })])
}

fn release(export: &Export, worker: WorkerName) -> Decision {
    match export.is_held_by(&worker) {
        true => Ok(vec![ExportEvent::Unlocked(ExportUnlocked { worker })]),
        false => Err(ExportRejection::NotHeld { worker }),
    }
}

fn download(export: &Export, pack: PackNumber) -> Decision {
    match export.pack_status(pack) {
        None => Err(ExportRejection::NoSuchPack {
            pack,
            packs: export.packs(),
        }),
        Some(PackStatus::Completed) => Ok(vec![ExportEvent::Downloaded(ExportDownloaded { pack })]),
        Some(status) => Err(ExportRejection::NotThere { pack, status }),
    }
}
