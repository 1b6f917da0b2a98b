//! First scans of distinct units, scans of units that are active, and from a serial to its unit
//! with nothing of its batch in memory.

use std::time::{Duration, Instant};

use dpp_benches::{MILLION, scattered};
use dpp_core::Caller;
use dpp_core::read::Located;
use dpp_core::service::ActivateAnswer;
use dpp_store_postgres::Joining;
use dpp_store_postgres::testing::Server;

use crate::host::{Host, now, product, server};
use crate::run::{Run, run};
use crate::table::Table;

const TASKS: usize = 32;
const FOR: Duration = Duration::from_secs(5);
const BATCHES: usize = 1_000;

pub(crate) async fn bench() {
    let server = server(0);
    let mut table = Table::of(["scans", "a second", "median", "server CPU each"]);
    for brands in [1, 8] {
        let host = Host::open(&server, brands, Joining::Joined).await;
        first_scans(&server, &host, &mut table).await;
    }
    serials(&server, &mut table).await;
    table.print("Scans");
}

async fn first_scans(server: &Server, host: &Host, table: &mut Table) {
    let units = host.minted(MILLION).await;
    let (service, brands) = (host.service.clone(), host.brands.clone());
    let run = run(server, TASKS, FOR, move |task, number| {
        let units = units[task % units.len()].clone();
        let brand = brands[task % brands.len()];
        let service = service.clone();
        async move {
            let unit = units.identity().unit(scattered(number)).unwrap().id;
            let begun = Instant::now();
            let scanner = Caller::scan();
            let scanned = service.activate_unit(&scanner, brand, unit, now());
            let answer = scanned.await.unwrap();
            assert!(matches!(answer, ActivateAnswer::Activated(_)));
            begun.elapsed()
        }
    });
    let what = format!(
        "first scans by {TASKS} tasks, {} brand(s)",
        host.brands.len()
    );
    let [per_second, median, cpu] = run.await.cells();
    table.row([what, per_second, median, cpu]);
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
    let all = times.iter().sum();
    let what = format!("a serial, each of another of {BATCHES} batches, for the first time");
    let [per_second, median, cpu] = Run::of(times, all, server, cpu).cells();
    table.row([what, per_second, median, cpu]);
}
