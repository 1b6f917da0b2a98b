//! A reader that has seen a position has seen everything before it.

use std::time::{Duration, Instant};

use dpp_core::store::EventStore;
use dpp_core::store::log::{PageLimit, Position};
use dpp_store_postgres::Joining;
use dpp_store_postgres::testing::TestSchema;

use crate::support::*;

/// The number of an event in its feed: positions have no gaps.
fn place(position: Position) -> u64 {
    let bytes = position.to_bytes();
    u64::from_be_bytes(bytes[8..].try_into().unwrap())
}

#[test]
fn nobody_passes_a_writer_that_has_a_place_and_has_not_committed() {
    in_time(async {
        let schema = TestSchema::new();
        let store = open(&options(&schema)).await;
        let brand = a_brand();
        let first = store.commit(&commit(brand)).await.unwrap();
        let slow = raw_in(&schema).await;
        let take = "
            BEGIN;
            UPDATE brand_head SET position = position + 1;
            INSERT INTO event SELECT e.brand_id, e.position + 1, e.stream_kind, e.stream_id,
                   e.version + 1, 'slow_event', e.schema_version, e.payload, gen_random_uuid(),
                   e.at_ms, e.actor, e.correlation, e.causation FROM event e";
        slow.batch_execute(take).await.unwrap();
        let fast = commit(brand);
        let writing = tokio::spawn({
            let (store, fast) = (store.clone(), fast.clone());
            async move { store.commit(&fast).await.unwrap() }
        });
        for _ in 0..20 {
            let page = store
                .read_feed(brand, Some(first.position), PageLimit::MAX)
                .await;
            assert_eq!(page.unwrap().events.len(), 0);
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert!(
            !writing.is_finished(),
            "a commit has passed one that came before"
        );
        slow.batch_execute("COMMIT").await.unwrap();
        let second = writing.await.unwrap();
        let page = store
            .read_feed(brand, Some(first.position), PageLimit::MAX)
            .await
            .unwrap();
        let types: Vec<_> = page
            .events
            .iter()
            .map(|found| found.event.event_type.as_str())
            .collect();
        assert_eq!(types, ["slow_event", "test_event"]);
        let places: Vec<_> = page
            .events
            .iter()
            .map(|found| place(found.position))
            .collect();
        assert_eq!(places, [2, 3]);
        assert_eq!(place(second.position), 3);
    });
}

fn seconds() -> u64 {
    let text = std::env::var("DPP_NO_SKIP_SECONDS").unwrap_or_else(|_| "3".to_owned());
    text.parse().unwrap()
}

#[test]
fn a_follower_of_eight_writers_misses_nothing_and_sees_nothing_twice() {
    let schema = TestSchema::new();
    let limit = DEADLINE + Duration::from_secs(seconds());
    let run = async {
        let brand = a_brand();
        let end = Instant::now() + Duration::from_secs(seconds());
        let mut writers = Vec::new();
        for number in 0..8_u64 {
            let joining = if number % 2 == 0 {
                Joining::Joined
            } else {
                Joining::Apart
            };
            let store = open(&options(&schema).connections(3).joining(joining)).await;
            writers.push(tokio::spawn(async move {
                let mut sent = Vec::new();
                while Instant::now() < end {
                    // Two at once, of which those of one store may share a transaction.
                    let two = [of_events(brand, 1 + number % 3), commit(brand)];
                    let (one, other) = tokio::join!(store.commit(&two[0]), store.commit(&two[1]));
                    one.unwrap();
                    other.unwrap();
                    sent.extend(two);
                }
                sent
            }));
        }
        let reader = open(&options(&schema)).await;
        let mut follower = reader.follow(brand, None).pages_of(PageLimit::new(50));
        let following = tokio::spawn(async move {
            let mut seen = Vec::new();
            loop {
                let page = follower.next().await.unwrap();
                let is_over = page
                    .events
                    .iter()
                    .any(|found| found.event.event_type.as_str() == "over");
                seen.extend(page.events);
                if is_over {
                    return seen;
                }
            }
        });
        let mut sent = Vec::new();
        for writer in writers {
            sent.extend(writer.await.unwrap());
        }
        reader.commit(&of_type(brand, "over")).await.unwrap();
        let seen = following.await.unwrap();
        let places: Vec<_> = seen.iter().map(|found| place(found.position)).collect();
        let expected: Vec<_> = (1..=seen.len() as u64).collect();
        assert_eq!(
            places, expected,
            "positions have a gap, or are out of order"
        );
        let ids: std::collections::HashSet<_> = seen
            .iter()
            .map(|found| found.event.metadata.event_id)
            .collect();
        assert_eq!(ids.len(), seen.len(), "an event was seen twice");
        let events = sent
            .iter()
            .flat_map(|one| one.writes())
            .flat_map(|write| &write.events);
        let missed = events.filter(|event| !ids.contains(&event.metadata.event_id));
        assert_eq!(missed.count(), 0, "events were missed");
        assert!(sent.len() > 50, "only {} commits", sent.len());
    };
    block_on(async { tokio::time::timeout(limit, run).await.unwrap() });
}
