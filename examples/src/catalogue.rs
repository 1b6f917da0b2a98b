//! A catalogue that is a file.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use dpp_core::passport::{Brand, Product, ProductBatch};
use dpp_core::service::EntropyError;
use dpp_core::{ProductBatchId, ProductId};
use dpp_store_memory::MemoryCatalogue;
use serde::Deserialize;
use uuid::Builder;

use crate::os_entropy;

/// One brand with its products and production batches, as `examples/data/catalogue.json` has
/// them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CatalogueFile {
    /// The brand.
    pub brand: Brand,
    /// Its products, in the file's order.
    pub products: Vec<Product>,
    /// Its production batches, in the file's order.
    #[serde(default)]
    pub product_batches: Vec<ProductBatch>,
}

/// Why a catalogue file cannot be read. Correct what it names.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// There is no such file, or it may not be read.
    #[error("catalogue `{}` cannot be read: {source}", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: io::Error,
    },
    /// It is not a catalogue.
    #[error("catalogue `{}` is not right: {source}", .path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        source: serde_json::Error,
    },
}

impl CatalogueFile {
    /// The catalogue that comes with the examples.
    ///
    /// # Errors
    /// [`CatalogueError`].
    pub fn of_the_examples() -> Result<Self, CatalogueError> {
        Self::read(concat!(env!("CARGO_MANIFEST_DIR"), "/data/catalogue.json"))
    }

    /// The catalogue in this file.
    ///
    /// # Errors
    /// [`CatalogueError`].
    pub fn read(path: impl AsRef<Path>) -> Result<Self, CatalogueError> {
        let path = path.as_ref();
        let json = fs::read(path).map_err(|source| CatalogueError::Read {
            path: path.to_owned(),
            source,
        })?;
        serde_json::from_slice(&json).map_err(|source| CatalogueError::Malformed {
            path: path.to_owned(),
            source,
        })
    }

    /// The same with production batches of new ids, as after another production run: what
    /// earlier jobs took of the old ones does not count for these.
    ///
    /// # Errors
    /// [`EntropyError`] when the system gives no random ids.
    pub fn with_new_product_batches(mut self) -> Result<Self, EntropyError> {
        for batch in &mut self.product_batches {
            let mut random = [0; 16];
            os_entropy(&mut random)?;
            let id = Builder::from_random_bytes(random).into_uuid();
            batch.id = ProductBatchId::from_uuid(id);
        }
        Ok(self)
    }

    /// The first production batch of a product.
    pub fn product_batch_of(&self, product: ProductId) -> Option<&ProductBatch> {
        let mut batches = self.product_batches.iter();
        batches.find(|batch| batch.product_id == product)
    }

    /// All of it, as the service asks for it.
    pub fn to_memory(&self) -> MemoryCatalogue {
        let catalogue = MemoryCatalogue::default().with_brand(self.brand.clone());
        let products = self.products.iter().cloned();
        let catalogue = products.fold(catalogue, MemoryCatalogue::with_product);
        let batches = self.product_batches.iter().cloned();
        batches.fold(catalogue, MemoryCatalogue::with_product_batch)
    }
}
