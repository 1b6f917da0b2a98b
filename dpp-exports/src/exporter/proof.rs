//! The contact sheet of a pack, to be looked at before it goes to the press.

use dpp_core::export::{ExportFormat, ExportRejection, PackNumber};
use dpp_core::read::UnitStatuses;
use dpp_core::service::ExportError;
use dpp_core::{BrandId, Caller, ExportId};

use super::error::PackFailure;
use super::recipe::codes;
use super::{Exporter, ExporterError};
use crate::bundle::Design;
use crate::pack::{PackError, PackUnits};
use crate::sheet::Sheet;

impl Exporter {
    /// The first codes of a pack with what people read below them, on one A4 page as SVG: the
    /// very codes that its bundle has, or that whoever prints its manifest makes. The pack need
    /// not be completed.
    ///
    /// # Errors
    /// [`ExporterError::Export`]: the caller is no member, or there is no such export or pack.
    /// [`ExporterError::Unmakeable`] and [`ExporterError::Storage`] when it cannot be drawn.
    pub async fn contact_sheet(
        &self,
        caller: &Caller,
        brand: BrandId,
        export: ExportId,
        pack: PackNumber,
    ) -> Result<String, ExporterError> {
        let scope = caller.to_read(brand)?;
        let reads = self.inner.service.reads();
        let found = reads.export(&scope, export).await?;
        let found = found.ok_or(ExportError::NoSuchExport(export))?;
        let facts = &found.facts;
        let no_such_pack = ExportError::Rejected {
            batch: facts.mint_batch_id,
            rejection: ExportRejection::NoSuchPack {
                pack,
                packs: found.packs(),
            },
        };
        let slice = found.slice(pack).ok_or(no_such_pack)?;
        let units = reads.batch_units(&scope, facts.mint_batch_id).await?;
        let provided = reads.provided(&scope, &units, slice.indexes()).await?;
        // A sheet shows no status.
        let statuses = UnitStatuses::at_mint(&units);
        let units = PackUnits::new(units, slice, provided, statuses)?;
        let codes = codes(&units, facts.options.qr_text)?;
        let logo = self.kept_logo(brand, facts).await?;
        let drawn = Design::new(&codes, logo.as_ref()).and_then(|design| {
            let batch = facts.mint_batch_id.to_string();
            Sheet::new(&batch, pack.get(), words(facts.format)).svg(&codes, &design)
        });
        Ok(drawn.map_err(PackError::from).map_err(PackFailure::from)?)
    }
}

const fn words(format: ExportFormat) -> &'static str {
    match format {
        ExportFormat::Manifest => "Manifest",
        ExportFormat::QrManifest => "QR manifest",
        ExportFormat::NfcManifest => "NFC manifest",
        ExportFormat::RfidManifest => "RFID manifest",
        ExportFormat::QrBundle => "QR bundle",
    }
}
