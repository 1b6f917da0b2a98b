//! The event log and the read tables of `dpp-core` in PostgreSQL, 14 or later.
//!
//! [`PostgresStore`] is both ports in one: the [log](dpp_core::store::EventStore), with every
//! clause of its contract, and the [reads](dpp_core::store::ReadStore), in tables that each
//! commit keeps in its own transaction, so that what a host wrote it can read at once.
//!
//! ```no_run
//! use std::sync::Arc;
//!
//! use dpp_core::service::{Host, MintService, Settings};
//! use dpp_store_postgres::{Options, PostgresStore};
//!
//! # async fn open(host: Host) -> Result<(), Box<dyn std::error::Error>> {
//! let options = Options::parse("postgres://dpp@db.nordlin.example/passports?sslmode=require")?;
//! let store = Arc::new(PostgresStore::open(&options).await?);
//! let service = MintService::new(store.clone(), store, host, Settings::default());
//! # Ok(())
//! # }
//! ```
//!
//! # How it keeps its promises
//!
//! - **Order.** Each brand has a head row. A commit locks it, reads what its decision needs,
//!   decides, writes, and moves it on; so positions have no gap and stand in commit order, and a
//!   reader of the feed is never overtaken. Two round trips make a commit, however many events
//!   it has.
//! - **Many at once.** Small commits of one brand that come while another is being made share the
//!   next transaction; each of them still succeeds or fails alone ([`Joining`]). Brands do not
//!   wait for one another.
//! - **Lost answers.** A transaction whose end is not known is made again under the ids of its
//!   commits, which tells whether it was made. Only when time is up is a commit answered with
//!   [`Unknown`](dpp_core::store::log::CommitError::Unknown).
//! - **Limits.** Opening a connection, waiting for one, a statement, a commit with all of its
//!   attempts: each ends by a time that [`Options`] name.
//! - **Faults** say whether to try again or whether somebody has to mend something first
//!   ([`needs_mending`](dpp_core::store::log::StoreFault::needs_mending)).
//!
//! # Scans
//!
//! [`PostgresScans`], from [`PostgresStore::scans`], keeps [scans](dpp_core::store::ScanStore) in a
//! table of their own with a partition for each month. Each call takes a connection of the same
//! pool for itself and locks nothing that a commit needs.
//!
//! # What it needs
//!
//! A tokio runtime that lives as long as the store. A role that may create a schema, or one that
//! may use a schema that was made for it; to append and forget scans it has to own the table
//! `scan`, whose partitions it makes and drops. A connection that stays the same for a session: a
//! pooler in between has to pool sessions, not transactions.
//!
//! The tables hold the seeds that units' identities follow from: whoever can read them can derive
//! the codes of all units. Grant accordingly.

#[doc = include_str!("../docs/citus.md")]
pub mod citus {}
mod fault;
mod follow;
mod log;
mod lone;
mod options;
mod pipeline;
mod pool;
mod reads;
mod rebuild;
mod scans;
mod schema;
mod store;
mod tables;
#[cfg(feature = "testing")]
pub mod testing;
mod tls;
mod units;
mod wake;

pub use follow::{Follower, Moves};
pub use options::{Joining, Options, OptionsError, Unreadable};
pub use rebuild::{
    Difference, MOST_DIFFERENCES, Progress, ReadTables, RebuildError, Rebuilt, UnreadableEvents,
    Verified,
};
pub use scans::PostgresScans;
pub use schema::{OpenError, SchemaName, SchemaNameError};
pub use store::PostgresStore;
pub use units::{Materialised, UnitsError};
