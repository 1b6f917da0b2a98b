//! The reads, over the store in memory.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    unreachable_pub,
    reason = "tests"
)]

mod as_of;
mod audit;
mod cursors;
mod details;
mod event_pages;
mod listings;
mod paging_while_minting;
mod rebuilding;
mod rows;
mod snapshots;
mod snapshots_golden;
mod snapshots_refused;
mod waiting;

mod answers;
mod happen;
mod history;
mod laid_over;
mod world;

#[path = "../support/exceptions.rs"]
mod exceptions;
#[path = "../support/mod.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod support;
#[path = "../support/watched.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod watched;
