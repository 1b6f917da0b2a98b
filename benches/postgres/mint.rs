//! A million units, durable, beside one row for each of them.

use std::time::{Duration, Instant};

use dpp_benches::MILLION;
use dpp_core::BrandId;
use dpp_core::read::BatchUnits;
use dpp_store_postgres::Joining;
use dpp_store_postgres::testing::Server;
use futures::pin_mut;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

use crate::host::{Host, server};
use crate::table::{Table, middle};

const ROUNDS: usize = 5;
const CYCLE: u32 = 20_000;

/// The indexes that the reads of such a table need: by id, by place in the batch, by serial.
const ROWS: &str = "CREATE TABLE unit_row (
        brand_id uuid NOT NULL, batch_id uuid NOT NULL, index integer NOT NULL,
        unit_id uuid NOT NULL, serial text COLLATE \"C\" NOT NULL, gtin text NOT NULL,
        status smallint NOT NULL, created_at bigint NOT NULL,
        PRIMARY KEY (brand_id, batch_id, index), UNIQUE (brand_id, unit_id),
        UNIQUE (brand_id, serial, gtin))";

pub(crate) async fn bench() {
    let server = server(0);
    let mut table = Table::of([
        "1,000,000 units, durable",
        "time",
        "server CPU",
        "median time",
    ]);
    let mut through = Vec::new();
    let mut by_rows = Vec::new();
    for round in 1..=ROUNDS {
        let host = Host::open(&server, 1, Joining::Joined).await;
        let brand = host.brands[0];
        // The connections are there before the clock starts.
        host.mint(brand, 1).await;
        let (took, cpu, batch) = timed(&server, host.mint(brand, MILLION)).await;
        through.push(took);
        table.row([
            format!("through service and worker, round {round}"),
            ms(took),
            ms(cpu),
            String::new(),
        ]);
        let units = host.units(brand, batch).await;
        let client = connect(&host).await;
        let (took, cpu, ()) = timed(&server, copy_rows(client, brand, &units)).await;
        by_rows.push(took);
        table.row([
            format!("a row each, by COPY, round {round}"),
            ms(took),
            ms(cpu),
            String::new(),
        ]);
    }
    let (fast, slow) = (middle(&mut through), middle(&mut by_rows));
    table.row([
        "through service and worker".to_owned(),
        String::new(),
        String::new(),
        ms(fast),
    ]);
    table.row([
        "a row each, by COPY".to_owned(),
        String::new(),
        String::new(),
        ms(slow),
    ]);
    let ratio = slow.as_secs_f64() / fast.as_secs_f64();
    table.row([
        "times as long".to_owned(),
        String::new(),
        String::new(),
        format!("{ratio:.0}"),
    ]);
    table.print("Minting");
}

async fn timed<T>(server: &Server, work: impl Future<Output = T>) -> (Duration, Duration, T) {
    let (cpu, begun) = (server.cpu_seconds(), Instant::now());
    let done = work.await;
    let took = begun.elapsed();
    let used = server
        .cpu_seconds()
        .zip(cpu)
        .map_or(0.0, |(after, before)| after - before);
    (took, Duration::from_secs_f64(used.max(0.0)), done)
}

fn ms(time: Duration) -> String {
    format!("{:.0} ms", time.as_secs_f64() * 1e3)
}

async fn connect(host: &Host) -> Client {
    let (client, connection) = tokio_postgres::connect(host.schema.url(), NoTls)
        .await
        .unwrap();
    tokio::spawn(connection);
    let path = format!("SET search_path TO {}", host.schema.name());
    client.batch_execute(&path).await.unwrap();
    client
}

/// A transaction for each cycle, as a worker that writes rows would make it.
async fn copy_rows(mut client: Client, brand: BrandId, units: &BatchUnits) {
    client.batch_execute(ROWS).await.unwrap();
    let types = [
        Type::UUID,
        Type::UUID,
        Type::INT4,
        Type::UUID,
        Type::TEXT,
        Type::TEXT,
        Type::INT2,
        Type::INT8,
    ];
    let batch = *units.facts().mint_batch_id.as_uuid();
    let gtin = units.facts().gtin.unwrap().to_string();
    for first in (0..MILLION).step_by(CYCLE as usize) {
        let transaction = client.transaction().await.unwrap();
        let sink = transaction
            .copy_in("COPY unit_row FROM STDIN BINARY")
            .await
            .unwrap();
        let writer = BinaryCopyInWriter::new(sink, &types);
        pin_mut!(writer);
        let mut cycle = units.identity().units(first..first + CYCLE);
        let mut index = first as i32;
        while let Some(run) = cycle.next_run() {
            for unit in run {
                let id: Uuid = *unit.id.as_uuid();
                let serial = unit.serial.unwrap();
                let row: [&(dyn ToSql + Sync); 8] = [
                    brand.as_uuid(),
                    &batch,
                    &index,
                    &id,
                    &serial.as_str(),
                    &gtin,
                    &1_i16,
                    &0_i64,
                ];
                writer.as_mut().write(&row).await.unwrap();
                index += 1;
            }
        }
        writer.finish().await.unwrap();
        transaction.commit().await.unwrap();
    }
}
