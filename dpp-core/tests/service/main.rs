//! The service and its workers, over the store in memory.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    unreachable_pub,
    reason = "tests"
)]

mod access;
mod access_of_reads;
mod exports;
mod faults;
mod keys;
mod life;
mod log;
mod made;
mod overtaken;
mod races;
mod statuses;
mod submit;
mod together;
mod work;

#[path = "../support/export_laws.rs"]
mod export_laws;
#[path = "../support/paused.rs"]
mod paused;
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/watched.rs"]
mod watched;
