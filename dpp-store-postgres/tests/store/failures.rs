//! What fails becomes the right error, and the store works on without being opened again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use dpp_core::store::EventStore;
use dpp_core::store::log::{Commit, CommitError, PageLimit, ReadError, StoreFault};
use dpp_store_postgres::testing::{Options as ServerOptions, Server, TestSchema};
use dpp_store_postgres::{Joining, Options};
use tokio_postgres::Client;

use crate::support::*;

const SOON: Duration = Duration::from_secs(3);

async fn off_thread<T: Send + 'static>(what: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(what).await.unwrap()
}

fn own_server() -> (Arc<Server>, Options) {
    let server = Arc::new(ServerOptions::default().start().unwrap());
    let options = Options::parse(server.url()).unwrap();
    (server, options)
}

#[test]
fn a_server_that_is_stopped_commits_nothing_and_one_that_is_back_does() {
    in_time(async {
        let (server, options) = own_server();
        let hasty = open(&options.clone().commit_within(SOON)).await;
        let patient = open(&options).await;
        let brand = a_brand();
        hasty.commit(&commit(brand)).await.unwrap();
        patient.commit(&commit(brand)).await.unwrap();
        server.stop_immediate().unwrap();
        let lost = commit(brand);
        let outcome = hasty.commit(&lost).await;
        assert!(!not_committed(outcome).needs_mending());
        let read = hasty.read_feed(brand, None, PageLimit::MAX).await;
        assert!(matches!(&read, Err(ReadError::Unavailable(fault)) if !fault.needs_mending()));

        let sent = commit(brand);
        let starting = off_thread({
            let server = server.clone();
            move || server.start().unwrap()
        });
        let (outcome, ()) = tokio::join!(patient.commit(&sent), starting);
        outcome.unwrap();
        hasty.commit(&lost).await.unwrap();
        let feed = feed(&hasty, brand).await;
        assert!(is_once_in(&sent, &feed) && is_once_in(&lost, &feed));
        assert_eq!(feed.len(), 4);
    });
}

