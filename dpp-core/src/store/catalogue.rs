//! The host's catalogue.

use std::fmt::Debug;

use async_trait::async_trait;

use super::log::PageLimit;
use crate::ids::{BrandId, ProductBatchId, ProductId};
use crate::passport::{Brand, Product, ProductBatch};

/// The host's catalogue. What it answers is believed only if it says the brand that was
/// asked for.
#[async_trait]
pub trait Catalogue: Debug + Send + Sync {
    /// The brand; none if there is no such.
    ///
    /// # Errors
    /// [`CatalogueError`] when the catalogue cannot be asked.
    async fn brand(&self, brand: BrandId) -> Result<Option<Brand>, CatalogueError>;

    /// A product of the brand; none if the brand has no such.
    ///
    /// # Errors
    /// [`CatalogueError`] when the catalogue cannot be asked.
    async fn product(
        &self,
        brand: BrandId,
        product: ProductId,
    ) -> Result<Option<Product>, CatalogueError>;

    /// The products of the brand with these ids, in any order; those that it does not have are
    /// left out. A listing asks this once a page.
    ///
    /// # Errors
    /// [`CatalogueError`] when the catalogue cannot be asked.
    async fn products(
        &self,
        brand: BrandId,
        products: &[ProductId],
    ) -> Result<Vec<Product>, CatalogueError>;

    /// The products of the brand that a search for this text
    /// [finds](Product::is_found_by), by SKU, at most so many.
    ///
    /// # Errors
    /// [`CatalogueError`] when the catalogue cannot be asked.
    async fn find_products(
        &self,
        brand: BrandId,
        prefix: &str,
        limit: PageLimit,
    ) -> Result<Vec<Product>, CatalogueError>;

    /// A production batch of the brand; none if the brand has no such.
    ///
    /// # Errors
    /// [`CatalogueError`] when the catalogue cannot be asked.
    async fn product_batch(
        &self,
        brand: BrandId,
        batch: ProductBatchId,
    ) -> Result<Option<ProductBatch>, CatalogueError>;
}

/// The catalogue cannot be asked. Try again.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the catalogue cannot be asked: {message}")]
pub struct CatalogueError {
    /// What went wrong.
    pub message: String,
}

impl CatalogueError {
    /// The error with what a catalogue says of itself.
    pub fn new(message: impl ToString) -> Self {
        Self {
            message: message.to_string(),
        }
    }
}
