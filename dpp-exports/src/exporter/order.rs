//! Asking for an export.

use dpp_core::export::{
    ExportFacts, ExportFormat, ExportOptions, ExportRejection, ProfileName, QrText,
};
use dpp_core::gs1::CompanyPrefixLength;
use dpp_core::identity::MintBatchId;
use dpp_core::read::UnitStatuses;
use dpp_core::service::{ExportAnswer, ExportError, ExportRequest};
use dpp_core::{BrandId, BrandScope, Caller, Timestamp};
use tokio::task;

use super::branding::BrandExports;
use super::error::PackFailure;
use super::recipe::Recipe;
use super::{Exporter, ExporterError};
use crate::pack::PackUnits;
use crate::profile::Profile;

/// What is asked for. What is not said the brand's wishes say, and then the format itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportOrder {
    /// The brand.
    pub brand_id: BrandId,
    /// Its batch.
    pub mint_batch_id: MintBatchId,
    /// What is to be made.
    pub format: ExportFormat,
    /// The carrier profile, in its newest version.
    pub profile: Option<ProfileName>,
    /// How long the company prefix of the product's GTIN is, for EPCs that have to tell.
    pub company_prefix_length: Option<CompanyPrefixLength>,
    /// Which form of the URL the QR codes of a bundle hold.
    pub qr_text: QrText,
}

impl ExportOrder {
    /// A batch in a format, with nothing else said.
    pub fn of(brand_id: BrandId, mint_batch_id: MintBatchId, format: ExportFormat) -> Self {
        Self {
            brand_id,
            mint_batch_id,
            format,
            profile: None,
            company_prefix_length: None,
            qr_text: QrText::default(),
        }
    }

    /// The same for the printer or tag encoder with this profile.
    #[must_use]
    pub fn for_profile(mut self, profile: ProfileName) -> Self {
        self.profile = Some(profile);
        self
    }
}

impl Exporter {
    /// Asks for an export of all units that a batch has made, and looks first that each of them
    /// can be laid out as the profile says. One with the same facts whose time is not over is
    /// the answer as it stands; it goes on after its last completed pack.
    ///
    /// # Errors
    /// [`ExporterError`]; no export was begun. A logo may have been put into the storage, where
    /// the next request finds it.
    pub async fn request(
        &self,
        caller: &Caller,
        order: &ExportOrder,
        now: Timestamp,
    ) -> Result<ExportAnswer, ExporterError> {
        let scope = caller.to_write(order.brand_id)?.to_read();
        let wishes = self.inner.branding.exports(order.brand_id).await?;
        let request = self.to_request(order, &wishes)?;
        let service = &self.inner.service;
        let facts = service.facts(&scope, &request).await?;
        if facts.units == 0 {
            return Err(no_units(&facts).into());
        }
        let logo = wishes.logo.filter(|_| facts.options.logo.is_some());
        let recipe = Recipe::of(&facts, order.brand_id, &self.inner.profiles, logo.clone())?;
        self.check_units(&scope, &facts, &recipe).await?;
        if let Some(logo) = logo {
            self.keep_logo(order.brand_id, &logo).await?;
        }
        Ok(service.request(caller, &request, now).await?)
    }

    /// What an order comes to by the brand's wishes. What the format does not use is left out,
    /// so that two orders that make the same ask for the same.
    fn to_request(
        &self,
        order: &ExportOrder,
        wishes: &BrandExports,
    ) -> Result<ExportRequest, ExporterError> {
        let chosen = self.inner.profiles.choose(
            order.brand_id,
            order.format,
            order.profile.as_ref(),
            wishes.profiles.get(&order.format),
            self.inner.defaults.get(&order.format),
        )?;
        let is_bundle = order.format == ExportFormat::QrBundle;
        let needs_prefix = chosen
            .and_then(Profile::epc)
            .is_some_and(|epc| epc.scheme.needs_company_prefix());
        let given = order.company_prefix_length;
        let options = ExportOptions {
            company_prefix_length: given
                .or(wishes.company_prefix_length)
                .filter(|_| needs_prefix),
            qr_text: match is_bundle {
                true => order.qr_text,
                false => QrText::default(),
            },
            logo: wishes
                .logo
                .as_ref()
                .filter(|_| is_bundle)
                .map(crate::logo::Logo::sha256),
        };
        Ok(ExportRequest {
            brand_id: order.brand_id,
            mint_batch_id: order.mint_batch_id,
            format: order.format,
            profile: chosen.map(|profile| profile.id().clone()),
            options,
        })
    }

    /// That each unit can be laid out: a tag that does not fit must be told of now, not by the
    /// hundredth pack.
    async fn check_units(
        &self,
        scope: &BrandScope,
        facts: &ExportFacts,
        recipe: &Recipe,
    ) -> Result<(), ExporterError> {
        if !recipe.is_picky() {
            return Ok(());
        }
        let reads = self.inner.service.reads();
        let units = reads.batch_units(scope, facts.mint_batch_id).await?;
        let statuses = UnitStatuses::at_mint(&units);
        for slice in facts.slices() {
            let provided = reads.provided(scope, &units, slice.indexes()).await?;
            let pack = PackUnits::new(units.clone(), slice, provided, statuses.clone())?;
            let recipe = recipe.clone();
            let checked = task::spawn_blocking(move || recipe.check(&pack)).await;
            checked.map_err(|error| PackFailure::BrokenOff(error.to_string()))??;
        }
        Ok(())
    }
}

fn no_units(facts: &ExportFacts) -> ExportError {
    ExportError::Rejected {
        batch: facts.mint_batch_id,
        rejection: ExportRejection::NoUnits,
    }
}
