//! First scans of distinct units, scans of units that are active, and from a serial to its unit
//! with nothing of its batch in memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use dpp_benches::{MILLION, scattered};
use dpp_core::Caller;
use dpp_core::read::Located;
use dpp_core::service::ActivateAnswer;
use dpp_store_postgres::Joining;
use dpp_store_postgres::testing::Server;

use crate::host::{Host, now, product, server};
use crate::table::{Table, micros, middle};

const TASKS: usize = 32;
const FOR: Duration = Duration::from_secs(5);
const BATCHES: usize = 1_000;

pub(crate) async fn bench() {
    let server = server(0);
    let mut table = Table::of(["scans", "a second", "median", "server CPU each"]);
    for brands in [1, 8] {
        let host = Arc::new(Host::open(&server, brands, Joining::Joined).await);
        first_scans(&server, &host, &mut table).await;
    }
    serials(&server, &mut table).await;
    table.print("Scans");
}

async fn first_scans(server: &Server, host: &Arc<Host>, table: &mut Table) {
    let mut units = Vec::new();
    for brand in &host.brands {
        let batch = host.mint(*brand, MILLION).await;
        units.push(Arc::new(host.units(*brand, batch).await));
    }
    let (next, over) = (
        Arc::new(AtomicU32::new(0)),
        Arc::new(AtomicBool::new(false)),
    );
    let (cpu, begun) = (server.cpu_seconds(), Instant::now());
    let tasks: Vec<_> = (0..TASKS)
        .map(|task| {
            let (host, units) = (host.clone(), units[task % units.len()].clone());
            let brand = host.brands[task % host.brands.len()];
            let (next, over) = (next.clone(), over.clone());
            tokio::spawn(async move {
                let mut times = Vec::new();
                while !over.load(Ordering::Relaxed) {
                    let index = scattered(next.fetch_add(1, Ordering::Relaxed));
                    let unit = units.identity().unit(index).unwrap().id;
                    let begun = Instant::now();
                    let scanner = Caller::scan();
                    let scanned = host.service.activate_unit(&scanner, brand, unit, now());
                    let answer = scanned.await.unwrap();
                    assert!(matches!(answer, ActivateAnswer::Activated(_)));
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
    table.row([
        format!(
            "first scans by {TASKS} tasks, {} brand(s)",
            host.brands.len()
        ),
        format!("{:.0}", times.len() as f64 / took.as_secs_f64()),
        micros(middle(&mut times)),
        format!("{:.0} µs", used * 1e6 / times.len() as f64),
    ]);
}

/// Each serial is of another batch, and each is asked for once.
async fn serials(server: &Server, table: &mut Table) {
    let host = Host::open(server, 1, Joining::Joined).await;
    let brand = host.brands[0];
    let mut serials = Vec::new();
    for _ in 0..BATCHES {
        let batch = host.mint(brand, 1_000).await;
        let units = host.units(brand, batch).await;
        serials.push(units.identity().unit(500).unwrap().serial.unwrap());
    }
    let cold = host.opened_again().await;
    let scope = cold.caller.to_read(brand).unwrap();
    let (reads, cpu) = (cold.service.reads(), server.cpu_seconds());
    let mut times = Vec::new();
    for serial in &serials {
        let begun = Instant::now();
        let located = reads
            .locate_serial(&scope, product(brand), serial)
            .await
            .unwrap();
        assert!(matches!(located, Located::Unit { index: 500, .. }));
        times.push(begun.elapsed());
    }
    let used = server
        .cpu_seconds()
        .zip(cpu)
        .map_or(f64::NAN, |(after, before)| after - before);
    let all: Duration = times.iter().sum();
    table.row([
        format!("a serial, each of another of {BATCHES} batches, for the first time"),
        format!("{:.0}", times.len() as f64 / all.as_secs_f64()),
        micros(middle(&mut times)),
        format!("{:.0} µs", used * 1e6 / times.len() as f64),
    ]);
}
