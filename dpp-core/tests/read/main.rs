//! Reading back: the read conformance kit over the fold of the log in memory.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod broken_reads;
mod conformance;
