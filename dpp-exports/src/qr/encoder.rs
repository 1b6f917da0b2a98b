//! Texts to symbols of one version.

use std::fmt;

use super::mask::Masks;
use super::modules::Modules;
use super::symbol::{ErrorCorrection, Symbol, Version};
use super::text::Lengths;

/// Why a text has no symbol.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// No version holds the longest text, or none of those that have room for the logo. Use a
    /// resolver base with a shorter host or stem, or leave the logo out.
    #[error("the longest text fits no QR code of error correction `{error_correction:?}`")]
    TooLong {
        /// The error correction that was asked for.
        error_correction: ErrorCorrection,
    },
    /// The text is longer than those that the version was chosen for. Choose it for all texts.
    #[error("the text `{text}` does not fit a QR code of version `{version}`")]
    LongerThanPlanned {
        /// The text.
        text: String,
        /// The version that was chosen.
        version: Version,
    },
}

/// Encodes texts, each into a symbol of the same version.
///
/// Making one draws what its symbols have in common, which takes some ten microseconds; keep it
/// for all texts of a pack.
#[derive(Clone)]
pub struct Encoder {
    modules: Modules,
    masks: Masks,
}

impl Encoder {
    /// One of the smallest version that holds texts of these lengths.
    ///
    /// # Errors
    /// [`EncodeError::TooLong`].
    pub fn new(error_correction: ErrorCorrection, lengths: &Lengths) -> Result<Self, EncodeError> {
        Version::holding(error_correction, lengths)
            .next()
            .map(|version| Self::of_version(version, error_correction))
            .ok_or(EncodeError::TooLong { error_correction })
    }

    /// One of this version, which may be too small for a text.
    pub fn of_version(version: Version, error_correction: ErrorCorrection) -> Self {
        let modules = Modules::new(version, error_correction);
        let masks = Masks::new(version.width(), &modules.masks());
        Self { modules, masks }
    }

    /// The size of its symbols.
    pub const fn version(&self) -> Version {
        self.modules.version()
    }

    /// How much of its symbols can be damaged.
    pub const fn error_correction(&self) -> ErrorCorrection {
        self.modules.error_correction()
    }

    /// Encodes one text. The symbol has the data mask with the lowest penalty (ISO/IEC 18004,
    /// 7.8.3), of equal ones the first.
    ///
    /// # Errors
    /// [`EncodeError::LongerThanPlanned`].
    pub fn encode(&self, text: &str) -> Result<Symbol, EncodeError> {
        let drawn = self
            .modules
            .draw(text)
            .ok_or_else(|| EncodeError::LongerThanPlanned {
                text: text.to_owned(),
                version: self.version(),
            })?;
        let (mask, rows) = self.masks.best(&drawn);
        Ok(Symbol {
            version: self.version(),
            error_correction: self.error_correction(),
            mask,
            rows,
        })
    }
}

impl fmt::Debug for Encoder {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Encoder")
            .field("version", &self.version())
            .field("error_correction", &self.error_correction())
            .finish_non_exhaustive()
    }
}
