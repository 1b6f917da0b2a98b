//! What stands behind a store: the codec of events, the faulty store, and the conformance kit.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod broken_stores;
mod codec_events;
mod codec_export_events;
mod codec_golden;
mod codec_unit_events;
mod codec_upcasting;
mod faulty_store;
