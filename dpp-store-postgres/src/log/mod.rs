//! The log: commits, and reading streams, feeds, heads and claims.
//!
//! A commit takes two round trips. The first locks the head of its brand and reads, behind that
//! lock, everything that the decision needs; the decision is made here, in Rust, where it is
//! tested without a server; the second writes and commits. Whoever holds the lock of a head is
//! alone in that brand's log, which gives positions without gaps in commit order: a reader that
//! has seen a position can never be overtaken. Small commits that come while their brand is busy
//! are made together by the next transaction.
//!
//! One transaction is of one brand only: brands then cannot keep one another waiting, no two
//! transactions can lock each other out, and on a distributed PostgreSQL each stays on one node.

mod commit;
mod position;
pub(crate) mod read;
mod rows;

pub(crate) use commit::Lanes;
pub(crate) use position::FeedTag;
pub(crate) use rows::{COLUMNS, recorded};
