//! Answers that are lost, callers that leave, and commits that were joined: each is settled alone.

use std::time::Duration;

use dpp_core::store::EventStore;
use dpp_core::store::log::{CommitError, Expected};
use dpp_store_postgres::Joining;
use dpp_store_postgres::testing::TestSchema;
use tokio_postgres::Client;

use crate::proxy::{COMMITTED, Proxy};
use crate::support::*;

/// Holds the lock until those who came at once wait for it together.
async fn let_go(holder: Client) {
    tokio::time::sleep(Duration::from_millis(100)).await;
    holder.batch_execute("ROLLBACK").await.unwrap();
}

#[test]
fn a_lost_answer_is_settled_by_the_commit_id() {
    for joining in [Joining::Joined, Joining::Apart] {
        in_time(async {
            let schema = TestSchema::new();
            let proxy = Proxy::before(&schema).await;
            let store = open(&proxy.options(&schema).joining(joining)).await;
            let brand = a_brand();
            store.commit(&commit(brand)).await.unwrap();
            for _ in 0..3 {
                proxy.lose(1);
                let sent = commit(brand);
                let receipt = store.commit(&sent).await.unwrap();
                assert_eq!(proxy.left_to_lose(), 0, "the answer was not lost");
                assert_eq!(store.commit(&sent).await.unwrap(), receipt);
                assert!(is_once_in(&sent, &feed(&store, brand).await));
            }
            let feed = feed(&store, brand).await;
            assert_eq!(feed.len(), 4);
        });
    }
}

#[test]
fn lost_answers_of_commits_that_were_joined_are_settled_for_each() {
    in_time(async {
        let schema = TestSchema::new();
        let proxy = Proxy::before(&schema).await;
        let store = open(&proxy.options(&schema)).await;
        let brand = a_brand();
        store.commit(&commit(brand)).await.unwrap();
        let holder = hold_head(&schema, brand).await;
        // Those that come at once are made by one transaction.
        proxy.lose(1);
        let mut sent: Vec<_> = (0..10).map(|_| commit(brand)).collect();
        // One that is in conflict, among those that are made.
        let stream = sent[0].writes()[0].stream;
        let late = begin(brand).write(stream, Expected::NoStream, [body(1)]);
        sent.push(late.build().unwrap());
        let making = futures::future::join_all(sent.iter().map(|one| store.commit(one)));
        let (mut outcomes, ()) = tokio::join!(making, let_go(holder));
        assert_eq!(proxy.left_to_lose(), 0);
        let conflict = outcomes.pop().unwrap();
        assert!(
            matches!(conflict, Err(CommitError::Conflict(_))),
            "{conflict:?}"
        );
        let feed = feed(&store, brand).await;
        assert_eq!(feed.len(), 11);
        for (one, outcome) in sent.iter().zip(outcomes) {
            assert_eq!(store.commit(one).await.unwrap(), outcome.unwrap());
            assert!(is_once_in(one, &feed));
        }
    });
}

#[test]
fn repeats_that_are_joined_give_the_first_receipt() {
    in_time(async {
        let (schema, store, brand) = with_one_commit().await;
        let streams = (0..8).map(|_| a_stream());
        let sent = streams.fold(begin(brand), |sent, stream| {
            sent.write(stream, Expected::NoStream, (0..2).map(body))
        });
        let sent = sent.build().unwrap();
        let first = store.commit(&sent).await.unwrap();
        let holder = hold_head(&schema, brand).await;
        let repeating = futures::future::join_all((0..5).map(|_| store.commit(&sent)));
        let (receipts, ()) = tokio::join!(repeating, let_go(holder));
        for receipt in receipts {
            assert_eq!(receipt.unwrap(), first);
        }
    });
}

#[test]
fn an_answer_that_stays_lost_is_unknown_until_it_is_repeated() {
    in_time(async {
        let schema = TestSchema::new();
        let proxy = Proxy::before(&schema).await;
        let store = open(&proxy.options(&schema).commit_within(Duration::from_secs(5))).await;
        let brand = a_brand();
        store.commit(&commit(brand)).await.unwrap();
        let sent = commit(brand);
        proxy.mute_at(COMMITTED);
        match store.commit(&sent).await {
            Err(CommitError::Unknown(fault)) => assert!(!fault.needs_mending()),
            other => panic!("{other:?}"),
        }
        proxy.speak();
        store.commit(&sent).await.unwrap();
        let feed = feed(&store, brand).await;
        assert!(is_once_in(&sent, &feed));
        assert_eq!(feed.len(), 2);
    });
}

#[test]
fn who_stops_waiting_leaves_nothing_half_done_and_the_lane_goes_on() {
    in_time(async {
        let (schema, store, brand) = with_one_commit().await;
        let holder = hold_head(&schema, brand).await;
        let sent: Vec<_> = (0..6).map(|_| of_events(brand, 3)).collect();
        for one in &sent {
            let given_up = tokio::time::timeout(Duration::from_millis(20), store.commit(one)).await;
            assert!(given_up.is_err());
        }
        holder.batch_execute("ROLLBACK").await.unwrap();
        store.commit(&commit(brand)).await.unwrap();
        until(async || feed(&store, brand).await.len() == 20).await;
        let feed = feed(&store, brand).await;
        assert!(sent.iter().all(|one| is_once_in(one, &feed)));
    });
}

#[test]
fn one_that_the_server_refuses_fails_alone() {
    in_time(async {
        let (schema, store, brand) = with_one_commit().await;
        let random: String = (0..400).map(|_| uuid().simple().to_string()).collect();
        for bad in ["a\0b", &random] {
            let holder = hold_head(&schema, brand).await;
            let before = feed(&store, brand).await.len();
            let sent: Vec<_> = (0..7)
                .map(|number| match number {
                    4 => of_type(brand, bad),
                    _ => commit(brand),
                })
                .collect();
            let making = futures::future::join_all(sent.iter().map(|one| store.commit(one)));
            let (outcomes, ()) = tokio::join!(making, let_go(holder));
            for (number, outcome) in outcomes.into_iter().enumerate() {
                match number {
                    4 => assert!(not_committed(outcome).needs_mending()),
                    _ => drop(outcome.unwrap()),
                }
            }
            assert_eq!(feed(&store, brand).await.len(), before + 6);
        }
    });
}
