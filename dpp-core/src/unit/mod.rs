//! The life of one unit.
//!
//! This room must not know batches' internals.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::mint::ActivationMode;

/// Where a unit stands (SPEC section 3.4).
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
    /// What a unit is when it is made.
    pub const fn at_mint(mode: ActivationMode) -> Self {
        match mode {
            ActivationMode::ActiveAtMint => Self::Active,
            ActivationMode::FirstScan => Self::Minted,
        }
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
