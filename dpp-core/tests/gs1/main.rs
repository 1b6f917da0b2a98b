//! GS1 values and Digital Links.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod links_built;
mod links_read;
mod links_refused;
mod values;
