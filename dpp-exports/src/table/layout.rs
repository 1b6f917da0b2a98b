//! How a table is laid out.

use std::borrow::Borrow;
use std::io::Write;

use dpp_core::export::{ExportFormat, PackNumber};
use dpp_core::gs1::{CompanyPrefixLength, Gtin, Serial};
use dpp_core::identity::{MintBatchId, Unit};

use super::column::Column;
use super::dialect::{Delimiter, FormulaGuard, LineEnding};
use super::error::LayoutError;
use super::file_name::FileName;
use super::rows;
use crate::pack::{HashingWriter, PackError, PackUnits, PackWritten};
use crate::tags::{EpcError, EpcRule, NoTag, SgtinEncoder, TagError};

const MANIFEST: [Column; 6] = [
    Column::MintUnitId,
    Column::ResolverUrl,
    Column::Serial,
    Column::Gtin,
    Column::Status,
    Column::CreatedAt,
];

const CARRIER_MANIFEST: [Column; 6] = [
    Column::MintBatchId,
    Column::MintUnitId,
    Column::Serial,
    Column::Gtin,
    Column::ResolverUrl,
    Column::CreatedAt,
];

/// How a table is laid out: which columns it has, and how they are written down. Of the same
/// units the same layout makes the same bytes, for ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableLayout {
    pub(crate) columns: Vec<HeadedColumn>,
    pub(crate) delimiter: Delimiter,
    pub(crate) line_ending: LineEnding,
    pub(crate) guard: FormulaGuard,
    pub(crate) file_name: FileName,
    pub(crate) epc: Option<EpcColumns>,
}

/// A column with what stands above it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadedColumn {
    /// What it shows.
    pub column: Column,
    /// Its header.
    pub header: String,
}

/// What EPC columns are made by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EpcColumns {
    pub(crate) rule: EpcRule,
    pub(crate) company_prefix: Option<CompanyPrefixLength>,
}

impl TableLayout {
    /// That of a format, without a carrier profile.
    ///
    /// # Errors
    /// [`LayoutError::NotATable`] for a format that is none.
    pub fn of_format(format: ExportFormat) -> Result<Self, LayoutError> {
        let columns = match format {
            ExportFormat::Manifest => MANIFEST,
            ExportFormat::QrManifest | ExportFormat::NfcManifest | ExportFormat::RfidManifest => {
                CARRIER_MANIFEST
            }
            ExportFormat::QrBundle => return Err(LayoutError::NotATable(format)),
        };
        Ok(Self {
            columns: columns.map(HeadedColumn::of).into(),
            delimiter: Delimiter::default(),
            line_ending: LineEnding::default(),
            guard: FormulaGuard::default(),
            file_name: FileName::of_format(format),
            epc: None,
        })
    }

    /// The name of the file of a pack, such as `qr_manifest_001.csv`. The number of the pack has
    /// at least three digits, so that names sort as packs do, up to the 999th.
    pub fn file_name(&self, batch: MintBatchId, pack: PackNumber) -> String {
        self.file_name.of_pack(batch, pack)
    }

    /// Its columns, in order.
    pub fn columns(&self) -> &[HeadedColumn] {
        &self.columns
    }

    /// Whether it shows EPCs, which not every unit need have.
    pub const fn has_epcs(&self) -> bool {
        self.epc.is_some()
    }

    /// That a tag can be written for each of these units of a batch with this GTIN. A table
    /// without an EPC column has nothing to check.
    ///
    /// # Errors
    /// [`NoTag`] for the first that cannot have one.
    pub fn check(
        &self,
        gtin: Option<Gtin>,
        units: impl IntoIterator<Item = impl Borrow<Unit>>,
    ) -> Result<(), NoTag> {
        let encoder = self.encoder(gtin);
        for unit in units {
            let unit = unit.borrow();
            let checked = match &encoder {
                Ok(None) => return Ok(()),
                Ok(Some(encoder)) => serial_of(unit).and_then(|serial| encoder.check(serial)),
                Err(cause) => Err(*cause),
            };
            checked.map_err(|cause| no_tag(unit.index, cause))?;
        }
        Ok(())
    }

    pub(super) fn encoder(&self, gtin: Option<Gtin>) -> Result<Option<SgtinEncoder>, EpcError> {
        let Some(epc) = self.epc else {
            return Ok(None);
        };
        let gtin = gtin.ok_or(EpcError::NoGtin)?;
        SgtinEncoder::new(epc.rule, gtin, epc.company_prefix).map(Some)
    }

    /// The same for the units of a pack.
    ///
    /// # Errors
    /// [`NoTag`] for the first that cannot have one.
    pub fn check_units(&self, pack: &PackUnits) -> Result<(), NoTag> {
        self.check(pack.gtin(), pack.units())
    }

    /// Writes the table of a pack, through a buffer of its own, and flushes `out`.
    ///
    /// # Errors
    /// [`PackError`]. `out` has a part of the table then, which is worth nothing.
    pub fn write<W: Write>(&self, units: &PackUnits, out: W) -> Result<PackWritten, PackError> {
        let mut out = HashingWriter::new(out);
        rows::write(self, units, &mut out)?;
        Ok(out.finish(units.slice().rows()))
    }
}

impl HeadedColumn {
    fn of(column: Column) -> Self {
        Self {
            column,
            header: column.as_str().to_owned(),
        }
    }
}

pub(super) fn serial_of(unit: &Unit) -> Result<&Serial, EpcError> {
    unit.serial.as_ref().ok_or(EpcError::NoSerial)
}

pub(super) fn no_tag(index: u32, cause: impl Into<TagError>) -> NoTag {
    NoTag {
        index,
        cause: cause.into(),
    }
}
