//! One of the two workers, in a process of its own.

use std::io::{self, Read};
use std::time::Duration;

use dpp_core::service::{Again, Did, Settings, Worker};
use dpp_core::store::log::WorkerName;

use super::TwoWorkersError;
use crate::database::Store;
use crate::host::open;
use crate::{Address, CatalogueFile, now};

/// How long a worker holds a job without a sign of life: short, so that nobody waits long.
const LEASE: Duration = Duration::from_secs(2);

/// After each cycle, so that a person sees it going on.
const PAUSE: Duration = Duration::from_millis(50);

/// How long to wait before another look for jobs.
const IDLE: Duration = Duration::from_millis(100);

/// How often in a row a step may fail.
const FAILURES: u32 = 10;

/// So many cycles are enough to see one end and another begin.
const CYCLES: u32 = 40;

/// How both workers and their parent work: in some forty cycles, with a short lease.
pub(super) fn settings(units: u32) -> Settings {
    let settings = Settings::default().lease(LEASE).idle(IDLE);
    settings.units_per_cycle(units.div_ceil(CYCLES))
}

/// Works until it is killed, or until its standard input ends, as it does with its parent.
pub(super) fn work(address: &Address, units: u32, name: &str) -> Result<(), TwoWorkersError> {
    std::thread::spawn(end_with_input);
    let name = WorkerName::parse(name)?;
    let store = Store::open(Some(address))?;
    let catalogue = CatalogueFile::of_the_examples()?;
    let (service, _) = open(&store, &catalogue, settings(units))?;
    store.block_on(step_by_step(&store, Worker::new(service, name)))
}

fn end_with_input() {
    // Nothing is ever written to it.
    let _ = io::stdin().read(&mut [0]);
    std::process::exit(0);
}

async fn step_by_step(store: &Store, mut worker: Worker) -> Result<(), TwoWorkersError> {
    let mut failures = 0;
    loop {
        let step = match worker.run_once(now()).await {
            Err(error) if failures >= FAILURES => return Err(error.into()),
            Err(_) => {
                failures += 1;
                store.pause(IDLE).await;
                continue;
            }
            Ok(step) => step,
        };
        failures = 0;
        match (step.did, step.again) {
            (Did::Made(_), _) => store.pause(PAUSE).await,
            (_, Again::At(then)) => store.pause(then.since(now())).await,
            (_, Again::Now) => {}
        }
    }
}
