//! Exports from the order to the link, with files.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    missing_docs,
    reason = "tests"
)]

#[path = "../common/mod.rs"]
mod common;
mod support;

mod ending;
mod failing;
mod links;
mod making;
mod simulation;
mod together;
