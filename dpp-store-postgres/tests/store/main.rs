//! The store against a real server.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod conformance;
mod differential;
mod plans;
mod reads;
mod reads_unreadable;
mod rebuild;
mod rebuild_damage;
mod rebuild_live;
mod sql;
mod support;
mod units;
mod world;

#[path = "../../../dpp-core/tests/support/mod.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    reason = "the tests of dpp-core use the rest"
)]
mod hosting;
