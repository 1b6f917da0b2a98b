//! Scans: the conformance kit on stores that are broken on purpose, the queue, and the golden form
//! of a record.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod broken_scans;
mod queue;
mod queue_at_once;
mod records;
mod sinks;
