//! The manifest: every unit of a batch with all that identifies it, as CSV.
//!
//! Columns: `mint_unit_id`, `resolver_url`, `serial`, `gtin`, `status`, `created_at`. RFC 4180
//! with a header in each pack, CRLF at the end of each line, and quotes only where a cell needs
//! them. Times are RFC 3339 in UTC with milliseconds. A cell stays empty where there is
//! nothing: the serial in lot mode, the GTIN of a product that has none. Cells that a
//! spreadsheet would take for a formula are written as they are, since machines read these
//! files.
//!
//! ```
//! use std::sync::Arc;
//!
//! use dpp_core::read::{BatchUnits, Reads};
//! use dpp_core::BrandScope;
//! use dpp_exports::manifest::Packs;
//!
//! async fn export(
//!     reads: &Reads,
//!     scope: &BrandScope,
//!     units: &BatchUnits,
//! ) -> Result<(), Box<dyn std::error::Error>> {
//!     for pack in Packs::of(units)? {
//!         let provided = reads.provided(scope, units, pack.indexes()).await?;
//!         let file = std::fs::File::create(pack.file_name())?;
//!         let written = pack.write(units, provided, file)?;
//!         println!("{}  {}", written.sha256, pack.file_name());
//!     }
//!     Ok(())
//! }
//! ```

mod rows;

use std::io::Write;
use std::iter::FusedIterator;
use std::ops::Range;

use dpp_core::export::{Slice, Slices};
use dpp_core::identity::{MintBatchId, ProvidedSerials};
use dpp_core::read::BatchUnits;

use crate::digest::{HashingWriter, PackWritten};
use crate::error::ExportError;

pub use rows::COLUMNS;

/// The packs of one batch, in unit order: `ceil(n / 10,000)` of them.
#[derive(Debug, Clone)]
pub struct Packs {
    batch: MintBatchId,
    slices: Slices,
}

impl Packs {
    /// The packs of the units that were made when these were read. As long as the job is at
    /// work, the last pack may be one that grows.
    ///
    /// # Errors
    /// [`ExportError::NoUnits`] when none were made.
    pub fn of(units: &BatchUnits) -> Result<Self, ExportError> {
        let batch = units.identity().batch();
        match units.minted() {
            0 => Err(ExportError::NoUnits(batch)),
            minted => Ok(Self {
                batch,
                slices: Slices::of(minted),
            }),
        }
    }
}

impl Iterator for Packs {
    type Item = Pack;

    fn next(&mut self) -> Option<Pack> {
        let batch = self.batch;
        self.slices.next().map(|slice| Pack { batch, slice })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.slices.size_hint()
    }
}

impl ExactSizeIterator for Packs {}
impl FusedIterator for Packs {}

/// One manifest file: a run of at most 10,000 units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pack {
    batch: MintBatchId,
    slice: Slice,
}

impl Pack {
    /// Its number in its batch, from 1.
    pub const fn number(&self) -> u32 {
        self.slice.number().get()
    }

    /// The indexes of its units.
    pub const fn indexes(&self) -> Range<u32> {
        self.slice.indexes()
    }

    /// How many units it has: its rows without the header.
    pub const fn rows(&self) -> u32 {
        self.slice.rows()
    }

    /// Its file's name, such as `manifest_001.csv`.
    pub fn file_name(&self) -> String {
        format!("manifest_{:03}.csv", self.number())
    }

    /// Writes it, through a buffer of its own, and flushes `out`.
    ///
    /// `provided` are the serials that [`Reads::provided`](dpp_core::read::Reads::provided)
    /// has for its [`indexes`](Self::indexes): none for a batch that derives its serials.
    ///
    /// # Errors
    /// [`ExportError`]. `out` has a part of the pack then, which is worth nothing.
    pub fn write<W: Write>(
        &self,
        units: &BatchUnits,
        provided: Option<ProvidedSerials>,
        out: W,
    ) -> Result<PackWritten, ExportError> {
        self.check(units, provided.as_ref())?;
        let mut out = HashingWriter::new(out);
        rows::write(units, units.units(self.indexes(), provided), &mut out)?;
        Ok(out.finish(self.rows()))
    }

    fn check(
        &self,
        units: &BatchUnits,
        provided: Option<&ProvidedSerials>,
    ) -> Result<(), ExportError> {
        let identity = units.identity();
        if identity.batch() != self.batch {
            return Err(ExportError::OtherBatch {
                expected: self.batch,
                found: identity.batch(),
            });
        }
        if units.minted() < self.indexes().end {
            return Err(ExportError::NotMade {
                units: self.indexes(),
                minted: units.minted(),
            });
        }
        let right = |given: &ProvidedSerials| {
            given.batch() == self.batch && given.indexes() == self.indexes()
        };
        match identity.needs_serials() {
            true if !provided.is_some_and(right) => Err(ExportError::SerialsNeeded {
                batch: self.batch,
                units: self.indexes(),
            }),
            false if provided.is_some() => Err(ExportError::SerialsNotNeeded(self.batch)),
            _ => Ok(()),
        }
    }
}
