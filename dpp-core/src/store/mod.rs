//! The ports: the event log that an integrator implements ([`EventStore`]).
//!
//! This room must not know any store, nor what the events mean.

pub mod log;

pub use log::EventStore;
