//! What happens to an export.

use serde::{Deserialize, Serialize};

use super::format::ExportFormat;
use super::options::ExportOptions;
use super::pack::PackFile;
use super::pack::{PackNumber, Slices};
use super::profile::CarrierProfile;
use crate::actor::WorkerName;
use crate::identity::MintBatchId;
use crate::reason::Reason;
use crate::store::typed_events;
use crate::time::Timestamp;

typed_events! {
    /// What happens to an export.
    pub enum ExportEvent {
        /// It was asked for.
        Requested(ExportRequested) = ("export_requested", 1),
        /// A worker took it, or holds it for longer.
        Locked(ExportLocked) = ("export_locked", 1),
        /// It was let go.
        Unlocked(ExportUnlocked) = ("export_unlocked", 1),
        /// A pack was begun.
        PackStarted(PackStarted) = ("export_pack_started", 1),
        /// A pack is there, for ever the same.
        PackCompleted(PackCompleted) = ("export_pack_completed", 1),
        /// A pack could not be made, and the worker let go.
        PackFailed(PackFailed) = ("export_pack_failed", 1),
        /// All of its packs are there.
        Completed(ExportCompleted) = ("export_completed", 1),
        /// Its time is over.
        Expired(ExportExpired) = ("export_expired", 1),
        /// Its files are gone.
        FilesRemoved(ExportFilesRemoved) = ("export_files_removed", 1),
        /// Somebody was given a link to a pack.
        Downloaded(ExportDownloaded) = ("export_downloaded", 1),
    }
}

/// What is fixed about an export when it is asked for. Two requests with the same facts ask
/// for the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportFacts {
    /// The batch.
    pub mint_batch_id: MintBatchId,
    /// What it makes.
    pub format: ExportFormat,
    /// How many units the batch had made: the first so many are exported, however many follow.
    pub units: u32,
    /// For which printer or tag encoder; none for the format as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<CarrierProfile>,
    /// What else was chosen.
    #[serde(default, skip_serializing_if = "ExportOptions::is_default")]
    pub options: ExportOptions,
}

impl ExportFacts {
    /// The slices of its packs.
    pub const fn slices(&self) -> Slices {
        Slices::of(self.units)
    }
}

/// An export was asked for.
///
/// All of its packs show the batch as it was at this event. The event does not say its own
/// position, which would be wrong once its log is copied into another store: whoever makes a
/// pack reads the export's stream and takes the
/// [position](crate::store::log::RecordedEvent::position) of its first event, this one. A
/// manifest's `status` is as of that position.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportRequested {
    /// What is fixed from now on.
    #[serde(flatten)]
    pub facts: ExportFacts,
    /// When it expires if it is not completed until then.
    pub expires_at: Timestamp,
}

/// A worker took an export for the first time, took it over, or holds it for longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportLocked {
    /// The worker.
    pub worker: WorkerName,
    /// How long it holds the export without a further sign.
    pub until: Timestamp,
}

/// An export was let go: by its worker, or, after its lock ran out, by whoever took another
/// export of the batch and format.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportUnlocked {
    /// The worker that held it.
    pub worker: WorkerName,
}

/// A pack was begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackStarted {
    /// Which.
    pub pack: PackNumber,
    /// The worker.
    pub worker: WorkerName,
    /// How long it holds the export without a further sign.
    pub until: Timestamp,
}

/// A pack is there. It is never made again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackCompleted {
    /// Which.
    pub pack: PackNumber,
    /// Its file.
    #[serde(flatten)]
    pub file: PackFile,
}

/// A pack could not be made, and the worker let the export go. It can be tried again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackFailed {
    /// Which.
    pub pack: PackNumber,
    /// Why.
    pub reason: Reason,
}

/// All packs of an export are there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportCompleted {
    /// How many packs.
    pub packs: u32,
    /// When their files go.
    pub expires_at: Timestamp,
}

/// The time of an export is over, and its files are to go: nobody makes or downloads a pack of
/// it from now on. What happened to it stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportExpired {
    /// How many packs had a file.
    pub packs: u32,
}

/// The files of an export that expired are gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportFilesRemoved {
    /// How many packs had a file.
    pub packs: u32,
}

/// Somebody was given a link to a pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportDownloaded {
    /// Which.
    pub pack: PackNumber,
}
