//! Where a unit stands (SPEC section 3.4).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::mint::ActivationMode;

/// Where a unit stands. It only goes forward, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitStatus {
    /// Made, not yet active.
    Minted,
    /// Active.
    Active,
    /// Taken back, for ever.
    Revoked,
}

impl UnitStatus {
    /// Every status, in order.
    pub const ALL: [Self; 3] = [Self::Minted, Self::Active, Self::Revoked];

    /// What a unit is when it is made.
    pub const fn at_mint(mode: ActivationMode) -> Self {
        match mode {
            ActivationMode::ActiveAtMint => Self::Active,
            ActivationMode::FirstScan => Self::Minted,
        }
    }

    /// Where something stands that two things have happened to: revoked over active over
    /// minted, whichever came first.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        self.max(other)
    }

    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Minted => "minted",
            Self::Active => "active",
            Self::Revoked => "revoked",
        }
    }
}

impl fmt::Display for UnitStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
