//! From a scan to a passport.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    unreachable_pub,
    reason = "tests"
)]

mod corpus;
mod floods;
mod gs1;
mod laws;
mod outages;
mod races;
mod scans;
mod support;
mod unknown;
mod urls;

#[path = "../support/mod.rs"]
mod support_of_host;
