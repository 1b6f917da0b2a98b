//! The schema, and the migrations that make it.

mod migrate;
mod name;

/// The read tables, as their migration makes them.
pub(crate) const READS: &str = include_str!("0002_reads.sql");

pub use migrate::OpenError;
pub(crate) use migrate::migrate;
pub use name::{SchemaName, SchemaNameError};
