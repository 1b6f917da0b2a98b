//! Removing what is past its time.

use dpp_core::service::ExportError;
use dpp_core::store::DueExport;
use dpp_core::store::log::PageLimit;
use dpp_core::{ExportId, Timestamp, WorkerName};

use super::paths::ExportFolder;
use super::{Exporter, ExporterError};

/// What was removed, and what could not be.
#[derive(Debug, Default)]
pub struct Expired {
    /// The exports whose files are gone now.
    pub exports: Vec<ExportId>,
    /// Those whose files could not be removed, and why. They are tried again the next time.
    pub failed: Vec<(ExportId, ExporterError)>,
    /// Why the exports of brands were left out: an error of each.
    pub unreadable: Vec<ExporterError>,
}

const AT_ONCE: PageLimit = PageLimit::new(1_000);

impl Exporter {
    /// Removes the files of up to 1,000 exports whose time is over, of all brands, and notes it.
    /// What happened to them stays. Call it every few minutes; a crash in between leaves nothing
    /// that the next call does not remove.
    ///
    /// # Errors
    /// [`ExporterError::Export`] when the log cannot be read at all.
    pub async fn expire(
        &self,
        worker: &WorkerName,
        now: Timestamp,
    ) -> Result<Expired, ExporterError> {
        let due = self.inner.service.expiring(now, AT_ONCE).await?;
        let unreadable = due.unreadable.into_iter();
        let mut expired = Expired {
            unreadable: unreadable
                .map(|error| ExportError::from(error).into())
                .collect(),
            ..Expired::default()
        };
        for due in &due.exports {
            match self.expire_one(worker, due, now).await {
                Ok(()) => expired.exports.push(due.export),
                Err(error) => expired.failed.push((due.export, error)),
            }
        }
        Ok(expired)
    }

    /// That it expired is noted first, so that nobody completes a pack any more whose file would
    /// then be missing; that the files are gone is noted last, so that a crash before it finds
    /// the export due again.
    async fn expire_one(
        &self,
        worker: &WorkerName,
        due: &DueExport,
        now: Timestamp,
    ) -> Result<(), ExporterError> {
        let service = &self.inner.service;
        let storage = &self.inner.storage;
        service.expire(worker, due.brand, due.export, now).await?;
        let found = service.of_worker(due.brand, due.export).await?;
        let export = found.ok_or(ExportError::NoSuchExport(due.export))?;
        // By name first, since a listing may lag.
        for file in &export.completed {
            storage.remove(&file.path).await?;
        }
        let folder = ExportFolder::of(due.brand, export.facts.mint_batch_id, due.export);
        storage.remove_folder(&folder.path()?).await?;
        service
            .note_files_removed(worker, due.brand, due.export, now)
            .await?;
        Ok(())
    }
}
