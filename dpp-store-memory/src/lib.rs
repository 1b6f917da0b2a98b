//! The reference event store.
