//! What is printed.

use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Duration;

use console::style;
use dpp_core::identity::MintBatchId;
use dpp_core::mint::BlockingReason;
use dpp_core::read::UnitRow;
use dpp_core::service::PreflightAnswer;
use serde::Serialize;

use super::Options;
use super::steps::{Checked, Exported, Minted, Outcome, Verified};
use crate::show::{Table, bytes, count, duration, per_second, thousands, wrapped};
use crate::{CatalogueFile, Progress};

/// What `--json` prints.
#[derive(Debug, Clone, Serialize)]
pub struct Summary {
    /// How many units were minted.
    pub units: u32,
    /// How many packs were written.
    pub packs: usize,
    /// How many rows they have together, without headers.
    pub rows: u64,
    /// How long minting took.
    pub mint_seconds: f64,
    /// How long writing the packs took.
    pub export_seconds: f64,
    /// The batch.
    pub batch_id: MintBatchId,
    /// The packs' files.
    pub files: Vec<PathBuf>,
}

impl From<&Outcome> for Summary {
    fn from(outcome: &Outcome) -> Self {
        let Outcome {
            minted, exported, ..
        } = outcome;
        Self {
            units: minted.units,
            packs: exported.files.len(),
            rows: exported.rows,
            mint_seconds: minted.time.as_secs_f64(),
            export_seconds: exported.time.as_secs_f64(),
            batch_id: minted.batch,
            files: exported.files.clone(),
        }
    }
}

/// Tells a person as it goes on, or a program at the end.
pub(super) struct Report<'a> {
    out: &'a mut dyn Write,
    json: bool,
    units: u64,
    width: usize,
}

const NARROWEST: usize = 60;
const WIDEST: usize = 110;

impl<'a> Report<'a> {
    pub(super) fn new(options: &Options, out: &'a mut dyn Write) -> Self {
        let columns = console::Term::stdout().size_checked();
        let columns = columns.map_or(WIDEST, |(_, columns)| usize::from(columns));
        Self {
            out,
            json: options.json,
            units: options.units.into(),
            width: columns.clamp(NARROWEST, WIDEST),
        }
    }

    pub(super) fn progress(&self, what: &'static str) -> Progress {
        match self.json {
            true => Progress::hidden(),
            false => Progress::of(self.units, what),
        }
    }

    fn say(&mut self, text: &str) -> io::Result<()> {
        match self.json {
            true => Ok(()),
            false => self.out.write_all(text.as_bytes()),
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
        units: u32,
        schema: Option<&str>,
    ) -> io::Result<()> {
        if let Some(schema) = schema {
            self.say(&format!("The log is in PostgreSQL, in schema {schema}.\n"))?;
        }
        let asked = count(units.into(), "unit", "units");
        let products = count(catalogue.products.len() as u64, "product", "products");
        self.say(&format!(
            "{} has {products}. Which one can have {asked} minted?\n",
            catalogue.brand.name
        ))?;
        self.title("Preflight")
    }

    pub(super) fn checked(&mut self, checked: &Checked) -> io::Result<()> {
        let product = format!("{}  {}", checked.product.sku, checked.product.name);
        match &checked.answer {
            PreflightAnswer::PreflightPass => self.done(&product),
            PreflightAnswer::PreflightBlocked {
                blocking_reasons, ..
            } => {
                self.say(&format!("  {} {product}\n", style("✗").red()))?;
                let mut reasons = blocking_reasons.iter();
                reasons.try_for_each(|reason| self.reason(reason))
            }
        }
    }

    fn reason(&mut self, reason: &BlockingReason) -> io::Result<()> {
        const INDENT: &str = "      ";
        let code = serde_json::to_value(reason.code).map_err(io::Error::from)?;
        let code = code.as_str().unwrap_or_default();
        self.say(&format!("    {}\n", style(code).yellow()))?;
        for line in wrapped(&reason.message, self.width - INDENT.len()) {
            self.say(&format!("{INDENT}{line}\n"))?;
        }
        Ok(())
    }

    pub(super) fn minting(&mut self, ready: &Checked) -> io::Result<()> {
        let sku = &ready.product.sku;
        self.title(&format!("Minting {sku}, the first that is ready"))
    }

    pub(super) fn minted(&mut self, minted: &Minted) -> io::Result<()> {
        let units = count(minted.units.into(), "unit", "units");
        let cycles = count(minted.cycles.into(), "cycle", "cycles");
        self.done(&format!("{units} in {cycles}"))
    }

    pub(super) fn exported(&mut self, exported: &Exported) -> io::Result<()> {
        let packs = count(exported.files.len() as u64, "pack", "packs");
        let bytes = bytes(exported.bytes);
        self.done(&format!("{packs} with their SHA-256, {bytes}"))
    }

    pub(super) fn verified(&mut self, verified: &Verified) -> io::Result<()> {
        let digests = count(verified.cycles.into(), "digest fits", "digests fit");
        self.done(&format!("every unit derived again: {digests}"))
    }

    pub(super) fn end(&mut self, outcome: &Outcome) -> io::Result<()> {
        if self.json {
            serde_json::to_writer(&mut self.out, &Summary::from(outcome))?;
            return writeln!(self.out);
        }
        self.title("Summary")?;
        self.say(&ids(outcome).to_string())?;
        self.say(&format!("\n{}", times(outcome)))?;
        let folder = outcome.exported.folder.display();
        self.say(&format!("\n  The packs are in {}\n", style(folder).bold()))
    }
}

fn ids(outcome: &Outcome) -> Table {
    let Minted { job, batch, .. } = outcome.minted;
    let table = Table::of_texts()
        .row(["job", &job.to_string()])
        .row(["batch", &batch.to_string()]);
    let table = unit(table, "first unit", &outcome.first);
    unit(table, "last unit", &outcome.last)
}

fn unit(table: Table, name: &str, unit: &UnitRow) -> Table {
    table
        .row([name, &unit.mint_unit_id.to_string()])
        .row(["", &style(&unit.resolver_url).cyan().to_string()])
}

fn times(outcome: &Outcome) -> Table {
    let units = u64::from(outcome.minted.units);
    let header = ["step", "units", "time", "units a second"];
    let table = Table::with_numbers_from(1).row(header.map(|name| style(name).dim()));
    let row = |table: Table, step: &str, time: Duration| {
        table.row([
            step.to_owned(),
            thousands(units),
            duration(time),
            per_second(units, time),
        ])
    };
    let table = row(table, "mint", outcome.minted.time);
    let table = row(table, "export", outcome.exported.time);
    row(table, "verify", outcome.verified.time)
}
