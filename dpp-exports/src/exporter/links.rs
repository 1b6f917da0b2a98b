//! Links to packs.

use std::time::Duration;

use dpp_core::export::{PackFile, PackNumber};
use dpp_core::{BrandId, Caller, ExportId, Timestamp};

use super::{Exporter, ExporterError};

/// A link to a pack, good for a few minutes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DownloadLink {
    /// The link. Whoever has it can download the pack.
    pub url: String,
    /// What is downloaded.
    pub file: PackFile,
    /// Until when: from this second on it is refused.
    pub until: Timestamp,
}

impl Exporter {
    /// A link to a completed pack that lives for 5 minutes, or until the export's time is over,
    /// signed by the storage or by the host's own signer. That it was given out is noted.
    ///
    /// # Errors
    /// [`ExporterError::Export`]: the caller may not, there is no such export or pack, it is not
    /// completed, or its time is over. [`ExporterError::NoLinks`] when nobody signs.
    pub async fn download_link(
        &self,
        caller: &Caller,
        brand: BrandId,
        export: ExportId,
        pack: PackNumber,
        now: Timestamp,
    ) -> Result<DownloadLink, ExporterError> {
        if self.inner.links.is_none() && !self.inner.storage.signs_links() {
            return Err(ExporterError::NoLinks);
        }
        let service = &self.inner.service;
        let download = service.download(caller, brand, export, pack, now).await?;
        let left = download.until.unix_millis() - now.unix_millis();
        let left = Duration::from_millis(u64::try_from(left).unwrap_or_default());
        let path = &download.file.path;
        let signed = self.inner.storage.signed_link(path, left).await?;
        let url = match (signed, &self.inner.links) {
            (Some(url), _) => url,
            (None, Some(signer)) => signer.sign(path, download.until),
            (None, None) => return Err(ExporterError::NoLinks),
        };
        Ok(DownloadLink {
            url,
            file: download.file,
            until: whole_second(download.until),
        })
    }
}

/// Links tell their end in seconds.
fn whole_second(until: Timestamp) -> Timestamp {
    let millis = until.unix_millis();
    Timestamp::from_unix_millis(millis - millis.rem_euclid(1_000))
}
