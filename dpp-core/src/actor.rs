//! Who acts: a member of a brand, a worker of the host, or the public.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use crate::ids::{CommitId, UserId};

/// Who caused an event. Text is `user:<id>`, `worker:<name>` or `scan`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Actor {
    /// A member of the brand.
    User(UserId),
    /// A worker of the host.
    Worker(WorkerName),
    /// Somebody of the public, who scanned a code. Nothing more is kept of them.
    Scan,
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(user) => write!(f, "user:{user}"),
            Self::Worker(name) => write!(f, "worker:{name}"),
            Self::Scan => f.write_str("scan"),
        }
    }
}

impl FromStr for Actor {
    type Err = ActorError;

    fn from_str(text: &str) -> Result<Self, ActorError> {
        let unknown = || ActorError {
            input: text.to_owned(),
        };
        if text == "scan" {
            return Ok(Self::Scan);
        }
        match text.split_once(':').ok_or_else(unknown)? {
            ("user", id) => id.parse().map(Self::User).map_err(|_| unknown()),
            ("worker", name) => WorkerName::parse(name).map(Self::Worker),
            _ => Err(unknown()),
        }
    }
}

/// The name under which a worker holds jobs: 1 to 64 visible ASCII characters.
///
/// Give each worker a name of its own. Two of the same name stay safe, since the version of a
/// job's stream lets only one of two commits through; but either may take a job that the
/// other holds.
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

/// Why a text names no actor. Pass `user:<id>`, `worker:<name>` or `scan`; a name has 1 to 64
/// visible ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{input}` names no actor: a worker's name has 1 to 64 visible ASCII characters")]
pub struct ActorError {
    /// What was given.
    pub input: String,
}
