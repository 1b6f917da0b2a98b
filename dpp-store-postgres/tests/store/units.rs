//! The optional table of units says what the reads say, unit by unit.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use dpp_core::identity::MintBatchId;
use dpp_core::mint::{ActivationMode, BatchStatus, LotRequest, MintRequest};
use dpp_core::service::{Settings, UnitSelection};
use dpp_core::{BrandId, ProductId};
use dpp_store_postgres::UnitsError;
use futures::TryStreamExt;
use tokio_postgres::{Client, Row};
use uuid::Uuid;

use crate::sql::{change, connect, dump, same};
use crate::support::block_on;
use crate::world::{World, brand, caller, product};

const MANY: u32 = 45_000;

/// Everything that a row of the table says beside whose it is.
type Cells = (
    Uuid,
    Option<String>,
    Option<String>,
    Option<String>,
    String,
    SystemTime,
    String,
);

async fn rows(client: &Client, batch: MintBatchId) -> BTreeMap<i32, Cells> {
    let sql = "SELECT index, unit_id, serial, gtin, lot_code, status, made_at, resolver_url
                 FROM unit WHERE batch_id = $1";
    let rows = client.query(sql, &[batch.as_uuid()]).await.unwrap();
    let cells = |row: &Row| {
        let cells = (
            row.get(1),
            row.get(2),
            row.get(3),
            row.get(4),
            row.get(5),
            row.get(6),
            row.get(7),
        );
        (row.get(0), cells)
    };
    rows.iter().map(cells).collect()
}

/// What the reads say of the same units.
async fn due(world: &World, own: BrandId, batch: MintBatchId) -> BTreeMap<i32, Cells> {
    let scope = caller().to_read(own).unwrap();
    let units = world.service.reads().units(&scope, batch, 0).await.unwrap();
    let units: Vec<_> = units.try_collect().await.unwrap();
    let cells = |unit: &dpp_core::read::UnitRow| {
        let at = Duration::from_millis(unit.created_at.unix_millis() as u64);
        let cells = (
            *unit.mint_unit_id.as_uuid(),
            unit.serial.map(|serial| serial.to_string()),
            unit.gtin.map(|gtin| gtin.to_string()),
            unit.lot_code.map(|code| code.to_string()),
            unit.status.as_str().to_owned(),
            UNIX_EPOCH + at,
            unit.resolver_url.clone(),
        );
        (unit.index as i32, cells)
    };
    units.iter().map(cells).collect()
}

async fn is_due(world: &World, client: &Client, own: BrandId, batch: MintBatchId) {
    let (there, due) = (rows(client, batch).await, due(world, own, batch).await);
    assert_eq!(there.len(), due.len());
    for (index, cells) in &due {
        assert_eq!(there.get(index), Some(cells), "unit {index}");
    }
}

fn plain(number: u128, quantity: u32) -> MintRequest {
    let mode = ActivationMode::FirstScan;
    MintRequest::of_serials(brand(1), product(number), quantity.into(), mode)
}

fn in_lots(number: u128) -> MintRequest {
    let lot = |code: &str, qty| LotRequest {
        lot_code: code.to_owned(),
        qty,
    };
    let lots = vec![lot("A", 1_000), lot("B", 30_000), lot("C", 14_000)];
    MintRequest::of_lots(brand(1), product(number), lots, ActivationMode::FirstScan)
}

#[test]
fn every_row_is_what_the_reads_say() {
    block_on(async {
        let mut world = World::with(41, Settings::default()).await;
        let client = connect(&world.schema).await;
        let own = brand(1);
        let provided = world.provided(own, 12, MANY);
        let requests = [plain(11, MANY), provided, in_lots(14)];
        let mut batches = Vec::new();
        for request in requests {
            batches.push(world.submit(request).await);
        }
        let other = world.submit(plain(13, 10)).await;
        world.work_off().await;
        for batch in &batches {
            for _ in 0..30 {
                world.scan(own, *batch).await;
            }
            let range = UnitSelection::Range(19_990..20_010);
            let (reason, now) = ("lost".parse().unwrap(), world.now());
            let somebody = caller();
            let revoked = world
                .service
                .revoke_units(&somebody, own, *batch, &range, reason, now);
            revoked.await.unwrap();
        }
        for batch in &batches {
            let done = world.store.materialise(own, *batch).await.unwrap();
            assert_eq!((done.upto, done.written, done.changed), (MANY, MANY, 0));
            is_due(&world, &client, own, *batch).await;
        }
        let whose = client
            .query(
                "SELECT DISTINCT brand_id, batch_id, product_id FROM unit",
                &[],
            )
            .await
            .unwrap();
        assert_eq!(whose.len(), batches.len());
        assert!(
            whose
                .iter()
                .all(|row| row.get::<_, Uuid>(0) == *own.as_uuid())
        );
        assert!(
            whose
                .iter()
                .all(|row| row.get::<_, Uuid>(1) != *other.as_uuid())
        );
        let known = [11, 12, 14].map(product);
        let of = |row: &Row| ProductId::from_uuid(row.get(2));
        assert!(whose.iter().all(|row| known.contains(&of(row))));
    });
}

