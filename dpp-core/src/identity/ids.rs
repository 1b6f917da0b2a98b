//! Ids that carry meaning: batches and jobs (version 7 UUIDs), units and lots (version 8
//! UUIDs that begin with their batch's prefix). RFC 9562, sections 5.7 and 5.8. Text is the
//! hyphenated lower-case form; parsing takes either case, and no other form.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use uuid::Uuid;

use crate::ids::{IdError, parse_hyphenated};
use crate::serde_text::serde_as_text;
use crate::time::Timestamp;

macro_rules! coded_ids {
    ($($(#[$doc:meta])* $name:ident, $kind:literal, $fits:ident, $form:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// The UUID.
            pub const fn as_uuid(&self) -> &Uuid {
                &self.0
            }

            /// Reads the hyphenated form.
            ///
            /// # Errors
            /// [`IdError`] when the text is not the hyphenated form of a UUID that can be this id.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                text.parse()
            }
        }

        impl TryFrom<Uuid> for $name {
            type Error = IdError;

            fn try_from(uuid: Uuid) -> Result<Self, IdError> {
                if $fits(&uuid) {
                    return Ok(Self(uuid));
                }
                Err(IdError {
                    kind: $kind,
                    input: uuid.to_string(),
                    reason: concat!("it is not ", $form).to_owned(),
                })
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                parse_hyphenated(text, $kind).and_then(Self::try_from)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        serde_as_text!($name, $kind);
    )*};
}

coded_ids! {
    /// A mint batch: a version 7 UUID whose last bit is 0. Its prefix is claimed when the
    /// job is accepted, so that no two batches of a brand share one.
    MintBatchId, "a mint batch id", is_batch, "a version 7 UUID that ends in an even digit";
    /// A mint job: the id of its batch with the last bit 1, so that either tells the other.
    MintJobId, "a mint job id", is_job, "a version 7 UUID that ends in an odd digit";
    /// A unit: a version 8 UUID with its batch's prefix (60 bits), its scrambled index (20)
    /// and its tag (42).
    MintUnitId, "a mint unit id", is_coded, "a version 8 UUID";
    /// A lot: the same form as a unit's id, with tags of its own.
    LotId, "a lot id", is_coded, "a version 8 UUID";
}

fn has_version(uuid: &Uuid, version: usize) -> bool {
    uuid.get_version_num() == version && uuid.get_variant() == uuid::Variant::RFC4122
}

fn is_batch(uuid: &Uuid) -> bool {
    has_version(uuid, 7) && uuid.as_u128() & 1 == 0
}

fn is_job(uuid: &Uuid) -> bool {
    has_version(uuid, 7) && uuid.as_u128() & 1 == 1
}

fn is_coded(uuid: &Uuid) -> bool {
    has_version(uuid, 8)
}

impl MintBatchId {
    /// The least that there can be.
    pub(crate) const LEAST: Self = Self(Uuid::from_u128(7 << 76 | 0b10 << 62));

    /// A new id for this moment with this entropy.
    pub fn new(at: Timestamp, entropy: [u8; 10]) -> Self {
        let millis = u64::try_from(at.unix_millis()).unwrap_or(0);
        let uuid = uuid::Builder::from_unix_timestamp_millis(millis, &entropy).into_uuid();
        Self(Uuid::from_u128(uuid.as_u128() & !1))
    }

    /// The id of its job.
    pub const fn job(self) -> MintJobId {
        MintJobId(Uuid::from_u128(self.0.as_u128() | 1))
    }

    /// The ids of its units and lots lie among these, and no other batch's do.
    pub const fn coded_ids(self) -> RangeInclusive<Uuid> {
        let (first, last) = CodedId::ends(self.prefix());
        Uuid::from_u128(first)..=Uuid::from_u128(last)
    }

    /// The part that the ids of its units and lots begin with.
    pub const fn prefix(self) -> BatchPrefix {
        BatchPrefix::of(&self.0)
    }
}

impl MintJobId {
    /// The id of its batch.
    pub const fn batch(self) -> MintBatchId {
        MintBatchId(Uuid::from_u128(self.0.as_u128() & !1))
    }
}

/// The 60 bits of a batch id that are left of a UUID's first half without the version: a
/// time in milliseconds (48) and randomness (12). Text is 15 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BatchPrefix(u64);

impl BatchPrefix {
    pub(super) const fn of(uuid: &Uuid) -> Self {
        let high = (uuid.as_u128() >> 64) as u64;
        Self((high >> 16) << 12 | high & 0xfff)
    }

    /// The 60 bits.
    pub const fn to_bits(self) -> u64 {
        self.0
    }
}

impl fmt::Display for BatchPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:015x}", self.0)
    }
}

impl fmt::Debug for BatchPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BatchPrefix({self})")
    }
}

const TAG_BITS: u32 = 42;
const TAG_MASK: u64 = (1 << TAG_BITS) - 1;
const PLACE_MASK: u64 = (1 << 20) - 1;

/// What a unit's or lot's id is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CodedId {
    pub(super) prefix: BatchPrefix,
    pub(super) place: u32,
    pub(super) tag: u64,
}

impl CodedId {
    /// The tag that the first half of a unit's 16 random bytes holds: its top 42 bits.
    pub(super) const fn tag_of(random: u64) -> u64 {
        random >> (64 - TAG_BITS)
    }

    const fn pack(self) -> Uuid {
        let high = (self.prefix.0 >> 12) << 16 | 8 << 12 | self.prefix.0 & 0xfff;
        let low = 0b10 << 62 | (self.place as u64 & PLACE_MASK) << TAG_BITS | self.tag & TAG_MASK;
        Uuid::from_u64_pair(high, low)
    }

    /// The least and the greatest id that a unit of a batch can have.
    pub(super) const fn ends(prefix: BatchPrefix) -> (u128, u128) {
        let first = Self {
            prefix,
            place: 0,
            tag: 0,
        };
        let last = Self {
            prefix,
            place: PLACE_MASK as u32,
            tag: TAG_MASK,
        };
        (first.pack().as_u128(), last.pack().as_u128())
    }

    /// The scrambled index of an id.
    pub(super) const fn place_in(id: u128) -> u32 {
        Self::unpack(&Uuid::from_u128(id)).place
    }

    const fn unpack(uuid: &Uuid) -> Self {
        let low = uuid.as_u128() as u64;
        Self {
            prefix: BatchPrefix::of(uuid),
            place: (low >> TAG_BITS & PLACE_MASK) as u32,
            tag: low & TAG_MASK,
        }
    }
}

impl MintUnitId {
    pub(super) const fn pack(parts: CodedId) -> Self {
        Self(parts.pack())
    }

    pub(super) const fn unpack(self) -> CodedId {
        CodedId::unpack(&self.0)
    }

    /// The prefix of its batch's id.
    pub const fn batch_prefix(self) -> BatchPrefix {
        BatchPrefix::of(&self.0)
    }
}

impl LotId {
    pub(super) const fn pack(parts: CodedId) -> Self {
        Self(parts.pack())
    }

    pub(super) const fn unpack(self) -> CodedId {
        CodedId::unpack(&self.0)
    }

    /// The prefix of its batch's id.
    pub const fn batch_prefix(self) -> BatchPrefix {
        BatchPrefix::of(&self.0)
    }
}
