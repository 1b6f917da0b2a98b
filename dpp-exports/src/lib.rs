//! Export packs of Digital Product Passport units, for printers and tag encoders.
//!
//! A pack is a pure function of its batch: written again, it has the same bytes. It is written
//! in constant memory into any [`std::io::Write`], and its SHA-256 comes with it.
//!
//! So far there is the [`manifest`]. This crate knows no store: what a pack is made from, the
//! host asks of the [`Reads`](dpp_core::read::Reads).

mod digest;
mod error;

pub mod manifest;

pub use digest::{PackWritten, sha256};
pub use dpp_core::export::{ROWS_PER_PACK, Sha256Digest};
pub use error::ExportError;
