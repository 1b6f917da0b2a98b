//! The log port: streams, commits, claims and feeds of opaque events.
//!
//! [`EventStore`] is the contract; the other types are what it takes and gives. Nothing here
//! knows what an event means.

mod claim;
mod commit;
mod error;
mod event;
mod event_store;
mod position;
mod stream;

pub use crate::actor::{Actor, ActorError, WorkerName};
pub use claim::{Claim, ClaimGroup, ClaimKind, ClaimSpace, ClaimValue, ClaimValueError};
pub use commit::{Commit, CommitBuilder, CommitFingerprint, InvalidCommit, Receipt, StreamWrite};
pub use commit::{StreamCheck, WrittenStream};
pub use error::{CommitError, Conflict, ReadError, StoreFault, TakenClaim};
pub use event::{EventType, Metadata, NewEvent, RecordedEvent};
pub use event_store::{EventStore, FeedPage, Head, HeadPage, PageLimit, StreamPage};
pub use position::Position;
pub use stream::{Expected, StreamId, StreamKind, Version};
