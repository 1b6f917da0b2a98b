//! Brands, products and production batches, as the host's catalogue has them.

use serde::{Deserialize, Serialize};

use super::schema::{Fields, Schema};
use crate::gs1::{Gtin, ResolverBase};
use crate::ids::{BrandId, ProductBatchId, ProductId};

/// A brand, as far as minting has to know it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Brand {
    /// Its id.
    pub id: BrandId,
    /// Its name.
    pub name: String,
    /// What its resolver URLs begin with. A batch keeps the one that it was accepted with.
    pub resolver: ResolverBase,
    /// What its products' passports must have.
    #[serde(default)]
    pub schema: Schema,
}

/// A catalogue entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Product {
    /// Its id, which never changes.
    pub id: ProductId,
    /// The brand that it belongs to.
    pub brand_id: BrandId,
    /// The brand's own number for it.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// Its GTIN, if it has one.
    #[serde(default)]
    pub gtin: Option<Gtin>,
    /// Whether it is on sale.
    pub commercial_status: CommercialStatus,
    /// The fields of its passport.
    #[serde(default)]
    pub fields: Fields,
}

impl Brand {
    /// A brand whose schema asks for nothing.
    pub fn new(id: BrandId, name: &str, resolver: ResolverBase) -> Self {
        Self {
            id,
            name: name.to_owned(),
            resolver,
            schema: Schema::default(),
        }
    }
}

impl Product {
    /// An active product without GTIN and fields.
    pub fn new(id: ProductId, brand_id: BrandId, sku: &str, name: &str) -> Self {
        Self {
            id,
            brand_id,
            sku: sku.to_owned(),
            name: name.to_owned(),
            gtin: None,
            commercial_status: CommercialStatus::Active,
            fields: Fields::new(),
        }
    }

    /// Whether a search for this text finds it: its SKU begins with it, in either case, or its
    /// GTIN does, with 14 digits or with fewer zeros at its front.
    pub fn is_found_by(&self, prefix: &str) -> bool {
        let head = self.sku.as_bytes().get(..prefix.len());
        let by_sku = head.is_some_and(|head| head.eq_ignore_ascii_case(prefix.as_bytes()));
        let by_gtin = self.gtin.is_some_and(|gtin| {
            let mut digits = gtin.as_str();
            // A GTIN-12 may itself begin with a zero, so how many were filled up is not known.
            while let Some(shorter) = digits
                .strip_prefix('0')
                .filter(|_| !digits.starts_with(prefix))
            {
                digits = shorter;
            }
            !prefix.is_empty() && digits.starts_with(prefix)
        });
        by_sku || by_gtin
    }

    /// The same, with a GTIN.
    #[must_use]
    pub const fn with_gtin(mut self, gtin: Gtin) -> Self {
        self.gtin = Some(gtin);
        self
    }
}

/// Where a product stands commercially. Only an active one can be minted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommercialStatus {
    /// Not yet on sale.
    Draft,
    /// On sale.
    Active,
    /// No longer made.
    Discontinued,
    /// No longer kept in the catalogue's listings.
    Archived,
}

impl CommercialStatus {
    /// The status as it stands in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Active => "active",
            Self::Discontinued => "discontinued",
            Self::Archived => "archived",
        }
    }
}

/// An ERP production run of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductBatch {
    /// Its id.
    pub id: ProductBatchId,
    /// The brand that it belongs to.
    pub brand_id: BrandId,
    /// The product that it makes.
    pub product_id: ProductId,
    /// Whether units may be minted for it.
    pub status: ProductBatchStatus,
    /// How many units all jobs that name it may mint together; no cap if it is missing.
    #[serde(default)]
    pub quantity: Option<u64>,
}

/// Where a production run stands. Only a ready one can be minted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProductBatchStatus {
    /// Not yet released.
    Planned,
    /// Released.
    Ready,
    /// Done.
    Closed,
}

impl ProductBatchStatus {
    /// The status as it stands in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Ready => "ready",
            Self::Closed => "closed",
        }
    }
}
