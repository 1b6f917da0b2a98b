//! Followers are woken, miss nothing, and cost nothing when there are none.

use std::sync::Arc;
use std::time::Duration;

use dpp_core::store::EventStore;
use dpp_core::store::log::{Expected, PageLimit, ReadError};
use dpp_store_postgres::testing::{Options as ServerOptions, TestSchema};
use dpp_store_postgres::{Options, PostgresStore};
use tokio_postgres::Client;

use crate::support::*;

/// So seldom that no test would be done in time if it waited for a poll.
const NEVER: Duration = Duration::from_secs(3_600);

fn named(schema: &TestSchema, name: &str) -> Options {
    let url = format!("{}&application_name={name}", schema.url());
    let options = Options::parse(&url).unwrap();
    options.schema(schema.name()).unwrap().poll_every(NEVER)
}

async fn listeners(client: &Client, name: &str) -> i64 {
    let sql = format!(
        "SELECT count(*) FROM pg_stat_activity
          WHERE application_name = '{name}' AND query LIKE 'LISTEN%'"
    );
    number(client, &sql).await
}

#[test]
fn a_follower_is_woken_by_a_commit_of_another_process() {
    in_time(async {
        let schema = TestSchema::new();
        let reader = open(&options(&schema).poll_every(NEVER)).await;
        let writer = open(&options(&schema)).await;
        let brand = a_brand();
        let mut follower = reader.follow(brand, None);
        assert_eq!(follower.position(), None);
        for _ in 0..5 {
            let sent = commit(brand);
            let writing = async {
                tokio::time::sleep(Duration::from_millis(30)).await;
                writer.commit(&sent).await.unwrap()
            };
            let (page, receipt) = tokio::join!(follower.next(), writing);
            let page = page.unwrap();
            assert!(is_once_in(&sent, &page.events));
            assert_eq!(page.events.len(), 1);
            assert_eq!(follower.position(), Some(receipt.position));
        }
    });
}

#[test]
fn a_follower_gives_what_is_there_in_pages_and_goes_on_from_a_checkpoint() {
    in_time(async {
        let schema = TestSchema::new();
        let store = open(&options(&schema)).await;
        let brand = a_brand();
        store.commit(&of_events(brand, 7)).await.unwrap();
        let mut follower = store.follow(brand, None).pages_of(PageLimit::new(3));
        let first = follower.next().await.unwrap();
        assert_eq!(first.events.len(), 3);
        let mut another = store.follow(brand, follower.position());
        let rest = another.next().await.unwrap();
        assert_eq!(rest.events.len(), 4);
        let all: Vec<_> = first.events.into_iter().chain(rest.events).collect();
        assert_eq!(all, feed(&store, brand).await);
    });
}

#[test]
fn a_follower_finds_by_itself_what_no_notification_told() {
    in_time(async {
        let schema = TestSchema::new();
        let reader = open(&options(&schema).poll_every(Duration::from_millis(50))).await;
        let brand = a_brand();
        reader.commit(&commit(brand)).await.unwrap();
        let mut follower = reader.follow(brand, None);
        follower.next().await.unwrap();
        let past = raw_in(&schema).await;
        let write = "WITH h AS (UPDATE brand_head SET position = position + 1 RETURNING brand_id)
            INSERT INTO event SELECT e.brand_id, e.position + 1, e.stream_kind, e.stream_id,
                   e.version + 1, e.event_type, e.schema_version, e.payload, e.event_id, e.at_ms,
                   e.actor, e.correlation, e.causation FROM event e";
        let writing = async {
            tokio::time::sleep(Duration::from_millis(100)).await;
            past.batch_execute(write).await.unwrap();
        };
        let (page, ()) = tokio::join!(follower.next(), writing);
        assert_eq!(page.unwrap().events.len(), 1);
    });
}

#[test]
fn dropping_a_wait_loses_nothing() {
    in_time(async {
        let schema = TestSchema::new();
        let store = open(&options(&schema).poll_every(NEVER)).await;
        let brand = a_brand();
        let mut follower = store.follow(brand, None);
        let writing = tokio::spawn({
            let store = store.clone();
            async move {
                for _ in 0..200 {
                    store.commit(&commit(brand)).await.unwrap();
                }
            }
        });
        let mut seen = Vec::new();
        let mut turn = 0;
        while seen.len() < 200 {
            turn += 1;
            let limit = Duration::from_micros(turn % 3_000);
            if let Ok(page) = tokio::time::timeout(limit, follower.next()).await {
                seen.extend(page.unwrap().events);
            }
        }
        writing.await.unwrap();
        assert_eq!(seen, feed(&store, brand).await);
    });
}

