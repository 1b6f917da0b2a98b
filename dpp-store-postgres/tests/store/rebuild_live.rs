//! Rebuilding and verifying while others commit.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use dpp_core::mint::{ActivationMode, MintRequest};
use dpp_core::service::{MintService, Settings, Worker};
use dpp_core::store::log::WorkerName;
use dpp_core::{BrandId, Timestamp};

use crate::sql::{READS, change, connect, dump, same};
use crate::support::block_on;
use crate::world::{World, brand, caller, product};

const NOON: i64 = 1_800_000_000_000;

/// Activates units of a batch and has more made, until it is told to stop.
async fn write(service: MintService, own: BrandId, number: u128, stop: Arc<AtomicBool>) -> u64 {
    let mode = ActivationMode::FirstScan;
    let name = WorkerName::parse(&format!("writer-{number}")).unwrap();
    let mut worker = Worker::new(service.clone(), name);
    let scope = caller().to_read(own).unwrap();
    let mut commits = 0;
    while !stop.load(Ordering::Relaxed) {
        let now = Timestamp::from_unix_millis(NOON + commits as i64);
        let request = MintRequest::of_serials(own, product(number), 400, mode);
        let batch = service
            .submit(&caller(), request, now)
            .await
            .unwrap()
            .batch()
            .unwrap();
        for _ in 0..3 {
            let _lost_to_another_worker = worker.run_once(now).await;
        }
        let units = service.reads().batch_units(&scope, batch).await;
        let Ok(units) = units else { continue };
        for unit in units.units(0..20, None) {
            let _may_be_refused = service.activate_unit(&caller(), own, unit.id, now).await;
            commits += 1;
        }
    }
    commits
}

/// Stops the writers at the end of a test, however it ends.
struct Stop(Arc<AtomicBool>);

impl Drop for Stop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn rows_are_right_after_a_rebuild_among_four_writers() {
    block_on(async {
        let settings = Settings::default().units_per_cycle(100);
        let mut world = World::with(31, settings).await;
        world.history(40).await;
        let client = connect(&world.schema).await;
        let stop = Arc::new(AtomicBool::new(false));
        let _at_the_end = Stop(stop.clone());
        let writers: Vec<_> = [(1, 11), (1, 13), (2, 21), (2, 23)]
            .into_iter()
            .map(|(own, number)| {
                let (service, stop) = (world.service.clone(), stop.clone());
                tokio::spawn(write(service, brand(own), number, stop))
            })
            .collect();
        let done = AtomicU64::new(0);
        for round in 0..6 {
            // As nobody should: commits go on, on rows that are not there, until the rebuild
            // comes to them.
            if round % 2 == 1 {
                let all = READS.join(", ");
                change(&client, &format!("TRUNCATE {all}")).await;
            }
            let tables = world.store.read_tables();
            let count = |_| {
                done.fetch_add(1, Ordering::Relaxed);
            };
            tables.rebuild_all(count).await.unwrap();
            for verified in tables.verify_all().await.unwrap() {
                assert!(verified.is_clean(), "round {round}: {verified:?}");
            }
        }
        stop.store(true, Ordering::Relaxed);
        let mut commits = 0;
        for writer in writers {
            commits += writer.await.unwrap();
        }
        assert!(commits > 50, "the writers did {commits}");
        assert!(done.load(Ordering::Relaxed) > 50);
        assert_eq!(world.differences().await, [""; 0]);
        let before = dump(&client).await;
        world.rebuild().await;
        same(&dump(&client).await, &before, "rebuilt");
    });
}

#[test]
fn verifying_is_right_while_others_commit() {
    block_on(async {
        let mut world = World::new(32).await;
        world.history(20).await;
        let stop = Arc::new(AtomicBool::new(false));
        let _at_the_end = Stop(stop.clone());
        let service = world.service.clone();
        let writer = tokio::spawn(write(service, brand(1), 11, stop.clone()));
        for _ in 0..20 {
            assert_eq!(world.differences().await, [""; 0]);
        }
        stop.store(true, Ordering::Relaxed);
        assert!(writer.await.unwrap() > 0);
    });
}
