//! Mint requests: as they come in, and as they are once checked.

mod checks;
mod order;
mod problem;

use serde::{Deserialize, Serialize};

pub use order::{IdempotencyKey, MintOrder, OrderedSerials, RequestDigest};
pub use problem::{InvalidRequest, Problem, RowError, RowReason};

use crate::identity::serial::SerialScheme;
use crate::ids::{BrandId, ProductBatchId, ProductId};
use crate::text_rows::TextRows;

/// A mint request as it comes in, unchecked. [`MintRequest::check`] makes a [`MintOrder`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MintRequest {
    /// The brand.
    pub brand_id: BrandId,
    /// The product, one of the brand's.
    pub product_id: ProductId,
    /// The production batch; without one every ERP check is skipped.
    #[serde(default)]
    pub product_batch_id: Option<ProductBatchId>,
    /// How many units: 1 to 1,000,000.
    pub requested_quantity: u64,
    /// Units with serials, or units in lots.
    pub identity_mode: IdentityMode,
    /// Whether units are born active.
    pub activation_mode: ActivationMode,
    /// The lots, in lot mode: at most 100, with distinct codes, whose quantities sum up to
    /// the requested quantity.
    #[serde(default)]
    pub lots: Vec<LotRequest>,
    /// The brand's own serials, in serial mode: exactly as many as units, distinct, each a
    /// valid AI (21).
    #[serde(default)]
    pub serials: Option<TextRows>,
    /// How serials come about, in serial mode; randomised if nothing is said.
    #[serde(default)]
    pub serial_scheme: Option<SerialScheme>,
    /// A key of the caller's: repeating the request under it repeats the answer.
    #[serde(default)]
    pub idempotency_key: Option<String>,
}

/// A lot as it comes in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LotRequest {
    /// The lot's code, AI (10).
    pub lot_code: String,
    /// How many units it has.
    pub qty: u64,
}

/// What tells units apart on the outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentityMode {
    /// Each unit has a serial and a resolver URL of its own.
    Serial,
    /// Lot mode: all units of a lot share its resolver URL. `batch` is the word on the wire.
    Batch,
}

/// When a unit becomes active.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActivationMode {
    /// It is born active.
    ActiveAtMint,
    /// Its first valid scan makes it active.
    FirstScan,
}

impl MintRequest {
    /// A request in serial mode with the default scheme, to be added to.
    pub fn of_serials(
        brand_id: BrandId,
        product_id: ProductId,
        requested_quantity: u64,
        activation_mode: ActivationMode,
    ) -> Self {
        Self {
            brand_id,
            product_id,
            product_batch_id: None,
            requested_quantity,
            identity_mode: IdentityMode::Serial,
            activation_mode,
            lots: Vec::new(),
            serials: None,
            serial_scheme: None,
            idempotency_key: None,
        }
    }

    /// A request in lot mode, to be added to; the quantity is that of the lots.
    pub fn of_lots(
        brand_id: BrandId,
        product_id: ProductId,
        lots: Vec<LotRequest>,
        activation_mode: ActivationMode,
    ) -> Self {
        let requested_quantity = lots
            .iter()
            .fold(0, |sum: u64, lot| sum.saturating_add(lot.qty));
        Self {
            requested_quantity,
            identity_mode: IdentityMode::Batch,
            lots,
            ..Self::of_serials(brand_id, product_id, requested_quantity, activation_mode)
        }
    }
}