#[test]
fn all_followers_share_one_connection_that_is_there_while_somebody_waits() {
    in_time(async {
        let schema = TestSchema::new();
        let name = format!("f{}", uuid().simple());
        let store = PostgresStore::open(&named(&schema, &name)).await.unwrap();
        let past = raw(schema.url()).await;
        let brand = a_brand();
        store.commit(&commit(brand)).await.unwrap();
        let mut follower = store.follow(brand, None);
        follower.next().await.unwrap();
        assert_eq!(listeners(&past, &name).await, 0, "nobody has waited yet");
        let waits: Vec<_> = (0..20)
            .map(|_| {
                let mut follower = store.follow(a_brand(), None);
                tokio::spawn(async move { follower.next().await })
            })
            .collect();
        until(async || listeners(&past, &name).await == 1).await;
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert_eq!(listeners(&past, &name).await, 1);
        waits.iter().for_each(|wait| wait.abort());
        until(async || listeners(&past, &name).await == 0).await;
    });
}

#[test]
fn a_lost_listening_connection_is_opened_again_and_nothing_is_missed() {
    in_time(async {
        let schema = TestSchema::new();
        let name = format!("f{}", uuid().simple());
        let reader = PostgresStore::open(&named(&schema, &name)).await.unwrap();
        let writer = open(&options(&schema)).await;
        let past = raw(schema.url()).await;
        let brand = a_brand();
        let mut follower = reader.follow(brand, None);
        for _ in 0..3 {
            let sent = commit(brand);
            let writing = async {
                until(async || listeners(&past, &name).await == 1).await;
                let end = format!(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                      WHERE application_name = '{name}' AND query LIKE 'LISTEN%'"
                );
                past.batch_execute(&end).await.unwrap();
                writer.commit(&sent).await.unwrap();
            };
            let (page, ()) = tokio::join!(follower.next(), writing);
            assert!(is_once_in(&sent, &page.unwrap().events));
        }
    });
}

#[test]
fn moves_name_every_brand_first_and_then_those_that_moved() {
    in_time(async {
        let schema = TestSchema::new();
        let reader = open(&options(&schema).poll_every(NEVER)).await;
        let writer = open(&options(&schema)).await;
        let mut brands: Vec<_> = (0..5).map(|_| a_brand()).collect();
        brands.sort();
        for brand in &brands {
            writer.commit(&commit(*brand)).await.unwrap();
        }
        let mut moves = reader.moves();
        assert_eq!(moves.next().await, brands);
        let moved = brands[2];
        for _ in 0..3 {
            let writing = async {
                tokio::time::sleep(Duration::from_millis(50)).await;
                writer.commit(&commit(moved)).await.unwrap();
            };
            let named = async { while !moves.next().await.contains(&moved) {} };
            tokio::join!(named, writing);
        }
    });
}

#[test]
fn moves_see_by_comparing_what_no_notification_told() {
    in_time(async {
        let schema = TestSchema::new();
        let store = open(&options(&schema).poll_every(Duration::from_millis(50))).await;
        let (quiet, moved) = (a_brand(), a_brand());
        store.commit(&commit(quiet)).await.unwrap();
        store.commit(&commit(moved)).await.unwrap();
        let mut moves = store.moves();
        assert_eq!(moves.next().await.len(), 2);
        // What is still to be heard of the two commits.
        while tokio::time::timeout(Duration::from_millis(300), moves.next())
            .await
            .is_ok()
        {}
        let past = raw_in(&schema).await;
        let sql = "UPDATE brand_head SET position = position + 1 WHERE brand_id = $1";
        past.execute(sql, &[moved.as_uuid()]).await.unwrap();
        assert_eq!(moves.next().await, vec![moved]);
    });
}

