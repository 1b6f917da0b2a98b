//! What the examples share: a host's catalogue, clock and entropy, and how things are shown.

pub mod browse;
mod catalogue;
mod database;
pub mod file_log;
mod flags;
mod host;
pub mod print_run;
mod progress;
pub mod quickstart;
pub mod resolver;
pub mod show;
pub mod two_workers;
mod work;

pub use catalogue::{CatalogueError, CatalogueFile};
pub use database::{Address, StoreError};
pub use flags::shell;
pub use host::{now, os_entropy};
pub use progress::Progress;
pub use work::WorkError;

/// The README's quick start compiles and runs.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct ReadmeDoctests;
