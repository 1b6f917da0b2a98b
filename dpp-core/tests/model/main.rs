//! Random histories of every command, beside a plain model: a map of units. After each step
//! every read says what the model says.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    unreachable_pub,
    reason = "tests"
)]

mod compare;
mod plain;
mod plan;
mod steps;

#[path = "../support/mod.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod support;

use std::sync::Arc;

use dpp_core::service::Settings;
use dpp_store_memory::MemoryStore;
use futures::executor::block_on;
use proptest::prelude::*;

use plain::Model;
use plan::steps;
use steps::World;

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn every_read_agrees_with_a_plain_model_after_each_step(
        steps in prop::collection::vec(steps(), 1..40),
        seed in any::<u64>(),
    ) {
        let settings = Settings::default().units_per_cycle(5);
        let log = Arc::new(MemoryStore::default());
        let mut world = World::new(support::service(log, seed, settings));
        let mut model = Model::default();
        for step in steps {
            block_on(world.take(&step, &mut model));
            block_on(compare::all(&world, &model, &step));
        }
    }
}
