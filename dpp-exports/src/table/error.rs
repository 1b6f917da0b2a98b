//! Why there is no layout.

use dpp_core::export::{ExportFormat, ProfileName};

use crate::tags::EpcScheme;

/// Why there is no layout of a table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LayoutError {
    /// The format is none of the tables. Make what it is of otherwise.
    #[error("`{0}` is not the format of a table")]
    NotATable(ExportFormat),
    /// The profile lays out other formats. Choose one that is for this.
    #[error("carrier profile `{profile}` is not for the format `{format}`")]
    OtherFormat {
        /// The profile.
        profile: ProfileName,
        /// The format that was asked for.
        format: ExportFormat,
    },
    /// The profile has EPCs that need to know how long the company prefix of the GTIN is. Pass
    /// it in the export's options, or choose a profile with SGTIN+.
    #[error(
        "carrier profile `{profile}` has EPCs by `{scheme}`, which needs the length of the \
         GTIN's company prefix"
    )]
    NoCompanyPrefixLength {
        /// The profile.
        profile: ProfileName,
        /// How it makes EPCs.
        scheme: EpcScheme,
    },
}
