//! Search by prefix and by whole names.

mod exact;
mod hostile;
mod prefix;
mod world;
