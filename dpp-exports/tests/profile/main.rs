//! Carrier profiles: which there are, what they are refused for, and what they make.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]

#[path = "../common/mod.rs"]
mod common;

mod columns;
mod dialects;
mod golden;
mod refusals;
mod registry;
mod support;
mod tags;
