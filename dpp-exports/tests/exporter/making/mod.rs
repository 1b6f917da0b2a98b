//! Making packs: from the order to the files, and on from where somebody stopped.

mod breaking_off;
mod formats;
mod generate;
mod orders;
mod resuming;
mod same_bytes;
mod statuses;
