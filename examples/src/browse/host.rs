//! A brand's host, and what it does with its units before anybody looks at them.

use dpp_core::identity::{LotId, MintBatchId, MintUnitId};
use dpp_core::mint::{ActivationMode, BatchStatus, LotRequest, MintRequest};
use dpp_core::read::Reads;
use dpp_core::service::{
    ActivateAnswer, MintService, PreflightAnswer, RevokeAnswer, RevokedUnits, Settings,
    UnitSelection,
};
use dpp_core::{BrandId, BrandScope, Caller, ProductId};

use super::BrowseError;
use crate::database::Store;
use crate::host::{now, open};
use crate::work::complete;
use crate::{CatalogueFile, Progress};

/// It has a service on a store, and speaks as an owner; scans come from the public.
pub(super) struct Host<'a> {
    store: &'a Store,
    service: MintService,
    brand: BrandId,
    owner: Caller,
}

impl<'a> Host<'a> {
    pub(super) fn new(store: &'a Store, catalogue: &CatalogueFile) -> Result<Self, BrowseError> {
        let (service, owner) = open(store, catalogue, Settings::default())?;
        Ok(Self {
            store,
            service,
            brand: catalogue.brand.id,
            owner,
        })
    }

    pub(super) fn reads(&self) -> Reads {
        self.service.reads()
    }

    pub(super) fn scope(&self) -> Result<BrandScope, BrowseError> {
        Ok(self.owner.to_read(self.brand)?)
    }

    /// Whether units of a product can be minted.
    pub(super) async fn is_ready(&self, product: ProductId) -> Result<bool, BrowseError> {
        let mode = ActivationMode::FirstScan;
        let request = MintRequest::of_serials(self.brand, product, 1, mode);
        let answer = self.service.preflight(&self.owner, request).await?;
        Ok(answer == PreflightAnswer::PreflightPass)
    }

    pub(super) async fn mint_serials(
        &self,
        product: ProductId,
        units: u32,
    ) -> Result<MintBatchId, BrowseError> {
        let mode = ActivationMode::FirstScan;
        let request = MintRequest::of_serials(self.brand, product, units.into(), mode);
        self.mint(request).await
    }

    pub(super) async fn mint_lots(
        &self,
        product: ProductId,
        lots: &[(&str, u32)],
    ) -> Result<MintBatchId, BrowseError> {
        let lots = lots.iter().map(|(code, qty)| LotRequest {
            lot_code: (*code).to_owned(),
            qty: u64::from(*qty),
        });
        let mode = ActivationMode::FirstScan;
        let request = MintRequest::of_lots(self.brand, product, lots.collect(), mode);
        self.mint(request).await
    }

    async fn mint(&self, request: MintRequest) -> Result<MintBatchId, BrowseError> {
        let submitted = self.service.submit(&self.owner, request, now()).await?;
        let job = submitted.job().ok_or(BrowseError::Blocked)?;
        let (service, scope) = (&self.service, self.scope()?);
        let unseen = Progress::hidden();
        complete(self.store, service, &scope, job, "browse", &unseen).await?;
        Ok(job.batch())
    }

    pub(super) async fn scan(&self, unit: MintUnitId) -> Result<ActivateAnswer, BrowseError> {
        let public = Caller::scan();
        let answer = self.service.activate_unit(&public, self.brand, unit, now());
        Ok(answer.await?)
    }

    pub(super) async fn scan_lot(&self, lot: LotId) -> Result<ActivateAnswer, BrowseError> {
        let public = Caller::scan();
        let answer = self.service.activate_lot(&public, self.brand, lot, now());
        Ok(answer.await?)
    }

    pub(super) async fn revoke(
        &self,
        unit: MintUnitId,
        why: &str,
    ) -> Result<RevokeAnswer, BrowseError> {
        let (owner, reason) = (&self.owner, why.parse()?);
        let answer = self
            .service
            .revoke_unit(owner, self.brand, unit, reason, now());
        Ok(answer.await?)
    }

    pub(super) async fn revoke_some(
        &self,
        batch: MintBatchId,
        units: &UnitSelection,
        why: &str,
    ) -> Result<RevokedUnits, BrowseError> {
        let (owner, reason) = (&self.owner, why.parse()?);
        let answer = self
            .service
            .revoke_units(owner, self.brand, batch, units, reason, now());
        Ok(answer.await?)
    }

    pub(super) async fn set_exported(&self, batch: MintBatchId) -> Result<(), BrowseError> {
        let (owner, to) = (&self.owner, BatchStatus::Exported);
        let set = self
            .service
            .set_mint_batch_status(owner, self.brand, batch, to, None, now());
        set.await?;
        Ok(())
    }
}
