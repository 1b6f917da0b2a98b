//! Working until a job is done.

use dpp_core::BrandScope;
use dpp_core::identity::MintJobId;
use dpp_core::mint::JobStatus;
use dpp_core::read::ReadsError;
use dpp_core::service::{Again, Did, MintService, ProcessError, Worker};
use dpp_core::store::log::{ActorError, WorkerName};

use crate::database::Store;
use crate::{Progress, now};

/// A job that is done.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Done {
    /// How many units it made.
    pub(crate) units: u32,
    /// In how many cycles.
    pub(crate) cycles: u32,
}

/// Why a job is not done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WorkError {
    /// It ended without all of its units.
    #[error("job `{0}` ended without all of its units")]
    NotCompleted(MintJobId),
    /// The name of the worker is none.
    #[error(transparent)]
    Name(#[from] ActorError),
    /// A cycle failed.
    #[error(transparent)]
    Process(#[from] ProcessError),
    /// The job cannot be read.
    #[error(transparent)]
    Reads(#[from] ReadsError),
}

/// The name of a worker of this process, which no other process on this machine uses.
pub(crate) fn worker_name(name: &str) -> Result<WorkerName, ActorError> {
    WorkerName::parse(&format!("{name}-{}", std::process::id()))
}

/// Works until a job is done. In a database, others may have left jobs that come first, and
/// others may take this one; then it waits for them.
pub(crate) async fn complete(
    store: &Store,
    service: &MintService,
    scope: &BrandScope,
    job: MintJobId,
    name: &str,
    progress: &Progress,
) -> Result<Done, WorkError> {
    let mut worker = Worker::new(service.clone(), worker_name(name)?);
    loop {
        let step = worker.run_once(now()).await?;
        match step.did {
            Did::Made(cycle) if cycle.mint_job_id != job => {}
            Did::Made(cycle) if cycle.status == JobStatus::Completed => {
                return Ok(Done {
                    units: cycle.minted,
                    cycles: cycle.cycle,
                });
            }
            Did::Made(cycle) => progress.set(cycle.minted.into()),
            Did::Took(_) => {}
            Did::Nothing | Did::LetGo(_) | Did::GaveUp(_) | Did::Failed { .. } => {
                if let Some(done) = done_by_others(service, scope, job).await? {
                    return Ok(done);
                }
            }
        }
        match (step.did, step.again, store) {
            (Did::Nothing, _, Store::Memory(_)) => return Err(WorkError::NotCompleted(job)),
            (_, Again::At(then), _) => store.pause(then.since(now())).await,
            (_, Again::Now, _) => {}
        }
    }
}

/// Works until a job is done, alone in its log. A run before may have been broken off while it
/// held the job; then its lease has to run out.
pub(crate) async fn finish(
    service: &MintService,
    scope: &BrandScope,
    job: MintJobId,
    name: &WorkerName,
    progress: &Progress,
) -> Result<u32, WorkError> {
    let mut worker = Worker::new(service.clone(), name.clone());
    loop {
        if let Some(done) = done_by_others(service, scope, job).await? {
            return Ok(done.units);
        }
        let step = worker.run_once(now()).await?;
        match (step.did, step.again) {
            (Did::Made(cycle), _) => progress.set(cycle.minted.into()),
            (_, Again::At(then)) => tokio::time::sleep(then.since(now())).await,
            _ => {}
        }
    }
}

async fn done_by_others(
    service: &MintService,
    scope: &BrandScope,
    job: MintJobId,
) -> Result<Option<Done>, WorkError> {
    let record = service.reads().batch(scope, job.batch()).await?;
    let record = record.ok_or(WorkError::NotCompleted(job))?;
    let batch = &record.batch;
    match batch.job {
        JobStatus::Completed => Ok(Some(Done {
            units: batch.minted,
            cycles: batch.cycles,
        })),
        status if status.is_over() => Err(WorkError::NotCompleted(job)),
        _ => Ok(None),
    }
}
