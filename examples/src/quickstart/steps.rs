//! The steps, as a host takes them.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use dpp_core::export::{ExportFormat, Slices};
use dpp_core::identity::{MintBatchId, MintJobId};
use dpp_core::mint::{ActivationMode, MintRequest};
use dpp_core::passport::{Product, ProductBatch};
use dpp_core::read::{AsOf, BatchUnits, UnitRow};
use dpp_core::service::{MintService, PreflightAnswer, Settings};
use dpp_core::{BrandId, Caller};
use dpp_exports::table::TableLayout;
use dpp_exports::{PackError, PackUnits};

use super::{Options, QuickstartError};
use crate::database::Store;
use crate::host::open;
use crate::work::complete;
use crate::{CatalogueFile, Progress, WorkError, now};

/// A product after its checks.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The product.
    pub product: Product,
    /// What was asked for.
    pub request: MintRequest,
    /// What the checks say.
    pub answer: PreflightAnswer,
}

impl Checked {
    /// Whether it passes them.
    pub fn is_ready(&self) -> bool {
        self.answer == PreflightAnswer::PreflightPass
    }
}

/// A batch that was minted.
#[derive(Debug, Clone, Copy)]
pub struct Minted {
    /// The job.
    pub job: MintJobId,
    /// The batch.
    pub batch: MintBatchId,
    /// How many units.
    pub units: u32,
    /// In how many cycles.
    pub cycles: u32,
    /// How long it took, from submitting the request.
    pub time: Duration,
}

/// A batch that was exported.
#[derive(Debug, Clone)]
pub struct Exported {
    /// Where the files are.
    pub folder: PathBuf,
    /// The files, one for each pack.
    pub files: Vec<PathBuf>,
    /// How many rows they have together, without headers.
    pub rows: u64,
    /// How many bytes they have together.
    pub bytes: u64,
    /// How long it took.
    pub time: Duration,
}

/// A batch that was verified.
#[derive(Debug, Clone, Copy)]
pub struct Verified {
    /// How many cycles were compared.
    pub cycles: u32,
    /// How long it took.
    pub time: Duration,
}

/// All that became of it.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// What was minted.
    pub minted: Minted,
    /// What was exported.
    pub exported: Exported,
    /// What was verified.
    pub verified: Verified,
    /// The first unit.
    pub first: UnitRow,
    /// The last unit.
    pub last: UnitRow,
}

/// The brand's host: it has a service on a store, and speaks as an owner.
pub(super) struct Host<'a> {
    store: &'a Store,
    service: MintService,
    brand: BrandId,
    caller: Caller,
}

impl<'a> Host<'a> {
    pub(super) fn new(
        store: &'a Store,
        catalogue: &CatalogueFile,
    ) -> Result<Self, QuickstartError> {
        let (service, caller) = open(store, catalogue, Settings::default())?;
        Ok(Self {
            store,
            service,
            brand: catalogue.brand.id,
            caller,
        })
    }

    pub(super) async fn check(
        &self,
        product: &Product,
        batch: Option<&ProductBatch>,
        units: u32,
    ) -> Result<Checked, QuickstartError> {
        let mode = ActivationMode::FirstScan;
        let request = MintRequest {
            product_batch_id: batch.map(|batch| batch.id),
            ..MintRequest::of_serials(self.brand, product.id, units.into(), mode)
        };
        let answer = self
            .service
            .preflight(&self.caller, request.clone())
            .await?;
        Ok(Checked {
            product: product.clone(),
            request,
            answer,
        })
    }

    pub(super) async fn mint(
        &self,
        ready: Checked,
        progress: &Progress,
    ) -> Result<Minted, QuickstartError> {
        let began = Instant::now();
        let submitted = self.service.submit(&self.caller, ready.request, now());
        let job = submitted.await?.job().ok_or(QuickstartError::Blocked)?;
        let (service, scope) = (&self.service, self.caller.to_read(self.brand)?);
        let done = complete(self.store, service, &scope, job, "quickstart", progress).await?;
        Ok(Minted {
            job,
            batch: job.batch(),
            units: done.units,
            cycles: done.cycles,
            time: began.elapsed(),
        })
    }

    pub(super) async fn units(&self, batch: MintBatchId) -> Result<BatchUnits, QuickstartError> {
        let scope = self.caller.to_read(self.brand)?;
        Ok(self.service.reads().batch_units(&scope, batch).await?)
    }

    pub(super) async fn unit(
        &self,
        batch: MintBatchId,
        index: u32,
    ) -> Result<UnitRow, QuickstartError> {
        let scope = self.caller.to_read(self.brand)?;
        let reads = self.service.reads();
        let unit = reads.unit_at(&scope, batch, index).await?;
        unit.ok_or_else(|| WorkError::NotCompleted(batch.job()).into())
    }

    pub(super) async fn export(
        &self,
        units: &BatchUnits,
        folder: &Path,
        progress: &Progress,
    ) -> Result<Exported, QuickstartError> {
        let began = Instant::now();
        let scope = self.caller.to_read(self.brand)?;
        let reads = self.service.reads();
        let batch = units.identity().batch();
        let statuses = reads.unit_statuses_as_of(&scope, batch, AsOf::Now).await?;
        let statuses = statuses.ok_or(WorkError::NotCompleted(batch.job()))?;
        let layout = TableLayout::of_format(ExportFormat::Manifest)?;
        let (mut rows, mut bytes, mut files) = (0, 0, Vec::new());
        for slice in Slices::of(units.minted()) {
            let path = folder.join(layout.file_name(batch, slice.number()));
            let provided = reads.provided(&scope, units, slice.indexes()).await?;
            let pack = PackUnits::new(units.clone(), slice, provided, statuses.clone());
            let written = write_pack(&path, |file| layout.write(&pack?, file))?;
            rows += u64::from(written.rows);
            bytes += written.bytes;
            files.push(path);
            progress.set(rows);
        }
        Ok(Exported {
            folder: folder.to_owned(),
            files,
            rows,
            bytes,
            time: began.elapsed(),
        })
    }

    pub(super) async fn verify(&self, batch: MintBatchId) -> Result<Verified, QuickstartError> {
        let began = Instant::now();
        let found = self.service.verify(&self.caller, self.brand, batch).await?;
        match found.mismatches.len() {
            0 => Ok(Verified {
                cycles: found.cycles,
                time: began.elapsed(),
            }),
            mismatches => Err(QuickstartError::NotVerified { batch, mismatches }),
        }
    }
}

/// Writes a pack under another name first, so that nobody ever finds half of one.
fn write_pack<T>(
    path: &Path,
    write: impl FnOnce(File) -> Result<T, PackError>,
) -> Result<T, QuickstartError> {
    let failed = |source| QuickstartError::File {
        path: path.to_owned(),
        source,
    };
    let part = path.with_extension("csv.part");
    let file = File::create(&part).map_err(failed)?;
    let written = write(file).map_err(|source| QuickstartError::Export {
        path: path.to_owned(),
        source,
    })?;
    fs::rename(&part, path).map_err(failed)?;
    Ok(written)
}

/// The folder for the packs, which is there afterwards.
pub(super) fn folder(options: &Options) -> Result<PathBuf, QuickstartError> {
    let named = options.out.clone().unwrap_or_else(|| {
        let name = format!("dpp-quickstart-{}", now().unix_millis());
        std::env::temp_dir().join(name)
    });
    let made = std::path::absolute(&named).and_then(|path| {
        fs::create_dir_all(&path)?;
        Ok(path)
    });
    made.map_err(|source| QuickstartError::File {
        path: named,
        source,
    })
}
