//! The read tables, as each commit changes them.
//!
//! A commit reads the rows that its events touch, under the lock of its brand's head; takes the
//! events in by the same fold that the reads in memory use; and writes back what changed.
//!
//! This room must not know how commits are joined, nor how reads ask.

pub(crate) mod chunk;
mod exports;
mod load;
mod state;
mod write;

pub(crate) use exports::{EXPORT, batch_id, export, write_exports};
pub(crate) use load::{Loaded, Wanted, add_chunk, lots, record};
pub(crate) use state::{Tables, Whose};
