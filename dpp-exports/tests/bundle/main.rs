//! QR bundles: what is in the ZIP, byte by byte.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]

#[path = "../images/mod.rs"]
mod images;
#[path = "../optics/mod.rs"]
mod optics;

mod archive;
mod content;
mod packs;
mod stability;
