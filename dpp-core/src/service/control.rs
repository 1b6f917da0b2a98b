//! Stopping jobs, the second step of the older way, and moving batches on after minting.

use serde::Serialize;

use super::answers::SubmitAnswer;
use super::errors::ControlError;
use super::journal::batch_stream;
use super::journal::{Folded, JournalError};
use super::{ATTEMPTS, MintService};
use crate::access::{BrandScope, Caller, Write};
use crate::identity::{MintBatchId, MintJobId};
use crate::ids::BrandId;
use crate::mint::{BatchStatus, Command, Context, JobStatus, MintBatch, decide};
use crate::reason::Reason;
use crate::store::log::Position;
use crate::time::Timestamp;

/// A job that was stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Cancelled {
    /// The job.
    pub mint_job_id: MintJobId,
    /// How many units it had made. They stay.
    pub minted: u32,
}

/// A batch that was moved on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct BatchStatusSet {
    /// The batch.
    pub mint_batch_id: MintBatchId,
    /// Where it stood.
    pub from: BatchStatus,
    /// Where it stands.
    pub to: BatchStatus,
    /// Where in the brand's feed this stands; not part of the JSON.
    #[serde(skip)]
    pub position: Position,
}

impl MintService {
    /// Stops a job at its next cycle. What was made stays; what was not is given back to the
    /// production batch.
    ///
    /// # Errors
    /// [`ControlError`]; a job that is over cannot be stopped.
    pub async fn cancel(
        &self,
        caller: &Caller,
        brand: BrandId,
        job: MintJobId,
        reason: Option<String>,
        now: Timestamp,
    ) -> Result<Cancelled, ControlError> {
        let scope = caller.to_write(brand)?;
        for _ in 0..ATTEMPTS {
            let folded = self.load_job(&scope, job).await?;
            let minted = folded.state.minted;
            let command = Command::Cancel {
                reason: reason.clone(),
            };
            let events = decide(Some(&folded.state), command, &Context { now })?;
            let draft = self.journal().begin(self.host(), &scope, now)?;
            let draft = draft.write(batch_stream(job.batch()), folded.version, &events)?;
            let draft = self.add_return(&scope, &folded.state, draft).await?;
            match draft.commit().await {
                Ok(_) => {
                    return Ok(Cancelled {
                        mint_job_id: job,
                        minted,
                    });
                }
                Err(error) if error.conflict().is_some() => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(JournalError::Contended { attempts: ATTEMPTS }.into())
    }

    /// The second of the two steps of the older way: gives a preflighted job its batch, and
    /// queues it. A queued job has its batch already.
    ///
    /// # Errors
    /// [`ControlError`]; only a preflighted or queued job can be given its batch.
    pub async fn create_batch_from_job(
        &self,
        caller: &Caller,
        brand: BrandId,
        job: MintJobId,
        now: Timestamp,
    ) -> Result<SubmitAnswer, ControlError> {
        let scope = caller.to_write(brand)?;
        for _ in 0..ATTEMPTS {
            let folded = self.load_job(&scope, job).await?;
            let events = decide(
                Some(&folded.state),
                Command::QueuePrepared,
                &Context { now },
            )?;
            let answer = SubmitAnswer::Accepted {
                mint_job_id: job,
                mint_batch_id: job.batch(),
                status: JobStatus::Queued,
                is_duplicate: events.is_empty(),
            };
            if events.is_empty() {
                return Ok(answer);
            }
            let draft = self.journal().begin(self.host(), &scope, now)?;
            let draft = draft.write(batch_stream(job.batch()), folded.version, &events)?;
            match draft.commit().await {
                Ok(_) => return Ok(answer),
                Err(error) if error.conflict().is_some() => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(JournalError::Contended { attempts: ATTEMPTS }.into())
    }

    /// Moves a batch on after minting, one step at a time: to `exported`, `printed`, `applied`,
    /// or from any of these and `minted` to `voided`, which revokes all of its units for ever
    /// and needs a reason. A step is made once: the same request again is refused.
    ///
    /// # Errors
    /// [`ControlError`]; a batch whose job is not over, or that has no units, stays where it
    /// is.
    pub async fn set_mint_batch_status(
        &self,
        caller: &Caller,
        brand: BrandId,
        batch: MintBatchId,
        to: BatchStatus,
        reason: Option<Reason>,
        now: Timestamp,
    ) -> Result<BatchStatusSet, ControlError> {
        let scope = caller.to_write(brand)?;
        for _ in 0..ATTEMPTS {
            let folded = self.load_batch(brand, batch).await?;
            let state = folded.state.ok_or(ControlError::NoSuchBatch(batch))?;
            let reason = reason.clone();
            let events = decide(
                Some(&state),
                Command::SetStatus { to, reason },
                &Context { now },
            )?;
            let draft = self.journal().begin(self.host(), &scope, now)?;
            let draft = draft.write(batch_stream(batch), folded.version, &events)?;
            match draft.commit().await {
                Ok(position) => {
                    return Ok(BatchStatusSet {
                        mint_batch_id: batch,
                        from: state.status,
                        to,
                        position,
                    });
                }
                Err(error) if error.conflict().is_some() => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(JournalError::Contended { attempts: ATTEMPTS }.into())
    }

    async fn load_job(
        &self,
        scope: &BrandScope<Write>,
        job: MintJobId,
    ) -> Result<Folded<MintBatch>, ControlError> {
        let folded = self.load_batch(scope.brand(), job.batch()).await?;
        let state = folded.state.ok_or(ControlError::NoSuchJob(job))?;
        Ok(Folded {
            state,
            version: folded.version,
        })
    }
}
