//! The QR bundle: a ZIP with one SVG for each code, and an index.
//!
//! `index.csv` comes first, then `qr/00001_<serial>.svg` and so on in the order of the codes,
//! which is the order in which they are printed. The index has one row for each file, in the
//! same order, with the columns `serial,gtin,resolver_url,filename`, or `lot_code` instead of
//! `serial`; it is RFC 4180 with CRLF at the end of each line. Its `resolver_url` is letter by
//! letter what the code holds.
//!
//! In a file's name, what is not a letter, digit, `-`, `.` or `_` is `_`. The number before it
//! keeps names apart, and sorts them in print order.
//!
//! A bundle is a pure function of its codes, its design and its time: the bytes depend neither
//! on the machine nor on the number of threads. They are written as they come, each SVG once for
//! all of its copies, and only some hundred are in memory at a time.
//!
//! ```
//! use std::num::NonZeroUsize;
//!
//! use dpp_core::Timestamp;
//! use dpp_exports::bundle::{self, BundleOptions, Codes, Design};
//!
//! let mut codes = Codes::of_serials(Some("09506000134352".parse()?));
//! for serial in ["K7M4Q2X9PRTW", "K7M49ZT3WH5C"] {
//!     let url = format!("https://id.example.com/01/09506000134352/21/{serial}");
//!     codes.push(serial, &url)?;
//! }
//! let design = Design::new(&codes, None)?;
//! let options = BundleOptions {
//!     at: "2027-02-18T09:30:00Z".parse::<Timestamp>()?,
//!     threads: NonZeroUsize::MIN,
//! };
//! let mut zip = Vec::new();
//! bundle::write(&mut zip, &codes, &design, &options)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod codes;
mod deflate;
mod design;
mod files;
mod index;

mod threads;
mod zip;

use std::io::{self, Write};
use std::num::NonZeroUsize;

use dpp_core::Timestamp;

use crate::qr::EncodeError;
use files::{Files, IndexFile};
use zip::ZipWriter;

pub use codes::{Code, Codes, CodesError};
pub use design::Design;
pub use index::{LOT_COLUMNS, SERIAL_COLUMNS};

pub(crate) use codes::CodeKind;

/// How a bundle is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BundleOptions {
    /// When its content was fixed: the time stamp of every file in it, in UTC, rounded down to
    /// two seconds, and not before 1980.
    pub at: Timestamp,
    /// How many threads draw and compress. The caller's own writes what they make.
    pub threads: NonZeroUsize,
}

/// Why a bundle was not written. What was written until then is worth nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BundleError {
    /// A text is too long for the design. Make the design from the same codes.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// The bundle could not be written to where it should go. Mend that, and write it again.
    #[error("the bundle could not be written: {0}")]
    Io(#[from] io::Error),
}

/// Writes the bundle of these codes, and flushes `out`. There are many short writes.
///
/// # Errors
/// [`BundleError`].
pub fn write<W: Write>(
    out: W,
    codes: &Codes,
    design: &Design,
    options: &BundleOptions,
) -> Result<(), BundleError> {
    let mut zip = ZipWriter::new(io::BufWriter::new(out), options.at);
    zip.add("index.csv", &IndexFile::of(codes)?.file())?;
    let files = Files::new(design)?;
    let mut number = 0;
    threads::in_order(codes, &files, options.threads, |code, tail| {
        for _ in 0..code.copies {
            number += 1;
            zip.add(&index::file_name(number, code.name), &files.file(tail))?;
        }
        Ok(())
    })?;
    Ok(zip.finish()?)
}

#[cfg(test)]
mod tests;
