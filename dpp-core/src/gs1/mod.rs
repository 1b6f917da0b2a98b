//! GS1 values: the trade item number, the texts that qualify it, and the Digital Link that carries them.
//!
//! The room holds checked values. Each is parsed once, at the border, and trusted ever after: a [`Gtin`] has
//! a right check digit, a [`Serial`] holds nothing but the GS1 character set 82, a [`DigitalLink`] is one that
//! a GS1 conformant resolver accepts. Every refusal says what is wrong and at which byte.
//!
//! It must not know minting: not where serials come from, which of them exist, or who owns a GTIN.
//!
//! Sources: the GS1 General Specifications (check digit, character set 82), the GS1 Barcode Syntax Dictionary
//! (the application identifiers, called AIs here), GS1 Digital Link: URI Syntax 1.7, RFC 3986.
//!
//! ```
//! use dpp_core::gs1::{DigitalLink, Gtin, ResolverBase, Serial};
//!
//! let base = ResolverBase::parse("https://id.example.com")?;
//! let link = DigitalLink::product(base, Gtin::parse("9506000134352")?).with_serial(Serial::parse("K7M4Q2X9PRTW")?);
//!
//! assert_eq!(link.to_string(), "https://id.example.com/01/09506000134352/21/K7M4Q2X9PRTW");
//! assert_eq!(DigitalLink::parse("HTTPS://ID.EXAMPLE.COM/01/09506000134352/21/K7M4Q2X9PRTW")?, link);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod company_prefix;
mod gtin;
mod text;

pub mod percent;

mod base;
mod digital_link;

mod piece;
pub(crate) mod quote;

pub use base::{ResolverBase, ResolverBaseError, ResolverBaseErrorKind};
pub use company_prefix::{CompanyPrefixLength, CompanyPrefixLengthError};
pub use digital_link::{
    DigitalLink, DigitalLinkError, DigitalLinkErrorKind, MAX_LINK, Qualifiers, lot_link,
    serial_link_prefix,
};
pub use gtin::{Gtin, GtinError, check_digit};
pub use text::{Cset82Error, LotCode, ProductVariant, Serial, ThirdPartySerial, is_cset82};
