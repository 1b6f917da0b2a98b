//! A job that a worker holds, with its state folded.

use crate::access::{BrandScope, Write};
use crate::identity::MintJobId;
use crate::mint::{
    BatchCodes, Command, Context, MintBatch, MintEvent, QuotaEvent, QuotaReturned, Rejection,
    decide, evolve,
};
use crate::service::MintService;
use crate::service::errors::ProcessError;
use crate::service::journal::{Draft, Folded, JournalError};
use crate::service::journal::{batch_stream, quota_stream};
use crate::store::log::WorkerName;
use crate::time::Timestamp;

/// A job that a worker holds.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) scope: BrandScope<Write>,
    pub(super) worker: WorkerName,
    pub(super) job: MintJobId,
    pub(super) folded: Folded<MintBatch>,
    pub(super) codes: BatchCodes,
}

/// Whether a worker goes on holding a job after a cycle.
#[derive(Debug, Clone, Copy)]
pub(super) enum Afterwards {
    Hold,
    LetGo,
}

impl MintService {
    /// Takes up a job: reserves it if it is queued, takes it over if nobody holds it.
    pub(super) async fn hold(
        &self,
        scope: &BrandScope<Write>,
        job: MintJobId,
        worker: &WorkerName,
        now: Timestamp,
    ) -> Result<Held, ProcessError> {
        let folded = self.load_batch(scope.brand(), job.batch()).await?;
        let Some(batch) = folded.state else {
            return Err(ProcessError::NoSuchJob(job));
        };
        let folded = Folded {
            state: batch,
            version: folded.version,
        };
        let lease_until = now.after(self.settings().lease);
        let folded = match &folded.state.identity {
            None => {
                self.reserve(scope, folded, worker, lease_until, now)
                    .await?
            }
            Some(_) => {
                let command = Command::TakeOver {
                    worker: worker.clone(),
                    lease_until,
                };
                let events = decide(Some(&folded.state), command, &Context { now })?;
                let written = self
                    .write_batch(scope, &folded, &events, now)?
                    .commit()
                    .await;
                written.map_err(|error| lost_race(job, error))?;
                advance(folded, &events)
            }
        };
        let Some(fixed) = &folded.state.identity else {
            return Err(ProcessError::LostRace(job));
        };
        let codes = BatchCodes::of(&folded.state.facts, fixed);
        Ok(Held {
            scope: scope.clone(),
            worker: worker.clone(),
            job,
            folded,
            codes,
        })
    }

    /// Begins the commit of events of a batch.
    pub(super) fn write_batch(
        &self,
        scope: &BrandScope<Write>,
        folded: &Folded<MintBatch>,
        events: &[MintEvent],
        now: Timestamp,
    ) -> Result<Draft<'_>, JournalError> {
        let stream = batch_stream(folded.state.facts.mint_batch_id);
        let draft = self.journal().begin(self.host(), scope, now)?;
        draft.write(stream, folded.version, events)
    }

    /// Adds to a commit that ends a job what it gives back to its production batch.
    pub(in crate::service) async fn add_return<'a>(
        &self,
        scope: &BrandScope<Write>,
        batch: &MintBatch,
        draft: Draft<'a>,
    ) -> Result<Draft<'a>, JournalError> {
        let (Some(production), Some(returned)) = (batch.facts.product_batch_id, give_back(batch))
        else {
            return Ok(draft);
        };
        let quota = self.load_quota(scope.brand(), production).await?;
        draft.write(quota_stream(production), quota.version, &[returned])
    }
}

/// What a job that ends now gives back to its production batch.
fn give_back(batch: &MintBatch) -> Option<QuotaEvent> {
    (batch.missing() > 0).then(|| {
        QuotaEvent::Returned(QuotaReturned {
            mint_batch_id: batch.facts.mint_batch_id,
            quantity: batch.missing(),
        })
    })
}

/// The fold after events that were committed right behind it.
pub(super) fn advance(folded: Folded<MintBatch>, events: &[MintEvent]) -> Folded<MintBatch> {
    let version = folded
        .version
        .map(|version| version.plus(events.len() as u64));
    let before = folded.state.clone();
    let after = events.iter().fold(Some(folded.state), evolve);
    Folded {
        state: after.unwrap_or(before),
        version,
    }
}

/// A conflict on a job's stream is a race that was lost.
pub(super) fn lost_race(job: MintJobId, error: JournalError) -> ProcessError {
    match error.conflict() {
        Some(_) => ProcessError::LostRace(job),
        None => error.into(),
    }
}

/// The refusal of a cycle that came too late.
pub(super) const fn came_too_late(rejection: &Rejection) -> bool {
    matches!(
        rejection,
        Rejection::NotHeld { .. } | Rejection::WrongStatus { .. }
    )
}
