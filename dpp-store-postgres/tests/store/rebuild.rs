//! The read tables follow from the log, and can be made of it again.

use dpp_core::store::log::{EventType, StreamId, StreamKind};
use dpp_core::store::{Codec, ReadStoreError};
use dpp_core::unit::{UnitActivated, UnitEvent};
use uuid::Uuid;

use crate::sql::{READS, change, connect, dump, same};
use crate::support::block_on;
use crate::world::{World, brand};

#[test]
fn commits_keep_the_rows_that_the_log_tells_of() {
    block_on(async {
        for seed in 0..6 {
            let mut world = World::new(seed).await;
            world.history(120).await;
            assert_eq!(world.differences().await, [""; 0], "seed {seed}");
        }
    });
}

#[test]
fn rebuilding_changes_nothing_where_nothing_is_wrong() {
    block_on(async {
        let mut world = World::new(11).await;
        world.history(120).await;
        let client = connect(&world.schema).await;
        let before = dump(&client).await;
        world.rebuild().await;
        same(&dump(&client).await, &before, "rebuilt");
        // In groups of a few batches, and of one.
        for memory in [20_000, 0] {
            let tables = world.store.read_tables().memory(memory);
            tables.rebuild_all(|_| {}).await.unwrap();
            same(&dump(&client).await, &before, "rebuilt");
            for verified in tables.verify_all().await.unwrap() {
                assert!(verified.is_clean(), "{verified:?}");
            }
        }
    });
}

#[test]
fn dropped_tables_are_made_again_with_every_row() {
    block_on(async {
        let mut world = World::new(12).await;
        world.history(150).await;
        let client = connect(&world.schema).await;
        let before = dump(&client).await;
        let indexes =
            "SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema ORDER BY 1";
        let names = |rows: Vec<tokio_postgres::Row>| -> Vec<String> {
            rows.iter().map(|row| row.get(0)).collect()
        };
        let indexed = names(client.query(indexes, &[]).await.unwrap());
        for table in READS {
            change(&client, &format!("DROP TABLE {table}")).await;
        }
        let missing = world.store.read_tables().verify(brand(1)).await;
        assert!(missing.unwrap_err().to_string().contains("42P01"));
        world.rebuild().await;
        same(&dump(&client).await, &before, "rebuilt");
        assert_eq!(names(client.query(indexes, &[]).await.unwrap()), indexed);
        assert_eq!(world.differences().await, [""; 0]);
        // And the store goes on with them.
        world.history(30).await;
        assert_eq!(world.differences().await, [""; 0]);
    });
}

#[test]
fn emptied_tables_are_filled_batch_by_batch() {
    block_on(async {
        let mut world = World::new(13).await;
        world.history(100).await;
        let client = connect(&world.schema).await;
        let before = dump(&client).await;
        change(&client, &format!("TRUNCATE {}", READS.join(", "))).await;
        let mut seen = Vec::new();
        let tables = world.store.read_tables();
        let rebuilt = tables.rebuild_all(|progress| seen.push(progress)).await;
        same(&dump(&client).await, &before, "rebuilt");
        let batches: u64 = rebuilt.unwrap().iter().map(|one| one.batches).sum();
        assert_eq!(seen.len() as u64, batches);
        let last = |own| seen.iter().rfind(|progress| progress.brand == brand(own));
        assert!(
            [1, 2]
                .map(last)
                .iter()
                .flatten()
                .all(|end| end.done == end.of)
        );
    });
}

#[test]
fn a_rebuild_that_is_dropped_leaves_batches_as_they_were_or_rebuilt() {
    block_on(async {
        let mut world = World::new(14).await;
        world.history(100).await;
        let client = connect(&world.schema).await;
        let before = dump(&client).await;
        for millis in [1, 3, 6, 10, 20] {
            let tables = world.store.read_tables();
            let limit = std::time::Duration::from_millis(millis);
            let cut = tokio::time::timeout(limit, tables.rebuild_all(|_| {})).await;
            drop(cut);
            same(&dump(&client).await, &before, "rebuilt");
        }
        change(&client, "UPDATE batch_units SET made = made + 1").await;
        world.rebuild().await;
        same(&dump(&client).await, &before, "rebuilt");
    });
}

