//! What the file of a pack is made from, and what is known of it once it is written.
//!
//! This room must not know formats.

mod error;
mod units;
mod written;

pub use error::PackError;
pub use units::PackUnits;
pub(crate) use written::HashingWriter;
pub use written::{PackWritten, sha256};
