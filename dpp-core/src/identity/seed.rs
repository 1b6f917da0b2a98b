//! The secrets that everything else is derived from.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Why a text is not a seed. Pass 64 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a seed is 64 hexadecimal digits, and this has {len} characters or others than those")]
pub struct SeedError {
    /// How long the text is. The text itself is not repeated: it may be a secret.
    pub len: usize,
}

macro_rules! seeds {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name([u8; 32]);

        impl $name {
            /// The seed with these bytes, which must come from a source of entropy that is
            /// fit for keys.
            pub const fn from_bytes(bytes: [u8; 32]) -> Self {
                Self(bytes)
            }

            /// The bytes.
            pub const fn as_bytes(&self) -> &[u8; 32] {
                &self.0
            }

            /// The keyed BLAKE3 extendable output of (seed, domain).
            pub(super) fn stream(&self, domain: Domain) -> blake3::OutputReader {
                blake3::Hasher::new_keyed(&self.0)
                    .update(domain.name().as_bytes())
                    .finalize_xof()
            }
        }

        impl FromStr for $name {
            type Err = SeedError;

            fn from_str(text: &str) -> Result<Self, SeedError> {
                blake3::Hash::from_hex(text)
                    .map(|bytes| Self(*bytes.as_bytes()))
                    .map_err(|_| SeedError { len: text.len() })
            }
        }

        impl TryFrom<String> for $name {
            type Error = SeedError;

            fn try_from(text: String) -> Result<Self, SeedError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(seed: $name) -> Self {
                blake3::Hash::from_bytes(seed.0).to_hex().to_string()
            }
        }

        /// Does not show the secret.
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    )*};
}

seeds! {
    /// The secret of one batch, drawn when its job is reserved.
    BatchSeed;
    /// The secret of one product's serial pool, drawn when it is first used.
    PoolSeed;
}

/// What a part of a seed's output is for. The names are part of the scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Domain {
    UnitRandomness,
    UnitOrder,
    LotRandomness,
    LotOrder,
    BlockOrder,
    NumberOrder,
}

impl Domain {
    const fn name(self) -> &'static str {
        match self {
            Self::UnitRandomness => "dpp/1/unit/randomness",
            Self::UnitOrder => "dpp/1/unit/order",
            Self::LotRandomness => "dpp/1/lot/randomness",
            Self::LotOrder => "dpp/1/lot/order",
            Self::BlockOrder => "dpp/1/pool/block-order",
            Self::NumberOrder => "dpp/1/pool/number-order",
        }
    }
}

/// The 16 random bytes that unit `index` owns, as two numbers, most significant byte first.
pub(super) fn randomness_at(stream: &blake3::OutputReader, index: u32) -> [u64; 2] {
    let mut stream = stream.clone();
    let mut bytes = [0; 16];
    stream.set_position(16 * u64::from(index));
    stream.fill(&mut bytes);
    split(bytes)
}

pub(super) fn split(bytes: [u8; 16]) -> [u64; 2] {
    let whole = u128::from_be_bytes(bytes);
    [(whole >> 64) as u64, whole as u64]
}
