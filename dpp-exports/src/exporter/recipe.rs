//! How the packs of an export are made: which format, laid out how.

use std::io::Write;
use std::num::NonZeroUsize;

use dpp_core::export::{ExportFacts, ExportFormat, PackNumber, QrText};
use dpp_core::identity::MintBatchId;
use dpp_core::{BrandId, Timestamp};

use super::error::PackFailure;
use crate::bundle::{self, BundleOptions, Codes, Design};
use crate::logo::Logo;
use crate::pack::{HashingWriter, PackError, PackUnits, PackWritten};
use crate::profile::Profiles;
use crate::table::TableLayout;

/// How the packs of an export are made.
#[derive(Debug, Clone)]
pub(super) enum Recipe {
    /// A table.
    Table(TableLayout),
    /// A bundle of QR codes, with this logo in their centre.
    Bundle { text: QrText, logo: Option<Logo> },
}

/// What one making depends on beside the units. Threads change nothing of the bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Making {
    pub(super) at: Timestamp,
    pub(super) threads: NonZeroUsize,
}

impl Recipe {
    /// That of an export, by the very version of the profile that it was asked for with.
    pub(super) fn of(
        facts: &ExportFacts,
        brand: BrandId,
        profiles: &Profiles,
        logo: Option<Logo>,
    ) -> Result<Self, PackFailure> {
        if facts.format == ExportFormat::QrBundle {
            let text = facts.options.qr_text;
            return Ok(Self::Bundle { text, logo });
        }
        let profile = match &facts.profile {
            None => None,
            Some(id) => Some(profiles.get(brand, id)?),
        };
        let layout = TableLayout::of(facts.format, profile, &facts.options)?;
        Ok(Self::Table(layout))
    }

    pub(super) fn file_name(&self, batch: MintBatchId, pack: PackNumber) -> String {
        match self {
            Self::Table(layout) => layout.file_name(batch, pack),
            Self::Bundle { .. } => format!("{}_{:03}.zip", ExportFormat::QrBundle, pack.get()),
        }
    }

    /// Whether units can be such that they cannot be laid out, so that each has to be looked at.
    pub(super) fn is_picky(&self) -> bool {
        match self {
            Self::Table(layout) => layout.has_epcs(),
            Self::Bundle { .. } => true,
        }
    }

    /// That the units of a pack can be laid out.
    pub(super) fn check(&self, units: &PackUnits) -> Result<(), PackFailure> {
        match self {
            Self::Table(layout) => Ok(layout.check_units(units)?),
            Self::Bundle { text, logo } => {
                Design::new(&codes(units, *text)?, logo.as_ref()).map_err(PackError::from)?;
                Ok(())
            }
        }
    }

    /// Writes the file of a pack.
    pub(super) fn write<W: Write>(
        &self,
        units: &PackUnits,
        making: Making,
        out: W,
    ) -> Result<PackWritten, PackError> {
        let (text, logo) = match self {
            Self::Table(layout) => return layout.write(units, out),
            Self::Bundle { text, logo } => (*text, logo.as_ref()),
        };
        let codes = codes(units, text)?;
        let design = Design::new(&codes, logo)?;
        let options = BundleOptions {
            at: making.at,
            threads: making.threads,
        };
        let mut out = HashingWriter::new(out);
        bundle::write(&mut out, &codes, &design, &options)?;
        Ok(out.finish(units.slice().rows()))
    }
}

/// The codes of a pack: one for each unit, or for each run of units of a lot.
pub(super) fn codes(units: &PackUnits, text: QrText) -> Result<Codes, PackError> {
    let gtin = units.gtin();
    let codes = match units.has_serials() {
        true => Codes::of_serials(gtin),
        false => Codes::of_lots(gtin),
    };
    let codes = match text {
        QrText::AsIs => codes,
        QrText::UpperCase => codes.in_upper_case(),
    };
    match units.has_serials() {
        true => of_serials(units, codes),
        false => of_lots(units, codes),
    }
}

fn of_serials(units: &PackUnits, mut codes: Codes) -> Result<Codes, PackError> {
    let mut url = Vec::new();
    let mut rows = units.units();
    while let Some(run) = rows.next_run() {
        for unit in run {
            let serial = units.serial(unit)?;
            url.clear();
            units.write_url(unit, &mut url);
            codes.push(serial.as_str(), &String::from_utf8_lossy(&url))?;
        }
    }
    Ok(codes)
}

fn of_lots(units: &PackUnits, mut codes: Codes) -> Result<Codes, PackError> {
    for (lot, url, copies) in units.lots() {
        codes.push_copies(lot.as_str(), &url, copies)?;
    }
    Ok(codes)
}
