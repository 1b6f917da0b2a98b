//! The schema, and the migrations that make it.

mod migrate;
mod name;

pub use migrate::OpenError;
pub(crate) use migrate::migrate;
pub use name::{SchemaName, SchemaNameError};
