//! Logos of exports, kept by their content: an export is made with the one that it was asked for
//! with, whatever its brand wishes later.

use bytes::Bytes;
use dpp_core::BrandId;
use dpp_core::export::ExportFacts;

use super::error::PackFailure;
use super::{Exporter, ExporterError, paths};
use crate::logo::Logo;

impl Exporter {
    /// Keeps a logo for the exports that are asked for with it.
    pub(super) async fn keep_logo(&self, brand: BrandId, logo: &Logo) -> Result<(), ExporterError> {
        let path = paths::logo(brand, &logo.sha256())?;
        let bytes = Bytes::copy_from_slice(logo.bytes()).into();
        Ok(self.inner.storage.write_small(&path, bytes).await?)
    }

    /// The logo that an export was asked for with.
    pub(super) async fn kept_logo(
        &self,
        brand: BrandId,
        facts: &ExportFacts,
    ) -> Result<Option<Logo>, PackFailure> {
        let Some(expected) = facts.options.logo else {
            return Ok(None);
        };
        let path = paths::logo(brand, &expected)?;
        let bytes = self.inner.storage.read_small(&path).await?;
        let logo = Logo::parse(&bytes)?;
        match logo.sha256() == expected {
            true => Ok(Some(logo)),
            false => Err(PackFailure::OtherLogo { path, expected }),
        }
    }
}
