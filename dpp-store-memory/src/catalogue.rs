//! A catalogue in memory.

use std::collections::HashMap;

use async_trait::async_trait;
use dpp_core::passport::{Brand, Product, ProductBatch};
use dpp_core::store::log::PageLimit;
use dpp_core::store::{Catalogue, CatalogueError};
use dpp_core::{BrandId, ProductBatchId, ProductId};

/// Brands, products and production batches in memory, for tests, examples and hosts whose
/// catalogue is a file. What is added twice under one id is replaced.
#[derive(Debug, Clone, Default)]
pub struct MemoryCatalogue {
    brands: HashMap<BrandId, Brand>,
    products: HashMap<(BrandId, ProductId), Product>,
    batches: HashMap<(BrandId, ProductBatchId), ProductBatch>,
}

impl MemoryCatalogue {
    /// The same, with a brand.
    #[must_use]
    pub fn with_brand(mut self, brand: Brand) -> Self {
        self.brands.insert(brand.id, brand);
        self
    }

    /// The same, with a product.
    #[must_use]
    pub fn with_product(mut self, product: Product) -> Self {
        self.products
            .insert((product.brand_id, product.id), product);
        self
    }

    /// The same, with a production batch.
    #[must_use]
    pub fn with_product_batch(mut self, batch: ProductBatch) -> Self {
        self.batches.insert((batch.brand_id, batch.id), batch);
        self
    }
}

#[async_trait]
impl Catalogue for MemoryCatalogue {
    async fn brand(&self, brand: BrandId) -> Result<Option<Brand>, CatalogueError> {
        Ok(self.brands.get(&brand).cloned())
    }

    async fn product(
        &self,
        brand: BrandId,
        product: ProductId,
    ) -> Result<Option<Product>, CatalogueError> {
        Ok(self.products.get(&(brand, product)).cloned())
    }

    async fn products(
        &self,
        brand: BrandId,
        products: &[ProductId],
    ) -> Result<Vec<Product>, CatalogueError> {
        let found = products
            .iter()
            .filter_map(|id| self.products.get(&(brand, *id)));
        Ok(found.cloned().collect())
    }

    async fn find_products(
        &self,
        brand: BrandId,
        prefix: &str,
        limit: PageLimit,
    ) -> Result<Vec<Product>, CatalogueError> {
        let own = self
            .products
            .values()
            .filter(|product| product.brand_id == brand);
        let mut found: Vec<_> = own.filter(|product| product.is_found_by(prefix)).collect();
        found.sort_by(|a, b| (&a.sku, a.id).cmp(&(&b.sku, b.id)));
        found.truncate(limit.get());
        Ok(found.into_iter().cloned().collect())
    }

    async fn product_batch(
        &self,
        brand: BrandId,
        batch: ProductBatchId,
    ) -> Result<Option<ProductBatch>, CatalogueError> {
        Ok(self.batches.get(&(brand, batch)).cloned())
    }
}
