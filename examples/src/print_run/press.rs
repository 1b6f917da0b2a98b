//! Making one export, and laying its packs where somebody finds them.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use dpp_core::ExportId;
use dpp_core::export::{ExportFormat, PackFile, QrText};
use dpp_core::identity::MintBatchId;
use dpp_exports::{ExportOrder, Exporter};
use futures::TryStreamExt;

use super::PrintRunError;
use super::host::Host;
use super::options::Making;
use super::report::Report;
use crate::now;

/// One export that was made.
#[derive(Debug, Clone)]
pub(super) struct Run {
    pub(super) export: ExportId,
    pub(super) format: ExportFormat,
    /// Its packs, as a person finds them.
    pub(super) files: Vec<PathBuf>,
    /// How many units its packs have.
    pub(super) rows: u64,
    pub(super) bytes: u64,
    /// How many packs a run before had made.
    pub(super) found: u32,
    pub(super) time: Duration,
}

impl Run {
    pub(super) fn is_bundle(&self) -> bool {
        self.format == ExportFormat::QrBundle
    }
}

pub(super) async fn print(
    host: &Host,
    batch: MintBatchId,
    making: &Making,
    report: &mut Report<'_>,
) -> Result<Run, PrintRunError> {
    let began = Instant::now();
    let order = ExportOrder {
        profile: making.profile.clone(),
        // With a logo, a shorter text is a far smaller symbol.
        qr_text: QrText::UpperCase,
        ..ExportOrder::of(host.brand, batch, making.format)
    };
    let exporter = &host.exporter;
    let asked = exporter.request(&host.caller, &order, now()).await?;
    report.printing(making, asked.packs, asked.completed_packs)?;
    let bar = report.progress(asked.packs, "packs");
    bar.set(asked.completed_packs.into());
    let (caller, worker) = (&host.caller, &host.worker);
    let made = exporter.generate(
        caller,
        host.brand,
        asked.export_id,
        worker,
        now,
        |progress| {
            bar.set(progress.pack.get().into());
        },
    );
    let packs = made.await?;
    drop(bar);
    let folder = host.folder.join(folder_of(making));
    let mut files = Vec::new();
    for pack in &packs {
        files.push(deliver(exporter, pack, &folder).await?);
    }
    let run = Run {
        export: asked.export_id,
        format: making.format,
        files,
        rows: packs.iter().map(|pack| u64::from(pack.rows)).sum(),
        bytes: packs.iter().map(|pack| pack.bytes).sum(),
        found: asked.completed_packs,
        time: began.elapsed(),
    };
    report.printed(&run)?;
    Ok(run)
}

fn folder_of(making: &Making) -> String {
    match &making.profile {
        None => making.format.to_string(),
        Some(profile) => format!("{}-{profile}", making.format),
    }
}

/// Copies a pack out of the private storage, as whoever has a link to it downloads it.
async fn deliver(
    exporter: &Exporter,
    pack: &PackFile,
    folder: &Path,
) -> Result<PathBuf, PrintRunError> {
    let name = pack.path.as_str().rsplit('/').next().unwrap_or_default();
    let path = folder.join(name);
    let failed = |source| PrintRunError::File {
        path: path.clone(),
        source,
    };
    fs::create_dir_all(folder).map_err(failed)?;
    let part = path.with_extension("part");
    let mut file = File::create(&part).map_err(failed)?;
    let mut bytes = exporter.storage().read(&pack.path).await?;
    while let Some(chunk) = bytes.try_next().await? {
        file.write_all(&chunk).map_err(failed)?;
    }
    fs::rename(&part, &path).map_err(failed)?;
    Ok(path)
}
