//! Every kind of damage is found, named, and mended.

use crate::sql::{change, connect, dump, same};
use crate::support::block_on;
use crate::world::{World, brand};

/// What is done to the tables by hand, and what the differences that it makes are told with.
const DAMAGES: &[(&str, &[&str])] = &[
    (
        "UPDATE batch_units SET active = active + 1 WHERE made > 0",
        &["batch_units", "active is"],
    ),
    (
        "UPDATE batch_units SET active_lots = '{0,7}'",
        &["batch_units", "active_lots is"],
    ),
    (
        "UPDATE batch SET status = 'blessed' WHERE status = 'minted'",
        &["batch of", "status is `blessed`, and should be `minted`"],
    ),
    ("UPDATE batch SET can_run = NOT can_run", &["can_run is"]),
    ("UPDATE batch SET prefix = prefix + 1", &["prefix is"]),
    (
        "UPDATE batch SET holds_revoked = NOT holds_revoked",
        &["holds_revoked is"],
    ),
    (
        "UPDATE batch b SET record = (SELECT record FROM batch o WHERE o.batch_id <> b.batch_id
           ORDER BY batch_id LIMIT 1)",
        &["record is `another"],
    ),
    (
        "UPDATE batch SET record = '\\x7b'",
        &["record is `no record"],
    ),
    ("DELETE FROM batch", &["batch of", "it is missing"]),
    (
        "DELETE FROM batch_units",
        &["batch_units of", "it is missing"],
    ),
    (
        "INSERT INTO batch SELECT brand_id, 'ffffffff-ffff-7fff-bfff-fffffffffffe', prefix, accepted_at,
           product_id, gtin, status, job_status, can_run, held_until, serials_first, serials_last,
           holds_minted, holds_active, holds_revoked, record FROM batch LIMIT 1",
        &["batch of batch `ffffffff", "should not be there"],
    ),
    (
        "DELETE FROM unit_exceptions",
        &["unit_exceptions", "chunk 0: it is missing"],
    ),
    (
        "UPDATE unit_exceptions SET revoked = '\\x0001'",
        &["chunk 0: revoked is"],
    ),
    (
        "UPDATE unit_exceptions SET activated = '\\x00'",
        &["bytes that say nothing"],
    ),
    (
        "INSERT INTO unit_exceptions SELECT brand_id, batch_id, 17, '', '' FROM batch",
        &["chunk 17: it should not be there"],
    ),
    (
        "UPDATE serial_allocation SET allocation = '{}'",
        &["serial_allocation", "allocation is `{}`"],
    ),
    (
        "UPDATE serial_allocation SET position = position + 100000",
        &["it is missing", "it should not be there"],
    ),
    (
        "DELETE FROM batch_lot WHERE lot_code = 'L2'",
        &["batch_lot", "lot `L2`", "it is missing"],
    ),
    (
        "INSERT INTO batch_lot SELECT brand_id, 'L9', accepted_at, batch_id FROM batch_lot
           WHERE lot_code = 'L1'",
        &["lot `L9`", "should not be there"],
    ),
    (
        "UPDATE batch_lot SET accepted_at = accepted_at - 1",
        &["it is missing", "it should not be there"],
    ),
    (
        "DELETE FROM provided_serial WHERE index % 3 = 0 AND index < 30",
        &["provided_serial", "of unit 3: it is missing"],
    ),
    (
        "INSERT INTO provided_serial SELECT brand_id, 'extra', batch_id, 4 FROM batch",
        &["serial `extra` of unit 4: it should not be there"],
    ),
    (
        "UPDATE provided_serial SET serial = 'other' WHERE index = 2",
        &[
            "serial `other` of unit 2: it should not",
            "of unit 2: it is missing",
        ],
    ),
    (
        "UPDATE export SET completed = NOT completed",
        &["export `", "completed is"],
    ),
    (
        "UPDATE export SET expired = NOT expired",
        &["export `", "expired is"],
    ),
    (
        "UPDATE export SET files_removed = NOT files_removed",
        &["export `", "files_removed is"],
    ),
    (
        "UPDATE export SET failures = failures + 1",
        &["export `", "failures is `1`, and should be `0`"],
    ),
    (
        "UPDATE export SET runnable_at = NULL, expires_at = 7",
        &["runnable_at is `null`", "expires_at is `7`"],
    ),
    (
        "UPDATE export SET format = 'papyrus', batch_id = export_id",
        &["format is `papyrus`", "batch_id is"],
    ),
    ("DELETE FROM export", &["export, export `", "it is missing"]),
    (
        "INSERT INTO export SELECT brand_id, batch_id, batch_id, 'manifest', 0, true, false, 0, 0,
                  NULL, false FROM batch",
        &["export, export `", "should not be there"],
    ),
    (
        "UPDATE brand_head SET units_active = units_active + 1",
        &["brand_head: units_active is"],
    ),
    (
        "UPDATE brand_head SET batches = 0",
        &["brand_head: batches is `0`"],
    ),
    (
        "UPDATE brand_head SET completed_exports = 77",
        &["brand_head: completed_exports is `77`"],
    ),
];

