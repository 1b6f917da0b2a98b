//! The event log and the read tables in PostgreSQL.

#[cfg(feature = "testing")]
pub mod testing;
