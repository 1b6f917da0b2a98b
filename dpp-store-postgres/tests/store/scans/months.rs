//! Partitions: made when they are needed, by whoever comes first, and dropped when they are not.

use std::time::{Duration, Instant};

use dpp_core::store::{ScanDays, ScanQuery, ScanStore};

use super::made::*;
use crate::support::*;

#[test]
fn the_first_scan_of_a_month_finds_its_partition_made() {
    in_time(async {
        let (schema, scans, brand) = opened().await;
        let client = raw_in(&schema).await;
        assert_eq!(partitions(&client).await, [""; 0]);
        for (at, due) in [
            (
                "2027-12-18T09:30:00Z",
                &["scan_2027_12", "scan_2028_01"][..],
            ),
            (
                "2027-12-31T23:59:59.999Z",
                &["scan_2027_12", "scan_2028_01"],
            ),
            (
                "2028-01-01T00:00:00Z",
                &["scan_2027_12", "scan_2028_01", "scan_2028_02"],
            ),
        ] {
            scans.append(&[scan(brand, at)]).await.unwrap();
            assert_eq!(partitions(&client).await, due);
        }
        for (month, due) in [("2027_12", 2), ("2028_01", 1), ("2028_02", 0)] {
            let count = format!("SELECT count(*) FROM scan_{month}");
            assert_eq!(number(&client, &count).await, due, "{month}");
        }
    });
}

#[test]
fn the_first_and_the_last_day_that_there_are_can_be_scanned() {
    in_time(async {
        let (schema, scans, brand) = opened().await;
        let times = [
            "0000-01-01T00:00:00Z",
            "0001-01-01T00:00:00Z",
            "1969-12-31T23:59:59.999Z",
            "9999-12-31T23:59:59.999Z",
        ];
        let all = times.map(|at| scan(brand, at));
        scans.append(&all).await.unwrap();
        let days = scans.by_day(brand, &ScanQuery::ALL, ScanDays::ALL).await;
        let days: Vec<_> = days.unwrap().iter().map(|row| row.day).collect();
        let due = ["0000-01-01", "0001-01-01", "1969-12-31", "9999-12-31"];
        assert_eq!(days, due.map(day));
        assert_eq!(scans.forget_before(day("9999-12-31")).await.unwrap(), 3);
        let left = partitions(&raw_in(&schema).await).await;
        assert_eq!(left, ["scan_9999_12"]);
    });
}

#[test]
fn many_processes_that_come_to_a_new_month_at_once_all_append() {
    in_time(async {
        let (schema, scans, brand) = opened().await;
        let mut appending = Vec::new();
        for number in 0..8 {
            // Each has a store of its own, and so knows of no month.
            let store = open(&options(&schema).connections(3)).await;
            appending.push(tokio::spawn(async move {
                for month in 1..=6 {
                    let at = format!("2027-{month:02}-18T09:30:0{number}Z");
                    let scans = store.scans();
                    scans.append(&[scan(brand, &at), scan(brand, &at)]).await?;
                }
                Ok::<_, dpp_core::store::ScanAppendError>(())
            }));
        }
        for one in appending {
            one.await.unwrap().unwrap();
        }
        assert_eq!(total(&scans, brand).await, 8 * 6 * 2);
        assert_eq!(partitions(&raw_in(&schema).await).await.len(), 7);
    });
}

#[test]
fn months_are_dropped_as_a_whole_and_the_rest_is_deleted() {
    in_time(async {
        let (schema, scans, brand) = opened().await;
        let times = [
            "2027-01-01T00:00:00Z",
            "2027-02-28T23:59:59.999Z",
            "2027-03-09T23:59:59.999Z",
            "2027-03-10T00:00:00Z",
            "2027-04-01T00:00:00Z",
        ];
        let of = |brand| times.map(|at| scan(brand, at));
        let other = a_brand();
        scans.append(&of(brand)).await.unwrap();
        scans.append(&of(other)).await.unwrap();
        let client = raw_in(&schema).await;
        let all = [1, 2, 3, 4, 5].map(|month| format!("scan_2027_{month:02}"));
        for (before, forgotten, dropped) in [
            ("2027-01-01", 0, 0),
            ("2027-01-31", 2, 0),
            ("2027-02-28", 0, 1),
            ("2027-03-01", 2, 2),
            ("2027-03-10", 2, 2),
            ("2027-04-01", 2, 3),
        ] {
            let told = scans.forget_before(day(before)).await.unwrap();
            assert_eq!(told, forgotten, "{before}");
            assert_eq!(partitions(&client).await, all[dropped..], "{before}");
        }
        assert_eq!(total(&scans, brand).await, 1);
        assert_eq!(total(&scans, other).await, 1);
        // The same store knew of the month.
        scans.append(&of(brand)).await.unwrap();
        assert_eq!(total(&scans, brand).await, 6);
    });
}

#[test]
fn a_partition_that_another_process_dropped_is_made_again() {
    in_time(async {
        let (schema, scans, brand) = opened().await;
        let other = open(&options(&schema)).await.scans();
        let scans_of = [scan(brand, "2027-02-18T09:30:00Z")];
        for _ in 0..3 {
            scans.append(&scans_of).await.unwrap();
            assert_eq!(other.forget_before(day("2027-03-01")).await.unwrap(), 1);
        }
        assert_eq!(total(&scans, brand).await, 0);
    });
}

#[test]
fn a_month_is_made_while_somebody_counts_and_others_append() {
    in_time(async {
        let (schema, scans, brand) = opened().await;
        scans
            .append(&[scan(brand, "2027-02-18T09:30:00Z")])
            .await
            .unwrap();
        let other = raw_in(&schema).await;
        let open = "BEGIN; SELECT count(*) FROM scan; UPDATE scan SET path = '/'";
        other.batch_execute(open).await.unwrap();
        let begun = Instant::now();
        scans
            .append(&[scan(brand, "2029-02-18T09:30:00Z")])
            .await
            .unwrap();
        assert!(begun.elapsed() < Duration::from_secs(10));
        other.batch_execute("COMMIT").await.unwrap();
        assert_eq!(total(&scans, brand).await, 2);
    });
}

#[test]
fn forgetting_waits_for_those_who_count_and_lets_others_through_meanwhile() {
    in_time(async {
        let (schema, scans, brand) = opened().await;
        let [old, new] = ["2026-02-18T09:30:00Z", "2027-02-18T09:30:00Z"];
        scans.append(&[scan(brand, old)]).await.unwrap();
        scans.append(&[scan(brand, new)]).await.unwrap();
        let other = raw_in(&schema).await;
        let counting = "BEGIN; SELECT count(*) FROM scan";
        other.batch_execute(counting).await.unwrap();
        let appending = async {
            for _ in 0..20 {
                tokio::time::sleep(Duration::from_millis(150)).await;
                scans.append(&[scan(brand, new)]).await.unwrap();
            }
            other.batch_execute("COMMIT").await.unwrap();
        };
        let (forgotten, ()) = tokio::join!(scans.forget_before(day("2027-01-01")), appending);
        assert_eq!(forgotten.unwrap(), 1);
        assert_eq!(total(&scans, brand).await, 21);
        let left = partitions(&raw_in(&schema).await).await;
        assert_eq!(left, ["scan_2027_02", "scan_2027_03"]);
    });
}
