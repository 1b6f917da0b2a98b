//! What a job can be told, and why it may refuse.

use super::status::{BatchStatus, JobStatus};
use crate::actor::WorkerName;
use crate::identity::{IdentityFacts, LotId, MintBatchId, UnitsDigest};
use crate::mint::preflight::{BlockingReason, PreflightFacts};
use crate::mint::request::MintOrder;
use crate::reason::Reason;
use crate::time::Timestamp;

/// The most units that one cycle may make.
pub const MAX_UNITS_PER_CYCLE: u32 = 20_000;

/// How many cycles may fail in a row before a job is given up.
pub const FAILURES_IN_A_ROW: u32 = 3;

/// What a job can be told.
#[derive(Debug, Clone)]
pub enum Command<'a> {
    /// Accept a request: job and batch come to be, and the job is queued.
    Queue(Acceptance<'a>),
    /// Accept a request, but only as far as a preflighted job with a draft of a batch: the
    /// first of the two steps of the older way.
    Prepare(Acceptance<'a>),
    /// Give a preflighted job its batch: the second of the two steps. A queued job has it.
    QueuePrepared,
    /// Take the job and fix what its identities follow from.
    Reserve {
        /// The worker that takes it.
        worker: WorkerName,
        /// How long it holds the job.
        lease_until: Timestamp,
        /// What the identities follow from.
        identity: IdentityFacts,
    },
    /// Take up a job that is reserved or in process, and held by nobody any more.
    TakeOver {
        /// The worker that takes it.
        worker: WorkerName,
        /// How long it holds the job.
        lease_until: Timestamp,
    },
    /// Make the next units.
    MintCycle {
        /// The worker that holds the job.
        worker: WorkerName,
        /// How many, 1 to 20,000 and no more than are missing.
        count: u32,
        /// The digest over them.
        digest: UnitsDigest,
        /// How long it goes on holding the job; it lets go if there is none.
        lease_until: Option<Timestamp>,
        /// The ids of the batch's lots, in order.
        lot_ids: &'a [LotId],
    },
    /// Note that a cycle failed.
    FailCycle {
        /// The worker whose cycle it was.
        worker: WorkerName,
        /// Why.
        reason: String,
    },
    /// Give up a job that can never succeed.
    Fail {
        /// Why.
        reason: String,
    },
    /// Stop the job; what was made stays.
    Cancel {
        /// Why.
        reason: Option<String>,
    },
    /// Move a batch on after minting.
    SetStatus {
        /// Where to.
        to: BatchStatus,
        /// Why. Voiding needs one.
        reason: Option<Reason>,
    },
}

/// A request with what it is checked against.
#[derive(Debug, Clone, Copy)]
pub struct Acceptance<'a> {
    /// The id that the batch shall have.
    pub mint_batch_id: MintBatchId,
    /// The request.
    pub order: &'a MintOrder,
    /// The catalogue and the quota.
    pub facts: PreflightFacts<'a>,
}

/// What a decision depends on beside state and command.
#[derive(Debug, Clone, Copy)]
pub struct Context {
    /// The time.
    pub now: Timestamp,
}

/// Why a command was refused. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The request does not pass its checks. Correct the catalogue or the request.
    #[error("the request is blocked: {}", messages(.0))]
    Blocked(Vec<BlockingReason>),
    /// There is such a job already. Draw another id.
    #[error("there is a job with this id already")]
    AlreadyThere,
    /// There is no such job.
    #[error("there is no such job")]
    NoSuchJob,
    /// The job is not in a state in which this can be done.
    #[error("the job is {status}, and {command} needs it to be {needed}")]
    WrongStatus {
        /// Where it stands.
        status: JobStatus,
        /// What it was told.
        command: &'static str,
        /// Where it would have to stand.
        needed: &'static str,
    },
    /// A worker holds the job. Try another, or wait until the lease runs out.
    #[error("worker `{worker}` holds the job until {until}")]
    Held {
        /// The worker.
        worker: WorkerName,
        /// When its lease runs out.
        until: Timestamp,
    },
    /// The worker does not hold the job any more. Take it up again.
    #[error("worker `{worker}` does not hold the job")]
    NotHeld {
        /// The worker.
        worker: WorkerName,
    },
    /// The cycle has no unit, too many, or more than are missing.
    #[error("a cycle of {count} units was given, and 1 to {most} are right")]
    CycleSize {
        /// How many it has.
        count: u32,
        /// How many it may have.
        most: u32,
    },
    /// The serials are not of the scheme that the job asked for, or not as many.
    #[error("the job asked for other serials than it was given")]
    WrongSerials,
    /// The ids of lots that were given are not those of the batch's lots. Give one for each.
    #[error("{given} ids of lots were given, and the batch has {lots} lots with ids of its own")]
    WrongLots {
        /// How many ids were given.
        given: usize,
        /// How many lots the batch has.
        lots: usize,
    },
    /// A batch cannot go there from where it stands.
    #[error("a batch cannot go from `{from}` to `{to}`")]
    WrongStep {
        /// Where it stands.
        from: BatchStatus,
        /// Where it was told to go.
        to: BatchStatus,
    },
    /// The batch has no unit.
    #[error("the batch holds no minted unit")]
    NoUnits,
    /// Voiding revokes every unit of the batch, for ever. Say why.
    #[error("a reason is missing: voiding revokes every unit of the batch, for ever")]
    ReasonMissing,
}

fn messages(reasons: &[BlockingReason]) -> String {
    let messages: Vec<_> = reasons
        .iter()
        .map(|reason| reason.message.as_str())
        .collect();
    messages.join("; ")
}
