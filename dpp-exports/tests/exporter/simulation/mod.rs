//! Deterministic simulation: a seed chooses batches, workers, the order of their steps, crashes
//! between any two awaits, faults of log and storage, and jumps of the clock. After each thing
//! that the storage did it is looked whether every recorded pack lies there whole.
//!
//! `DPP_SIMULATION_SEEDS` sets how many seeds are run (150 if nothing is said), and
//! `DPP_SIMULATION_SEED` replays a single one.

mod checks;
mod ledger;
mod outcome;
mod plan;
mod tasks;
mod town;
mod turn;

use std::panic::{AssertUnwindSafe, catch_unwind};

use outcome::Outcome;
use town::Town;

fn from_environment(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    let number = text.parse();
    Some(number.unwrap_or_else(|_| panic!("{name} is `{text}`, not a number")))
}

fn lived(seed: u64) -> Town {
    let mut town = Town::new(seed);
    town.disturb();
    town.settle();
    town
}

fn run(seed: u64) -> Outcome {
    let run = catch_unwind(AssertUnwindSafe(|| {
        let town = lived(seed);
        checks::assert_made(&town);
        let outcome = town.outcome();
        checks::assert_all_expire(&town);
        outcome
    }));
    run.unwrap_or_else(|_| panic!("seed {seed} failed; replay it with DPP_SIMULATION_SEED={seed}"))
}

#[test]
fn no_interleaving_crash_or_fault_breaks_a_promise() {
    let runtime = turn::runtime();
    let _entered = runtime.enter();
    if let Some(seed) = from_environment("DPP_SIMULATION_SEED") {
        println!("seed {seed}: {:?}", run(seed));
        return;
    }
    let seeds = from_environment("DPP_SIMULATION_SEEDS").unwrap_or(150);
    let mut total = Outcome::default();
    for seed in 0..seeds {
        total += run(seed);
    }
    println!("{seeds} seeds: {total:?}");
    // A simulation in which nothing goes wrong proves nothing.
    if seeds >= 100 {
        total.assert_everything_happened();
    }
}

#[test]
fn the_same_seed_tells_the_same_story() {
    let runtime = turn::runtime();
    let _entered = runtime.enter();
    for seed in [1, 7, 1_234] {
        let first = lived(seed).story();
        assert!(first.len() > 5, "{first:?}");
        assert_eq!(first, lived(seed).story(), "seed {seed}");
    }
}
