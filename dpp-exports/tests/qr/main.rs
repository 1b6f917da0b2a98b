//! QR codes: what they hold, how large they are, and how they are drawn.

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

mod drawing;
mod sizes;