#[test]
fn an_event_that_cannot_be_read_is_named_with_its_position() {
    block_on(async {
        let mut world = World::new(15).await;
        world.history(40).await;
        assert_eq!(world.differences().await, [""; 0]);
        let stream = StreamId::new(StreamKind::MintBatch, Uuid::from_u128(5));
        let unknown = (EventType::new("mint_job_dreamt"), 1, b"{}".to_vec());
        world.commit(brand(1), stream, vec![unknown]).await;
        // The commit has marked it, so that nothing differs.
        assert_eq!(world.differences().await, [""; 0]);
        let client = connect(&world.schema).await;
        let rows = client
            .query(
                "SELECT unreadable FROM brand_head WHERE unreadable IS NOT NULL",
                &[],
            )
            .await;
        let number: i64 = rows.unwrap()[0].get(0);

        change(&client, "UPDATE brand_head SET unreadable = NULL").await;
        let told = world.differences().await;
        assert_eq!(
            told,
            [format!(
                "brand_head: unreadable is `null`, and should be `{number}`"
            )]
        );
        let rebuilt = world
            .store
            .read_tables()
            .rebuild(brand(1), |_| {})
            .await
            .unwrap();
        assert_eq!(rebuilt.unreadable.count, 1);
        let Some(ReadStoreError::Decode {
            position, source, ..
        }) = rebuilt.unreadable.first
        else {
            panic!("nothing was unreadable");
        };
        assert_eq!(&position.to_bytes()[8..], number.to_be_bytes());
        assert!(source.to_string().contains("mint_job_dreamt"));
        assert_eq!(world.differences().await, [""; 0]);
    });
}

#[test]
fn a_mark_is_taken_away_when_all_events_can_be_read_again() {
    block_on(async {
        let mut world = World::new(16).await;
        world.history(60).await;
        let client = connect(&world.schema).await;
        let before = dump(&client).await;
        let set = "UPDATE brand_head SET unreadable = 3";
        assert_eq!(change(&client, set).await, 2);
        assert_eq!(world.differences().await.len(), 2);
        world.rebuild().await;
        same(&dump(&client).await, &before, "rebuilt");
    });
}

#[test]
fn a_body_that_is_no_json_is_named_and_the_others_count() {
    block_on(async {
        let mut world = World::new(17).await;
        world.history(60).await;
        let client = connect(&world.schema).await;
        let spoil = "UPDATE event SET payload = '\\x00' WHERE event_type = 'export_completed'
                      AND (brand_id, position) = (SELECT brand_id, min(position) FROM event
                       WHERE event_type = 'export_completed' GROUP BY 1 ORDER BY 1 LIMIT 1)";
        assert_eq!(change(&client, spoil).await, 1);
        let told = world.differences().await;
        assert!(
            told.iter()
                .any(|one| one.starts_with("brand_head: unreadable is `null`")),
            "{told:?}"
        );
        assert!(
            told.iter().any(|one| one.contains("completed is `true`")),
            "{told:?}"
        );
        world.rebuild().await;
        assert_eq!(world.differences().await, [""; 0]);
        let verified = world.store.read_tables().verify_all().await.unwrap();
        let bad: u64 = verified.iter().map(|one| one.unreadable.count).sum();
        assert_eq!(bad, 1);
    });
}

#[test]
fn a_unit_counts_for_the_batch_that_its_event_names() {
    block_on(async {
        let mut world = World::new(19).await;
        let request = world.provided(brand(1), 12, 40);
        let batch = world.submit(request).await;
        world.work_off().await;
        let event = UnitEvent::Activated(UnitActivated {
            mint_batch_id: batch,
            index: 33,
        });
        // The id of the stream is that of no unit of the batch.
        let stream = StreamId::new(StreamKind::MintUnit, Uuid::from_u128(5 << 100 | 8 << 76));
        let event = Codec::new().encode(&event).unwrap();
        world.commit(brand(1), stream, vec![event]).await;
        assert_eq!(world.differences().await, [""; 0]);
        let client = connect(&world.schema).await;
        let before = dump(&client).await;
        assert!(
            before
                .iter()
                .any(|row| row.starts_with("batch_units") && row.contains(",40,1,0,"))
        );
        world.rebuild().await;
        same(&dump(&client).await, &before, "rebuilt");
    });
}

#[test]
fn a_brand_without_events_has_nothing_to_rebuild() {
    block_on(async {
        let world = World::new(18).await;
        let tables = world.store.read_tables();
        let rebuilt = tables.rebuild(brand(1), |_| {}).await.unwrap();
        assert_eq!((rebuilt.batches, rebuilt.upto), (0, None));
        assert!(tables.verify(brand(1)).await.unwrap().is_clean());
        assert!(tables.rebuild_all(|_| {}).await.unwrap().is_empty());
    });
}