#[test]
fn a_position_of_another_feed_is_refused() {
    in_time(async {
        let schema = TestSchema::new();
        let store = open(&options(&schema)).await;
        let receipt = store.commit(&commit(a_brand())).await.unwrap();
        let mut follower = store.follow(a_brand(), Some(receipt.position));
        let refused = follower.next().await;
        assert!(
            matches!(refused, Err(ReadError::ForeignPosition { .. })),
            "{refused:?}"
        );
    });
}

#[test]
fn nothing_is_told_of_commits_that_were_not_made() {
    in_time(async {
        let schema = TestSchema::new();
        let store = open(&options(&schema)).await;
        let brand = a_brand();
        let (heard, _client) = listen(&schema).await;
        let sent = commit(brand);
        store.commit(&sent).await.unwrap();
        until(async || heard.lock().unwrap().len() == 1).await;
        let stream = sent.writes()[0].stream;
        let lost = begin(brand).write(stream, Expected::NoStream, [body(1)]);
        store.commit(&lost.build().unwrap()).await.unwrap_err();
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert_eq!(*heard.lock().unwrap(), [brand.to_string()]);
    });
}

#[test]
fn many_commits_make_few_notifications_and_each_brand_is_named() {
    in_time(async {
        let schema = TestSchema::new();
        let store = open(&options(&schema)).await;
        let (heard, _client) = listen(&schema).await;
        let brands: Vec<_> = (0..4).map(|_| a_brand()).collect();
        for turn in 0..400 {
            store.commit(&commit(brands[turn % 4])).await.unwrap();
        }
        until(async || {
            let heard = heard.lock().unwrap();
            brands
                .iter()
                .all(|brand| heard.contains(&brand.to_string()))
        })
        .await;
        assert!(heard.lock().unwrap().len() <= 400);
    });
}

#[test]
fn a_store_that_is_dropped_leaves_no_connection() {
    in_time(async {
        let schema = TestSchema::new();
        let name = format!("f{}", uuid().simple());
        let past = raw(schema.url()).await;
        let store = PostgresStore::open(&named(&schema, &name)).await.unwrap();
        let mut moves = store.moves();
        store.commit(&commit(a_brand())).await.unwrap();
        moves.next().await;
        let all =
            format!("SELECT count(*) FROM pg_stat_activity WHERE application_name = '{name}'");
        assert!(number(&past, &all).await >= 1);
        drop((store, moves));
        until(async || number(&past, &all).await == 0).await;
    });
}

#[test]
fn a_follower_goes_on_when_the_server_comes_back() {
    in_time(async {
        let server = Arc::new(ServerOptions::default().start().unwrap());
        let options = Options::parse(server.url()).unwrap().poll_every(NEVER);
        let store = open(&options).await;
        let brand = a_brand();
        store.commit(&commit(brand)).await.unwrap();
        let mut follower = store.follow(brand, None);
        let first = follower.next().await.unwrap();
        let waiting = tokio::time::timeout(Duration::from_millis(200), follower.next()).await;
        assert!(waiting.is_err());
        tokio::task::spawn_blocking(move || server.restart_immediate().map(|()| server))
            .await
            .unwrap()
            .map(|server| async move {
                let sent = commit(brand);
                let (page, _) = tokio::join!(follower.next(), store.commit(&sent));
                let page = match page {
                    Ok(page) => page,
                    // The connection that it read on broke with the server.
                    Err(_) => follower.next().await.unwrap(),
                };
                assert!(is_once_in(&sent, &page.events));
                assert_eq!((first.events.len(), page.events.len()), (1, 1));
                drop(server);
            })
            .unwrap()
            .await;
    });
}

type Heard = Arc<std::sync::Mutex<Vec<String>>>;

/// Hears the notifications of a schema past the store.
async fn listen(schema: &TestSchema) -> (Heard, Client) {
    let connecting = tokio_postgres::connect(schema.url(), tokio_postgres::NoTls);
    let (client, mut connection) = connecting.await.unwrap();
    let heard = Heard::default();
    let to = heard.clone();
    tokio::spawn(async move {
        while let Some(Ok(message)) =
            std::future::poll_fn(|context| connection.poll_message(context)).await
        {
            if let tokio_postgres::AsyncMessage::Notification(told) = message {
                to.lock().unwrap().push(told.payload().to_owned());
            }
        }
    });
    let sql = format!("LISTEN dpp_{}", schema.name());
    client.batch_execute(&sql).await.unwrap();
    (heard, client)
}
