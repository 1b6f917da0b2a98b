//! What is printed.

mod code;
mod seen;

use std::io::{self, Write};

use console::style;
use dpp_core::service::{ResolverStats, ScanStats};
use dpp_core::unit::UnitStatus;

use super::host::Host;
use super::{Options, ServeError};
use crate::Progress;
use crate::show::{Table, count, thousands};
use code::code;

pub(super) use seen::Seen;

/// How many requests, and how many problems, are told of in a second; the others are counted.
const A_SECOND: u32 = 20;

/// Tells a person what goes on, or a program where it listens.
pub(super) struct Report<'a> {
    out: &'a mut dyn Write,
    json: bool,
    requests: Told,
    problems: Told,
}

/// What was told of in this second, and how much more there was.
#[derive(Debug, Default)]
struct Told {
    told: u32,
    more: u64,
}

impl Told {
    fn may_be_told(&mut self) -> bool {
        let may = self.told < A_SECOND;
        match may {
            true => self.told += 1,
            false => self.more += 1,
        }
        may
    }

    /// Begins the next second; what was not told of in the one before.
    fn next(&mut self) -> u64 {
        std::mem::take(self).more
    }
}

impl<'a> Report<'a> {
    pub(super) fn new(options: &Options, out: &'a mut dyn Write) -> Self {
        Self {
            out,
            json: options.json,
            requests: Told::default(),
            problems: Told::default(),
        }
    }

    pub(super) fn progress(&self, units: u32) -> Progress {
        match self.json {
            true => Progress::hidden(),
            false => Progress::of(units.into(), "units"),
        }
    }

    fn say(&mut self, text: &str) -> io::Result<()> {
        if self.json {
            return Ok(());
        }
        self.out.write_all(text.as_bytes())?;
        self.out.flush()
    }

    pub(super) fn listening(
        &mut self,
        host: &Host,
        options: &Options,
        schema: Option<&str>,
    ) -> Result<(), ServeError> {
        let listening = &host.listening;
        if self.json {
            serde_json::to_writer(&mut self.out, listening).map_err(io::Error::from)?;
            writeln!(self.out)?;
            return Ok(self.out.flush()?);
        }
        let units = count(options.units.into(), "unit", "units");
        let product = &host.product;
        let log = schema.map(|schema| format!(" The log is in PostgreSQL, in schema {schema}."));
        self.say(&format!(
            "{units} of {product} minted, each to be active from its first scan.{}\n\
             Listening at {}, for this machine only. Ctrl-C ends it.\n",
            log.unwrap_or_default(),
            style(&listening.base_url).cyan(),
        ))?;
        let Some(path) = listening.paths.first() else {
            return Ok(());
        };
        let url = format!("{}{path}", listening.base_url);
        let code = code(&url, console::colors_enabled())?;
        self.say(&format!("\n{code}\n{}", trials(&url)))?;
        Ok(self.say(&format!("\n{}\n", style("Requests").bold()))?)
    }

    pub(super) fn request(&mut self, seen: &Seen) -> io::Result<()> {
        for problem in &seen.problems {
            if self.problems.may_be_told() {
                eprintln!("{}: {problem}", seen.what);
            }
        }
        if self.json || !self.requests.may_be_told() {
            return Ok(());
        }
        let at = seen.at.to_string();
        let clock = at.split_once('T').map_or(at.as_str(), |(_, clock)| clock);
        let status = match seen.status {
            200..=399 => style(seen.status).green(),
            400..=499 => style(seen.status).yellow(),
            _ => style(seen.status).red(),
        };
        let line = format!(
            "  {}  {status}  {}  {:<32}  {}\n",
            style(clock.trim_end_matches('Z')).dim(),
            state(seen.state),
            seen.words(),
            seen.what,
        );
        self.say(&line)
    }

    /// Once a second: what there was too much of to be told one by one.
    pub(super) fn second(&mut self, missed: u64) -> io::Result<()> {
        let problems = self.problems.next();
        if problems > 0 {
            eprintln!("and {}", count(problems, "more problem", "more problems"));
        }
        let requests = self.requests.next() + missed;
        if requests == 0 {
            return Ok(());
        }
        let more = count(requests, "more request", "more requests");
        self.say(&format!("  {}\n", style(format!("and {more}")).dim()))
    }

    pub(super) fn end(&mut self, stats: &ResolverStats, scans: &ScanStats) -> io::Result<()> {
        self.say(&format!("\n{}\n", style("In all").bold()))?;
        let kept = [
            ("scans kept", scans.stored),
            ("scans not kept", scans.dropped + scans.queued as u64),
        ];
        let counted = counted(stats).into_iter().chain(kept);
        let counted = counted.filter(|(_, number)| *number > 0);
        let rows: Vec<_> = counted.collect();
        if rows.is_empty() {
            return self.say("  nobody asked for anything\n");
        }
        let table = rows
            .into_iter()
            .fold(Table::with_numbers_from(1), |table, (name, number)| {
                table.row([name.to_owned(), thousands(number)])
            });
        self.say(&table.to_string())
    }
}

/// What can be tried.
fn trials(url: &str) -> String {
    let forged = forged(url);
    let title = |text: &str| style(text.to_owned()).dim();
    // A tool of the command line counts as a bot unless it gives another name.
    let table = Table::of_texts()
        .row([
            title("a scan, and again").to_string(),
            format!("curl -i -A phone {url}"),
        ])
        .row([
            title("a forged code").to_string(),
            format!("curl -i -A phone {forged}"),
        ])
        .row([
            title("a bot").to_string(),
            format!("curl -i -A Twitterbot/1.0 {url}"),
        ]);
    format!(
        "{}\n  The code leads to {}\n{table}",
        style("Try it").bold(),
        style(url).cyan()
    )
}

/// The same with another last character, so that its tag is wrong.
fn forged(url: &str) -> String {
    let mut forged = url.to_owned();
    let last = forged.pop();
    forged.push(if last == Some('0') { '1' } else { '0' });
    forged
}

fn state(state: Option<UnitStatus>) -> String {
    let padded = format!("{:<7}", state.map_or("", UnitStatus::as_str));
    match state {
        Some(UnitStatus::Active) => style(padded).green().to_string(),
        Some(UnitStatus::Revoked) => style(padded).red().to_string(),
        Some(UnitStatus::Minted) | None => padded,
    }
}

fn counted(stats: &ResolverStats) -> [(&'static str, u64); 19] {
    [
        ("led on", stats.redirected),
        ("made active", stats.activated),
        ("not made active, for a failure", stats.failed_activations),
        ("previews for bots", stats.previewed),
        ("described", stats.described),
        ("no link looks so", stats.malformed),
        ("no method of a resolver", stats.methods),
        ("to be tried again", stats.unavailable),
        ("unknown hosts", stats.unknown_brands),
        ("unknown GTINs", stats.unknown_gtins),
        ("unknown serials", stats.unknown_serials),
        ("unknown batches", stats.unknown_batches),
        ("unknown lots", stats.unknown_lots),
        ("beyond their batch", stats.beyond_batch),
        ("wrong tags", stats.wrong_tags),
        ("serials of other GTINs", stats.other_gtins),
        ("never made", stats.not_made),
        ("unknown link types", stats.unknown_link_types),
        ("answered from before a failure", stats.stale),
    ]
}
