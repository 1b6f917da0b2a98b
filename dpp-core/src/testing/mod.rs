//! Tests for those who build on the library (feature `testing`).
//!
//! [`conformance`] proves that an event store keeps its contract, and [`FaultyStore`] makes a
//! good store fail as stores do fail. Nothing here may know a particular store.

pub mod conformance;
mod faulty;
pub mod scenario;
pub mod strategies;

pub use faulty::{Faults, FaultyStore, Injected};