#[test]
fn what_was_answered_survives_restarts_and_the_rest_can_be_repeated() {
    in_time(async {
        let server = Arc::new(ServerOptions::default().durable().start().unwrap());
        let options = Options::parse(server.url()).unwrap();
        let brand = a_brand();
        let is_over = Arc::new(AtomicBool::new(false));
        let mut tasks = Vec::new();
        for number in 0..8_u32 {
            // Some give up soon, so that errors are told; some share transactions.
            let within = Duration::from_millis(if number % 2 == 0 { 30 } else { 20_000 });
            let joining = if number < 4 {
                Joining::Joined
            } else {
                Joining::Apart
            };
            let store = open(&options.clone().commit_within(within).joining(joining)).await;
            let is_over = is_over.clone();
            tasks.push(tokio::spawn(async move {
                let mut sent = Vec::new();
                while !is_over.load(Ordering::Relaxed) {
                    let one = commit(brand);
                    let outcome = store.commit(&one).await;
                    sent.push((one, outcome));
                }
                sent
            }));
        }
        for _ in 0..4 {
            tokio::time::sleep(Duration::from_millis(250)).await;
            let server = server.clone();
            off_thread(move || server.restart_immediate().unwrap()).await;
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
        is_over.store(true, Ordering::Relaxed);
        let mut all = Vec::new();
        for task in tasks {
            all.extend(task.await.unwrap());
        }
        let store = open(&options).await;
        let mut errors = 0;
        for (one, outcome) in &all {
            match outcome {
                Ok(receipt) => assert_eq!(&store.commit(one).await.unwrap(), receipt),
                Err(CommitError::NotCommitted(_) | CommitError::Unknown(_)) => {
                    errors += 1;
                    store.commit(one).await.unwrap();
                }
                Err(other) => panic!("{other:?}"),
            }
        }
        assert!(errors > 0, "nothing went wrong");
        let feed = feed(&store, brand).await;
        assert_eq!(feed.len(), all.len());
        let ids: std::collections::HashSet<_> = feed
            .iter()
            .map(|event| event.event.metadata.event_id)
            .collect();
        assert_eq!(ids.len(), all.len());
    });
}

#[test]
fn a_brand_whose_head_is_locked_fails_in_time_and_holds_up_nobody_else() {
    for joining in [Joining::Joined, Joining::Apart] {
        in_time(async {
            let schema = TestSchema::new();
            let store = open(&options(&schema).commit_within(SOON).joining(joining)).await;
            let (held, free) = (a_brand(), a_brand());
            store.commit(&commit(held)).await.unwrap();
            let holder = hold_head(&schema, held).await;
            let begun = Instant::now();
            let sent: Vec<_> = (0..3).map(|_| commit(held)).collect();
            let stuck = futures::future::join_all(sent.iter().map(|one| store.commit(one)));
            let others = async {
                for _ in 0..5 {
                    store.commit(&commit(free)).await.unwrap();
                }
                begun.elapsed()
            };
            let (outcomes, _) = tokio::join!(stuck, others);
            // Far less than the 30 seconds that a statement may take.
            assert!(
                begun.elapsed() < Duration::from_secs(15),
                "{:?}",
                begun.elapsed()
            );
            for outcome in outcomes {
                let fault = not_committed(outcome);
                assert!(!fault.needs_mending(), "{fault}");
            }
            holder.batch_execute("ROLLBACK").await.unwrap();
            for one in &sent {
                store.commit(one).await.unwrap();
            }
            assert_eq!(feed(&store, held).await.len(), 4);
        });
    }
}

#[test]
fn a_statement_that_takes_too_long_is_given_up_by_the_server_and_tried_again() {
    in_time(async {
        let schema = TestSchema::new();
        let brand = a_brand();
        open(&options(&schema))
            .await
            .commit(&commit(brand))
            .await
            .unwrap();
        let store = open(&options(&schema).statement_within(Duration::from_secs(1))).await;
        let holder = hold_head(&schema, brand).await;
        let release = async {
            tokio::time::sleep(Duration::from_secs(2)).await;
            holder.batch_execute("ROLLBACK").await.unwrap();
        };
        let sent = commit(brand);
        let (outcome, ()) = tokio::join!(store.commit(&sent), release);
        outcome.unwrap();

        let locker = raw_in(&schema).await;
        locker
            .batch_execute("BEGIN; LOCK TABLE event")
            .await
            .unwrap();
        let read = store.read_feed(brand, None, PageLimit::MAX).await;
        let Err(ReadError::Unavailable(fault)) = read else {
            panic!("{read:?}");
        };
        assert!(!fault.needs_mending(), "{fault}");
        assert!(
            fault.to_string().contains("longer than the options allow"),
            "{fault}"
        );
        locker.batch_execute("ROLLBACK").await.unwrap();
        assert_eq!(feed(&store, brand).await.len(), 2);
    });
}

#[test]
fn waiting_for_a_connection_ends_and_says_so() {
    in_time(async {
        let schema = TestSchema::new();
        let few = options(&schema).connections(2).wait_within(SOON);
        let store = open(&few).await;
        let brand = a_brand();
        store.commit(&commit(brand)).await.unwrap();
        let locker = raw_in(&schema).await;
        locker
            .batch_execute("BEGIN; LOCK TABLE event")
            .await
            .unwrap();
        let reads: Vec<_> = (0..2)
            .map(|_| {
                let store = store.clone();
                tokio::spawn(async move { feed(&store, brand).await.len() })
            })
            .collect();
        let waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted
                        AND relation = 'event'::regclass";
        until(async || number(&locker, waiting).await == 2).await;
        let read = store.heads(None, PageLimit::MAX).await;
        let Err(ReadError::Unavailable(fault)) = read else {
            panic!("{read:?}");
        };
        assert!(!fault.needs_mending());
        let text = fault.to_string();
        assert!(
            text.contains(&format!("none of 2 became free within {SOON:?}")),
            "{text}"
        );
        locker.batch_execute("ROLLBACK").await.unwrap();
        for read in reads {
            assert_eq!(read.await.unwrap(), 1);
        }
        store.commit(&commit(brand)).await.unwrap();
    });
}

#[test]
fn reads_that_were_dropped_hold_up_nobody_who_gets_a_connection() {
    in_time(async {
        let schema = TestSchema::new();
        let store = open(&options(&schema).connections(4)).await;
        let brand = a_brand();
        store.commit(&commit(brand)).await.unwrap();
        let locker = raw_in(&schema).await;
        locker
            .batch_execute("BEGIN; LOCK TABLE event")
            .await
            .unwrap();
        for _ in 0..2 {
            let read = store.read_feed(brand, None, PageLimit::MAX);
            let dropped = tokio::time::timeout(Duration::from_millis(300), read).await;
            assert!(dropped.is_err());
        }
        // Heads are in a table that nobody has locked.
        for _ in 0..8 {
            let heads = store.heads(None, PageLimit::MAX);
            let heads = tokio::time::timeout(Duration::from_secs(5), heads).await;
            assert_eq!(heads.unwrap().unwrap().heads.len(), 1);
        }
        locker.batch_execute("ROLLBACK").await.unwrap();
        let all = (0..20).map(|_| store.read_feed(brand, None, PageLimit::MAX));
        for page in futures::future::join_all(all).await {
            assert_eq!(page.unwrap().events.len(), 1);
        }
    });
}

#[test]
fn a_server_that_only_reads_needs_mending() {
    in_time(async {
        let (server, options) = own_server();
        let store = open(&options).await;
        let brand = a_brand();
        store.commit(&commit(brand)).await.unwrap();
        let past = raw(server.url()).await;
        let set = |to: &str| format!("ALTER SYSTEM SET default_transaction_read_only = {to}");
        past.batch_execute("SET default_transaction_read_only = off")
            .await
            .unwrap();
        past.batch_execute(&set("on")).await.unwrap();
        past.batch_execute("SELECT pg_reload_conf()").await.unwrap();
        let start = Instant::now();
        let fault = loop {
            assert!(start.elapsed() < DEADLINE);
            if let Err(CommitError::NotCommitted(fault)) = store.commit(&commit(brand)).await {
                break fault;
            }
        };
        assert!(fault.needs_mending(), "{fault}");
        assert!(
            fault.to_string().contains("connect to the primary"),
            "{fault}"
        );
        feed(&store, brand).await;
        past.batch_execute(&set("off")).await.unwrap();
        past.batch_execute("SELECT pg_reload_conf()").await.unwrap();
        until(async || store.commit(&commit(brand)).await.is_ok()).await;
    });
}

/// Lets the table of receipts fail with these statements, so many times.
async fn fail(schema: &TestSchema, times: u32, when: &str, how: &str) -> Client {
    let client = raw_in(schema).await;
    let kind = match when {
        "at commit" => {
            "CONSTRAINT TRIGGER failing AFTER INSERT ON commit_receipt
                        DEFERRABLE INITIALLY DEFERRED"
        }
        _ => "TRIGGER failing BEFORE INSERT ON commit_receipt",
    };
    let sql = format!(
        "CREATE SEQUENCE IF NOT EXISTS failed;
         SELECT setval('failed', 1, false);
         CREATE OR REPLACE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN
            IF nextval('failed') <= {times} THEN {how}; END IF;
            RETURN NEW;
         END $$;
         DROP TRIGGER IF EXISTS failing ON commit_receipt;
         CREATE {kind} FOR EACH ROW EXECUTE FUNCTION fail();"
    );
    client.batch_execute(&sql).await.unwrap();
    client
}

fn raising(code: &str) -> String {
    format!("RAISE EXCEPTION 'made to fail' USING ERRCODE = '{code}'")
}

#[test]
fn what_passes_is_tried_again_silently() {
    in_time(async {
        let (schema, store, brand) = with_one_commit().await;
        for code in ["40001", "40P01", "55P03", "57014", "53200", "57P01"] {
            for when in ["at once", "at commit"] {
                fail(&schema, 3, when, &raising(code)).await;
                store.commit(&commit(brand)).await.unwrap();
            }
        }
        assert_eq!(feed(&store, brand).await.len(), 13);
    });
}

#[test]
fn what_somebody_has_to_mend_is_told_at_once_and_passes_when_it_was_mended() {
    in_time(async {
        let (schema, store, brand) = with_one_commit().await;
        for (code, says) in [
            ("53100", "make room on its disk"),
            ("58030", "58030"),
            ("XX001", "XX001"),
            ("P0001", "made to fail"),
        ] {
            fail(&schema, 1, "at once", &raising(code)).await;
            let sent = commit(brand);
            let fault: StoreFault = not_committed(store.commit(&sent).await);
            assert!(fault.needs_mending(), "{fault}");
            assert!(fault.to_string().contains(says), "{fault}");
            store.commit(&sent).await.unwrap();
        }
        assert_eq!(feed(&store, brand).await.len(), 5);
    });
}

#[test]
fn a_backend_that_is_killed_before_or_at_the_commit_is_made_up_for() {
    in_time(async {
        let (schema, store, brand) = with_one_commit().await;
        let mut sent: Vec<Commit> = Vec::new();
        for when in ["at once", "at commit"] {
            let end = "PERFORM pg_terminate_backend(pg_backend_pid())";
            fail(&schema, 2, when, end).await;
            sent.push(commit(brand));
            store.commit(&sent[sent.len() - 1]).await.unwrap();
        }
        let feed = feed(&store, brand).await;
        assert!(sent.iter().all(|one| is_once_in(one, &feed)));
        assert_eq!(feed.len(), 3);
    });
}
