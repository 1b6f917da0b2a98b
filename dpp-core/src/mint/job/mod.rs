//! The decider of a mint job and its batch, which are one.

mod command;
mod decide;
mod events;
mod state;
mod status;

pub use command::{
    Acceptance, Command, Context, FAILURES_IN_A_ROW, MAX_UNITS_PER_CYCLE, Rejection,
};
pub use decide::decide;
pub use events::{
    BatchFacts, CycleFailed, CycleMinted, JobCancelled, JobCompleted, JobFailed, JobQueued,
    JobReserved, JobStarted, JobTakenOver, LotConfirmed, LotsConfirmed, MintEvent,
    PROVIDED_ROWS_PER_EVENT, SerialsProvided, StatusChanged,
};
pub use state::{Lease, MintBatch, evolve};
pub use status::{BatchStatus, JobStatus};
