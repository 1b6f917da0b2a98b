//! The store against a real server.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod catalogue;
mod conformance;
mod differential;
mod failures;
mod follow;
#[path = "../support/host.rs"]
mod host;
mod no_skip;
mod open;
mod plans;
mod plans_of_commits;
mod proxy;
mod reads;
mod reads_unreadable;
mod rebuild;
mod rebuild_damage;
mod rebuild_live;
mod scans;
mod settled;
mod silence;
mod sql;
mod support;
mod tls;
mod units;
mod workers;
mod world;

#[path = "../../../dpp-core/tests/support/mod.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    reason = "the tests of dpp-core use the rest"
)]
mod hosting;
