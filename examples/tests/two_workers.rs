//! Two worker processes on one job, small.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]

mod support;

use std::collections::HashSet;
use std::process::Stdio;
use std::time::{Duration, Instant};

use dpp_examples::two_workers::{Asked, Options, parse};
use dpp_store_postgres::testing::{Binaries, Server, TestSchema};
use serde_json::Value;
use support::{in_database, program, ran};

const PROGRAM: &str = "two_workers";

fn checked(json: &Value, units: u64) {
    let keys: HashSet<_> = json.as_object().unwrap().keys().cloned().collect();
    let expected = [
        "batch_id",
        "units",
        "made",
        "killed_worker",
        "made_before_kill",
        "made_after_kill",
        "takeover_seconds",
        "verified",
    ];
    assert_eq!(keys, expected.map(str::to_owned).into());
    assert_eq!(
        (&json["units"], &json["made"]),
        (&units.into(), &units.into())
    );
    let before = json["made_before_kill"].as_u64().unwrap();
    let after = json["made_after_kill"].as_u64().unwrap();
    assert!(before >= units / 3 && after > 0, "{json}");
    assert_eq!(before + after, units);
    assert!(
        json["killed_worker"]
            .as_str()
            .unwrap()
            .starts_with("worker-")
    );
    assert!(json["takeover_seconds"].as_f64().unwrap() >= 0.0, "{json}");
    assert_eq!(json["verified"], true);
}

#[test]
fn the_other_worker_ends_the_job_and_a_second_run_finds_the_database_in_order() {
    let schema = TestSchema::new();
    let mut batches = HashSet::new();
    for _ in 0..2 {
        let (out, error, code) =
            ran(in_database(PROGRAM, &schema).args(["--json", "--units", "400"]));
        assert_eq!((code, error.as_str()), (0, ""), "{out}");
        let json: Value = serde_json::from_str(&out).unwrap();
        checked(&json, 400);
        batches.insert(json["batch_id"].to_string());
    }
    assert_eq!(batches.len(), 2);
}

#[test]
fn the_report_counts_what_is_in_the_log() {
    let schema = TestSchema::new();
    let (out, error, code) = ran(in_database(PROGRAM, &schema).args(["--units", "1,000"]));
    assert_eq!((code, error.as_str()), (0, ""), "{out}");
    let rows: Vec<Vec<_>> = out
        .lines()
        .map(|line| {
            line.split("  ")
                .map(str::trim)
                .filter(|cell| !cell.is_empty())
                .collect()
        })
        .collect();
    let of = |name: &str| {
        rows.iter()
            .find(|row| row.first() == Some(&name))
            .map(|row| row[1])
            .unwrap_or_else(|| panic!("{name}\n{out}"))
    };
    assert_eq!(
        (of("units asked for"), of("units made")),
        ("1,000", "1,000")
    );
    assert_eq!(
        (of("units twice"), of("units missing"), of("verified")),
        ("0", "0", "yes")
    );
    let cycles =
        ["cycles by worker 1", "cycles by worker 2"].map(|name| of(name).parse::<u32>().unwrap());
    assert_eq!(cycles.iter().sum::<u32>(), 40);
    assert!(cycles.iter().all(|cycles| *cycles > 0), "{out}");
}

#[test]
fn without_a_database_it_starts_a_server_of_its_own_and_says_so() {
    // Where `DPP_TEST_DATABASE_URL` names a server, there may be none to start.
    if !Server::for_tests().is_ours() && Binaries::find().is_err() {
        return;
    }
    let (out, error, code) = ran(program(PROGRAM).args(["--units", "40"]));
    assert_eq!((code, error.as_str()), (0, ""), "{out}");
    assert!(out.starts_with("No --database-url is given"), "{out}");
}

#[test]
fn without_any_server_it_says_what_to_install() {
    let (out, error, code) = ran(program(PROGRAM).env("DPP_TEST_POSTGRES_BIN", "/nowhere"));
    assert_eq!(code, 1, "{out}");
    assert!(error.contains("apt-get install postgresql"), "{error}");
    assert!(error.contains("--database-url"), "{error}");
}

#[test]
fn a_worker_ends_with_its_standard_input() {
    let schema = TestSchema::new();
    let mut worker = in_database(PROGRAM, &schema);
    worker
        .args(["--as-worker", "worker-9"])
        .stdin(Stdio::piped());
    let mut worker = worker.spawn().unwrap();
    assert_eq!(worker.try_wait().unwrap(), None);
    drop(worker.stdin.take());
    let began = Instant::now();
    loop {
        if worker.try_wait().unwrap().is_some() {
            return;
        }
        if began.elapsed() > Duration::from_secs(30) {
            worker.kill().unwrap();
            panic!("it went on for 30 seconds");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn flags_are_read_and_bad_ones_are_named() {
    let parsed = |arguments: &[&str]| {
        parse(arguments.iter().map(Into::into)).map_err(|error| error.to_string())
    };
    assert_eq!(parsed(&[]), Ok(Asked::Run(Options::default())));
    assert_eq!(parsed(&["-h"]), Ok(Asked::Help));
    for (arguments, named) in [
        (["--units", "9"].as_slice(), "from 10 to 1,000,000"),
        (&["--units", "1000001"], "`1000001`"),
        (&["--unit", "50"], "--unit"),
        (&["--schema", "dpp"], "--schema needs --database-url"),
    ] {
        let message = parsed(arguments).unwrap_err();
        assert!(message.contains(named), "{message}");
    }
}
