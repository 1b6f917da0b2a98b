//! What is written to the tags of units: NDEF messages for NFC, EPCs for RFID.
//!
//! ```
//! use dpp_core::gs1::{CompanyPrefixLength, Gtin, Serial};
//! use dpp_exports::tags::{EpcFilter, EpcRule, EpcScheme, SgtinEncoder};
//!
//! let rule = EpcRule { scheme: EpcScheme::Sgtin96, filter: EpcFilter::new(3)? };
//! let gtin = Gtin::parse("80614141123458")?;
//! let encoder = SgtinEncoder::new(rule, gtin, Some(CompanyPrefixLength::new(7)?))?;
//! let epc = encoder.encode(&Serial::parse("6789")?)?;
//! assert_eq!(epc.to_string(), "3074257BF7194E4000001A85");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! This room must not know tables.

mod epc;
mod error;
mod hex;
pub mod ndef;

pub use epc::{Epc, EpcError, EpcFilter, EpcFilterError, EpcRule, EpcScheme, SgtinEncoder};
pub use error::{NoTag, TagError};
pub(crate) use hex::push_hex;
