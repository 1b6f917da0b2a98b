//! Claims: keys that only one commit of a brand may ever take.

use std::fmt;

use uuid::Uuid;

use crate::identity::MintBatchId;
use crate::ids::ProductId;
use crate::text_rows::TextRows;

/// What a key is a key of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ClaimKind {
    /// A request's idempotency key.
    IdempotencyKey,
    /// The 60-bit prefix of a batch id.
    BatchPrefix,
    /// A serial that a brand brought itself, of one product.
    Serial,
    /// A format with a number: the turn in which an export of one batch in that format was
    /// asked for, or taken by a worker.
    Export,
}

impl ClaimKind {
    /// Every kind there is.
    pub const ALL: [Self; 4] = [
        Self::IdempotencyKey,
        Self::BatchPrefix,
        Self::Serial,
        Self::Export,
    ];

    /// The kind's name as a store keeps it: lower case and `_`, at most 32 bytes.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::IdempotencyKey => "idempotency_key",
            Self::BatchPrefix => "batch_prefix",
            Self::Serial => "serial",
            Self::Export => "export",
        }
    }
}

/// Where a key is unique: a kind, for serials the product, and for exports the batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClaimSpace {
    kind: ClaimKind,
    scope: Uuid,
}

impl ClaimSpace {
    /// The idempotency keys of a brand.
    pub const IDEMPOTENCY_KEYS: Self = Self::whole_brand(ClaimKind::IdempotencyKey);

    /// The batch prefixes of a brand.
    pub const BATCH_PREFIXES: Self = Self::whole_brand(ClaimKind::BatchPrefix);

    /// The provided serials of a product.
    pub const fn serials_of(product: ProductId) -> Self {
        Self {
            kind: ClaimKind::Serial,
            scope: *product.as_uuid(),
        }
    }

    /// The turns of the exports of a batch.
    pub const fn exports_of(batch: MintBatchId) -> Self {
        Self {
            kind: ClaimKind::Export,
            scope: *batch.as_uuid(),
        }
    }

    const fn whole_brand(kind: ClaimKind) -> Self {
        Self {
            kind,
            scope: Uuid::nil(),
        }
    }

    /// What a key is a key of.
    pub const fn kind(&self) -> ClaimKind {
        self.kind
    }

    /// The product for serials, the batch for exports, else the nil UUID.
    pub const fn scope(&self) -> &Uuid {
        &self.scope
    }
}

impl fmt::Display for ClaimSpace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.scope.is_nil() {
            true => f.write_str(self.kind.as_str()),
            false => write!(f, "{}/{}", self.kind.as_str(), self.scope),
        }
    }
}

/// What a claim says of its key: 0 to 32 bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClaimValue {
    bytes: [u8; Self::MAX],
    len: u8,
}

/// A claim's value is too long. Keep it to 32 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a claim's value has {len} bytes, and at most 32 are kept")]
pub struct ClaimValueError {
    /// How long it is.
    pub len: usize,
}

impl ClaimValue {
    /// The longest value in bytes.
    pub const MAX: usize = 32;

    /// The value with these bytes.
    ///
    /// # Errors
    /// [`ClaimValueError`] when there are over 32.
    pub fn new(value: &[u8]) -> Result<Self, ClaimValueError> {
        let too_long = ClaimValueError { len: value.len() };
        let mut bytes = [0; Self::MAX];
        bytes
            .get_mut(..value.len())
            .ok_or(too_long)?
            .copy_from_slice(value);
        let len = u8::try_from(value.len()).map_err(|_| too_long)?;
        Ok(Self { bytes, len })
    }

    /// The value of two parts of 16 bytes.
    pub fn of_parts(first: &[u8; 16], second: &[u8; 16]) -> Self {
        let mut bytes = [0; Self::MAX];
        let both = first.iter().chain(second);
        bytes
            .iter_mut()
            .zip(both)
            .for_each(|(to, from)| *to = *from);
        Self { bytes, len: 32 }
    }

    /// The owner and the number, for a value of [`ClaimGroup::numbered`].
    pub fn numbered(&self) -> Option<(Uuid, u32)> {
        let (owner, number) = self.as_bytes().split_first_chunk::<16>()?;
        let number = u32::from_be_bytes(number.try_into().ok()?);
        Some((Uuid::from_bytes(*owner), number))
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.len)).unwrap_or_default()
    }
}

impl fmt::Debug for ClaimValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_bytes()
            .iter()
            .try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// One key that a commit takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim<'a> {
    /// Where the key is unique.
    pub space: ClaimSpace,
    /// The key: 1 to 255 bytes of text, told apart byte for byte.
    pub key: &'a str,
    /// What is kept with it.
    pub value: ClaimValue,
}

/// Keys of one space that a commit takes together, in a compact form: what all of their
/// values begin with is kept once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimGroup {
    space: ClaimSpace,
    keys: TextRows,
    values: Values,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Values {
    Same(ClaimValue),
    Numbered([u8; 16]),
}

impl ClaimGroup {
    /// A single key with its value.
    pub fn one(space: ClaimSpace, key: &str, value: ClaimValue) -> Self {
        Self {
            space,
            keys: std::iter::once(key).collect(),
            values: Values::Same(value),
        }
    }

    /// Many keys; the value of the n-th, from 0, is `owner` and then n in 4 bytes, most
    /// significant first.
    pub fn numbered(space: ClaimSpace, keys: TextRows, owner: Uuid) -> Self {
        Self {
            space,
            keys,
            values: Values::Numbered(owner.into_bytes()),
        }
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there is no key.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The claims, in order.
    pub fn iter(&self) -> impl Iterator<Item = Claim<'_>> {
        self.keys.iter().zip(0_u32..).map(|(key, number)| Claim {
            space: self.space,
            key,
            value: self.values.nth(number),
        })
    }
}

impl Values {
    fn nth(&self, number: u32) -> ClaimValue {
        match self {
            Self::Same(value) => *value,
            Self::Numbered(owner) => {
                let mut bytes = [0; ClaimValue::MAX];
                let value = owner.iter().copied().chain(number.to_be_bytes());
                bytes
                    .iter_mut()
                    .zip(value)
                    .for_each(|(to, from)| *to = from);
                ClaimValue { bytes, len: 20 }
            }
        }
    }
}
