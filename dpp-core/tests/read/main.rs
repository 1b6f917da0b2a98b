//! Reading back, over the store in memory: the fold, what is computed over it, and search.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    unreachable_pub,
    reason = "tests"
)]

mod fold;
mod listing;
mod search;

#[path = "../support/exceptions.rs"]
mod exceptions;
#[path = "../support/mod.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod support;
#[path = "../support/watched.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod watched;
