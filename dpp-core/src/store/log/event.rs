//! Events as a store sees them: a type name, a schema version, JSON bytes and metadata.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::position::Position;
use super::stream::{StreamId, Version};
use crate::actor::Actor;
use crate::ids::{CorrelationId, EventId};
use crate::time::Timestamp;

/// The name of an event's type, for example `mint_job_queued`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventType(Cow<'static, str>);

impl EventType {
    /// The type with this name.
    pub const fn new(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// The type with a name that was read from a store.
    pub fn from_stored(name: String) -> Self {
        Self(Cow::Owned(name))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for EventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What is known of an event beside what happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    /// Names the event, everywhere and for ever.
    pub event_id: EventId,
    /// When it happened, by the host's clock.
    pub at: Timestamp,
    /// Who caused it.
    pub actor: Actor,
    /// The request that it belongs to.
    pub correlation: CorrelationId,
    /// The event that led to it, if one did.
    pub causation: Option<EventId>,
}

/// An event that is to be written.
#[derive(Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// Its type.
    pub event_type: EventType,
    /// The version of its type's schema, from 1.
    pub schema_version: u16,
    /// Its body: JSON in UTF-8. A store keeps the bytes as they are.
    pub payload: Arc<[u8]>,
    /// What else is known of it.
    pub metadata: Metadata,
}

/// Without the body: events hold the seeds of batches, which no log file may have.
impl fmt::Debug for NewEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, version) = (&self.event_type, self.schema_version);
        write!(f, "{name} v{version} of {} bytes", self.payload.len())
    }
}

/// An event that was written, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedEvent {
    /// The stream that it belongs to.
    pub stream: StreamId,
    /// Its place in that stream.
    pub version: Version,
    /// Its place in the brand's feed.
    pub position: Position,
    /// The event, as it was given.
    pub event: NewEvent,
}
