//! Downloading packs.

use super::{ExportError, ExportService, decided};
use crate::access::Caller;
use crate::export::{
    DOWNLOAD_LINK, Export, ExportCommand, ExportEvent, ExportRejection, PackFile, PackNumber,
};
use crate::ids::{BrandId, ExportId};
use crate::service::ATTEMPTS;
use crate::service::journal::JournalError;
use crate::time::Timestamp;

/// A pack that somebody may download, and until when a link to it may live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Download {
    /// The file.
    pub file: PackFile,
    /// When a link has to end: in 5 minutes, or when the export's time is over.
    pub until: Timestamp,
}

impl ExportService {
    /// Lets somebody download a pack, and notes that they did.
    ///
    /// # Errors
    /// [`ExportError`]: the caller may not, there is no such export or pack, it is not
    /// completed, or its time is over.
    pub async fn download(
        &self,
        caller: &Caller,
        brand: BrandId,
        export: ExportId,
        pack: PackNumber,
        now: Timestamp,
    ) -> Result<Download, ExportError> {
        let scope = caller.to_write(brand)?;
        for _ in 0..ATTEMPTS {
            let folded = self.existing(brand, export).await?;
            let (file, events) = downloaded(&folded.state, pack, now)?;
            let draft = self.draft(&scope, export, folded.version, &events, now)?;
            match draft.commit().await {
                Ok(_) => {
                    let until = now.after(DOWNLOAD_LINK).min(folded.state.expires_at);
                    return Ok(Download { file, until });
                }
                Err(error) if error.lost_race() => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(JournalError::Contended { attempts: ATTEMPTS }.into())
    }
}

fn downloaded(
    export: &Export,
    pack: PackNumber,
    now: Timestamp,
) -> Result<(PackFile, Vec<ExportEvent>), ExportError> {
    let events = decided(export, ExportCommand::Download { pack }, now)?;
    let packs = export.packs();
    let no_such_pack = || {
        let rejection = ExportRejection::NoSuchPack { pack, packs };
        ExportError::rejected(&export.facts, rejection)
    };
    let file = export.file(pack).ok_or_else(no_such_pack)?;
    Ok((file.clone(), events))
}
