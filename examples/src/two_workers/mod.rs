//! Two worker processes on one job, of which one is killed.
//!
//! `two_workers.rs` is a thin shell around it. This room must not know how the library sees to
//! it that nothing is lost: it kills, looks on, and counts what is in the log.

mod bars;
mod children;
mod error;
mod options;
mod proof;
mod report;
mod server;
mod trail;
mod watch;
mod worker;

use std::io::Write;
use std::time::Duration;

use dpp_core::Caller;
use dpp_core::identity::MintBatchId;
use dpp_core::mint::{ActivationMode, MintRequest};
use dpp_core::service::{MintService, PreflightAnswer};
use dpp_core::store::log::WorkerName;

pub use crate::flags::BadFlags;
pub use error::TwoWorkersError;
pub use options::{Asked, Options, USAGE, parse};
pub use proof::Proof;
pub use report::Summary;

use crate::database::Store;
use crate::host::open;
use crate::{Address, CatalogueFile, now};
use children::Pair;
use report::Report;
use server::Throwaway;
use trail::Trail;
use watch::Watch;

/// What became of it.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The batch.
    pub batch: MintBatchId,
    /// How many units were asked for.
    pub units: u32,
    /// How many were made.
    pub made: u32,
    /// How many cycles each of the two made.
    pub cycles: Vec<(WorkerName, u32)>,
    /// The worker that was killed.
    pub killed: WorkerName,
    /// How many units had been made when the other took over.
    pub made_before: u32,
    /// How long after the kill the other took over.
    pub takeover: Duration,
    /// What the log says.
    pub proof: Proof,
}

impl Outcome {
    /// Whether everything is as it should be.
    pub fn holds(&self) -> bool {
        let Proof {
            verified,
            twice,
            missing,
            ..
        } = self.proof;
        verified && self.made == self.units && (twice, missing) == (0, 0)
    }
}

/// Runs it, and tells `out` about it: in words while it goes on, or as one JSON object at the
/// end. A process that is one of the two workers works until it is killed.
///
/// # Errors
/// [`TwoWorkersError`]; nothing that was started is left behind.
pub fn run(options: &Options, out: &mut dyn Write) -> Result<(), TwoWorkersError> {
    if let (Some(name), Some(address)) = (&options.as_worker, &options.database) {
        return worker::work(address, options.units, name);
    }
    let mut report = Report::new(options, out);
    let Some(address) = &options.database else {
        report.starting_a_server()?;
        let server = Throwaway::start()?;
        return run_on(&server.address()?, options, &mut report);
    };
    run_on(address, options, &mut report)
}

fn run_on(
    address: &Address,
    options: &Options,
    report: &mut Report<'_>,
) -> Result<(), TwoWorkersError> {
    let store = Store::open(Some(address))?;
    let outcome = store.block_on(run_in_steps(&store, address, options.units, report))?;
    report.end(&outcome)?;
    match outcome.holds() {
        true => Ok(()),
        false => Err(TwoWorkersError::DoesNotHold),
    }
}

async fn run_in_steps(
    store: &Store,
    address: &Address,
    units: u32,
    report: &mut Report<'_>,
) -> Result<Outcome, TwoWorkersError> {
    let catalogue = CatalogueFile::of_the_examples()?;
    let brand = catalogue.brand.id;
    let (service, owner) = open(store, &catalogue, worker::settings(units))?;
    let (sku, request) = ready(&service, &owner, &catalogue, units).await?;
    report.begin(&sku, units)?;

    // The workers first: they get ready while the job is submitted.
    let pair = Pair::start(address, units)?;
    let submitted = service.submit(&owner, request, now()).await?;
    let job = submitted.job().ok_or(TwoWorkersError::Blocked)?;
    let batch = job.batch();
    let trail = Trail::of(store.log(), brand, batch);
    let watch = Watch::of(store, pair, trail, units, report);
    let seen = watch.follow().await?;

    let proof = proof::prove(&service, &owner, brand, batch, &seen.trail).await?;
    Ok(Outcome {
        batch,
        units,
        made: seen.trail.made(),
        cycles: seen.cycles(),
        killed: seen.killed,
        made_before: seen.made_before,
        takeover: seen.takeover,
        proof,
    })
}

/// The first product that can have so many units minted, and the request for them.
async fn ready(
    service: &MintService,
    owner: &Caller,
    catalogue: &CatalogueFile,
    units: u32,
) -> Result<(String, MintRequest), TwoWorkersError> {
    let brand = catalogue.brand.id;
    for product in &catalogue.products {
        let mode = ActivationMode::FirstScan;
        let request = MintRequest::of_serials(brand, product.id, units.into(), mode);
        let answer = service.preflight(owner, request.clone()).await?;
        if answer == PreflightAnswer::PreflightPass {
            return Ok((product.sku.clone(), request));
        }
    }
    Err(TwoWorkersError::Blocked)
}

/// The name of a worker without the number of its process: `worker 1`.
fn shown(worker: &WorkerName) -> String {
    let name = worker.as_str();
    let name = name.rsplit_once('-').map_or(name, |(name, _)| name);
    name.replace('-', " ")
}
