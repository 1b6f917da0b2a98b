//! Reading back: pages, search, numbers and the audit trail.
//!
//! `browse.rs` is a thin shell around it.

mod error;
mod host;
mod options;
mod report;
mod story;

use std::io::Write;

use dpp_core::read::{
    BatchFilter, BatchRow, EventFilter, EventRow, MintKpis, PageRequest, SearchHit, UnitFilter,
    UnitRow,
};
use dpp_core::store::Entity;
use serde::Serialize;

pub use crate::flags::BadFlags;
pub use error::BrowseError;
pub use options::{Asked, Options, USAGE, parse};
pub use story::Story;

use crate::CatalogueFile;
use crate::database::Store;
use host::Host;
use report::Report;

/// What was read. It is what `--json` prints.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Outcome {
    /// The numbers of the brand.
    pub kpis: MintKpis,
    /// Its batches, the newest first.
    pub batches: Vec<BatchRow>,
    /// The first page of the units of the batch of single items, the first made first.
    pub units: Vec<UnitRow>,
    /// What the beginning of a serial finds.
    pub search: Vec<SearchHit>,
    /// The first page of the audit trail, the newest first.
    pub events: Vec<EventRow>,
}

/// Runs it, and tells `out` about it: in words, or as one JSON object.
///
/// # Errors
/// [`BrowseError`].
pub fn run(options: &Options, out: &mut dyn Write) -> Result<Outcome, BrowseError> {
    let store = Store::open(options.database.as_ref())?;
    store.block_on(run_in_steps(&store, options, out))
}

async fn run_in_steps(
    store: &Store,
    options: &Options,
    out: &mut dyn Write,
) -> Result<Outcome, BrowseError> {
    let catalogue = CatalogueFile::of_the_examples()?;
    let host = Host::new(store, &catalogue)?;
    let mut report = Report::new(options, out);
    report.begin(store.schema())?;
    let story = story::tell(&host, &catalogue, options.units, &mut report).await?;

    let (reads, scope) = (host.reads(), host.scope()?);
    let kpis = reads.get_mint_kpis(&scope).await?;
    report.kpis(&catalogue.brand.name, &kpis)?;

    let newest = PageRequest::default();
    let batches = BatchFilter::default();
    let batches = reads.list_mint_batches(&scope, &batches, &newest).await?;
    report.batches(&batches)?;

    let (items, oldest) = (
        UnitFilter::of_batch(story.items),
        PageRequest::oldest_first(),
    );
    let units = reads.list_mint_units(&scope, &items, &oldest).await?;
    report.units(&units)?;

    let mut found = Vec::new();
    for (what, text) in asked(&catalogue, &units.rows) {
        let hits = reads.search(&scope, &text, None).await?;
        report.found(what, &text, &hits)?;
        found.push(hits.rows);
    }

    let events = EventFilter::default();
    let events = reads.list_mint_events(&scope, &events, &newest).await?;
    report.events("Audit trail, the newest first", &events)?;

    let of_batch = EventFilter {
        entity: Some(Entity::MintBatch(story.items)),
        ..EventFilter::default()
    };
    let trail = reads.list_mint_events(&scope, &of_batch, &oldest).await?;
    report.events("The same of one batch, from its beginning", &trail)?;

    let outcome = Outcome {
        kpis,
        batches: batches.rows,
        units: units.rows,
        search: found.into_iter().next().unwrap_or_default(),
        events: events.rows,
    };
    report.end(&outcome)?;
    Ok(outcome)
}

/// What is searched for: the beginning of a serial, that of a SKU, a whole URL.
fn asked(catalogue: &CatalogueFile, units: &[UnitRow]) -> Vec<(&'static str, String)> {
    let mut asked = Vec::new();
    if let Some(unit) = units.first() {
        let serial = unit.serial.map(|serial| serial.to_string());
        let beginning = serial.map(|serial| serial.chars().take(5).collect());
        asked.extend(beginning.map(|text| ("the beginning of a serial", text)));
        asked.push(("what was printed", unit.resolver_url.clone()));
    }
    if let Some(product) = catalogue.products.first() {
        let sku = product.sku.chars().take(6).collect();
        asked.push(("the beginning of a SKU", sku));
    }
    asked
}
