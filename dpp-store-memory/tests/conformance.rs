//! The reference store keeps every clause of the contract.

use dpp_core::event_store_conformance;
use dpp_core::testing::conformance::Fixture;
use dpp_store_memory::MemoryStore;

event_store_conformance!(in_memory, Fixture::new(|| async { MemoryStore::default() }));
