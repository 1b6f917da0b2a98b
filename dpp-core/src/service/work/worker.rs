//! The worker: a step that a host calls in a loop.

use super::cycle::CycleReport;
use super::held::{Afterwards, Held};
use crate::access::BrandScope;
use crate::identity::MintJobId;
use crate::read::ReadsError;
use crate::service::MintService;
use crate::service::errors::ProcessError;
use crate::store::RunnableJob;
use crate::store::log::{PageLimit, WorkerName};
use crate::time::Timestamp;

/// Takes jobs of all brands, oldest first, and makes their units.
///
/// It holds at most one job, whose state it keeps folded. Dropping it at any moment loses
/// nothing: when the lease has run out, another goes on from where it stopped. Any number of
/// workers may run side by side; give each a name of its own.
#[derive(Debug)]
pub struct Worker {
    service: MintService,
    name: WorkerName,
    held: Option<Held>,
}

/// What a step did, and when to come again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// What it did.
    pub did: Did,
    /// When to come again.
    pub again: Again,
}

/// What a step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Did {
    /// It found no job.
    Nothing,
    /// It took this job.
    Took(MintJobId),
    /// It made a cycle of the job that it holds.
    Made(CycleReport),
    /// It let a job go, because another worker has it or somebody stopped it.
    LetGo(MintJobId),
    /// A cycle of this job failed, which the job has noted.
    Failed {
        /// The job.
        job: MintJobId,
        /// Whether the job was given up for it.
        given_up: bool,
    },
    /// It found that a job cannot get its serials; the job has failed.
    GaveUp(MintJobId),
}

/// When a step is to be called again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// At once: there may be more to do.
    Now,
    /// At this time, or when the host knows that a job was submitted.
    At(Timestamp),
}

/// How many jobs a worker looks at before it comes again.
const CANDIDATES: PageLimit = PageLimit::new(256);

impl Worker {
    /// A worker with this name. Two workers of the same name stay safe, since the version of
    /// a job's stream lets only one of two commits through; but either may take a job that
    /// the other holds.
    pub const fn new(service: MintService, name: WorkerName) -> Self {
        Self {
            service,
            name,
            held: None,
        }
    }

    /// Its name.
    pub const fn name(&self) -> &WorkerName {
        &self.name
    }

    /// The job that it holds.
    pub fn holds(&self) -> Option<MintJobId> {
        self.held.as_ref().map(|held| held.job)
    }

    /// Does one thing: makes a cycle of the job that it holds, or takes one.
    ///
    /// # Errors
    /// [`ProcessError`] when the log failed, or has what cannot be read. Call it again, after a
    /// while.
    pub async fn run_once(&mut self, now: Timestamp) -> Result<Step, ProcessError> {
        match self.held.take() {
            Some(held) => self.make(held, now).await,
            None => self.take(now).await,
        }
    }

    /// Works until it finds no job that it could take, reading the time before each step.
    /// Tells how many units it made.
    ///
    /// # Errors
    /// As [`run_once`](Self::run_once), at the first that is not noted by a job.
    pub async fn run_until_idle(
        &mut self,
        now: impl Fn() -> Timestamp,
    ) -> Result<u64, ProcessError> {
        let mut made = 0;
        loop {
            match self.run_once(now()).await?.did {
                Did::Nothing => return Ok(made),
                Did::Made(report) => made += u64::from(report.made),
                Did::Took(_) | Did::LetGo(_) | Did::Failed { .. } | Did::GaveUp(_) => {}
            }
        }
    }

    async fn make(&mut self, mut held: Held, now: Timestamp) -> Result<Step, ProcessError> {
        let job = held.job;
        match self.service.cycle(&mut held, Afterwards::Hold, now).await {
            Ok(report) => {
                self.held = Some(held).filter(|_| !report.status.is_over());
                Ok(at_once(Did::Made(report)))
            }
            Err(ProcessError::LostRace(_)) => Ok(at_once(Did::LetGo(job))),
            Err(ProcessError::CycleFailed { given_up, .. }) => {
                Ok(self.later(Did::Failed { job, given_up }, now))
            }
            Err(error) => {
                self.held = Some(held).filter(|_| error.leaves_the_job_as_it_was());
                Err(error)
            }
        }
    }

    /// Takes the oldest job that it can. A job that cannot be taken does not keep those behind
    /// it back; what stopped it is told when there is no other.
    async fn take(&mut self, now: Timestamp) -> Result<Step, ProcessError> {
        let reads = self.service.inner.reads.store();
        let runnable = reads.runnable_jobs(now, CANDIDATES).await;
        let runnable = runnable.map_err(ReadsError::from)?;
        let unreadable = runnable.unreadable.into_iter().next();
        let mut stopped = unreadable.map(|error| ProcessError::from(ReadsError::from(error)));
        for RunnableJob { brand, job, .. } in runnable.jobs {
            let scope = BrandScope::of_worker(brand, self.name.clone());
            match self.service.hold(&scope, job, &self.name, now).await {
                Ok(held) => {
                    self.held = Some(held);
                    return Ok(at_once(Did::Took(job)));
                }
                Err(ProcessError::LostRace(_) | ProcessError::Rejected(_)) => {}
                Err(ProcessError::NoSerials(_)) => return Ok(at_once(Did::GaveUp(job))),
                Err(error) => stopped = stopped.or(Some(error)),
            }
        }
        match stopped {
            Some(error) => Err(error),
            None => Ok(self.later(Did::Nothing, now)),
        }
    }

    fn later(&self, did: Did, now: Timestamp) -> Step {
        let again = Again::At(now.after(self.service.settings().idle));
        Step { did, again }
    }
}

const fn at_once(did: Did) -> Step {
    Step {
        did,
        again: Again::Now,
    }
}
