//! The deciders of minting: the job with its batch, the serial pool of a product, and the
//! quota of a production batch.
//!
//! Each decider has the same shape: `decide` is the only place where a command can be
//! refused, `evolve` the only place where its state changes. This room must not know stores
//! or any I/O; facts from outside travel in the commands.

mod codes;
mod job;
mod pool;
mod preflight;
mod quota;
mod request;

pub use codes::BatchCodes;
pub use job::{
    Acceptance, BatchFacts, BatchStatus, Command, Context, CycleFailed, CycleMinted,
    FAILURES_IN_A_ROW, JobCancelled, JobCompleted, JobFailed, JobQueued, JobReserved, JobStarted,
    JobStatus, JobTakenOver, Lease, LotConfirmed, LotsConfirmed, MAX_UNITS_PER_CYCLE, MintBatch,
    MintEvent, PROVIDED_ROWS_PER_EVENT, Rejection, SerialsProvided, StatusChanged, decide, evolve,
};
pub use pool::{
    GuessBound, PoolEvent, PoolOpened, PoolRejection, ProvidedSerialsClaimed, SerialPool,
    SerialsReserved,
};
pub(crate) use preflight::reason;
pub use preflight::{BlockingCode, BlockingReason, PreflightFacts, blocking_reasons};
pub use quota::{Quota, QuotaEvent, QuotaExceeded, QuotaReturned, QuotaTaken};
pub use request::{
    ActivationMode, IdempotencyKey, IdentityMode, InvalidRequest, LotRequest, MintOrder,
    MintRequest, OrderedSerials, Problem, RequestDigest, RowError, RowReason,
};
