//! Logos: which are refused, where they lie, and that codes with them are read.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]

#[path = "../optics/mod.rs"]
mod optics;

#[path = "../images/mod.rs"]
mod images;

mod accepted;
mod placement;
mod read;
mod refused;
