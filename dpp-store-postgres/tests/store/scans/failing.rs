//! What fails becomes the right error, and the log does not notice.

use std::time::Duration;

use dpp_core::service::ScanQueue;
use dpp_core::store::log::StoreFault;
use dpp_core::store::{EventStore, ScanAppendError, ScanStore, ScanStoreError};

use super::made::*;
use crate::proxy::Proxy;
use crate::support::*;
use dpp_store_postgres::testing::TestSchema;

const AT: &str = "2027-02-18T09:30:00Z";

/// The server's word that three rows were inserted.
const INSERTED: &[u8] = b"C\0\0\0\x0fINSERT 0 3\0";

#[test]
fn an_answer_that_is_lost_leaves_it_open_and_the_queue_does_not_append_again() {
    in_time(async {
        let schema = TestSchema::new();
        let proxy = Proxy::before(&schema).await;
        let options = proxy.options(&schema);
        let store = open(&options.statement_within(Duration::from_millis(500))).await;
        let (scans, brand) = (store.scans(), a_brand());
        scans.append(&[scan(brand, AT)]).await.unwrap();
        proxy.mute_at(INSERTED);
        let queue = ScanQueue::default();
        for _ in 0..3 {
            queue.push(scan(brand, AT));
        }
        let outcome = queue.flush(&scans).await;
        let Err(ScanAppendError::Unknown(fault)) = outcome else {
            panic!("{outcome:?}");
        };
        assert!(!fault.needs_mending(), "{fault}");
        proxy.speak();
        let flushed = queue.flush(&scans).await.unwrap();
        assert_eq!(flushed.stored, 0);
        assert_eq!(queue.stats().dropped, 3);
        assert_eq!(total(&scans, brand).await, 4);
    });
}

#[test]
fn a_table_that_is_locked_delays_scans_and_no_commit() {
    in_time(async {
        let schema = TestSchema::new();
        let short = options(&schema).statement_within(Duration::from_secs(1));
        let store = open(&short.connections(2)).await;
        let (scans, brand) = (store.scans(), a_brand());
        store.commit(&commit(brand)).await.unwrap();
        scans.append(&[scan(brand, AT)]).await.unwrap();
        let locker = raw_in(&schema).await;
        locker
            .batch_execute("BEGIN; LOCK TABLE scan")
            .await
            .unwrap();
        let queue = ScanQueue::default();
        queue.push(scan(brand, AT));
        let committing = async {
            for _ in 0..20 {
                store.commit(&commit(brand)).await.unwrap();
            }
        };
        let (flushed, ()) = tokio::join!(queue.flush(&scans), committing);
        let fault = not_appended(flushed.map(drop));
        assert!(!fault.needs_mending(), "{fault}");
        locker.batch_execute("ROLLBACK").await.unwrap();
        queue.flush(&scans).await.unwrap();
        assert_eq!(queue.stats().stored, 1);
        assert_eq!(total(&scans, brand).await, 2);
        assert_eq!(feed(&store, brand).await.len(), 21);
    });
}

#[test]
fn a_call_is_appended_whole_or_not_at_all_also_when_one_scan_fails() {
    in_time(async {
        let (schema, scans, brand) = opened().await;
        let client = raw_in(&schema).await;
        scans.append(&[scan(brand, AT)]).await.unwrap();
        let narrow = "ALTER TABLE scan ADD CHECK (at_ms % 2 = 0)";
        client.batch_execute(narrow).await.unwrap();
        let odd = scan(brand, "2027-03-18T09:30:00.001Z");
        let outcome = scans.append(&[scan(brand, AT), odd]).await;
        let fault = not_appended(outcome);
        assert!(fault.needs_mending(), "{fault}");
        assert!(fault.to_string().contains("23514"), "{fault}");
        assert_eq!(total(&scans, brand).await, 1);
    });
}

#[test]
fn what_somebody_has_to_mend_is_told() {
    in_time(async {
        let (schema, scans, brand) = opened().await;
        let client = raw_in(&schema).await;
        // The name of a partition that is none.
        client
            .batch_execute("CREATE TABLE scan_2027_02 (a int)")
            .await
            .unwrap();
        let fault = not_appended(scans.append(&[scan(brand, AT)]).await);
        assert!(fault.needs_mending(), "{fault}");
        assert!(fault.to_string().contains("no partition"), "{fault}");
        client
            .batch_execute("DROP TABLE scan_2027_02")
            .await
            .unwrap();
        scans.append(&[scan(brand, AT)]).await.unwrap();

        client.batch_execute("DROP TABLE scan").await.unwrap();
        let fault = not_appended(scans.append(&[scan(brand, AT)]).await);
        assert!(fault.needs_mending(), "{fault}");
        let ScanStoreError::Unavailable(fault) =
            scans.forget_before(day("2027-01-01")).await.unwrap_err()
        else {
            panic!("another error");
        };
        assert!(fault.needs_mending(), "{fault}");
    });
}

#[test]
fn a_store_that_was_closed_appends_nothing_and_says_so() {
    in_time(async {
        let schema = TestSchema::new();
        let store = open(&options(&schema)).await;
        let scans = store.scans();
        store.close();
        let fault: StoreFault = not_appended(scans.append(&[scan(a_brand(), AT)]).await);
        assert_eq!(fault.to_string(), "the store was closed");
        scans.append(&[]).await.unwrap();
    });
}