#[test]
fn each_damage_is_found_and_named_and_mended() {
    block_on(async {
        let mut world = World::new(21).await;
        let request = world.provided(brand(1), 12, 500);
        world.submit(request).await;
        world.history(150).await;
        let client = connect(&world.schema).await;
        let before = dump(&client).await;
        for (damage, words) in DAMAGES {
            assert!(
                change(&client, damage).await > 0,
                "nothing was damaged: {damage}"
            );
            let verified = world.store.read_tables().verify_all().await.unwrap();
            let told = verified.iter().flat_map(|one| &one.differences);
            let told: Vec<String> = told.map(ToString::to_string).collect();
            for word in *words {
                let named = told.iter().any(|one| one.contains(word));
                assert!(named, "{damage}: not one tells `{word}`: {told:#?}");
            }
            world.rebuild().await;
            same(&dump(&client).await, &before, damage);
        }
    });
}

#[test]
fn only_what_was_damaged_is_named() {
    block_on(async {
        let mut world = World::new(22).await;
        world.history(80).await;
        let client = connect(&world.schema).await;
        let one = "UPDATE batch SET gtin = 'none' WHERE (brand_id, batch_id) =
                    (SELECT brand_id, batch_id FROM batch LIMIT 1)";
        assert_eq!(change(&client, one).await, 1);
        let told = world.differences().await;
        assert_eq!(told.len(), 1);
        assert!(told[0].contains("gtin is `none`"), "{told:?}");
    });
}

#[test]
fn many_differences_are_counted_and_some_named() {
    block_on(async {
        let mut world = World::new(23).await;
        let request = world.provided(brand(1), 12, 500);
        world.submit(request).await;
        let client = connect(&world.schema).await;
        assert_eq!(change(&client, "DELETE FROM provided_serial").await, 500);
        let verified = world.store.read_tables().verify(brand(1)).await.unwrap();
        let most = dpp_store_postgres::MOST_DIFFERENCES;
        assert_eq!((verified.count, verified.differences.len()), (500, most));
    });
}

#[test]
fn what_is_told_holds_no_seed() {
    block_on(async {
        let mut world = World::new(24).await;
        world.history(60).await;
        let client = connect(&world.schema).await;
        let records = client
            .query("SELECT convert_from(record, 'UTF8') FROM batch", &[])
            .await;
        let seeds: Vec<String> = records.unwrap().iter().filter_map(seed).collect();
        assert!(!seeds.is_empty());
        let swap = "UPDATE batch b SET record = (SELECT record FROM batch o
                     WHERE o.batch_id <> b.batch_id ORDER BY batch_id LIMIT 1)";
        change(&client, swap).await;
        let verified = world.store.read_tables().verify_all().await.unwrap();
        let told = format!("{verified:?}");
        assert!(seeds.iter().all(|seed| !told.contains(seed)));
    });
}

fn seed(row: &tokio_postgres::Row) -> Option<String> {
    let record: serde_json::Value = serde_json::from_str(row.get(0)).unwrap();
    record["identity"]["seed"].as_str().map(str::to_owned)
}
