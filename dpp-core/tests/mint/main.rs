//! Minting: requests, the deciders of job, pool and quota, and readiness.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod cycles;
mod jobs;
mod laws;
mod pool;
mod preflight;
mod quota;
mod readiness;
mod requests;
mod support;
