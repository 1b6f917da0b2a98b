//! The read conformance kit: on the fold in memory, and on read sides that are broken on purpose.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod broken_reads;
mod conformance;
