//! The life of units: what may be decided, in whatever order it happened, and how many stand
//! where.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod lives;
mod lots;
mod orders;
mod sets;
mod standing;
mod support;
mod together;
