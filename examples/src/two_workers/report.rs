//! What is printed.

use std::io::{self, Write};

use console::style;
use dpp_core::identity::MintBatchId;
use dpp_core::store::log::WorkerName;
use serde::Serialize;

use super::bars::Bars;
use super::{Options, Outcome, shown};
use crate::show::{Table, count, duration, thousands};

/// What `--json` prints.
#[derive(Debug, Clone, Serialize)]
pub struct Summary {
    /// The batch.
    pub batch_id: MintBatchId,
    /// How many units were asked for.
    pub units: u32,
    /// How many were made.
    pub made: u32,
    /// The name of the worker that was killed.
    pub killed_worker: String,
    /// How many units had been made when the other took over.
    pub made_before_kill: u32,
    /// How many were made from then on.
    pub made_after_kill: u32,
    /// How long after the kill the other took over.
    pub takeover_seconds: f64,
    /// Whether every digest fits, and no unit is missing or there twice.
    pub verified: bool,
}

impl From<&Outcome> for Summary {
    fn from(outcome: &Outcome) -> Self {
        Self {
            batch_id: outcome.batch,
            units: outcome.units,
            made: outcome.made,
            killed_worker: outcome.killed.to_string(),
            made_before_kill: outcome.made_before,
            made_after_kill: outcome.made - outcome.made_before,
            takeover_seconds: outcome.takeover.as_secs_f64(),
            verified: outcome.holds(),
        }
    }
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

    pub(super) fn bars(&self, units: u32, workers: [WorkerName; 2]) -> Bars {
        match self.json {
            true => Bars::hidden(units, workers),
            false => Bars::of(units, workers),
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

    pub(super) fn starting_a_server(&mut self) -> io::Result<()> {
        self.say("No --database-url is given: starting a PostgreSQL server, just for this.\n")
    }

    pub(super) fn begin(&mut self, sku: &str, units: u32) -> io::Result<()> {
        let units = count(units.into(), "unit", "units");
        let title = format!("Two worker processes, one job: {units} of {sku}");
        self.say(&format!("\n{}\n", style(title).bold()))
    }

    pub(super) fn done(&mut self, what: &str) -> io::Result<()> {
        self.say(&format!("  {} {what}\n", style("✓").green()))
    }

    fn told(&mut self, holds: bool, what: &str) -> io::Result<()> {
        match holds {
            true => self.done(what),
            false => self.say(&format!("  {} {what}\n", style("✗").red())),
        }
    }

    pub(super) fn end(&mut self, outcome: &Outcome) -> io::Result<()> {
        if self.json {
            serde_json::to_writer(&mut self.out, &Summary::from(outcome))?;
            return writeln!(self.out);
        }
        let proof = outcome.proof;
        let digests = count(proof.digests.into(), "digest", "digests");
        let derived = format!("every unit derived again, and compared with {digests}");
        self.told(proof.verified, &derived)?;
        self.say(&format!("\n{}\n", style("Summary").bold()))?;
        self.say(&format!(
            "{}\n",
            Table::of_texts().row(["batch", &outcome.batch.to_string()])
        ))?;
        self.say(&numbers(outcome).to_string())
    }
}

fn numbers(outcome: &Outcome) -> Table {
    let killed = shown(&outcome.killed);
    let mut table = Table::with_numbers_from(1)
        .row(["units asked for", &thousands(outcome.units.into())])
        .row(["units made", &thousands(outcome.made.into())]);
    for (worker, cycles) in &outcome.cycles {
        let name = format!("cycles by {}", shown(worker));
        table = table.row([name, thousands((*cycles).into())]);
    }
    table
        .row([
            format!("units when {killed} was killed"),
            thousands(outcome.made_before.into()),
        ])
        .row(["taken over after", &duration(outcome.takeover)])
        .row([
            "verified",
            if outcome.proof.verified { "yes" } else { "no" },
        ])
        .row(["units twice", &thousands(outcome.proof.twice)])
        .row(["units missing", &thousands(outcome.proof.missing)])
}
