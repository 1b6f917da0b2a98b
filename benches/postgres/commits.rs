//! Commits of a single event, by one writer and by 32, on one brand and on eight, with small
//! commits joined and apart, on a fast disk and on a slow one.

use std::time::{Duration, Instant};

use dpp_benches::{MILLION, scattered};
use dpp_core::read::BatchUnits;
use dpp_core::store::log::{Actor, Commit, Expected, StreamId, StreamKind};
use dpp_core::store::{Codec, EventStore};
use dpp_core::unit::{UnitActivated, UnitEvent};
use dpp_core::{BrandId, CommitId, CorrelationId};
use dpp_store_postgres::Joining;
use dpp_store_postgres::testing::Server;
use uuid::Uuid;

use crate::host::{Host, now, server};
use crate::run::{Run, run};
use crate::table::Table;

const FOR: Duration = Duration::from_secs(3);

/// How much longer the slow disk takes for a flush, in microseconds.
const SLOWER_BY: u32 = 5_000;

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
                let run = activate(&server, &host, writers).await;
                let [per_second, median, cpu] = run.cells();
                table.row([
                    disk.to_owned(),
                    brands.to_string(),
                    writers.to_string(),
                    word.to_owned(),
                    per_second,
                    median,
                    cpu,
                ]);
            }
        }
    }
    table.print("Commits of one event: first scans of units, with the read tables");
}

async fn activate(server: &Server, host: &Host, writers: usize) -> Run {
    let units = host.minted(MILLION).await;
    let (store, brands) = (host.store.clone(), host.brands.clone());
    run(server, writers, FOR, move |writer, number| {
        let units = units[writer % units.len()].clone();
        let brand = brands[writer % brands.len()];
        let store = store.clone();
        async move {
            let commit = activation(brand, &units, number);
            let begun = Instant::now();
            store.commit(&commit).await.unwrap();
            begun.elapsed()
        }
    })
    .await
}

fn activation(brand: BrandId, units: &BatchUnits, number: u32) -> Commit {
    activations(brand, units, &[scattered(number)])
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
