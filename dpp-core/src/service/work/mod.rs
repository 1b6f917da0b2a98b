//! Working on jobs: taking one, making its units cycle by cycle, and the worker's loop.

mod cycle;
mod held;
mod reserve;
mod worker;

pub use cycle::CycleReport;
pub use worker::{Again, Did, Step, Worker};
