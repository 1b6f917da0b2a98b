//! Exports: how a batch is cut, who makes the packs, how long they stay.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod codec;
mod downloads;
mod expiry;
mod laws;
mod locks;
mod packs;
mod records;
mod repeats;
mod requests;
mod support;
mod values;
