//! Reading: what is computed over the read port.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    unreachable_pub,
    reason = "tests"
)]

mod search;
mod search_exact;
mod search_hostile;
mod search_world;

#[path = "../support/mod.rs"]
#[allow(dead_code, reason = "others use what these do not")]
mod support;
