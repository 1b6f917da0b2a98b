//! Where everything lies in the storage: nothing of one brand, or of one export, lies in the
//! folder of another.

use dpp_core::BrandId;
use dpp_core::ExportId;
use dpp_core::export::{PackNumber, PackPath, PackPathError, Sha256Digest};
use dpp_core::identity::MintBatchId;

/// The folder of one export.
pub(super) struct ExportFolder {
    text: String,
}

impl ExportFolder {
    pub(super) fn of(brand: BrandId, batch: MintBatchId, export: ExportId) -> Self {
        Self {
            text: format!("{brand}/{batch}/{export}"),
        }
    }

    pub(super) fn path(&self) -> Result<PackPath, PackPathError> {
        PackPath::parse(&self.text)
    }

    /// A file that is being written, under a name that nothing else has.
    pub(super) fn temporary(&self, name: &str) -> Result<PackPath, PackPathError> {
        PackPath::parse(&format!("{}/tmp/{name}", self.text))
    }

    pub(super) fn temporaries(&self) -> Result<PackPath, PackPathError> {
        PackPath::parse(&format!("{}/tmp", self.text))
    }

    /// A pack with this content. Another content would lie elsewhere, so that two who make the
    /// same pack never change one another's bytes.
    pub(super) fn pack(
        &self,
        pack: PackNumber,
        sha256: &Sha256Digest,
        file_name: &str,
    ) -> Result<PackPath, PackPathError> {
        let digest = sha256.to_string();
        let short = digest.get(..16).unwrap_or(&digest);
        let folder = &self.text;
        PackPath::parse(&format!("{folder}/{:03}-{short}/{file_name}", pack.get()))
    }
}

/// A logo of a brand, by its content.
pub(super) fn logo(brand: BrandId, sha256: &Sha256Digest) -> Result<PackPath, PackPathError> {
    PackPath::parse(&format!("{brand}/logos/{sha256}"))
}
