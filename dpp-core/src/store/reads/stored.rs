//! A record as a store keeps it. It has no such form by `serde` on purpose: it holds the seed of
//! its batch, which must not slip into what is sent.

use std::borrow::Cow;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::records::{BatchRecord, CycleRecord};
use crate::actor::WorkerName;
use crate::identity::IdentityFacts;
use crate::mint::{BatchFacts, BatchStatus, JobStatus, Lease, MintBatch};
use crate::time::Timestamp;
use crate::unit::UnitCounts;

impl BatchRecord {
    /// The record without the counts of its units, as JSON. It holds the seed that the batch's
    /// units follow from: keep it as secret as the log.
    ///
    /// # Errors
    /// What serialisation says; the library's own records always serialise.
    pub fn to_stored_json(&self) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(&StoredBatch::of(self))
    }

    /// The record that [`to_stored_json`](Self::to_stored_json) wrote, with these counts.
    ///
    /// # Errors
    /// What deserialisation says of other bytes.
    pub fn from_stored_json(json: &[u8], units: UnitCounts) -> serde_json::Result<Self> {
        let stored: StoredBatch<'_> = serde_json::from_slice(json)?;
        Ok(stored.into_record(units))
    }
}

#[derive(Serialize, Deserialize)]
struct StoredBatch<'a> {
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

impl<'a> StoredBatch<'a> {
    fn of(record: &'a BatchRecord) -> Self {
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

    fn into_record(self, units: UnitCounts) -> BatchRecord {
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
            units,
        }
    }
}
