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
mod file;
mod format;
mod profile;
mod repeat;
mod sha256;
mod slices;
mod state;
mod status;

pub use command::{
    DOWNLOAD_LINK, EXPORT_LOCK, EXPORT_RETENTION, ExportCommand, ExportContext, ExportRejection,
};
pub use decide::decide;
pub use events::{
    ExportCompleted, ExportDownloaded, ExportEvent, ExportExpired, ExportFacts, ExportLocked,
    ExportRequested, ExportUnlocked, PackCompleted, PackFailed, PackStarted,
};
pub use file::{PackFile, PackPath, PackPathError};
pub use format::ExportFormat;
pub use profile::{CarrierProfile, ProfileName, ProfileNameError};
pub use repeat::{RepeatOrNew, repeat_or_new};
pub use sha256::{Sha256Digest, Sha256Error};
pub use slices::{PackNumber, ROWS_PER_PACK, Slice, Slices};
pub use state::{Export, ExportLock, NextPack, evolve};
pub use status::PackStatus;
