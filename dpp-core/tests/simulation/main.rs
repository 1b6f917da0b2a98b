//! Deterministic simulation: a seed chooses jobs, workers, the order of their steps, crashes
//! between any two awaits, faults of the store, and jumps of the clock. After each run every
//! promise is checked.
//!
//! `DPP_SIMULATION_SEEDS` sets how many seeds are run (2,000 of jobs and 1,200 of exports if
//! nothing is said), and `DPP_SIMULATION_SEED` replays a single one.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    missing_docs,
    unreachable_pub,
    reason = "tests"
)]

mod checks;
#[path = "../support/export_laws.rs"]
mod export_laws;
mod exports;
mod outcome;
mod plan;
#[path = "../support/mod.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod support;
#[path = "../support/watched.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod watched;
mod world;

use std::panic::{AssertUnwindSafe, catch_unwind};

use outcome::Outcome;
use world::World;

fn from_environment(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{name} is `{text}`, not a number")),
    )
}

fn run(seed: u64) -> Outcome {
    let run = catch_unwind(AssertUnwindSafe(|| {
        let mut world = World::new(seed);
        world.disturb();
        world.settle();
        checks::check(&world);
        world.outcome()
    }));
    run.unwrap_or_else(|_| panic!("seed {seed} failed; replay it with DPP_SIMULATION_SEED={seed}"))
}

#[test]
fn no_interleaving_crash_or_fault_breaks_a_promise() {
    if let Some(seed) = from_environment("DPP_SIMULATION_SEED") {
        println!("seed {seed}: {:?}", run(seed));
        return;
    }
    let seeds = from_environment("DPP_SIMULATION_SEEDS").unwrap_or(2_000);
    let mut total = Outcome::default();
    for seed in 0..seeds {
        total += run(seed);
    }
    println!("{seeds} seeds: {total:?}");
    // A simulation in which nothing goes wrong proves nothing.
    if seeds >= 500 {
        total.assert_everything_happened();
    }
}

#[test]
fn the_same_seed_tells_the_same_story() {
    for seed in [1, 7, 1_234] {
        let story = || {
            let mut world = World::new(seed);
            world.disturb();
            world.settle();
            world.story()
        };
        let first = story();
        assert!(first.len() > 5, "{first:?}");
        assert_eq!(first, story(), "seed {seed}");
    }
}
