//! Random histories of every command, told by three read sides: the tables, a fold of the log
//! in PostgreSQL, and a fold of a log in memory that had the same commits. They say the same.

mod ask;
mod plan;
mod tee;
mod world;

use std::env;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::support::block_on;
use ask::Sides;
use plan::{Step, steps};
use world::World;

const CASES: u32 = 24;

fn cases() -> u32 {
    let named = env::var("DPP_DIFFERENTIAL_CASES").ok();
    named.map_or(CASES, |cases| cases.parse().unwrap())
}

async fn all_sides_agree(steps: &[Step], seed: u64) {
    let mut world = World::new(seed).await;
    let sides = Sides::of(&world.log);
    for (place, step) in (1..).zip(steps) {
        world.take(step).await;
        // The one in between finds what the later ones change.
        if place % 16 == 0 || place == steps.len() {
            sides.agree(&world, seed ^ place as u64).await;
        }
    }
}

#[test]
fn tables_say_what_folds_of_the_log_say() {
    let config = ProptestConfig {
        cases: cases(),
        max_shrink_time: 30_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let histories = (vec(steps(), 1..48), any::<u64>());
    let outcome = TestRunner::new(config).run(&histories, |(steps, seed)| {
        block_on(all_sides_agree(&steps, seed));
        Ok(())
    });
    outcome.unwrap_or_else(|failed| panic!("{failed}"));
}
