//! What the exporter answers when it cannot do as it was asked.

use dpp_core::AccessError;
use dpp_core::export::{PackNumber, PackPath, PackPathError, Sha256Digest};
use dpp_core::read::ReadsError;
use dpp_core::service::ExportError;

use super::branding::BrandingError;
use crate::logo::LogoError;
use crate::pack::PackError;
use crate::profile::{ChooseProfileError, NoSuchProfile};
use crate::storage::StorageError;
use crate::table::LayoutError;
use crate::tags::NoTag;

/// Why the exporter could not do as it was asked. Nothing half made is visible.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExporterError {
    /// The export was refused, or the log failed.
    #[error(transparent)]
    Export(#[from] ExportError),
    /// The profile that was asked for cannot be used. Name another.
    #[error(transparent)]
    Profile(#[from] ChooseProfileError),
    /// The packs could not be made: a serial does not fit the tags of the profile, say. Take
    /// another profile, or give what is missing.
    #[error(transparent)]
    Unmakeable(#[from] PackFailure),
    /// What the brand wishes cannot be asked. Try again.
    #[error(transparent)]
    Branding(#[from] BrandingError),
    /// The storage failed. Mend it, or try again.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A pack could not be made; the export has noted it. Ask for it again, or let a worker try
    /// again.
    #[error("pack {pack} could not be made: {source}")]
    PackFailed {
        /// Which.
        pack: PackNumber,
        /// Why.
        #[source]
        source: PackFailure,
    },
    /// The storage signs no links, and the exporter was given nothing to sign them with. Give it
    /// a signer.
    #[error("the storage signs no links, and no signer was given")]
    NoLinks,
}

impl From<AccessError> for ExporterError {
    fn from(error: AccessError) -> Self {
        Self::Export(error.into())
    }
}

impl From<PackPathError> for ExporterError {
    fn from(error: PackPathError) -> Self {
        Self::Unmakeable(error.into())
    }
}

impl From<PackError> for ExporterError {
    fn from(error: PackError) -> Self {
        Self::Unmakeable(error.into())
    }
}

impl From<ReadsError> for ExporterError {
    fn from(error: ReadsError) -> Self {
        Self::Export(error.into())
    }
}

/// Why a pack could not be made. It can be tried again.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PackFailure {
    /// Its file could not be made of its units.
    #[error(transparent)]
    Pack(#[from] PackError),
    /// Its profile does not fit the format, or lacks something. Correct it, or take another.
    #[error(transparent)]
    Layout(#[from] LayoutError),
    /// A unit cannot have the tag that the profile asks for. Take another profile.
    #[error(transparent)]
    NoTag(#[from] NoTag),
    /// The profile that its export was asked for with is not known here. Give this exporter the
    /// profiles that the others have.
    #[error(transparent)]
    Profile(#[from] NoSuchProfile),
    /// The logo that its export was asked for with cannot be used.
    #[error(transparent)]
    Logo(#[from] LogoError),
    /// The logo in the storage is not the one that the export was asked for with. Ask for a new
    /// export.
    #[error("the logo at `{path}` has not the digest {expected}")]
    OtherLogo {
        /// Where it lies.
        path: PackPath,
        /// The digest that it should have.
        expected: Sha256Digest,
    },
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// Its file has no path: the profile's file name is too long. Shorten it.
    #[error(transparent)]
    Path(#[from] PackPathError),
    /// The thread that made it ended before its time. This is a fault of the library: report it.
    #[error("making the pack was broken off: {0}")]
    BrokenOff(String),
    /// What it is made from cannot be read.
    #[error(transparent)]
    Source(#[from] ExportError),
}
