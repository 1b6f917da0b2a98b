//! More than one at the same exports.

mod slow;
mod takeover;
mod workers;
