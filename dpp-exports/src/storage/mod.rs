//! Where packs are kept: a directory, memory, or a cloud's object store; and signed links to
//! them.
//!
//! This room must not know formats, nor what an export is.

mod directory;
mod error;
mod link;
mod pack_storage;
mod signing;
mod upload;

#[cfg(test)]
mod tests;

pub use error::StorageError;
pub use link::{LinkKey, LinkKeyError, LinkRefusal, LinkSigner, MIN_KEY};
pub use pack_storage::PackStorage;
pub(crate) use upload::{Chunk, Upload};

#[cfg(test)]
use upload::CHUNK;
