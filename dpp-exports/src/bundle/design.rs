//! How the codes of a pack look.

use crate::logo::Logo;
use crate::qr::{EncodeError, Encoder, ErrorCorrection, Lengths, SvgTemplate, Symbol, Version};

use super::Codes;

/// How the codes of a pack look: all of one size, and with the same logo if there is one.
///
/// Without a logo, the error correction is M; with one it is H, and the version one that has
/// room for it.
#[derive(Debug, Clone)]
pub struct Design {
    encoder: Encoder,
    template: SvgTemplate,
}

impl Design {
    /// The smallest version that holds every code.
    ///
    /// # Errors
    /// [`EncodeError::TooLong`].
    pub fn new(codes: &Codes, logo: Option<&Logo>) -> Result<Self, EncodeError> {
        Self::of(codes.lengths(), logo)
    }

    /// The smallest version that holds texts of these lengths. For packs whose codes shall have
    /// the same size, pass the lengths of all.
    ///
    /// # Errors
    /// [`EncodeError::TooLong`].
    pub fn of(lengths: &Lengths, logo: Option<&Logo>) -> Result<Self, EncodeError> {
        let error_correction = match logo {
            Some(_) => ErrorCorrection::H,
            None => ErrorCorrection::M,
        };
        let template = |version| match logo {
            Some(logo) => logo.template(version),
            None => Some(SvgTemplate::new(version)),
        };
        Version::holding(error_correction, lengths)
            .find_map(|version| Some((version, template(version)?)))
            .map(|(version, template)| Self {
                encoder: Encoder::of_version(version, error_correction),
                template,
            })
            .ok_or(EncodeError::TooLong { error_correction })
    }

    /// The size of the codes.
    pub fn version(&self) -> Version {
        self.encoder.version()
    }

    /// How much of the codes can be damaged.
    pub fn error_correction(&self) -> ErrorCorrection {
        self.encoder.error_correction()
    }

    /// The SVG of one code.
    ///
    /// # Errors
    /// [`EncodeError::LongerThanPlanned`].
    pub fn svg(&self, text: &str) -> Result<Vec<u8>, EncodeError> {
        Ok(self.template.svg(&self.encode(text)?))
    }

    pub(crate) fn encode(&self, text: &str) -> Result<Symbol, EncodeError> {
        self.encoder.encode(text)
    }

    pub(crate) const fn template(&self) -> &SvgTemplate {
        &self.template
    }
}
