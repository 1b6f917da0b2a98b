//! A server that takes connections and never answers keeps nobody waiting for ever.

use std::time::{Duration, Instant};

use dpp_core::store::EventStore;
use dpp_core::store::log::{PageLimit, ReadError};
use dpp_store_postgres::testing::TestSchema;
use dpp_store_postgres::{OpenError, Options, PostgresStore};
use tokio::net::TcpListener;

use crate::proxy::{Proxy, SET};
use crate::support::*;

const LIMIT: Duration = Duration::from_secs(3);
/// For machines that have a lot to do.
const MARGIN: Duration = Duration::from_secs(20);

fn hasty(options: Options) -> Options {
    options
        .connect_within(LIMIT)
        .wait_within(LIMIT)
        .statement_within(LIMIT)
        .commit_within(2 * LIMIT)
}

/// A port that takes connections and says nothing.
async fn mute() -> (TcpListener, String) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, format!("postgres://dpp@127.0.0.1:{port}/db"))
}

#[test]
fn opening_fails_within_its_limit() {
    in_time(async {
        let (_listener, url) = mute().await;
        let options = hasty(Options::parse(&url).unwrap());
        let begun = Instant::now();
        let refused = PostgresStore::open(&options).await.unwrap_err();
        assert!(begun.elapsed() < LIMIT + MARGIN, "{:?}", begun.elapsed());
        let OpenError::Unavailable(fault) = refused else {
            panic!("{refused:?}");
        };
        assert!(!fault.needs_mending());
        assert!(
            fault
                .to_string()
                .contains(&format!("could not be opened within {LIMIT:?}")),
            "{fault}"
        );
    });
}

#[test]
fn opening_fails_within_its_limit_when_the_server_falls_silent_after_letting_in() {
    in_time(async {
        let schema = TestSchema::new();
        let proxy = Proxy::before(&schema).await;
        proxy.mute_at(SET);
        let begun = Instant::now();
        let refused = PostgresStore::open(&hasty(proxy.options(&schema))).await;
        assert!(
            begun.elapsed() < 2 * LIMIT + MARGIN,
            "{:?}",
            begun.elapsed()
        );
        assert!(
            matches!(refused, Err(OpenError::Unavailable(_))),
            "{refused:?}"
        );
    });
}

#[test]
fn commits_and_reads_fail_within_their_limits_when_the_server_falls_silent() {
    in_time(async {
        let schema = TestSchema::new();
        let proxy = Proxy::before(&schema).await;
        let store = open(&hasty(proxy.options(&schema))).await;
        let brand = a_brand();
        store.commit(&commit(brand)).await.unwrap();
        proxy.mute();
        let begun = Instant::now();
        let sent: Vec<_> = (0..8).map(|_| commit(brand)).collect();
        let commits = sent.iter().map(|one| store.commit(one));
        let (outcomes, read) = tokio::join!(
            futures::future::join_all(commits),
            store.read_feed(brand, None, PageLimit::MAX)
        );
        // The client waits 5 seconds longer than the server for the end of a statement.
        let longest = 3 * LIMIT + Duration::from_secs(5);
        assert!(begun.elapsed() < longest + MARGIN, "{:?}", begun.elapsed());
        for outcome in outcomes {
            assert!(!not_committed(outcome).needs_mending());
        }
        assert!(matches!(read, Err(ReadError::Unavailable(_))), "{read:?}");
        proxy.speak();
        for one in &sent {
            store.commit(one).await.unwrap();
        }
        let feed = feed(&store, brand).await;
        assert_eq!(feed.len(), 9);
    });
}
