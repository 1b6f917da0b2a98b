//! What brands wish of their exports.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;

use async_trait::async_trait;
use dpp_core::BrandId;
use dpp_core::export::{ExportFormat, ProfileName};
use dpp_core::gs1::CompanyPrefixLength;

use crate::logo::Logo;

/// What a brand wishes of its exports. By default nothing.
#[derive(Debug, Clone, Default)]
pub struct BrandExports {
    /// The logo in the centre of its QR codes; none if it has none, or does not allow it.
    pub logo: Option<Logo>,
    /// The profiles of formats for which none is named.
    pub profiles: BTreeMap<ExportFormat, ProfileName>,
    /// How long the company prefix of its GTINs is.
    pub company_prefix_length: Option<CompanyPrefixLength>,
}

/// The port to what brands wish of their exports.
#[async_trait]
pub trait Branding: Debug + Send + Sync {
    /// What a brand wishes; the default for one that says nothing.
    ///
    /// # Errors
    /// [`BrandingError`] when it cannot be asked.
    async fn exports(&self, brand: BrandId) -> Result<BrandExports, BrandingError>;
}

/// What brands wish cannot be asked. Try again.
#[derive(Debug, Clone, thiserror::Error)]
#[error("what brand `{brand}` wishes of its exports cannot be asked: {message}")]
pub struct BrandingError {
    /// The brand.
    pub brand: BrandId,
    /// What went wrong.
    pub message: String,
}

/// What brands wish, in memory.
#[derive(Debug, Clone, Default)]
pub struct Brandings(HashMap<BrandId, BrandExports>);

impl Brandings {
    /// The same with what this brand wishes.
    #[must_use]
    pub fn with(mut self, brand: BrandId, exports: BrandExports) -> Self {
        self.0.insert(brand, exports);
        self
    }
}

#[async_trait]
impl Branding for Brandings {
    async fn exports(&self, brand: BrandId) -> Result<BrandExports, BrandingError> {
        Ok(self.0.get(&brand).cloned().unwrap_or_default())
    }
}