#[test]
fn a_second_call_adds_new_units_and_brings_statuses_up_to_date() {
    block_on(async {
        let mut world = World::with(42, Settings::default().units_per_cycle(9_000)).await;
        let client = connect(&world.schema).await;
        let own = brand(1);
        let provided = world.provided(own, 12, MANY);
        for request in [provided, in_lots(14)] {
            let batch = world.submit(request).await;
            let none = world.store.materialise(own, batch).await;
            assert!(matches!(none, Err(UnitsError::NoUnits(_))), "{none:?}");
            let name = dpp_core::store::log::WorkerName::parse("one").unwrap();
            let mut worker = dpp_core::service::Worker::new(world.service.clone(), name);
            for _ in 0..4 {
                let now = world.now();
                worker.run_once(now).await.unwrap();
            }
            let some = world.store.materialise(own, batch).await.unwrap();
            assert!(some.upto > 20_000 && some.upto < MANY, "{some:?}");
            is_due(&world, &client, own, batch).await;
            for _ in 0..20 {
                world.scan(own, batch).await;
            }
            let scope = caller().to_read(own).unwrap();
            let units = world
                .service
                .reads()
                .batch_units(&scope, batch)
                .await
                .unwrap();
            if let Some(lot) = units.lot_ids().first() {
                let now = world.now();
                let lot = world.service.activate_lot(&caller(), own, *lot, now).await;
                lot.unwrap();
            }
            world.work_off().await;
            let all = world.store.materialise(own, batch).await.unwrap();
            assert_eq!((all.upto, all.written), (MANY, MANY - some.upto));
            assert!(all.changed > 10 && all.as_of > some.as_of, "{all:?}");
            is_due(&world, &client, own, batch).await;
            let again = world.store.materialise(own, batch).await.unwrap();
            assert_eq!((again.written, again.changed), (0, 0));
        }
    });
}

#[test]
fn voiding_a_batch_revokes_its_rows() {
    block_on(async {
        let mut world = World::new(43).await;
        let client = connect(&world.schema).await;
        let own = brand(1);
        let batch = world.submit(plain(11, 2_000)).await;
        world.work_off().await;
        world.store.materialise(own, batch).await.unwrap();
        let (reason, now) = (Some("wrong".parse().unwrap()), world.now());
        let voided = BatchStatus::Voided;
        let somebody = caller();
        let set = world
            .service
            .set_mint_batch_status(&somebody, own, batch, voided, reason, now);
        set.await.unwrap();
        let done = world.store.materialise(own, batch).await.unwrap();
        assert_eq!(done.changed, 2_000);
        is_due(&world, &client, own, batch).await;
    });
}

#[test]
fn a_call_that_was_dropped_is_finished_by_the_next() {
    block_on(async {
        let mut world = World::with(44, Settings::default()).await;
        let client = connect(&world.schema).await;
        let own = brand(1);
        let batch = world.submit(plain(11, MANY)).await;
        world.work_off().await;
        for millis in [5, 40, 150, 300] {
            let writing = world.store.materialise(own, batch);
            let cut = tokio::time::timeout(Duration::from_millis(millis), writing).await;
            drop(cut);
        }
        let done = world.store.materialise(own, batch).await.unwrap();
        assert_eq!(done.upto, MANY);
        is_due(&world, &client, own, batch).await;
    });
}

#[test]
fn callers_at_once_take_turns() {
    block_on(async {
        let mut world = World::with(45, Settings::default()).await;
        let client = connect(&world.schema).await;
        let own = brand(1);
        let request = world.provided(own, 12, MANY);
        let batch = world.submit(request).await;
        world.work_off().await;
        let calls = (0..4).map(|_| world.store.materialise(own, batch));
        let done = futures::future::try_join_all(calls).await.unwrap();
        assert_eq!(done.iter().map(|one| one.written).sum::<u32>(), MANY);
        assert!(done.iter().all(|one| one.upto == MANY));
        is_due(&world, &client, own, batch).await;
    });
}

#[test]
fn what_is_forgotten_is_gone_and_can_be_written_again() {
    block_on(async {
        let mut world = World::with(46, Settings::default()).await;
        let client = connect(&world.schema).await;
        let own = brand(1);
        let batch = world.submit(plain(11, MANY)).await;
        let kept = world.submit(plain(11, 50)).await;
        world.work_off().await;
        world.store.materialise(own, batch).await.unwrap();
        world.store.materialise(own, kept).await.unwrap();
        assert_eq!(
            world.store.forget(own, batch).await.unwrap(),
            u64::from(MANY)
        );
        assert_eq!(world.store.forget(own, batch).await.unwrap(), 0);
        let left = client
            .query("SELECT batch_id FROM unit_batch", &[])
            .await
            .unwrap();
        assert_eq!(left.len(), 1);
        assert_eq!(rows(&client, batch).await.len(), 0);
        is_due(&world, &client, own, kept).await;
        world.store.materialise(own, batch).await.unwrap();
        is_due(&world, &client, own, batch).await;
    });
}

#[test]
fn nothing_else_needs_the_table_of_units() {
    block_on(async {
        let mut world = World::new(47).await;
        let client = connect(&world.schema).await;
        change(&client, "DROP TABLE unit, unit_batch").await;
        world.history(60).await;
        let before = dump(&client).await;
        world.rebuild().await;
        same(&dump(&client).await, &before, "rebuilt");
        assert_eq!(world.differences().await, [""; 0]);
    });
}
