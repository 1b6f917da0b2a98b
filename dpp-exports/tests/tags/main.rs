//! Tags: the bits that are written to them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]

mod by_hand;
mod epc;
mod epc_laws;
mod ndef;
