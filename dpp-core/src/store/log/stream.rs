//! Streams and their versions.

use std::fmt;
use std::num::NonZeroU64;

use uuid::Uuid;

/// What a stream tells the story of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum StreamKind {
    /// A mint job and its batch; the stream's id is the batch's.
    MintBatch,
    /// The serials of one product; the stream's id is the product's.
    SerialPool,
    /// The quota of one production batch; the stream's id is the production batch's.
    ProductBatch,
    /// A unit that something happened to by itself; the stream's id is the unit's.
    MintUnit,
    /// A lot that something happened to by itself; the stream's id is the lot's.
    MintLot,
    /// Units of one batch that were revoked together; the stream's id is the batch's.
    UnitRevocations,
    /// An export; the stream's id is the export's.
    Export,
}

impl StreamKind {
    /// Every kind there is.
    pub const ALL: [Self; 7] = [
        Self::MintBatch,
        Self::SerialPool,
        Self::ProductBatch,
        Self::MintUnit,
        Self::MintLot,
        Self::UnitRevocations,
        Self::Export,
    ];

    /// The kind's name as a store keeps it: lower case and `_`, at most 32 bytes.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MintBatch => "mint_batch",
            Self::SerialPool => "serial_pool",
            Self::ProductBatch => "product_batch",
            Self::MintUnit => "mint_unit",
            Self::MintLot => "mint_lot",
            Self::UnitRevocations => "unit_revocations",
            Self::Export => "export",
        }
    }

    /// The kind with this name, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// Names a stream inside its brand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamId {
    kind: StreamKind,
    id: Uuid,
}

impl StreamId {
    /// The stream of this kind for the thing with this id.
    pub const fn new(kind: StreamKind, id: Uuid) -> Self {
        Self { kind, id }
    }

    /// What the stream tells the story of.
    pub const fn kind(&self) -> StreamKind {
        self.kind
    }

    /// The id of the thing.
    pub const fn id(&self) -> &Uuid {
        &self.id
    }
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind.as_str(), self.id)
    }
}

/// The place of an event in its stream, and so the version of a stream that ends with it:
/// 1, 2, 3 and on without a gap.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(NonZeroU64);

impl Version {
    /// The first event's.
    pub const FIRST: Self = Self(NonZeroU64::MIN);

    /// The version with this number; none for 0.
    pub const fn new(number: u64) -> Option<Self> {
        match NonZeroU64::new(number) {
            Some(number) => Some(Self(number)),
            None => None,
        }
    }

    /// The number, from 1.
    pub const fn get(self) -> u64 {
        self.0.get()
    }

    /// The one after this.
    #[must_use]
    pub const fn next(self) -> Self {
        self.plus(1)
    }

    /// The one so many after this.
    #[must_use]
    pub const fn plus(self, events: u64) -> Self {
        Self(self.0.saturating_add(events))
    }

    /// The first version that a stream which now ends at `last` has free.
    pub const fn after(last: Option<Self>) -> Self {
        match last {
            Some(last) => last.next(),
            None => Self::FIRST,
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v{}", self.0)
    }
}

/// How far a writer believes a stream to reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Expected {
    /// The stream has no event.
    NoStream,
    /// The stream ends with this version.
    Exactly(Version),
    /// Wherever it ends; for events that are right in any order.
    Any,
}

impl Expected {
    /// The expectation of a writer who has read up to `version`.
    pub const fn at(version: Option<Version>) -> Self {
        match version {
            Some(version) => Self::Exactly(version),
            None => Self::NoStream,
        }
    }

    /// Whether a stream that ends with `actual` is what was expected.
    pub fn is_met_by(self, actual: Option<Version>) -> bool {
        match self {
            Self::NoStream => actual.is_none(),
            Self::Exactly(version) => actual == Some(version),
            Self::Any => true,
        }
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoStream => f.write_str("no stream"),
            Self::Exactly(version) => write!(f, "version {version}"),
            Self::Any => f.write_str("any version"),
        }
    }
}
