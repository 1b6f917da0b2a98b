//! Export packs of Digital Product Passport units, for printers and tag encoders.
//!
//! A pack is a pure function of its batch and a moment: written again, it has the same bytes.
//! It is written in constant memory into any [`std::io::Write`], and its SHA-256 comes with it.
//!
//! [`PackUnits`] are what a pack is made from. A [`TableLayout`](table::TableLayout) writes them
//! down as CSV, as their format or a carrier [`Profile`](profile::Profile) lays it out.

mod pack;

pub mod tags;

pub mod table;

pub mod profile;

pub mod qr;

pub mod logo;

pub mod bundle;

pub mod sheet;

pub mod storage;

mod exporter;

pub use dpp_core::export::{ROWS_PER_PACK, Sha256Digest};
pub use exporter::{
    BrandExports, Branding, BrandingError, Brandings, DownloadLink, Expired, ExportDid,
    ExportOrder, ExportStep, ExportWorker, Exporter, ExporterError, PackFailure, Progress,
};
pub use pack::{PackError, PackUnits, PackWritten, sha256};
