//! Typed events to stored ones and back, upcasting what older releases wrote.

use serde_json::Value;

use super::log::{EventType, NewEvent};

/// A closed set of events, each with a type name and the version of its schema.
/// `typed_events!` implements it.
pub trait TypedEvents: Sized {
    /// The type names of the set with their present schema versions.
    const TYPES: &'static [(&'static str, u16)];

    /// The event's type name and schema version.
    fn type_and_version(&self) -> (&'static str, u16);

    /// The event's body as JSON.
    ///
    /// # Errors
    /// What serialisation says; the library's own events always serialise.
    fn to_json(&self) -> serde_json::Result<Vec<u8>>;

    /// The event of this type with this body in its present schema.
    ///
    /// # Errors
    /// What deserialisation says.
    fn from_json(name: &str, json: &[u8]) -> Option<serde_json::Result<Self>>;
}

/// Makes an enum of events, whose bodies are types that serde knows.
macro_rules! typed_events {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $($(#[$variant_meta:meta])* $variant:ident($body:ty) = ($type:literal, $version:literal)),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq)]
        pub enum $name {
            $($(#[$variant_meta])* $variant($body),)*
        }

        impl $crate::store::TypedEvents for $name {
            const TYPES: &'static [(&'static str, u16)] = &[$(($type, $version)),*];

            fn type_and_version(&self) -> (&'static str, u16) {
                match self {
                    $(Self::$variant(_) => ($type, $version),)*
                }
            }

            fn to_json(&self) -> serde_json::Result<Vec<u8>> {
                match self {
                    $(Self::$variant(body) => serde_json::to_vec(body),)*
                }
            }

            fn from_json(name: &str, json: &[u8]) -> Option<serde_json::Result<Self>> {
                match name {
                    $($type => Some(serde_json::from_slice(json).map(Self::$variant)),)*
                    _ => None,
                }
            }
        }
    };
}
pub(crate) use typed_events;

/// Why a stored event cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// No event of this type belongs into its stream. A newer release may know it: update.
    #[error("event type `{event_type}` is not known to this release")]
    UnknownType {
        /// The type's name.
        event_type: String,
    },
    /// A newer release wrote it. Update.
    #[error(
        "event `{event_type}` has schema version {found}, and this release reads up to {newest}"
    )]
    NewerVersion {
        /// The type's name.
        event_type: String,
        /// Its schema version.
        found: u16,
        /// The newest that this release reads.
        newest: u16,
    },
    /// An old schema cannot be brought up to the present one. The log was damaged, or a
    /// release is missing an upcaster.
    #[error("event `{event_type}` has schema version {found}, which cannot be brought up to date")]
    NoUpcaster {
        /// The type's name.
        event_type: String,
        /// The version at which the way ended.
        found: u16,
    },
    /// Its body is not what its schema says. The log was damaged.
    #[error("the body of event `{event_type}` is not what its schema says: {source}")]
    Malformed {
        /// The type's name.
        event_type: String,
        /// What is wrong.
        source: serde_json::Error,
    },
}

/// One step from an old schema to the next.
#[derive(Debug, Clone, Copy)]
pub struct Upcaster {
    /// The type's name.
    pub event_type: &'static str,
    /// The version that it starts from; it leads to the one after.
    pub from: u16,
    /// Makes the next version's body out of this one's.
    pub step: fn(Value) -> Value,
}

/// Turns typed events into stored ones and back.
#[derive(Debug, Clone, Default)]
pub struct Codec {
    upcasters: Vec<Upcaster>,
}

impl Codec {
    /// The codec of this release. No event has an older schema yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same, which also takes this step.
    #[must_use]
    pub fn with(mut self, upcaster: Upcaster) -> Self {
        self.upcasters.push(upcaster);
        self
    }

    /// Type, schema version and body of an event, as a commit takes them.
    ///
    /// # Errors
    /// What serialisation says; the library's own events always serialise.
    pub fn encode<E: TypedEvents>(
        &self,
        event: &E,
    ) -> serde_json::Result<(EventType, u16, Vec<u8>)> {
        let (name, version) = event.type_and_version();
        Ok((EventType::new(name), version, event.to_json()?))
    }

    /// The typed event, brought up to its present schema.
    ///
    /// # Errors
    /// [`DecodeError`] when it is unknown, newer than this release, or damaged.
    pub fn decode<E: TypedEvents>(&self, event: &NewEvent) -> Result<E, DecodeError> {
        let name = event.event_type.as_str();
        let event_type = || name.to_owned();
        let known = E::TYPES.iter().find(|(known, _)| *known == name);
        let Some((_, newest)) = known.copied() else {
            return Err(DecodeError::UnknownType {
                event_type: event_type(),
            });
        };
        if event.schema_version > newest {
            return Err(DecodeError::NewerVersion {
                event_type: event_type(),
                found: event.schema_version,
                newest,
            });
        }
        let decoded = match event.schema_version == newest {
            true => E::from_json(name, &event.payload),
            false => E::from_json(name, &self.upcast(event, newest)?),
        };
        let unknown = || DecodeError::UnknownType {
            event_type: event_type(),
        };
        decoded
            .ok_or_else(unknown)?
            .map_err(|source| DecodeError::Malformed {
                event_type: event_type(),
                source,
            })
    }

    fn upcast(&self, event: &NewEvent, newest: u16) -> Result<Vec<u8>, DecodeError> {
        let event_type = event.event_type.as_str();
        let malformed = |source| DecodeError::Malformed {
            event_type: event_type.to_owned(),
            source,
        };
        let mut body: Value = serde_json::from_slice(&event.payload).map_err(malformed)?;
        for found in event.schema_version..newest {
            let mut steps = self.upcasters.iter();
            let step = steps.find(|step| step.event_type == event_type && step.from == found);
            let Some(step) = step else {
                let event_type = event_type.to_owned();
                return Err(DecodeError::NoUpcaster { event_type, found });
            };
            body = (step.step)(body);
        }
        serde_json::to_vec(&body).map_err(malformed)
    }
}
