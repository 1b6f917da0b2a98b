//! What the host has set up for its resolver.

use std::fmt::Debug;

use async_trait::async_trait;

use super::catalogue::CatalogueError;
use crate::gs1::Gtin;
use crate::ids::{BrandId, ProductId};
use crate::resolver::{GtinOwner, Host, ScannedProduct, Site};

/// The part of the host's catalogue that resolving needs beside the log. Answers are kept for
/// some seconds, so that it is asked seldom.
#[async_trait]
pub trait Sites: Debug + Send + Sync {
    /// What stands behind a host name; none if it is no brand's. It is never asked with a port.
    ///
    /// # Errors
    /// [`CatalogueError`] when the catalogue cannot be asked.
    async fn site(&self, host: &Host) -> Result<Option<Site>, CatalogueError>;

    /// The products of the brand that have this GTIN, or had it, in any order, one that has it
    /// first; none if there is no such product. Products whose codes were minted under the GTIN
    /// need not be told: the log knows them.
    ///
    /// # Errors
    /// [`CatalogueError`] when the catalogue cannot be asked.
    async fn gtin_owners(
        &self,
        brand: BrandId,
        gtin: Gtin,
    ) -> Result<Vec<GtinOwner>, CatalogueError>;

    /// How a product of the brand is shown; none if the brand has no such. Its codes resolve all
    /// the same.
    ///
    /// # Errors
    /// [`CatalogueError`] when the catalogue cannot be asked.
    async fn scanned_product(
        &self,
        brand: BrandId,
        product: ProductId,
    ) -> Result<Option<ScannedProduct>, CatalogueError>;
}
