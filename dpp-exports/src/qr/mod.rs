//! QR codes: a text becomes a symbol, and the symbol an SVG.
//!
//! A text is encoded in one segment: in alphanumeric mode if all its characters allow it, else
//! in byte mode. The version is chosen for many texts at once, so that all their symbols have
//! one size. Codes hold their text as it is, without an ECI or FNC1.
//!
//! The room knows texts and modules. It must not know units, packs, logos or files.
//!
//! Source: ISO/IEC 18004:2015.
//!
//! ```
//! use dpp_exports::qr::{Encoder, ErrorCorrection, Lengths, SvgTemplate};
//!
//! let texts = [
//!     "HTTPS://ID.EXAMPLE.COM/01/09506000134352/21/K7M4Q2X9PRTW",
//!     "HTTPS://ID.EXAMPLE.COM/01/09506000134352/21/K7M49ZT3WH5C",
//! ];
//! let encoder = Encoder::new(ErrorCorrection::M, &Lengths::of(texts))?;
//! let template = SvgTemplate::new(encoder.version());
//! let symbol = encoder.encode(texts[0])?;
//! assert_eq!(symbol.width(), 29);
//! assert!(template.svg(&symbol).starts_with(b"<svg "));
//! # Ok::<(), dpp_exports::qr::EncodeError>(())
//! ```

mod text;

mod encoder;
mod svg;
mod symbol;

mod drawn;
mod mask;

pub use encoder::{EncodeError, Encoder};
pub use svg::{Area, QUIET_ZONE, SvgTemplate};
pub use symbol::{ErrorCorrection, Symbol, Version};
pub use text::{Lengths, upper_case_host};

pub(crate) use drawn::Layout;
pub(crate) use svg::{END as SVG_END, Picture, Run, Step, runs};

#[cfg(test)]
pub(crate) mod tests;
