//! A brand's host, and what it does with its units before anybody looks at them.

use std::sync::Arc;

use dpp_core::identity::{LotId, MintBatchId, MintUnitId};
use dpp_core::mint::{ActivationMode, BatchStatus, JobStatus, LotRequest, MintRequest};
use dpp_core::read::{ReadFold, Reads};
use dpp_core::service::{
    self, ActivateAnswer, Did, MintService, PreflightAnswer, RevokeAnswer, RevokedUnits, Settings,
    UnitSelection, Worker,
};
use dpp_core::store::log::WorkerName;
use dpp_core::{BrandId, BrandScope, Caller, ProductId, Role, UserId};
use dpp_store_memory::MemoryStore;

use super::BrowseError;
use crate::{CatalogueFile, now, os_entropy};

/// It has a service on the store in memory, and speaks as an owner; scans come from the public.
pub(super) struct Host {
    service: MintService,
    brand: BrandId,
    owner: Caller,
}

impl Host {
    pub(super) fn new(catalogue: &CatalogueFile) -> Result<Self, BrowseError> {
        let log = Arc::new(MemoryStore::default());
        let fold = Arc::new(ReadFold::new(log.clone()));
        let host = service::Host {
            catalogue: Arc::new(catalogue.to_memory()),
            entropy: Arc::new(os_entropy),
        };
        let brand = catalogue.brand.id;
        let user = UserId::parse("8e81973e-0bec-47b0-b898-d190f9ebdacc")?;
        Ok(Self {
            service: MintService::new(log, fold, host, Settings::default()),
            brand,
            owner: Caller::user(user).with_role(brand, Role::Owner),
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
        let mut worker = Worker::new(self.service.clone(), WorkerName::parse("browse")?);
        loop {
            match worker.run_once(now()).await?.did {
                Did::Made(cycle) if cycle.status == JobStatus::Completed => return Ok(job.batch()),
                Did::Made(_) | Did::Took(_) => {}
                _ => return Err(BrowseError::NotCompleted(job)),
            }
        }
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
