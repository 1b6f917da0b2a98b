//! What is printed.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use console::style;
use dpp_core::export::ExportFormat;
use dpp_core::identity::MintBatchId;
use serde::Serialize;

use super::host::{Host, Minted};
use super::options::{Making, Options};
use super::press::Run;
use super::proof::Proof;
use crate::show::{Table, bytes, count, duration, per_second, thousands};
use crate::{CatalogueFile, Progress};

/// What `--json` prints.
#[derive(Debug, Clone, Serialize)]
pub struct Summary {
    /// The batch.
    pub batch_id: MintBatchId,
    /// How many packs there are.
    pub packs: usize,
    /// How many codes, tags or rows they have together.
    pub codes: u64,
    /// How long this run took.
    pub seconds: f64,
    /// Whether it went on with what a run before had begun.
    pub resumed: bool,
    /// The packs' files.
    pub files: Vec<PathBuf>,
    /// The sheet to look at before anything goes to the press.
    pub contact_sheet: Option<PathBuf>,
}

/// Tells a person as it goes on, or a program at the end.
pub(super) struct Report<'a> {
    out: &'a mut dyn Write,
    json: bool,
}

impl<'a> Report<'a> {
    pub(super) fn new(options: &Options, out: &'a mut dyn Write) -> Self {
        Self {
            out,
            json: options.json,
        }
    }

    pub(super) fn progress(&self, total: u32, what: &'static str) -> Progress {
        match self.json {
            true => Progress::hidden(),
            false => Progress::of(total.into(), what),
        }
    }

    fn say(&mut self, text: &str) -> io::Result<()> {
        match self.json {
            true => Ok(()),
            false => {
                self.out.write_all(text.as_bytes())?;
                self.out.flush()
            }
        }
    }

    fn title(&mut self, title: &str) -> io::Result<()> {
        self.say(&format!("\n{}\n", style(title).bold()))
    }

    fn done(&mut self, what: &str) -> io::Result<()> {
        self.say(&format!("  {} {what}\n", style("✓").green()))
    }

    pub(super) fn begin(
        &mut self,
        catalogue: &CatalogueFile,
        options: &Options,
        host: &Host,
    ) -> io::Result<()> {
        let units = count(options.units.into(), "unit", "units");
        let brand = &catalogue.brand.name;
        self.say(&format!(
            "A print run of {units} for {brand}. Everything is kept in\n  {}\n\
             Press Ctrl-C whenever you like, and start it again: it goes on.\n",
            host.folder.display()
        ))?;
        self.title("Mint")
    }

    pub(super) fn minted(&mut self, minted: &Minted) -> io::Result<()> {
        let units = count(minted.units.into(), "unit", "units");
        let batch = minted.batch;
        self.done(&match minted.resumed {
            true => format!("{units} are there from before, in batch {batch}"),
            false => format!("{units} in batch {batch}"),
        })
    }

    pub(super) fn printing(&mut self, making: &Making, packs: u32, found: u32) -> io::Result<()> {
        self.title(&heading(making))?;
        match found {
            0 => Ok(()),
            found if found == packs => self.done("all packs are there from before"),
            found => {
                let there = count(found.into(), "pack is", "packs are");
                self.done(&format!(
                    "{there} there from before; going on with pack {} of {packs}",
                    found + 1
                ))
            }
        }
    }

    pub(super) fn printed(&mut self, run: &Run) -> io::Result<()> {
        let rows = count(run.rows, noun(run.format).0, noun(run.format).1);
        let packs = count(run.files.len() as u64, "pack", "packs");
        let size = bytes(run.bytes);
        let made = run.rows.saturating_sub(u64::from(run.found) * 10_000);
        self.done(&format!("{rows} in {packs}, {size}"))?;
        if made > 0 {
            let (time, rate) = (duration(run.time), per_second(made, run.time));
            let made = thousands(made);
            self.done(&format!(
                "{made} of them made now in {time}: {rate} a second"
            ))?;
        }
        let mut table = Table::with_numbers_from(1);
        for file in &run.files {
            let size = file.metadata().map(|file| file.len()).unwrap_or_default();
            table = table.row([name(file), bytes(size)]);
        }
        self.say(&table.to_string())
    }

    pub(super) fn proof(&mut self, proof: Option<&Proof>) -> io::Result<()> {
        let Some(proof) = proof else { return Ok(()) };
        self.title("Look before it prints")?;
        let codes = count(proof.codes as u64, "code", "codes");
        self.done(&format!("the first {codes} on a sheet"))?;
        self.say(&format!("  {}\n", proof.sheet.display()))?;
        self.done(&format!("and unpacked one by one, from {}", proof.pack))?;
        self.say(&format!("  {}\n", proof.folder.display()))
    }

    pub(super) fn end(
        &mut self,
        minted: &Minted,
        runs: &[Run],
        proof: Option<Proof>,
        time: Duration,
    ) -> io::Result<Summary> {
        let files = runs.iter().flat_map(|run| run.files.clone()).collect();
        let summary = Summary {
            batch_id: minted.batch,
            packs: runs.iter().map(|run| run.files.len()).sum(),
            codes: runs.iter().map(|run| run.rows).sum(),
            seconds: time.as_secs_f64(),
            resumed: minted.resumed,
            files,
            contact_sheet: proof.map(|proof| proof.sheet),
        };
        if self.json {
            let text = serde_json::to_string_pretty(&summary).map_err(io::Error::other)?;
            writeln!(self.out, "{text}")?;
            return Ok(summary);
        }
        let packs = count(summary.packs as u64, "pack is", "packs are");
        let time = duration(time);
        self.say(&format!("\n{packs} ready after {time}.\n"))?;
        Ok(summary)
    }
}

fn heading(making: &Making) -> String {
    let what = match making.format {
        ExportFormat::Manifest => "Manifest",
        ExportFormat::QrManifest => "QR manifest",
        ExportFormat::NfcManifest => "NFC manifest",
        ExportFormat::RfidManifest => "RFID manifest",
        ExportFormat::QrBundle => "QR codes as SVG",
    };
    match &making.profile {
        None => what.to_owned(),
        Some(profile) => format!("{what} for {profile}"),
    }
}

const fn noun(format: ExportFormat) -> (&'static str, &'static str) {
    match format {
        ExportFormat::QrBundle => ("code", "codes"),
        _ => ("row", "rows"),
    }
}

fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}
