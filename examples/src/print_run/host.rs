//! The host: a log in a file, packs in a folder, and an owner of the brand.

use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Duration;

use dpp_core::identity::MintBatchId;
use dpp_core::mint::{ActivationMode, LotRequest, MintRequest};
use dpp_core::service::{MintService, PreflightAnswer, Settings, SubmitAnswer};
use dpp_core::{BrandId, Caller, ProductId, WorkerName};
use dpp_exports::logo::Logo;
use dpp_exports::storage::PackStorage;
use dpp_exports::{BrandExports, Brandings, Exporter};

use super::{Options, PrintRunError};
use crate::file_log::FileLog;
use crate::host::service_on;
use crate::work::finish;
use crate::{CatalogueFile, Progress, now};

/// How long a run that was broken off while it minted keeps the next one waiting.
const LEASE: Duration = Duration::from_secs(3);

const NORDLIN: &[u8] = include_bytes!("../../data/logo.svg");

/// The host of one run.
pub(super) struct Host {
    pub(super) exporter: Exporter,
    pub(super) caller: Caller,
    pub(super) brand: BrandId,
    pub(super) worker: WorkerName,
    pub(super) folder: PathBuf,
    service: MintService,
    products: Vec<ProductId>,
}

/// A batch that was minted, now or by a run before.
#[derive(Debug, Clone, Copy)]
pub(super) struct Minted {
    pub(super) batch: MintBatchId,
    pub(super) units: u32,
    /// Whether a run before had asked for it.
    pub(super) resumed: bool,
}

impl Host {
    pub(super) async fn open(
        options: &Options,
        catalogue: &CatalogueFile,
    ) -> Result<Self, PrintRunError> {
        let logo = logo(options.logo.as_deref())?;
        let folder = folder(&options.out)?;
        let log = FileLog::open(&folder.join("log.jsonl")).await?;
        let (service, caller) =
            service_on(Arc::new(log), catalogue, Settings::default().lease(LEASE))?;
        let packs = folder.join("storage");
        let storage = PackStorage::directory(&packs);
        let storage = storage.map_err(|source| PrintRunError::File {
            path: packs,
            source,
        })?;
        let wishes = BrandExports {
            logo: Some(logo),
            ..BrandExports::default()
        };
        let brand = catalogue.brand.id;
        let exporter = Exporter::new(service.exports(), storage)
            .with_branding(Arc::new(Brandings::default().with(brand, wishes)))
            .with_threads(available_parallelism().unwrap_or(NonZeroUsize::MIN));
        let products = catalogue.products.iter();
        Ok(Self {
            exporter,
            caller,
            brand,
            // Always the same: whoever goes on takes the export that was broken off at once.
            worker: WorkerName::parse("print-run")?,
            folder,

            service,
            products: products.map(|product| product.id).collect(),
        })
    }

    /// Asks for the units, under a key that says what was asked: the same run again gets the
    /// batch that is there.
    pub(super) async fn mint(
        &self,
        options: &Options,
        progress: &Progress,
    ) -> Result<Minted, PrintRunError> {
        let request = self.request(options).await?;
        let submitted = self.service.submit(&self.caller, request, now());
        let SubmitAnswer::Accepted {
            mint_job_id,
            mint_batch_id,
            is_duplicate,
            ..
        } = submitted.await?
        else {
            return Err(PrintRunError::Blocked);
        };
        let scope = self.caller.to_read(self.brand)?;
        let units = finish(&self.service, &scope, mint_job_id, &self.worker, progress).await?;
        Ok(Minted {
            batch: mint_batch_id,
            units,
            resumed: is_duplicate,
        })
    }

    /// The request for the first product that is ready for it.
    async fn request(&self, options: &Options) -> Result<MintRequest, PrintRunError> {
        for product in &self.products {
            let request = self.request_of(*product, options);
            let checked = self
                .service
                .preflight(&self.caller, request.clone())
                .await?;
            if checked == PreflightAnswer::PreflightPass {
                return Ok(request);
            }
        }
        Err(PrintRunError::Blocked)
    }

    fn request_of(&self, product: ProductId, options: &Options) -> MintRequest {
        let brand = self.brand;
        let mode = ActivationMode::FirstScan;
        let request = match options.lots {
            true => MintRequest::of_lots(brand, product, lots(options.units), mode),
            false => MintRequest::of_serials(brand, product, options.units.into(), mode),
        };
        let what = if options.lots { "lots" } else { "serials" };
        let key = format!("print-run/{what}/{}", options.units);
        MintRequest {
            idempotency_key: Some(key),
            ..request
        }
    }
}

/// Three lots, the last of which gets what is left.
fn lots(units: u32) -> Vec<LotRequest> {
    let third = units.div_ceil(3);
    let ends = [third.min(units), (2 * third).min(units), units];
    let mut before = 0;
    let lots = ["A", "B", "C"].into_iter().zip(ends).map(|(letter, end)| {
        let qty = end - before;
        before = end;
        LotRequest {
            lot_code: format!("2027-W07-{letter}"),
            qty: qty.into(),
        }
    });
    lots.filter(|lot| lot.qty > 0).collect()
}

fn logo(path: Option<&Path>) -> Result<Logo, PrintRunError> {
    let name = path.unwrap_or(Path::new("examples/data/logo.svg"));
    let bytes = match path {
        None => NORDLIN.to_vec(),
        Some(path) => fs::read(path).map_err(|source| PrintRunError::File {
            path: path.to_owned(),
            source,
        })?,
    };
    Logo::parse(&bytes).map_err(|source| PrintRunError::Logo {
        path: name.to_owned(),
        source,
    })
}

/// The folder, which is there afterwards.
fn folder(path: &Path) -> Result<PathBuf, PrintRunError> {
    let made = std::path::absolute(path).and_then(|path| {
        fs::create_dir_all(&path)?;
        Ok(path)
    });
    made.map_err(|source| PrintRunError::File {
        path: path.to_owned(),
        source,
    })
}
