//! What can be asked about scans, and what is answered.

use super::day::ScanDay;
use crate::identity::MintBatchId;
use crate::ids::ProductId;
use crate::resolver::Scanned;
use crate::time::Timestamp;

/// Which scans are asked for: those for which all that is given holds; by default all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct ScanQuery {
    /// They led to this product, or to something of it.
    pub product: Option<ProductId>,
    /// They led to this batch, or to something of it.
    pub batch: Option<MintBatchId>,
}

impl ScanQuery {
    /// Every scan.
    pub const ALL: Self = Self {
        product: None,
        batch: None,
    };

    /// Whether all that is given holds for a scan that led there.
    pub fn matches(&self, scanned: &Scanned) -> bool {
        self.product
            .is_none_or(|product| scanned.product() == product)
            && self
                .batch
                .is_none_or(|batch| scanned.batch() == Some(batch))
    }
}

/// How often something was scanned on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DayScans {
    /// The day.
    pub day: ScanDay,
    /// How many scans, at least 1.
    pub scans: u64,
}

/// How often a product was scanned, or something of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ProductScans {
    /// The product.
    pub product: ProductId,
    /// How many scans, at least 1.
    pub scans: u64,
}

/// How often a batch was scanned, or a lot or a unit of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BatchScans {
    /// The batch.
    pub batch: MintBatchId,
    /// How many scans, at least 1.
    pub scans: u64,
}

/// The scans of one unit that are still kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct UnitScans {
    /// When the first of them was.
    pub first: Timestamp,
    /// When the last of them was.
    pub last: Timestamp,
    /// How many there are, at least 1.
    pub scans: u64,
}
