//! The fold of the log in memory.

mod event_pages;
mod exports;
mod gaps;
mod rebuilding;
mod snapshots;
mod snapshots_golden;
mod snapshots_refused;
mod waiting;

mod answers;
mod history;
mod laid_over;
