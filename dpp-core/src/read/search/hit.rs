//! What a search finds.

use serde::Serialize;

use crate::export::ExportFormat;
use crate::gs1::{Gtin, LotCode};
use crate::identity::{LotId, MintBatchId};
use crate::ids::{ExportId, ProductId};
use crate::passport::Product;
use crate::read::listing::{BatchRow, Listed, UnitRow};
use crate::store::ExportRecord;
use crate::time::Timestamp;

/// Something that a search found. On the wire it says its `kind`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum SearchHit {
    /// A product.
    Product(ProductHit),
    /// A unit.
    Token(UnitRow),
    /// A lot.
    Lot(LotHit),
    /// A batch.
    Batch(BatchRow),
    /// An export.
    Export(ExportHit),
}

/// A product that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProductHit {
    /// Its id.
    pub product_id: ProductId,
    /// Its SKU.
    pub product_sku: String,
    /// Its name.
    pub product_name: String,
    /// Its GTIN.
    pub gtin: Option<Gtin>,
}

/// A lot that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LotHit {
    /// Its id.
    pub lot_id: LotId,
    /// Its code.
    pub lot_code: LotCode,
    /// Its batch.
    pub mint_batch_id: MintBatchId,
    /// Its product.
    pub product_id: ProductId,
    /// The product's SKU as it is now; none if the product is gone.
    pub product_sku: Option<String>,
    /// How many units it has when it is whole.
    pub qty: u32,
    /// What is printed on all of its items.
    pub resolver_url: String,
}

/// An export that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExportHit {
    /// Its id.
    pub export_id: ExportId,
    /// Its batch.
    pub mint_batch_id: MintBatchId,
    /// What it makes.
    pub format: ExportFormat,
    /// Whether all of its packs are there.
    pub completed: bool,
    /// When it was asked for.
    pub requested_at: Timestamp,
}

impl Listed for SearchHit {
    const NAME: &'static str = "hits";
}

impl SearchHit {
    pub(super) fn of_product(product: Product) -> Self {
        Self::Product(ProductHit {
            product_id: product.id,
            product_sku: product.sku,
            product_name: product.name,
            gtin: product.gtin,
        })
    }

    pub(super) const fn of_export(export: &ExportRecord) -> Self {
        Self::Export(ExportHit {
            export_id: export.export_id,
            mint_batch_id: export.mint_batch_id,
            format: export.format,
            completed: export.completed,
            requested_at: export.requested_at,
        })
    }
}
