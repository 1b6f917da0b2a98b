//! The identities of units and lots: golden vectors, laws, and what is refused.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod directory;
mod find;
mod golden;
mod laws;
mod million;
mod ranges;
mod reference;
mod refused;
