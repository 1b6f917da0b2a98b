//! A catalogue in memory.

use std::collections::HashMap;

use async_trait::async_trait;
use dpp_core::gs1::Gtin;
use dpp_core::passport::{Brand, CommercialStatus, Product, ProductBatch};
use dpp_core::resolver::{GtinOwner, Host, ScannedProduct, Site};
use dpp_core::store::log::PageLimit;
use dpp_core::store::{Catalogue, CatalogueError, Sites};
use dpp_core::{BrandId, ProductBatchId, ProductId, Timestamp};

/// Brands, products and production batches in memory, for tests, examples and hosts whose
/// catalogue is a file. What is added twice under one id is replaced.
#[derive(Debug, Clone, Default)]
pub struct MemoryCatalogue {
    brands: HashMap<BrandId, Brand>,
    products: HashMap<(BrandId, ProductId), Product>,
    batches: HashMap<(BrandId, ProductBatchId), ProductBatch>,
    sites: HashMap<Host, Site>,
    retired: HashMap<(BrandId, Gtin), Vec<GtinOwner>>,
    pages: HashMap<(BrandId, ProductId), ScannedProduct>,
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

    /// The same, with a site under a host name. A brand has a plain one under the host of its
    /// resolver without that.
    #[must_use]
    pub fn with_site(mut self, host: Host, site: Site) -> Self {
        self.sites.insert(host, site);
        self
    }

    /// The same, with a product that had a GTIN until this time.
    #[must_use]
    pub fn with_retired_gtin(
        mut self,
        brand: BrandId,
        gtin: Gtin,
        product: ProductId,
        retired_at: Timestamp,
    ) -> Self {
        let owners = self.retired.entry((brand, gtin)).or_default();
        owners.push(GtinOwner {
            product,
            retired_at: Some(retired_at),
        });
        self
    }

    /// The same, with how a product is shown. Without that it is shown by its name.
    #[must_use]
    pub fn with_scanned_product(
        mut self,
        brand: BrandId,
        product: ProductId,
        shown: ScannedProduct,
    ) -> Self {
        self.pages.insert((brand, product), shown);
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

#[async_trait]
impl Sites for MemoryCatalogue {
    async fn site(&self, host: &Host) -> Result<Option<Site>, CatalogueError> {
        if let Some(site) = self.sites.get(host) {
            return Ok(Some(site.clone()));
        }
        let mut brands = self.brands.values();
        let own = brands.find(|brand| brand.resolver.host() == host.as_str());
        Ok(own.map(|brand| Site::new(brand.id, &brand.name)))
    }

    /// A product has its GTIN while it is active.
    async fn gtin_owners(
        &self,
        brand: BrandId,
        gtin: Gtin,
    ) -> Result<Vec<GtinOwner>, CatalogueError> {
        let of_brand = |product: &&Product| product.brand_id == brand && product.gtin == Some(gtin);
        let own = self.products.values().filter(of_brand);
        let active = own.filter(|product| product.commercial_status == CommercialStatus::Active);
        let mut owners: Vec<_> = active
            .map(|product| GtinOwner {
                product: product.id,
                retired_at: None,
            })
            .collect();
        owners.sort_by_key(|owner| owner.product);
        owners.extend(self.retired.get(&(brand, gtin)).into_iter().flatten());
        Ok(owners)
    }

    async fn scanned_product(
        &self,
        brand: BrandId,
        product: ProductId,
    ) -> Result<Option<ScannedProduct>, CatalogueError> {
        if let Some(shown) = self.pages.get(&(brand, product)) {
            return Ok(Some(shown.clone()));
        }
        let product = self.products.get(&(brand, product));
        Ok(product.map(|product| ScannedProduct::new(&product.name)))
    }
}
