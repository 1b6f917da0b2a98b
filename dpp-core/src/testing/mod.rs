//! Tests for those who build on the library (feature `testing`).
//!
//! [`conformance`] proves that an event store keeps its contract, [`read_conformance`] that a
//! read side keeps its own, [`scan_conformance`] that a store of scans does, and [`FaultyStore`]
//! makes a good store fail as stores do fail. [`scenario`] tells what a decider does, and
//! [`strategies`] make values for property tests. Nothing here may know a particular store.

pub mod conformance;
mod faulty;
mod kit;
pub mod read_conformance;
pub mod scan_conformance;
pub mod scenario;
pub mod strategies;

pub use faulty::{Faults, FaultyStore, Injected};
