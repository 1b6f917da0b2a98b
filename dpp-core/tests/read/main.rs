//! Reading: listings by page, the past, the audit trail.

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
mod listings;
mod paging_while_minting;
mod rows;

mod happen;
mod world;

#[path = "../support/mod.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod support;
