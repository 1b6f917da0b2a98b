//! Following the log: hearing that a brand has moved, and reading what it moved by.
//!
//! Notifications are hints. Whoever commits sends them behind the commit, and any of them may be
//! lost; so a follower also looks by itself, every
//! [`Options::poll_every`](crate::Options::poll_every). What it reads is the feed, which never
//! has an event turn up behind a position that was read.
//!
//! All followers of a store share one connection, which is opened when the first of them has to
//! wait and closed when the last of them is dropped.

mod channel;
mod ear;
mod follower;
mod moves;

pub(crate) use channel::channel_of;
pub(crate) use ear::Ear;
pub use follower::Follower;
pub use moves::Moves;
