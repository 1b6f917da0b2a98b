//! Tests for those who build on the library (feature `testing`).
//!
//! [`conformance`] proves that an event store keeps its contract, and [`FaultyStore`] makes a
//! good store fail as stores do fail. [`scenario`] tells what a decider does, and
//! [`strategies`] make values for property tests. Nothing here may know a particular store.

pub mod conformance;
mod faulty;
mod kit;
pub mod scenario;
pub mod strategies;

pub use faulty::{Faults, FaultyStore, Injected};
