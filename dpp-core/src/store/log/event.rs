//! Events as a store sees them: a type name, a schema version, JSON bytes and metadata.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use super::position::Position;
use super::stream::{StreamId, Version};
use crate::ids::{CommitId, CorrelationId, EventId, UserId};
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

/// The name under which a worker holds jobs: 1 to 64 visible ASCII characters.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct WorkerName(Arc<str>);

impl WorkerName {
    /// Reads a name.
    ///
    /// # Errors
    /// [`ActorError`] when it is empty, over 64 characters, or has others than visible ASCII.
    pub fn parse(name: &str) -> Result<Self, ActorError> {
        let visible = name.bytes().all(|byte| byte.is_ascii_graphic());
        if name.is_empty() || name.len() > 64 || !visible {
            return Err(ActorError {
                input: name.to_owned(),
            });
        }
        Ok(Self(name.into()))
    }

    /// The name of a single call that works on a job, told apart by an id.
    pub(crate) fn of_call(id: CommitId) -> Self {
        Self(format!("direct-{id}").into())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for WorkerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for WorkerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl serde::Serialize for WorkerName {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for WorkerName {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = <Cow<'de, str>>::deserialize(deserializer)?;
        Self::parse(&name).map_err(serde::de::Error::custom)
    }
}

/// Who caused an event. Text is `user:<id>` or `worker:<name>`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Actor {
    /// A member of the brand.
    User(UserId),
    /// A worker of the host.
    Worker(WorkerName),
}

/// Why a text names no actor. Pass `user:<id>` or `worker:<name>`; a name has 1 to 64
/// visible ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{input}` names no actor: a worker's name has 1 to 64 visible ASCII characters")]
pub struct ActorError {
    /// What was given.
    pub input: String,
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(user) => write!(f, "user:{user}"),
            Self::Worker(name) => write!(f, "worker:{name}"),
        }
    }
}

impl FromStr for Actor {
    type Err = ActorError;

    fn from_str(text: &str) -> Result<Self, ActorError> {
        let unknown = || ActorError {
            input: text.to_owned(),
        };
        match text.split_once(':').ok_or_else(unknown)? {
            ("user", id) => id.parse().map(Self::User).map_err(|_| unknown()),
            ("worker", name) => WorkerName::parse(name).map(Self::Worker),
            _ => Err(unknown()),
        }
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
