//! Records as the snapshot has them. The records themselves have no such form on purpose: they
//! hold the seeds of batches.

use std::borrow::Cow;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::actor::WorkerName;
use crate::export::ExportFormat;
use crate::identity::{IdentityFacts, MintBatchId};
use crate::ids::{BrandId, EventId, ExportId};
use crate::mint::{BatchFacts, BatchStatus, JobStatus, Lease, MintBatch};
use crate::store::{BatchRecord, CycleRecord, ExportRecord};
use crate::time::Timestamp;
use crate::unit::UnitCounts;

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
pub(super) struct BatchRow<'a> {
    accepted_at: Timestamp,
    changed_at: Timestamp,
    facts: Cow<'a, BatchFacts>,
    job: JobStatus,
    status: BatchStatus,
    identity: Option<Cow<'a, IdentityFacts>>,
    lease: Option<(WorkerName, Timestamp)>,
    minted: u32,
    cycles: u32,
    failures: u32,
    made: Vec<(u32, Timestamp)>,
    failure: Option<Cow<'a, str>>,
}

impl<'a> BatchRow<'a> {
    pub(super) fn of(record: &'a BatchRecord) -> Self {
        let BatchRecord {
            accepted_at,
            changed_at,
            batch,
            cycles: made,
            failure,
            units: _,
        } = record;
        let MintBatch {
            facts,
            job,
            status,
            identity,
            lease,
            minted,
            cycles,
            failures,
        } = batch;
        let lease = lease.as_ref();
        Self {
            accepted_at: *accepted_at,
            changed_at: *changed_at,
            facts: Cow::Borrowed(facts),
            job: *job,
            status: *status,
            identity: identity.as_deref().map(Cow::Borrowed),
            lease: lease.map(|lease| (lease.worker.clone(), lease.until)),
            minted: *minted,
            cycles: *cycles,
            failures: *failures,
            made: made.iter().map(|cycle| (cycle.end, cycle.at)).collect(),
            failure: failure.as_deref().map(Cow::Borrowed),
        }
    }

    /// The record, with units that are still to be counted.
    pub(super) fn into_record(self) -> BatchRecord {
        let identity = self.identity.map(Cow::into_owned);
        let made = self.made.into_iter();
        BatchRecord {
            accepted_at: self.accepted_at,
            changed_at: self.changed_at,
            batch: MintBatch {
                facts: Arc::new(self.facts.into_owned()),
                job: self.job,
                status: self.status,
                identity: identity.map(Arc::new),
                lease: self.lease.map(|(worker, until)| Lease { worker, until }),
                minted: self.minted,
                cycles: self.cycles,
                failures: self.failures,
            },
            cycles: made.map(|(end, at)| CycleRecord { end, at }).collect(),
            failure: self.failure.map(Cow::into_owned),
            units: UnitCounts::default(),
        }
    }
}

#[derive(Serialize, Deserialize)]
pub(super) struct ExportRow {
    export_id: ExportId,
    mint_batch_id: MintBatchId,
    format: ExportFormat,
    completed: bool,
    requested_at: Timestamp,
}

impl From<&ExportRecord> for ExportRow {
    fn from(record: &ExportRecord) -> Self {
        let ExportRecord {
            export_id,
            mint_batch_id,
            format,
            completed,
            requested_at,
        } = *record;
        Self {
            export_id,
            mint_batch_id,
            format,
            completed,
            requested_at,
        }
    }
}

impl From<ExportRow> for ExportRecord {
    fn from(row: ExportRow) -> Self {
        Self {
            export_id: row.export_id,
            mint_batch_id: row.mint_batch_id,
            format: row.format,
            completed: row.completed,
            requested_at: row.requested_at,
        }
    }
}
