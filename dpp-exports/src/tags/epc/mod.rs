//! EPCs of serialised trade items, as RFID tags hold them.
//!
//! Source: GS1 EPC Tag Data Standard (TDS) 2.3, 6.3.1 (URI of an SGTIN), 14.6.1 (its bits), and
//! 14.5.6 with table E (serials of SGTIN+).

mod bits;
mod encoder;
mod error;
mod scheme;
mod serial;
mod sgtin;

pub use bits::Epc;
pub use encoder::SgtinEncoder;
pub use error::EpcError;
pub use scheme::{EpcFilter, EpcFilterError, EpcRule, EpcScheme};
