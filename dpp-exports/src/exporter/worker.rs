//! Making exports: a step that a host calls in a loop, or one export to its end.

use std::time::Duration;

use dpp_core::export::{ExportRejection, PackFile, PackNumber};
use dpp_core::service::{Again, ExportError, HeldExport};
use dpp_core::{BrandId, Caller, ExportId, Timestamp, WorkerName};

use super::make::{Kit, Made};
use super::paths::ExportFolder;
use super::{Exporter, ExporterError};

/// Makes exports of all brands, the one that was asked for first in front, a pack at a time.
///
/// It holds at most one export. Dropping it at any moment loses nothing: when the lock of 10
/// minutes has run out, another goes on behind the last completed pack. Any number of workers
/// may run side by side; give each a name of its own.
#[derive(Debug)]
pub struct ExportWorker {
    exporter: Exporter,
    name: WorkerName,
    held: Option<(HeldExport, Option<Kit>)>,
}

/// What a step did, and when to come again.
#[derive(Debug)]
pub struct ExportStep {
    /// What it did.
    pub did: ExportDid,
    /// When to come again.
    pub again: Again,
}

/// What a step did.
#[derive(Debug)]
pub enum ExportDid {
    /// It found no export to make.
    Nothing,
    /// It took this export.
    Took(ExportId),
    /// It made a pack of the export that it holds.
    Made(Progress),
    /// It let an export go, because another worker has it or its time is over.
    LetGo(ExportId),
    /// A pack could not be made, which the export has noted. It is tried again after a while.
    Failed {
        /// The export.
        export: ExportId,
        /// The pack.
        pack: PackNumber,
        /// Why.
        error: ExporterError,
    },
}

/// How far an export has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The export.
    pub export: ExportId,
    /// The pack that was made.
    pub pack: PackNumber,
    /// How many packs the export has.
    pub packs: u32,
    /// The pack's file.
    pub file: PackFile,
}

impl Progress {
    /// Whether it was the last pack.
    pub const fn is_completed(&self) -> bool {
        self.pack.get() == self.packs
    }
}

/// How long a worker that found no export waits.
const IDLE: Duration = Duration::from_secs(1);

impl Exporter {
    /// A worker with this name.
    pub fn worker(&self, name: WorkerName) -> ExportWorker {
        ExportWorker {
            exporter: self.clone(),
            name,
            held: None,
        }
    }

    /// Makes what is missing of one export, and gives all of its files. After each pack
    /// `progress` is told. Breaking off loses nothing but the pack that is being made: the
    /// next call, under the same worker's name, goes on behind the last completed one.
    ///
    /// # Errors
    /// [`ExporterError::Export`]: the caller may not, there is no such export, another worker
    /// makes it or one of the same batch and format, or its time is over.
    /// [`ExporterError::PackFailed`] when a pack could not be made.
    pub async fn generate(
        &self,
        caller: &Caller,
        brand: BrandId,
        export: ExportId,
        worker: &WorkerName,
        clock: impl Fn() -> Timestamp,
        mut progress: impl FnMut(&Progress),
    ) -> Result<Vec<PackFile>, ExporterError> {
        let service = &self.inner.service;
        let held = service.hold(caller, brand, export, worker, clock()).await;
        let mut held = match held {
            Ok(held) => held,
            Err(error) if error.rejection() == Some(&ExportRejection::Completed) => {
                return self.files(caller, brand, export).await;
            }
            Err(error) => return Err(error.into()),
        };
        let mut kit = None;
        while !held.export().is_completed() {
            match self.make_next(&mut held, &mut kit, clock(), &clock).await? {
                Made::Completed(file) => progress(&told(&held, file)),
                Made::Failed(slice, source) => {
                    let pack = slice.number();
                    return Err(ExporterError::PackFailed { pack, source });
                }
            }
        }
        Ok(held.export().completed.clone())
    }

    /// The files of an export that is completed. Whoever completed it may have been broken off
    /// before it tidied up.
    async fn files(
        &self,
        caller: &Caller,
        brand: BrandId,
        export: ExportId,
    ) -> Result<Vec<PackFile>, ExporterError> {
        let scope = caller.to_read(brand)?;
        let found = self.inner.service.reads().export(&scope, export).await?;
        let found = found.ok_or(ExportError::NoSuchExport(export))?;
        let batch = found.facts.mint_batch_id;
        self.tidy_up(&ExportFolder::of(brand, batch, export)).await;
        Ok(found.completed)
    }
}

impl ExportWorker {
    /// Its name.
    pub const fn name(&self) -> &WorkerName {
        &self.name
    }

    /// The export that it holds.
    pub fn holds(&self) -> Option<ExportId> {
        self.held.as_ref().map(|(held, _)| held.id())
    }

    /// Does one thing: makes a pack of the export that it holds, or takes one.
    ///
    /// # Errors
    /// [`ExporterError::Export`] when the log failed, or has what cannot be read. Call it
    /// again, after a while: what it holds it goes on with, unless that cannot be read.
    pub async fn run_once(&mut self, now: Timestamp) -> Result<ExportStep, ExporterError> {
        match self.held.take() {
            Some((held, kit)) => self.make(held, kit, now).await,
            None => self.take(now).await,
        }
    }

    /// Lets the export go that it holds, so that another can take it at once.
    ///
    /// # Errors
    /// [`ExporterError::Export`] when the log failed; the lock runs out then.
    pub async fn let_go(&mut self, now: Timestamp) -> Result<(), ExporterError> {
        match self.held.take() {
            Some((held, _)) => Ok(self.exporter.inner.service.release(held, now).await?),
            None => Ok(()),
        }
    }

    async fn take(&mut self, now: Timestamp) -> Result<ExportStep, ExporterError> {
        let service = &self.exporter.inner.service;
        match service.take(&self.name, now).await? {
            Some(held) => {
                let did = ExportDid::Took(held.id());
                self.held = Some((held, None));
                Ok(at_once(did))
            }
            None => Ok(later(ExportDid::Nothing, now)),
        }
    }

    async fn make(
        &mut self,
        mut held: HeldExport,
        mut kit: Option<Kit>,
        now: Timestamp,
    ) -> Result<ExportStep, ExporterError> {
        let export = held.id();
        let made = self.exporter.make_next(&mut held, &mut kit, now, || now);
        match made.await {
            Ok(Made::Completed(file)) => {
                let did = ExportDid::Made(told(&held, file));
                self.held = Some((held, kit)).filter(|(held, _)| !held.export().is_completed());
                Ok(at_once(did))
            }
            Ok(Made::Failed(slice, source)) => {
                let pack = slice.number();
                let error = ExporterError::PackFailed { pack, source };
                Ok(at_once(ExportDid::Failed {
                    export,
                    pack,
                    error,
                }))
            }
            Err(ExportError::Rejected { .. }) => Ok(at_once(ExportDid::LetGo(export))),
            Err(error) => {
                self.held = Some((held, kit)).filter(|_| error.may_pass());
                Err(error.into())
            }
        }
    }
}

fn told(held: &HeldExport, file: PackFile) -> Progress {
    let export = held.export();
    Progress {
        export: held.id(),
        pack: PackNumber::after(export.completed_packs().saturating_sub(1)),
        packs: export.packs(),
        file,
    }
}

const fn at_once(did: ExportDid) -> ExportStep {
    ExportStep {
        did,
        again: Again::Now,
    }
}

fn later(did: ExportDid, now: Timestamp) -> ExportStep {
    ExportStep {
        did,
        again: Again::At(now.after(IDLE)),
    }
}
