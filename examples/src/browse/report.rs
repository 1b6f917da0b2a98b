//! What is printed.

use std::io::{self, Write};

use console::style;
use dpp_core::Timestamp;
use dpp_core::read::{BatchRow, EventRow, MintKpis, Page, SearchHit, UnitRow};
use dpp_core::unit::UnitStatus;

use super::{Options, Outcome};
use crate::Progress;
use crate::show::{Table, count, thousands};

/// How many rows of a page are shown; the page itself may have more.
const SHOWN: usize = 10;

/// Tells a person as it goes on, or a program at the end.
pub(super) struct Report<'a> {
    out: &'a mut dyn Write,
    json: bool,
    /// Whether there may be things of other days.
    dates: bool,
}

impl<'a> Report<'a> {
    pub(super) fn new(options: &Options, out: &'a mut dyn Write) -> Self {
        Self {
            out,
            json: options.json,
            dates: options.database.is_some(),
        }
    }

    pub(super) fn progress(&self, total: u64, what: &'static str) -> Progress {
        match self.json {
            true => Progress::hidden(),
            false => Progress::of(total, what),
        }
    }

    fn say(&mut self, text: &str) -> io::Result<()> {
        match self.json {
            true => Ok(()),
            false => self.out.write_all(text.as_bytes()),
        }
    }

    pub(super) fn begin(&mut self, schema: Option<&str>) -> io::Result<()> {
        let Some(schema) = schema else {
            return Ok(());
        };
        let where_to = format!("The log is in PostgreSQL, in schema {schema}.");
        self.say(&format!("{where_to} Totals include earlier runs.\n"))
    }

    pub(super) fn title(&mut self, title: &str) -> io::Result<()> {
        self.say(&format!("\n{}\n", style(title).bold()))
    }

    pub(super) fn done(&mut self, what: &str) -> io::Result<()> {
        self.say(&format!("  {} {what}\n", style("✓").green()))
    }

    pub(super) fn minted(&mut self, what: &str, units: u32) -> io::Result<()> {
        let units = count(units.into(), "unit", "units");
        self.done(&format!("{what}: {units} minted"))
    }

    pub(super) fn kpis(&mut self, brand: &str, kpis: &MintKpis) -> io::Result<()> {
        self.title(&format!("{brand} in numbers"))?;
        let rows = [
            ("tokens minted", kpis.total_tokens_minted),
            ("tokens active", kpis.active_tokens),
            ("batches", kpis.batches_created),
            ("exports completed", kpis.completed_exports),
        ];
        let table = rows
            .into_iter()
            .fold(Table::with_numbers_from(1), |table, (name, number)| {
                table.row([name.to_owned(), thousands(number)])
            });
        self.say(&table.to_string())
    }

    pub(super) fn batches(&mut self, page: &Page<BatchRow>) -> io::Result<()> {
        self.title("Batches, the newest first")?;
        let header = [
            "accepted", "product", "status", "minted", "active", "revoked",
        ];
        let mut table = Table::with_numbers_from(3).row(dim(header));
        for batch in page.rows.iter().take(SHOWN) {
            table = table.row([
                self.time(batch.created_at),
                batch.product_sku.clone().unwrap_or_default(),
                batch.status.to_string(),
                thousands(batch.minted.into()),
                thousands(batch.active),
                thousands(batch.revoked),
            ]);
        }
        self.page(&table, page)
    }

    pub(super) fn units(&mut self, page: &Page<UnitRow>) -> io::Result<()> {
        self.title("Units of the batch of single items, the first made first")?;
        let mut table = Table::of_texts().row(dim(["unit", "serial", "status", "id"]));
        for unit in page.rows.iter().take(SHOWN) {
            table = table.row([
                unit.index.to_string(),
                unit.serial
                    .map(|serial| serial.to_string())
                    .unwrap_or_default(),
                colored(unit.status),
                unit.mint_unit_id.to_string(),
            ]);
        }
        self.page(&table, page)
    }

