//! One cycle: derive, digest, commit.

use serde::Serialize;

use super::held::{Afterwards, Held, advance, came_too_late, lost_race};
use crate::access::{BrandScope, Caller, Write};
use crate::identity::{MintJobId, UnitsDigest};
use crate::ids::BrandId;
use crate::mint::{Command, Context, JobStatus, MintEvent, MintRequest, decide};
use crate::read::ReadsError;
use crate::service::MintService;
use crate::service::answers::{KickAnswer, SubmitAnswer};
use crate::service::errors::{ProcessError, SubmitError};
use crate::service::journal::{Folded, JournalError};
use crate::store::log::WorkerName;
use crate::time::Timestamp;

/// What one cycle did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct CycleReport {
    /// The job.
    pub mint_job_id: MintJobId,
    /// Which cycle it was, from 1.
    pub cycle: u32,
    /// How many units it made.
    pub made: u32,
    /// How many units the job has made by now.
    pub minted: u32,
    /// How many were asked for.
    pub requested: u32,
    /// Where the job stands.
    pub status: JobStatus,
}

/// How often the failure of a cycle is put on record anew when others were faster.
const ATTEMPTS: u32 = 100;

impl MintService {
    /// Makes one cycle of a job, as the caller: takes the job up, makes at most 20,000 units,
    /// and lets it go.
    ///
    /// # Errors
    /// [`ProcessError`]; a worker that holds the job is not disturbed.
    pub async fn process(
        &self,
        caller: &Caller,
        brand: BrandId,
        job: MintJobId,
        now: Timestamp,
    ) -> Result<CycleReport, ProcessError> {
        let scope = caller.to_write(brand)?;
        self.process_in(&scope, job, now).await
    }

    /// Submits a request and makes one cycle at once (`mint-api-v1`). A request that was
    /// accepted before is not begun once more.
    ///
    /// # Errors
    /// [`SubmitError`] when the request was not accepted. If it was, the answer says whether
    /// the cycle happened; if not, the job is safe and a worker takes it later.
    pub async fn submit_and_kick(
        &self,
        caller: &Caller,
        request: MintRequest,
        now: Timestamp,
    ) -> Result<KickAnswer, SubmitError> {
        let scope = caller.to_write(request.brand_id)?;
        let submitted = self.submit(caller, request, now).await?;
        let kick = match &submitted {
            SubmitAnswer::Accepted {
                mint_job_id,
                is_duplicate: false,
                ..
            } => Some(self.process_in(&scope, *mint_job_id, now).await),
            SubmitAnswer::Accepted { .. } | SubmitAnswer::Blocked { .. } => None,
        };
        Ok(KickAnswer { submitted, kick })
    }

    async fn process_in(
        &self,
        scope: &BrandScope<Write>,
        job: MintJobId,
        now: Timestamp,
    ) -> Result<CycleReport, ProcessError> {
        let worker = WorkerName::of_call(self.host().commit_id()?);
        let mut held = self.hold(scope, job, &worker, now).await?;
        self.cycle(&mut held, Afterwards::LetGo, now).await
    }

    /// Makes the next units of a job that is held. If that fails, the job notes it.
    pub(super) async fn cycle(
        &self,
        held: &mut Held,
        afterwards: Afterwards,
        now: Timestamp,
    ) -> Result<CycleReport, ProcessError> {
        let error = match self.try_cycle(held, afterwards, now).await {
            Ok(report) => return Ok(report),
            Err(error @ ProcessError::LostRace(_)) => return Err(error),
            Err(error) if error.leaves_the_job_as_it_was() => return Err(error),
            Err(ProcessError::Rejected(rejection)) if came_too_late(&rejection) => {
                return Err(ProcessError::LostRace(held.job));
            }
            Err(error) => error,
        };
        self.note_failure(held, error, now).await
    }

    async fn try_cycle(
        &self,
        held: &mut Held,
        afterwards: Afterwards,
        now: Timestamp,
    ) -> Result<CycleReport, ProcessError> {
        let batch = &held.folded.state;
        let count = batch.missing().min(self.settings().units_per_cycle);
        let digest = self.digest(held, count).await?;
        let command = Command::MintCycle {
            worker: held.worker.clone(),
            count,
            digest,
            lease_until: match afterwards {
                Afterwards::Hold => Some(now.after(self.settings().lease)),
                Afterwards::LetGo => None,
            },
            lot_ids: held.codes.lot_ids(),
        };
        let events = decide(Some(batch), command, &Context { now })?;
        let draft = self.write_batch(&held.scope, &held.folded, &events, now)?;
        draft
            .commit()
            .await
            .map_err(|error| lost_race(held.job, error))?;
        held.folded = advance(held.folded.clone(), &events);
        Ok(report(held, count))
    }

    async fn digest(&self, held: &Held, count: u32) -> Result<UnitsDigest, ReadsError> {
        let from = held.folded.state.minted;
        let indexes = from..from.saturating_add(count);
        let identity = held.codes.identity();
        let log = self.journal().provided();
        let provided = log.serials(&held.scope, identity, indexes.clone()).await?;
        Ok(held.codes.digest(indexes, provided))
    }

    /// Puts on record that a cycle failed; the third in a row ends the job. If it turns out
    /// that the cycle went through after all, it did.
    async fn note_failure(
        &self,
        held: &mut Held,
        error: ProcessError,
        now: Timestamp,
    ) -> Result<CycleReport, ProcessError> {
        let reason = error.to_string();
        for _ in 0..ATTEMPTS {
            let folded = self
                .load_batch(held.scope.brand(), held.job.batch())
                .await?;
            let Some(batch) = folded.state else {
                return Err(ProcessError::NoSuchJob(held.job));
            };
            if !batch.job.can_run() || batch.lease.as_ref().is_none_or(|l| l.worker != held.worker)
            {
                return Err(ProcessError::LostRace(held.job));
            }
            let folded = Folded {
                state: batch,
                version: folded.version,
            };
            let made = folded.state.minted.saturating_sub(held.folded.state.minted);
            if made > 0 {
                held.folded = folded;
                return Ok(report(held, made));
            }
            let command = Command::FailCycle {
                worker: held.worker.clone(),
                reason: reason.clone(),
            };
            let events = decide(Some(&folded.state), command, &Context { now })?;
            let given_up = events
                .iter()
                .any(|event| matches!(event, MintEvent::Failed(_)));
            let mut draft = self.write_batch(&held.scope, &folded, &events, now)?;
            if given_up {
                draft = self.add_return(&held.scope, &folded.state, draft).await?;
            }
            match draft.commit().await {
                Err(error) if error.conflict().is_some() => {}
                Err(error) => return Err(error.into()),
                Ok(_) => {
                    return Err(ProcessError::CycleFailed {
                        cycle: folded.state.cycles + 1,
                        reason,
                        given_up,
                    });
                }
            }
        }
        Err(JournalError::Contended { attempts: ATTEMPTS }.into())
    }
}

fn report(held: &Held, made: u32) -> CycleReport {
    let batch = &held.folded.state;
    CycleReport {
        mint_job_id: held.job,
        cycle: batch.cycles,
        made,
        minted: batch.minted,
        requested: batch.facts.requested_quantity,
        status: batch.job,
    }
}
