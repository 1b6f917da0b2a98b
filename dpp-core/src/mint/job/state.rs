//! Where a job and its batch stand: the fold of their events.

use std::sync::Arc;

use super::events::{BatchFacts, JobReserved, MintEvent};
use super::status::{BatchStatus, JobStatus};
use crate::actor::WorkerName;
use crate::identity::IdentityFacts;
use crate::time::Timestamp;
use crate::unit::{UnitStatus, UnitsOfBatch};

/// A job and its batch, with what a later decision needs of their past.
#[derive(Debug, Clone, PartialEq)]
pub struct MintBatch {
    /// What was fixed when it was accepted.
    pub facts: Arc<BatchFacts>,
    /// Where the job stands.
    pub job: JobStatus,
    /// Where the batch stands.
    pub status: BatchStatus,
    /// What the units' identities follow from, once reserved.
    pub identity: Option<Arc<IdentityFacts>>,
    /// Who holds the job.
    pub lease: Option<Lease>,
    /// How many units were made.
    pub minted: u32,
    /// How many cycles made them.
    pub cycles: u32,
    /// How many cycles have failed since the last that made units.
    pub failures: u32,
}

/// A worker's hold on a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The worker.
    pub worker: WorkerName,
    /// When it runs out.
    pub until: Timestamp,
}

impl MintBatch {
    /// How many units are still to be made.
    pub fn missing(&self) -> u32 {
        self.facts.requested_quantity.saturating_sub(self.minted)
    }

    /// The lease, if it has not run out.
    pub fn live_lease(&self, now: Timestamp) -> Option<&Lease> {
        self.lease.as_ref().filter(|lease| now < lease.until)
    }
}

impl<'a> UnitsOfBatch<'a> {
    /// What a batch says of all of its units.
    pub fn of(batch: &'a MintBatch) -> Self {
        Self {
            made: batch.minted,
            born: UnitStatus::at_mint(batch.facts.activation_mode),
            growing: !batch.job.is_over(),
            voided: batch.status == BatchStatus::Voided,
            lots: &batch.facts.lots,
        }
    }
}

/// The state after an event; nothing is the state of a stream without events. An event that
/// does not belong where it stands changes nothing.
#[must_use]
pub fn evolve(state: Option<MintBatch>, event: &MintEvent) -> Option<MintBatch> {
    match (state, event) {
        (None, MintEvent::Preflighted(event)) => {
            Some(accepted(&event.facts, JobStatus::Preflighted))
        }
        (None, MintEvent::Queued(event)) => Some(accepted(&event.facts, JobStatus::Queued)),
        (None, _) => None,
        (Some(mut batch), event) => {
            if belongs(&batch, event) {
                apply(&mut batch, event);
            }
            Some(batch)
        }
    }
}

fn accepted(facts: &BatchFacts, job: JobStatus) -> MintBatch {
    MintBatch {
        facts: Arc::new(facts.clone()),
        job,
        status: match job {
            JobStatus::Preflighted => BatchStatus::Draft,
            _ => BatchStatus::Queued,
        },
        identity: None,
        lease: None,
        minted: 0,
        cycles: 0,
        failures: 0,
    }
}

/// What a damaged log says out of place must not move a job that is over, nor make a unit
/// twice or more units than were asked for.
fn belongs(batch: &MintBatch, event: &MintEvent) -> bool {
    let held = matches!(batch.job, JobStatus::Reserved | JobStatus::Processing);
    match event {
        MintEvent::Preflighted(_) => false,
        MintEvent::SerialsProvided(_) | MintEvent::LotsConfirmed(_) => true,
        MintEvent::Queued(_) => batch.job == JobStatus::Preflighted,
        MintEvent::Reserved(_) => batch.job == JobStatus::Queued,
        MintEvent::Started(_) => batch.job == JobStatus::Reserved,
        MintEvent::TakenOver(_) => held,
        MintEvent::CycleMinted(event) => {
            held && event.from == batch.minted && event.count <= batch.missing()
        }
        MintEvent::Completed(_) => held && batch.missing() == 0,
        MintEvent::CycleFailed(_) => batch.job.can_run(),
        MintEvent::Failed(_) | MintEvent::Cancelled(_) => !batch.job.is_over(),
        MintEvent::StatusChanged(event) => batch.job.is_over() && event.to > batch.status,
    }
}

fn apply(batch: &mut MintBatch, event: &MintEvent) {
    match event {
        MintEvent::Preflighted(_) | MintEvent::SerialsProvided(_) | MintEvent::LotsConfirmed(_) => {
        }
        MintEvent::Queued(_) => move_to(batch, JobStatus::Queued, BatchStatus::Queued),
        MintEvent::Reserved(event) => reserve(batch, event),
        MintEvent::TakenOver(event) => {
            batch.lease = Some(Lease {
                worker: event.worker.clone(),
                until: event.lease_until,
            });
        }
        MintEvent::Started(_) => move_to(batch, JobStatus::Processing, BatchStatus::Processing),
        MintEvent::CycleMinted(event) => {
            batch.minted = event.from.saturating_add(event.count);
            batch.cycles = event.cycle;
            batch.failures = 0;
            let lease = batch.lease.take().zip(event.lease_until);
            batch.lease = lease.map(|(lease, until)| Lease { until, ..lease });
        }
        MintEvent::Completed(_) => end(batch, JobStatus::Completed, BatchStatus::Minted),
        MintEvent::CycleFailed(event) => {
            batch.failures = event.failures;
            batch.lease = None;
        }
        MintEvent::Failed(_) => end(batch, JobStatus::Failed, BatchStatus::Failed),
        MintEvent::Cancelled(event) if event.minted > 0 => {
            end(batch, JobStatus::Cancelled, BatchStatus::Minted);
        }
        MintEvent::Cancelled(_) => end(batch, JobStatus::Cancelled, BatchStatus::Failed),
        MintEvent::StatusChanged(event) => batch.status = event.to,
    }
}

fn reserve(batch: &mut MintBatch, event: &JobReserved) {
    batch.job = JobStatus::Reserved;
    batch.identity = Some(Arc::new(event.identity.clone()));
    batch.lease = Some(Lease {
        worker: event.worker.clone(),
        until: event.lease_until,
    });
}

fn move_to(batch: &mut MintBatch, job: JobStatus, status: BatchStatus) {
    batch.job = job;
    batch.status = status;
}

fn end(batch: &mut MintBatch, job: JobStatus, status: BatchStatus) {
    move_to(batch, job, status);
    batch.lease = None;
}
