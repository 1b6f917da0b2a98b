//! Exports of batches: what one is made of, who makes its packs, and how long its files stay.
//!
//! An export has a stream of its own, which begins with [`ExportRequested`]. Its packs are
//! fixed slices of its batch, made in order by the worker that holds its lock; a repeated
//! request goes on after the last completed pack ([`repeat_or_new`]). [`decide`] is the only
//! place where a command is refused, [`evolve`] the only one where state changes.
//!
//! This room must not know file formats, nor files.

mod command;
mod decide;
mod events;
mod format;
mod options;
mod pack;
mod profile;
mod repeat;
mod retry;
mod state;

pub use command::{
    DOWNLOAD_LINK, EXPORT_LOCK, EXPORT_RETENTION, ExportCommand, ExportContext, ExportRejection,
};
pub use decide::decide;
pub use events::{
    ExportCompleted, ExportDownloaded, ExportEvent, ExportExpired, ExportFacts, ExportFilesRemoved,
    ExportLocked, ExportRequested, ExportUnlocked, PackCompleted, PackFailed, PackStarted,
};
pub use format::ExportFormat;
pub use options::{ExportOptions, QrText};
pub use pack::{
    PackFile, PackNumber, PackPath, PackPathError, PackStatus, ROWS_PER_PACK, Sha256Digest,
    Sha256Error, Slice, Slices,
};
pub use profile::{CarrierProfile, ProfileName, ProfileNameError};
pub use repeat::{RepeatOrNew, repeat_or_new};
pub use retry::{EXPORT_RETRY, EXPORT_RETRY_MOST, retry_delay};
pub use state::{Export, ExportLock, NextPack, evolve};
