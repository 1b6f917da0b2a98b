//! Commits of a single event, by one writer and by 32, on one brand and on eight, with small
//! commits joined and apart, on a fast disk and on a slow one.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use dpp_core::read::BatchUnits;
use dpp_core::store::log::{Actor, Commit, Expected, StreamId, StreamKind};
use dpp_core::store::{Codec, EventStore};
use dpp_core::unit::{UnitActivated, UnitEvent};
use dpp_core::{BrandId, CommitId, CorrelationId};
use dpp_store_postgres::Joining;
use dpp_store_postgres::testing::Server;
use uuid::Uuid;

use crate::host::{Host, now, server};
use crate::table::{Table, micros, middle};

const FOR: Duration = Duration::from_secs(3);

/// How much longer the slow disk takes for a flush, in microseconds.
const SLOWER_BY: u32 = 5_000;

/// What one run came to.
struct Run {
    per_second: f64,
    server_micros: f64,
    middle: Duration,
}

pub(crate) async fn bench() {
    let mut table = Table::of([
        "disk",
        "brands",
        "writers",
        "commits",
        "a second",
        "median",
        "server CPU each",
    ]);
    for (disk, slower_by) in [("fast", 0), ("slow: +5 ms", SLOWER_BY)] {
        let server = server(slower_by);
        for (brands, writers) in [(1, 1), (1, 32), (8, 32)] {
            for (word, joining) in [("apart", Joining::Apart), ("joined", Joining::Joined)] {
                let host = Host::open(&server, brands, joining).await;
                let run = run(&server, &host, writers).await;
                table.row([
                    disk.to_owned(),
                    brands.to_string(),
                    writers.to_string(),
                    word.to_owned(),
                    format!("{:.0}", run.per_second),
                    micros(run.middle),
                    format!("{:.0} µs", run.server_micros),
                ]);
            }
        }
    }
    table.print("Commits of one event: first scans of units, with the read tables");
}

async fn run(server: &Server, host: &Host, writers: usize) -> Run {
    let mut units = Vec::new();
    for brand in &host.brands {
        let batch = host.mint(*brand, 1_000_000).await;
        units.push(Arc::new(host.units(*brand, batch).await));
    }
    let next = Arc::new(AtomicU32::new(0));
    let over = Arc::new(AtomicBool::new(false));
    let cpu = server.cpu_seconds();
    let begun = Instant::now();
    let tasks: Vec<_> = (0..writers)
        .map(|writer| {
            let units = units[writer % units.len()].clone();
            let brand = host.brands[writer % host.brands.len()];
            let (store, next, over) = (host.store.clone(), next.clone(), over.clone());
            tokio::spawn(async move {
                let mut times = Vec::new();
                while !over.load(Ordering::Relaxed) {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let commit = activation(brand, &units, number);
                    let begun = Instant::now();
                    store.commit(&commit).await.unwrap();
                    times.push(begun.elapsed());
                }
                times
            })
        })
        .collect();
    tokio::time::sleep(FOR).await;
    over.store(true, Ordering::Relaxed);
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await.unwrap());
    }
    let took = begun.elapsed();
    let used = server
        .cpu_seconds()
        .zip(cpu)
        .map_or(f64::NAN, |(after, before)| after - before);
    Run {
        per_second: times.len() as f64 / took.as_secs_f64(),
        server_micros: used * 1e6 / times.len() as f64,
        middle: middle(&mut times),
    }
}

fn activation(brand: BrandId, units: &BatchUnits, number: u32) -> Commit {
    activations(brand, units, &[dpp_benches::scattered(number)])
}

/// A commit that activates units of a batch, each in its own stream.
pub(crate) fn activations(brand: BrandId, units: &BatchUnits, indexes: &[u32]) -> Commit {
    let id = Uuid::new_v4();
    let request = CorrelationId::from_uuid(id);
    let mut commit = Commit::builder(brand, CommitId::from_uuid(id), now(), Actor::Scan, request);
    for index in indexes {
        let unit = units.identity().unit(*index).unwrap();
        let event = UnitEvent::Activated(UnitActivated {
            mint_batch_id: units.facts().mint_batch_id,
            index: *index,
        });
        let stream = StreamId::new(StreamKind::MintUnit, *unit.id.as_uuid());
        let event = Codec::new().encode(&event).unwrap();
        commit = commit.write(stream, Expected::NoStream, [event]);
    }
    commit.build().unwrap()
}
