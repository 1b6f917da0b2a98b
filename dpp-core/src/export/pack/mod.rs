//! What a pack is: its slice of the batch, its file, and where it stands.

mod file;
mod sha256;
mod slices;
mod status;

pub use file::{PackFile, PackPath, PackPathError};
pub use sha256::{Sha256Digest, Sha256Error};
pub use slices::{PackNumber, ROWS_PER_PACK, Slice, Slices};
pub use status::PackStatus;
