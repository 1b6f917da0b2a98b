//! Throwaway PostgreSQL servers and schemas, for tests, benches and examples.
//!
//! What holds here: a real server, found or named and never pretended; nothing of it outlives
//! the process that asked for it. This room knows nothing of the store, its tables and its
//! migrations.
//!
//! [`TestSchema::new`] is all that most tests need. It starts the server that all tests of a
//! process share, or takes the one that `DPP_TEST_DATABASE_URL` names.
//!
//! ```
//! use dpp_store_postgres::testing::TestSchema;
//!
//! let schema = TestSchema::new();
//! println!("{} on {}", schema.name(), schema.url());
//! ```
//!
//! Benches and tests that stop a server take one of their own, by [`Options::start`].

#[cfg(not(unix))]
compile_error!("the feature `testing` starts servers on Unix sockets: it needs a Unix");

mod account;
mod binaries;
mod cluster;
mod cpu;
mod error;
mod keeper;
mod options;
mod query;
mod schema;
mod server;

pub use binaries::Binaries;
pub use error::ServerError;
pub use options::Options;
pub use schema::TestSchema;
pub use server::Server;

/// As many random bytes as asked for, in hexadecimal digits.
fn random_hex<const BYTES: usize>() -> Result<String, ServerError> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
