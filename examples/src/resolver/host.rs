//! The host: a brand, the units that it minted, and what resolves their codes.

use std::net::SocketAddr;
use std::sync::Arc;

use dpp_core::identity::MintBatchId;
use dpp_core::mint::{ActivationMode, MintRequest};
use dpp_core::read::{ListLimit, PageRequest, UnitFilter};
use dpp_core::resolver::{Host as HostName, Site};
use dpp_core::service::{MintService, Resolver, ResolverSettings, Settings};
use dpp_core::{BrandId, BrandScope, Caller};
use dpp_store_memory::MemoryCatalogue;

use super::telemetry::Telemetry;
use super::{Listening, ServeError};
use crate::database::Store;
use crate::host::{now, open};
use crate::work::complete;
use crate::{CatalogueFile, Progress};

/// How many paths are told.
const TOLD: u32 = 1_000;

/// The host of one run.
pub(super) struct Host {
    pub(super) resolver: Resolver,
    pub(super) catalogue: Arc<MemoryCatalogue>,
    pub(super) brand: BrandId,
    /// The name of the product that was minted.
    pub(super) product: String,
    pub(super) listening: Listening,
    pub(super) telemetry: Telemetry,
}

impl Host {
    /// Mints units whose codes lead to this address.
    pub(super) async fn minting(
        store: &Store,
        units: u32,
        address: SocketAddr,
        progress: &Progress,
    ) -> Result<Self, ServeError> {
        let base_url = format!("http://{address}");
        let mut file = CatalogueFile::of_the_examples()?;
        // What is printed leads to where this program listens. A host of its own would have its
        // public name here.
        file.brand.resolver = base_url.parse()?;
        let (service, owner) = open(store, &file, Settings::default())?;
        let minting = Minting {
            store,
            service: &service,
            owner: &owner,
            file: &file,
        };
        let (batch, product) = minting.mint(units, progress).await?;
        let scope = owner.to_read(file.brand.id)?;
        let paths = first_paths(&service, &scope, batch, &base_url).await?;

        let localhost = Site::new(file.brand.id, &file.brand.name);
        let catalogue = file
            .to_memory()
            .with_site(HostName::parse("localhost")?, localhost);
        let catalogue = Arc::new(catalogue);
        let telemetry = Telemetry::of(store);
        let resolver = Resolver::new(service, catalogue.clone(), ResolverSettings::default());
        Ok(Self {
            resolver: resolver.with_scans(telemetry.sink()),
            telemetry,
            catalogue,
            brand: file.brand.id,
            product,
            listening: Listening {
                base_url,
                host: address.to_string(),
                paths,
            },
        })
    }
}

struct Minting<'a> {
    store: &'a Store,
    service: &'a MintService,
    owner: &'a Caller,
    file: &'a CatalogueFile,
}

impl Minting<'_> {
    /// A batch of the first product that is ready for it.
    async fn mint(
        &self,
        units: u32,
        progress: &Progress,
    ) -> Result<(MintBatchId, String), ServeError> {
        let (brand, mode) = (self.file.brand.id, ActivationMode::FirstScan);
        for product in &self.file.products {
            let request = MintRequest::of_serials(brand, product.id, units.into(), mode);
            let submitted = self.service.submit(self.owner, request, now()).await?;
            let Some(job) = submitted.job() else {
                continue;
            };
            let scope = self.owner.to_read(brand)?;
            complete(self.store, self.service, &scope, job, "resolver", progress).await?;
            return Ok((job.batch(), product.name.clone()));
        }
        Err(ServeError::Blocked)
    }
}

async fn first_paths(
    service: &MintService,
    scope: &BrandScope,
    batch: MintBatchId,
    base_url: &str,
) -> Result<Vec<String>, ServeError> {
    let (units, page) = (
        UnitFilter::of_batch(batch),
        PageRequest::oldest_first().of(ListLimit::new(TOLD)?),
    );
    let units = service
        .reads()
        .list_mint_units(scope, &units, &page)
        .await?;
    let urls = units.rows.into_iter().map(|unit| unit.resolver_url);
    let paths = urls.map(|url| match url.strip_prefix(base_url) {
        Some(path) => path.to_owned(),
        None => url,
    });
    Ok(paths.collect())
}
