//! Search by prefix and by whole names.

mod exact;
mod prefix;
mod world;
