//! The parts of a resolver's decision: who asks, in which language, and what programs and bots are shown.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod bots;
mod language;
mod linkset;
mod page;
mod people;
