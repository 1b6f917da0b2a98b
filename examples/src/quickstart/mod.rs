//! The main job from end to end: check, mint, export, verify.
//!
//! `quickstart.rs` is a thin shell around it.

mod error;
mod options;
mod report;
mod steps;

use std::io::Write;

pub use crate::flags::BadFlags;
pub use error::QuickstartError;
pub use options::{Asked, Options, USAGE, parse};
pub use report::Summary;
pub use steps::{Checked, Exported, Minted, Outcome, Verified};

use crate::CatalogueFile;
use crate::database::Store;
use report::Report;
use steps::Host;

/// Runs it, and tells `out` about it: in words while it goes on, or as one JSON object at the
/// end.
///
/// # Errors
/// [`QuickstartError`].
pub fn run(options: &Options, out: &mut dyn Write) -> Result<Outcome, QuickstartError> {
    let store = Store::open(options.database.as_ref())?;
    store.block_on(run_in_steps(&store, options, out))
}

async fn run_in_steps(
    store: &Store,
    options: &Options,
    out: &mut dyn Write,
) -> Result<Outcome, QuickstartError> {
    let catalogue = CatalogueFile::of_the_examples()?;
    let catalogue = match store.schema() {
        Some(_) => catalogue.with_new_product_batches()?,
        None => catalogue,
    };
    let host = Host::new(store, &catalogue)?;
    let folder = steps::folder(options)?;
    let mut report = Report::new(options, out);

    report.begin(&catalogue, options.units, store.schema())?;
    let mut ready = None;
    for product in &catalogue.products {
        let batch = catalogue.product_batch_of(product.id);
        let checked = host.check(product, batch, options.units).await?;
        report.checked(&checked)?;
        ready = ready.or(Some(checked).filter(Checked::is_ready));
    }
    let ready = ready.ok_or(QuickstartError::NothingReady)?;

    report.minting(&ready)?;
    let minted = host.mint(ready, &report.progress("units")).await?;
    report.minted(&minted)?;

    let units = host.units(minted.batch).await?;
    let progress = report.progress("units in manifest packs");
    let exported = host.export(&units, &folder, &progress).await?;
    drop(progress);
    report.exported(&exported)?;

    let verified = host.verify(minted.batch).await?;
    report.verified(&verified)?;

    let outcome = Outcome {
        first: host.unit(minted.batch, 0).await?,
        last: host
            .unit(minted.batch, minted.units.saturating_sub(1))
            .await?,
        minted,
        exported,
        verified,
    };
    report.end(&outcome)?;
    Ok(outcome)
}
