//! What the read port tells of exports.

use crate::export::{ExportEvent, ExportFormat, ExportRequested, retry_delay};
use crate::identity::MintBatchId;
use crate::ids::{BrandId, ExportId};
use crate::time::Timestamp;

use super::error::ReadStoreError;

/// An export, as reads tell of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExportRecord {
    /// Its id.
    pub export_id: ExportId,
    /// The batch.
    pub mint_batch_id: MintBatchId,
    /// What it makes.
    pub format: ExportFormat,
    /// When it was asked for.
    pub requested_at: Timestamp,
    /// Whether all of its packs are there, or were until it expired.
    pub completed: bool,
    /// Whether it was noted that its time is over.
    pub expired: bool,
    /// Whether its files are gone.
    pub files_removed: bool,
    /// When its time is over, as things stand.
    pub expires_at: Timestamp,
    /// How many packs failed in a row.
    pub failures: u32,
    /// From when on a worker may take it; none once it is completed or expired.
    pub runnable_at: Option<Timestamp>,
}

impl ExportRecord {
    /// The record of an export after an event of its stream that happened at this time. Only a
    /// request begins one, and nothing changes one that expired.
    #[must_use]
    pub fn evolve(
        record: Option<Self>,
        id: ExportId,
        event: &ExportEvent,
        at: Timestamp,
    ) -> Option<Self> {
        let Some(mut record) = record else {
            return match event {
                ExportEvent::Requested(event) => Some(Self::requested(id, event, at)),
                _ => None,
            };
        };
        match event {
            ExportEvent::FilesRemoved(_) => record.files_removed = record.expired,
            _ if record.expired => {}
            _ => record.apply(event, at),
        }
        Some(record)
    }

    const fn requested(export_id: ExportId, event: &ExportRequested, at: Timestamp) -> Self {
        Self {
            export_id,
            mint_batch_id: event.facts.mint_batch_id,
            format: event.facts.format,
            requested_at: at,
            completed: false,
            expired: false,
            files_removed: false,
            expires_at: event.expires_at,
            failures: 0,
            runnable_at: Some(at),
        }
    }

    fn apply(&mut self, event: &ExportEvent, at: Timestamp) {
        match event {
            ExportEvent::Requested(_)
            | ExportEvent::Downloaded(_)
            | ExportEvent::FilesRemoved(_) => {}
            ExportEvent::Expired(_) => {
                self.expired = true;
                self.runnable_at = None;
            }
            ExportEvent::Completed(event) => {
                self.completed = true;
                self.runnable_at = None;
                self.expires_at = event.expires_at;
            }
            // What a damaged log says besides must not make a worker begin again.
            _ if self.completed => {}
            ExportEvent::Locked(event) => self.runnable_at = Some(event.until),
            ExportEvent::PackStarted(event) => self.runnable_at = Some(event.until),
            ExportEvent::Unlocked(_) => self.runnable_at = Some(at),
            ExportEvent::PackFailed(_) => {
                self.failures = self.failures.saturating_add(1);
                self.runnable_at = Some(at.after(retry_delay(self.failures)));
            }
            ExportEvent::PackCompleted(_) => self.failures = 0,
        }
    }

    /// Whether a worker may take it now.
    pub fn is_runnable(&self, now: Timestamp) -> bool {
        self.runnable_at.is_some_and(|from| from <= now) && now < self.expires_at
    }

    /// Whether its time is over, and its files are not gone yet.
    pub fn is_expiring(&self, now: Timestamp) -> bool {
        !self.files_removed && self.expires_at <= now
    }
}

/// An export that something is to be done about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueExport {
    /// The brand.
    pub brand: BrandId,
    /// The export.
    pub export: ExportId,
    /// Its batch.
    pub batch: MintBatchId,
    /// What it makes.
    pub format: ExportFormat,
    /// When it was asked for.
    pub requested_at: Timestamp,
}

impl DueExport {
    /// What is to be known of an export of a brand.
    pub const fn of(brand: BrandId, record: &ExportRecord) -> Self {
        Self {
            brand,
            export: record.export_id,
            batch: record.mint_batch_id,
            format: record.format,
            requested_at: record.requested_at,
        }
    }
}

/// Exports that something is to be done about, of all brands.
#[derive(Debug, Clone, Default)]
pub struct DueExports {
    /// The exports, in the order of the question.
    pub exports: Vec<DueExport>,
    /// Why brands were left out: an error of each.
    pub unreadable: Vec<ReadStoreError>,
}
