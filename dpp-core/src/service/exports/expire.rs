//! The end of an export.

use super::{ExportError, ExportService, decided};
use crate::access::BrandScope;
use crate::actor::WorkerName;
use crate::export::{Export, ExportCommand};
use crate::ids::{BrandId, ExportId};
use crate::service::ATTEMPTS;
use crate::service::journal::JournalError;
use crate::store::DueExports;
use crate::store::log::PageLimit;
use crate::time::Timestamp;

impl ExportService {
    /// The exports of all brands whose time is over and whose files are still to go.
    ///
    /// # Errors
    /// [`ExportError::Reads`] when the log failed.
    pub async fn expiring(
        &self,
        now: Timestamp,
        limit: PageLimit,
    ) -> Result<DueExports, ExportError> {
        Ok(self.store().expiring_exports(now, limit).await?)
    }

    /// An export as the host's worker sees it, of any brand; none if there is no such.
    ///
    /// # Errors
    /// [`ExportError::Journal`] when the log failed.
    pub async fn of_worker(
        &self,
        brand: BrandId,
        export: ExportId,
    ) -> Result<Option<Export>, ExportError> {
        let found = self.load(brand, export).await?;
        Ok(found.map(|folded| folded.state))
    }

    /// Notes that an export's time is over, once. From then on no pack of it is made or
    /// downloaded, however late the clock of whoever tries: now its files can be removed.
    ///
    /// # Errors
    /// [`ExportError::NoSuchExport`]; [`ExportError::Rejected`] when its time is not over;
    /// [`ExportError::Journal`] when the log failed.
    pub async fn expire(
        &self,
        worker: &WorkerName,
        brand: BrandId,
        export: ExportId,
        now: Timestamp,
    ) -> Result<(), ExportError> {
        self.end(worker, brand, export, ExportCommand::Expire, now)
            .await
    }

    /// Notes that the files of an export that expired are gone, once.
    ///
    /// # Errors
    /// [`ExportError::NoSuchExport`]; [`ExportError::Rejected`] when it has not expired;
    /// [`ExportError::Journal`] when the log failed.
    pub async fn note_files_removed(
        &self,
        worker: &WorkerName,
        brand: BrandId,
        export: ExportId,
        now: Timestamp,
    ) -> Result<(), ExportError> {
        self.end(worker, brand, export, ExportCommand::NoteFilesRemoved, now)
            .await
    }

    async fn end(
        &self,
        worker: &WorkerName,
        brand: BrandId,
        export: ExportId,
        command: ExportCommand,
        now: Timestamp,
    ) -> Result<(), ExportError> {
        let scope = BrandScope::of_worker(brand, worker.clone());
        for _ in 0..ATTEMPTS {
            let folded = self.existing(brand, export).await?;
            let events = decided(&folded.state, command.clone(), now)?;
            if events.is_empty() {
                return Ok(());
            }
            let draft = self.draft(&scope, export, folded.version, &events, now)?;
            match draft.commit().await {
                Ok(_) => return Ok(()),
                Err(error) if error.lost_race() => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(JournalError::Contended { attempts: ATTEMPTS }.into())
    }
}