    pub(super) fn found(
        &mut self,
        what: &str,
        text: &str,
        page: &Page<SearchHit>,
    ) -> io::Result<()> {
        self.title(&format!("Search for {what}: {}", style(text).cyan()))?;
        let mut table = Table::of_texts();
        for hit in page.rows.iter().take(SHOWN) {
            table = table.row(of_hit(hit));
        }
        self.page(&table, page)
    }

    pub(super) fn events(&mut self, title: &str, page: &Page<EventRow>) -> io::Result<()> {
        self.title(title)?;
        let mut table = Table::of_texts().row(dim(["at", "event", "of", "by", "details"]));
        for event in page.rows.iter().take(SHOWN) {
            let who = event.actor.split(':').next().unwrap_or_default();
            table = table.row([
                self.time(event.at),
                event.event_type.clone(),
                event.entity_kind.to_string(),
                who.to_owned(),
                details(event),
            ]);
        }
        self.page(&table, page)
    }

    fn time(&self, at: Timestamp) -> String {
        let text = at.to_string();
        let (date, clock) = text
            .trim_end_matches('Z')
            .split_once('T')
            .unwrap_or_default();
        match self.dates {
            true => format!("{date} {clock}"),
            false => clock.to_owned(),
        }
    }

    fn page<T>(&mut self, table: &Table, page: &Page<T>) -> io::Result<()> {
        self.say(&table.to_string())?;
        let hidden = page.rows.len().saturating_sub(SHOWN) as u64;
        let more = match (hidden, page.has_more()) {
            (0, false) if page.rows.is_empty() => "nothing".to_owned(),
            (0, false) => return Ok(()),
            (0, true) => "more on the next page".to_owned(),
            (hidden, false) => format!("and {} more", thousands(hidden)),
            (hidden, true) => {
                let hidden = thousands(hidden);
                format!("and {hidden} more on this page, and a next page")
            }
        };
        self.say(&format!("  {}\n", style(more).dim()))
    }

    pub(super) fn end(&mut self, outcome: &Outcome) -> io::Result<()> {
        if !self.json {
            return Ok(());
        }
        serde_json::to_writer(&mut self.out, outcome)?;
        writeln!(self.out)
    }
}

fn dim<const N: usize>(header: [&str; N]) -> [String; N] {
    header.map(|name| style(name).dim().to_string())
}

fn colored(status: UnitStatus) -> String {
    match status {
        UnitStatus::Minted => status.to_string(),
        UnitStatus::Active => style(status).green().to_string(),
        UnitStatus::Revoked => style(status).red().to_string(),
    }
}

fn of_hit(hit: &SearchHit) -> [String; 4] {
    let [kind, name, id, state] = match hit {
        SearchHit::Product(hit) => [
            "product".to_owned(),
            hit.product_sku.clone(),
            hit.product_name.clone(),
            String::new(),
        ],
        SearchHit::Token(unit) => [
            "token".to_owned(),
            unit.serial
                .map(|serial| serial.to_string())
                .unwrap_or_default(),
            unit.mint_unit_id.to_string(),
            colored(unit.status),
        ],
        SearchHit::Lot(lot) => [
            "lot".to_owned(),
            lot.lot_code.to_string(),
            lot.lot_id.to_string(),
            String::new(),
        ],
        SearchHit::Batch(batch) => [
            "batch".to_owned(),
            batch.product_sku.clone().unwrap_or_default(),
            batch.mint_batch_id.to_string(),
            batch.status.to_string(),
        ],
        SearchHit::Export(export) => [
            "export".to_owned(),
            export.format.to_string(),
            export.export_id.to_string(),
            String::new(),
        ],
        _ => Default::default(),
    };
    [kind, name, id, state]
}

/// The fields that fit on a line.
fn details(event: &EventRow) -> String {
    const FIELDS: [&str; 6] = ["count", "minted", "index", "lot_code", "to", "reason"];
    let field = |name: &&str| {
        let value = event.details.get(*name)?;
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        (text != "null").then(|| format!("{name} {text}"))
    };
    FIELDS
        .iter()
        .filter_map(field)
        .collect::<Vec<_>>()
        .join(", ")
}
