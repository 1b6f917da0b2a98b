//! Many workers, each as a process of its own would be, share the jobs and never do one twice.

use std::sync::Arc;
use std::time::Duration;

use dpp_core::mint::{JobStatus, MintEvent};
use dpp_core::service::{Again, Settings};
use dpp_core::store::log::{PageLimit, StreamId, StreamKind, Version};
use dpp_core::store::{Codec, EventStore};
use dpp_store_postgres::testing::TestSchema;

use crate::host::{brand, folding, now, owner, reading, request, worker};
use crate::support::*;

const JOBS: u64 = 100;
const WORKERS: usize = 8;

/// From 5 to 14 units, in cycles of 4.
fn quantity(job: u64) -> u64 {
    5 + job % 10
}

fn settings() -> Settings {
    Settings::default()
        .units_per_cycle(4)
        .idle(Duration::from_millis(20))
}

#[test]
fn eight_workers_make_a_hundred_jobs_and_no_cycle_twice() {
    in_time(async {
        let schema = TestSchema::new();
        let few = options(&schema).connections(3);
        let first = reading(Arc::new(open(&few).await), settings());
        let mut jobs = Vec::new();
        for job in 0..JOBS {
            let asked = request(
                1 + u128::from(job % 2),
                quantity(job),
                &format!("job-{job}"),
            );
            let answer = first.submit(&owner(), asked, now()).await.unwrap();
            jobs.push(answer.job().unwrap());
        }
        let working: Vec<_> = (0..WORKERS)
            .map(|number| {
                let (few, jobs) = (few.clone(), jobs.clone());
                tokio::spawn(async move {
                    let store = Arc::new(open(&few).await);
                    let service = match number % 2 {
                        0 => reading(store, settings()),
                        _ => folding(store, settings()),
                    };
                    let mut worker = worker(&service, &format!("worker-{number}"));
                    let scope = owner().to_read(brand()).unwrap();
                    loop {
                        let step = worker.run_once(now()).await.unwrap();
                        if step.again == Again::Now {
                            continue;
                        }
                        let mut left = false;
                        for job in &jobs {
                            let progress = service.reads().progress(&scope, *job).await.unwrap();
                            left |= progress.unwrap().status != JobStatus::Completed;
                        }
                        if !left {
                            return;
                        }
                        tokio::time::sleep(Duration::from_millis(20)).await;
                    }
                })
            })
            .collect();
        for one in working {
            one.await.unwrap();
        }
        let store = open(&few).await;
        for (job, number) in jobs.iter().zip(0..) {
            let batch = job.batch();
            let verified = first.verify(&owner(), brand(), batch).await.unwrap();
            assert!(verified.is_ok(), "{verified:?}");
            assert_eq!(u64::from(verified.units), quantity(number));
            assert_eq!(u64::from(verified.cycles), quantity(number).div_ceil(4));
            let stream = StreamId::new(StreamKind::MintBatch, *batch.as_uuid());
            let read = store.read_stream(brand(), stream, Version::FIRST, PageLimit::MAX);
            let events = read.await.unwrap().events;
            let decoded = events
                .iter()
                .map(|found| Codec::new().decode(&found.event).unwrap());
            let cycles: Vec<_> = decoded
                .filter_map(|event| match event {
                    MintEvent::CycleMinted(cycle) => Some(cycle.cycle),
                    _ => None,
                })
                .collect();
            let expected: Vec<_> = (1..=verified.cycles).collect();
            assert_eq!(cycles, expected);
        }
    });
}
