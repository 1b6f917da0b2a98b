//! Listings by page, the past, the audit trail.

mod as_of;
mod audit;
mod cursors;
mod details;
mod large;
mod listings;
mod packs;
mod paging_while_minting;
mod rows;

mod happen;
mod world;
