//! The scans in memory keep every clause of their contract.

use dpp_core::scan_store_conformance;
use dpp_core::testing::scan_conformance::ScanFixture;
use dpp_store_memory::MemoryScans;

scan_store_conformance!(
    in_memory,
    ScanFixture::new(|| async { MemoryScans::default() })
);
