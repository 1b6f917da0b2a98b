//! From a mint request to what goes to the press, broken off and gone on with at will.
//!
//! `print_run.rs` is a thin shell around it. Its log is a file and its packs lie in a folder, so
//! that Ctrl-C, or a power cut, loses at most the pack that was being made.

mod error;
mod host;
mod options;
mod press;
mod proof;
mod report;

use std::future::Future;
use std::io::Write;
use std::time::Instant;

use futures::future::{Either, select};
use tokio::runtime::Builder;

pub use crate::flags::BadFlags;
pub use error::PrintRunError;
pub use options::{Asked, Making, Options, USAGE, parse};
pub use report::Summary;

use crate::CatalogueFile;
use host::Host;
use report::Report;

/// Runs it until it is done or somebody presses Ctrl-C, and tells `out` about it: in words while
/// it goes on, or as one JSON object at the end.
///
/// # Errors
/// [`PrintRunError`].
pub fn run(options: &Options, out: &mut dyn Write) -> Result<Summary, PrintRunError> {
    run_until(options, out, async {
        // Without a handler Ctrl-C ends the program as it is, which loses nothing either.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}

/// Runs it until it is done or `interrupt` comes to its end.
///
/// # Errors
/// [`PrintRunError::Interrupted`] if that came first; starting again goes on from there.
pub fn run_until(
    options: &Options,
    out: &mut dyn Write,
    interrupt: impl Future<Output = ()>,
) -> Result<Summary, PrintRunError> {
    let runtime = Builder::new_multi_thread().enable_all().build()?;
    let worked = runtime.block_on(async {
        let work = std::pin::pin!(in_steps(options, out));
        match select(work, std::pin::pin!(interrupt)).await {
            Either::Left((done, _)) => Some(done),
            Either::Right(_) => None,
        }
    });
    worked.unwrap_or_else(|| {
        Err(PrintRunError::Interrupted {
            folder: options.out.clone(),
        })
    })
}

async fn in_steps(options: &Options, out: &mut dyn Write) -> Result<Summary, PrintRunError> {
    let began = Instant::now();
    let catalogue = CatalogueFile::of_the_examples()?;
    let host = Host::open(options, &catalogue).await?;
    let mut report = Report::new(options, out);

    report.begin(&catalogue, options, &host)?;
    let minted = host
        .mint(options, &report.progress(options.units, "units"))
        .await?;
    report.minted(&minted)?;

    let mut runs = Vec::new();
    for making in &options.makings {
        let run = press::print(&host, minted.batch, making, &mut report).await?;
        runs.push(run);
    }
    let proof = proof::of(&host, &runs).await?;
    report.proof(proof.as_ref())?;
    Ok(report.end(&minted, &runs, proof, began.elapsed())?)
}
