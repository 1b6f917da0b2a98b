//! The event log and the read tables of `dpp-core` in PostgreSQL.

mod fault;
mod follow;
mod log;
mod options;
mod pipeline;
mod pool;
mod schema;
mod store;
mod tables;
#[cfg(feature = "testing")]
pub mod testing;
mod tls;
mod wake;

pub use follow::{Follower, Moves};
pub use options::{Joining, Options, OptionsError, Unreadable};
pub use schema::{OpenError, SchemaName, SchemaNameError};
pub use store::PostgresStore;
