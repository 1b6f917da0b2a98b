//! Exports: a seed chooses requests, workers, downloads, crashes, faults and jumps of the clock,
//! beyond locks and beyond the time of exports. No file is made.

mod checks;
mod outcome;
mod plan;
mod tasks;
mod world;

use std::panic::{AssertUnwindSafe, catch_unwind};

use outcome::Outcome;
use world::ExportWorld;

use crate::from_environment;

fn run(seed: u64) -> Outcome {
    let run = catch_unwind(AssertUnwindSafe(|| {
        let world = simulated(seed);
        checks::check(&world);
        world.outcome()
    }));
    run.unwrap_or_else(|_| panic!("seed {seed} failed; replay it with DPP_SIMULATION_SEED={seed}"))
}

fn simulated(seed: u64) -> ExportWorld {
    let mut world = ExportWorld::new(seed);
    world.disturb();
    world.settle();
    world
}

#[test]
fn no_interleaving_crash_or_fault_breaks_a_promise_of_exports() {
    if let Some(seed) = from_environment("DPP_SIMULATION_SEED") {
        println!("seed {seed}: {:?}", run(seed));
        return;
    }
    let seeds = from_environment("DPP_SIMULATION_SEEDS").unwrap_or(1_200);
    let mut total = Outcome::default();
    for seed in 0..seeds {
        total += run(seed);
    }
    println!("{seeds} seeds: {total:?}");
    if seeds >= 500 {
        total.assert_everything_happened();
    }
}

#[test]
fn the_same_seed_tells_the_same_story_of_exports() {
    for seed in [1, 7, 1_234] {
        let story = || crate::world::story(&simulated(seed).store);
        let first = story();
        assert!(first.len() > 5, "{first:?}");
        assert_eq!(first, story(), "seed {seed}");
    }
}
