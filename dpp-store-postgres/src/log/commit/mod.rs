//! Commits: who makes them when, and one transaction of them.

mod asking;
mod known;
mod lanes;
mod transaction;
mod writing;

pub(crate) use lanes::Lanes;
