//! What is kept of a scan: what was resolved, path and query, the time, the kind of program that
//! asked, roughly where from.
//!
//! What must not be kept cannot be said here: there is no type for a full address or a whole user
//! agent.

mod address;
mod agent;
mod location;
mod text;

use serde::{Deserialize, Serialize};

use crate::identity::MintBatchId;
use crate::ids::{BrandId, ProductId};
use crate::time::Timestamp;
use crate::unit::UnitStatus;

pub use address::{CutAddress, CutAddressError};
pub use agent::AgentClass;
pub use location::{CoarseLocation, CoarseLocationError};
pub use text::{MAX_SCAN_TEXT, ScanText};

/// One resolution of a resolver URL by somebody who is not a bot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanRecord {
    /// When.
    pub at: Timestamp,
    /// The brand.
    pub brand: BrandId,
    /// What was resolved.
    pub scanned: Scanned,
    /// Where the unit or the lot stood before this scan; none for a batch or a product.
    pub status: Option<UnitStatus>,
    /// The path as it was asked for.
    pub path: ScanText,
    /// What stood behind the `?`; none without one.
    pub query: Option<ScanText>,
    /// What kind of program asked.
    pub agent: AgentClass,
    /// Roughly where it was, if the host knows.
    pub location: Option<CoarseLocation>,
    /// The network that it came from, if the host knows.
    pub network: Option<CutAddress>,
}

/// What a scan led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Scanned {
    /// A product as such.
    Product {
        /// The product.
        product: ProductId,
    },
    /// A batch as such.
    Batch {
        /// Its product.
        product: ProductId,
        /// The batch.
        batch: MintBatchId,
    },
    /// A lot.
    Lot {
        /// Its product.
        product: ProductId,
        /// Its batch.
        batch: MintBatchId,
        /// Its number in the batch, from 0.
        lot: u32,
    },
    /// A unit.
    Unit {
        /// Its product.
        product: ProductId,
        /// Its batch.
        batch: MintBatchId,
        /// Its index in the batch, from 0.
        index: u32,
    },
}

impl Scanned {
    /// The product.
    pub const fn product(&self) -> ProductId {
        match self {
            Self::Product { product }
            | Self::Batch { product, .. }
            | Self::Lot { product, .. }
            | Self::Unit { product, .. } => *product,
        }
    }

    /// The batch; none for a product as such.
    pub const fn batch(&self) -> Option<MintBatchId> {
        match self {
            Self::Product { .. } => None,
            Self::Batch { batch, .. } | Self::Lot { batch, .. } | Self::Unit { batch, .. } => {
                Some(*batch)
            }
        }
    }

    /// The unit: its batch and its index.
    pub const fn unit(&self) -> Option<(MintBatchId, u32)> {
        match self {
            Self::Unit { batch, index, .. } => Some((*batch, *index)),
            _ => None,
        }
    }

    /// The word on the wire.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Product { .. } => "product",
            Self::Batch { .. } => "batch",
            Self::Lot { .. } => "lot",
            Self::Unit { .. } => "unit",
        }
    }
}
