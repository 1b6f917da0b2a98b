//! What the catalogue says of the products of a page.

use std::collections::{BTreeSet, HashMap};

use super::reads::{Reads, ReadsError};
use crate::access::BrandScope;
use crate::ids::ProductId;
use crate::passport::Product;

/// The products of a page, as far as the catalogue still has them.
#[derive(Debug, Default)]
pub(super) struct Products(HashMap<ProductId, Product>);

impl Products {
    pub(super) fn sku(&self, id: ProductId) -> Option<String> {
        self.0.get(&id).map(|product| product.sku.clone())
    }

    pub(super) fn name(&self, id: ProductId) -> Option<String> {
        self.0.get(&id).map(|product| product.name.clone())
    }
}

impl Reads {
    /// Asks the catalogue once for all of these products. What it answers is believed only if
    /// it says the brand that was asked for.
    pub(super) async fn products(
        &self,
        scope: &BrandScope,
        ids: impl IntoIterator<Item = ProductId>,
    ) -> Result<Products, ReadsError> {
        let ids: BTreeSet<_> = ids.into_iter().collect();
        if ids.is_empty() {
            return Ok(Products::default());
        }
        let ids: Vec<_> = ids.into_iter().collect();
        let found = self.catalogue.products(scope.brand(), &ids).await?;
        let own = found
            .into_iter()
            .filter(|product| product.brand_id == scope.brand());
        Ok(Products(own.map(|product| (product.id, product)).collect()))
    }
}
