//! Rows of the snapshot, beside those of batches.

use serde::{Deserialize, Serialize};

use crate::export::ExportFormat;
use crate::identity::MintBatchId;
use crate::ids::{BrandId, EventId, ExportId};
use crate::store::ExportRecord;
use crate::time::Timestamp;

/// How far a brand was read, and what follows.
#[derive(Serialize, Deserialize)]
pub(super) struct BrandRow {
    pub(super) brand: BrandId,
    pub(super) before: Option<[u8; 16]>,
    pub(super) position: [u8; 16],
    pub(super) event_id: EventId,
    /// How many batches follow.
    pub(super) batches: u64,
    pub(super) event_types: Vec<String>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct ExportRow {
    export_id: ExportId,
    mint_batch_id: MintBatchId,
    format: ExportFormat,
    requested_at: Timestamp,
    completed: bool,
    expired: bool,
    files_removed: bool,
    expires_at: Timestamp,
    failures: u32,
    runnable_at: Option<Timestamp>,
}

impl From<&ExportRecord> for ExportRow {
    fn from(record: &ExportRecord) -> Self {
        let ExportRecord {
            export_id,
            mint_batch_id,
            format,
            requested_at,
            completed,
            expired,
            files_removed,
            expires_at,
            failures,
            runnable_at,
        } = *record;
        Self {
            export_id,
            mint_batch_id,
            format,
            requested_at,
            completed,
            expired,
            files_removed,
            expires_at,
            failures,
            runnable_at,
        }
    }
}

impl From<ExportRow> for ExportRecord {
    fn from(row: ExportRow) -> Self {
        Self {
            export_id: row.export_id,
            mint_batch_id: row.mint_batch_id,
            format: row.format,
            requested_at: row.requested_at,
            completed: row.completed,
            expired: row.expired,
            files_removed: row.files_removed,
            expires_at: row.expires_at,
            failures: row.failures,
            runnable_at: row.runnable_at,
        }
    }
}
