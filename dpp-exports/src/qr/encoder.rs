//! Texts to symbols of one version.

use std::fmt;
use std::sync::Arc;

use super::drawn::{Linear, Modules};
use super::mask::{Masks, Word};
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
/// It learns how its texts differ from one another, and is the faster the more they have in
/// common: keep it for all texts of a batch. Clones learn together.
#[derive(Clone)]
pub struct Encoder(Arc<Inner>);

/// Rows in as few bits as they need.
enum Inner {
    Narrow(Drawing<u64>),
    Wide(Drawing<u128>),
}

struct Drawing<W> {
    linear: Linear<W>,
    masks: Masks<W>,
}

impl<W: Word> Drawing<W> {
    fn new(modules: Modules) -> Self {
        Self {
            masks: Masks::new(modules.version().width(), &modules.masks()),
            linear: Linear::new(modules),
        }
    }

    fn draw(&self, text: &str) -> Option<(u8, Vec<u128>)> {
        Some(self.masks.best(&self.linear.draw(text)?))
    }
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
        Self(Arc::new(if version.width() <= u64::BITS {
            Inner::Narrow(Drawing::new(modules))
        } else {
            Inner::Wide(Drawing::new(modules))
        }))
    }

    /// The size of its symbols.
    pub fn version(&self) -> Version {
        self.modules().version()
    }

    /// How much of its symbols can be damaged.
    pub fn error_correction(&self) -> ErrorCorrection {
        self.modules().error_correction()
    }

    fn modules(&self) -> &Modules {
        match &*self.0 {
            Inner::Narrow(drawing) => drawing.linear.modules(),
            Inner::Wide(drawing) => drawing.linear.modules(),
        }
    }

    /// Encodes one text. The symbol has the data mask with the lowest penalty (ISO/IEC 18004,
    /// 7.8.3), of equal ones the first.
    ///
    /// # Errors
    /// [`EncodeError::LongerThanPlanned`].
    pub fn encode(&self, text: &str) -> Result<Symbol, EncodeError> {
        let drawn = match &*self.0 {
            Inner::Narrow(drawing) => drawing.draw(text),
            Inner::Wide(drawing) => drawing.draw(text),
        };
        let (mask, rows) = drawn.ok_or_else(|| EncodeError::LongerThanPlanned {
            text: text.to_owned(),
            version: self.version(),
        })?;
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
