//! What an export can be told, and why it may refuse.

use std::time::Duration;

use super::events::ExportFacts;
use super::pack::PackFile;
use super::pack::PackNumber;
use super::pack::PackStatus;
use super::state::ExportLock;
use crate::actor::WorkerName;
use crate::time::Timestamp;

/// How long a worker holds an export without a further sign: 10 minutes.
pub const EXPORT_LOCK: Duration = Duration::from_secs(10 * 60);

/// How long the files of an export stay after it was completed, and how long one that is not
/// completed can be: 30 days.
pub const EXPORT_RETENTION: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// How long a link to a pack lives: 5 minutes.
pub const DOWNLOAD_LINK: Duration = Duration::from_secs(5 * 60);

/// What an export can be told.
#[derive(Debug, Clone)]
pub enum ExportCommand {
    /// Make it. Ask [`repeat_or_new`](super::repeat_or_new) before, whether there is one.
    Request(ExportFacts),
    /// Take it for the next 10 minutes, take it over, or hold it for 10 minutes more.
    Lock {
        /// The worker that takes it.
        worker: WorkerName,
        /// The live lock of another export of the same batch and format, if there is one: it
        /// keeps the worker off this one, too. The commit has to fail if another is taken
        /// meanwhile, also one that is only asked for meanwhile; and has to let go those whose
        /// lock ran out, lest their workers go on.
        elsewhere: Option<ExportLock>,
    },
    /// Begin the first pack that is not completed, and hold the export for 10 minutes more.
    StartPack {
        /// The worker that holds the export.
        worker: WorkerName,
        /// The pack.
        pack: PackNumber,
    },
    /// Note that a pack is there. The last one completes the export.
    CompletePack {
        /// The worker that began it.
        worker: WorkerName,
        /// The pack.
        pack: PackNumber,
        /// Its file.
        file: PackFile,
    },
    /// Note that a pack could not be made, and let the export go.
    FailPack {
        /// The worker that began it.
        worker: WorkerName,
        /// The pack.
        pack: PackNumber,
        /// Why. Of a longer text the first 500 characters are kept.
        reason: String,
    },
    /// Let it go, be its lock live or run out.
    Release {
        /// The worker that holds it.
        worker: WorkerName,
    },
    /// Note that its time is over. Remove its files then.
    Expire,
    /// Note that the files of an export that expired are gone.
    NoteFilesRemoved,
    /// Note that somebody gets a link to a pack.
    Download {
        /// The pack.
        pack: PackNumber,
    },
}

/// What a decision depends on beside state and command.
#[derive(Debug, Clone, Copy)]
pub struct ExportContext {
    /// The time.
    pub now: Timestamp,
}

/// Why a command was refused. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExportRejection {
    /// The batch has no unit. Wait until its job has made some.
    #[error("the batch holds no minted unit")]
    NoUnits,
    /// There is such an export already. Draw another id.
    #[error("there is an export with this id already")]
    AlreadyThere,
    /// There is no such export.
    #[error("there is no such export")]
    NoSuchExport,
    /// A worker makes an export of this batch and format. Wait until it is done, or its lock
    /// runs out.
    #[error("worker `{worker}` makes an export of this batch and format until {until}")]
    Locked {
        /// The worker.
        worker: WorkerName,
        /// When its lock runs out.
        until: Timestamp,
    },
    /// The worker does not hold the export, or not any more. Lock it again.
    #[error("worker `{worker}` does not hold the export")]
    NotHeld {
        /// The worker.
        worker: WorkerName,
    },
    /// All packs are there. Download them.
    #[error("all packs of the export are completed")]
    Completed,
    /// The export has no such pack. Pass a number from 1 to that of the last.
    #[error("there is no pack {pack}: the export has {packs}")]
    NoSuchPack {
        /// Which.
        pack: PackNumber,
        /// How many it has.
        packs: u32,
    },
    /// The pack is there, and a completed one is never made again. Go on with the next.
    #[error("pack {pack} is completed, and is not made again")]
    PackCompleted {
        /// Which.
        pack: PackNumber,
    },
    /// Packs are made in order. Make that one first.
    #[error("pack {pack} is not yet to be made: the next is pack {next}")]
    NotNext {
        /// Which.
        pack: PackNumber,
        /// The first that is not completed.
        next: PackNumber,
    },
    /// The pack was not begun. Start it.
    #[error("pack {pack} was not begun")]
    NotStarted {
        /// Which.
        pack: PackNumber,
    },
    /// The file has not as many units as its slice. Make the pack again.
    #[error("the file of pack {pack} has {rows} units, and its slice has {expected}")]
    WrongRows {
        /// Which.
        pack: PackNumber,
        /// How many its file has.
        rows: u32,
        /// How many its slice has.
        expected: u32,
    },
    /// The pack cannot be downloaded. Wait until it is completed.
    #[error("pack {pack} cannot be downloaded: it is {status}")]
    NotThere {
        /// Which.
        pack: PackNumber,
        /// Where it stands.
        status: PackStatus,
    },
    /// Its time is not over. Come again then.
    #[error("the export does not expire before {at}")]
    NotYet {
        /// When it is over.
        at: Timestamp,
    },
    /// It was not noted that its time is over. Expire it first.
    #[error("the export has not expired, and its files have to stay")]
    NotExpired,
    /// Its time is over. Ask for a new export.
    #[error("the export expired at {at}")]
    Expired {
        /// When it was over.
        at: Timestamp,
    },
}

impl From<&ExportLock> for ExportRejection {
    fn from(lock: &ExportLock) -> Self {
        Self::Locked {
            worker: lock.worker.clone(),
            until: lock.until,
        }
    }
}
