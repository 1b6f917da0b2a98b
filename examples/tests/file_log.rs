//! The log in a file keeps every clause of the contract, and stands broken ends.

#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use std::fs;
use std::sync::atomic::{AtomicU32, Ordering};

use dpp_core::event_store_conformance;
use dpp_core::testing::conformance::Fixture;
use dpp_examples::file_log::{FileLog, FileLogError};
use futures::executor::block_on;

fn open(path: &std::path::Path) -> Result<FileLog, FileLogError> {
    block_on(FileLog::open(path))
}

fn in_a_file() -> Fixture {
    let folder = tempfile::tempdir().unwrap();
    let number = AtomicU32::new(0);
    Fixture::new(move || {
        let number = number.fetch_add(1, Ordering::Relaxed);
        let path = folder.path().join(format!("{number}.jsonl"));
        async move { FileLog::open(&path).await.unwrap() }
    })
}

event_store_conformance!(file_log, in_a_file());

#[test]
fn a_last_line_that_was_cut_is_cut_off_and_one_in_the_middle_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.jsonl");
    fs::write(&path, r#"{"brand":"0b8f6a0e"#).unwrap();
    drop(open(&path).unwrap());
    assert_eq!(fs::read(&path).unwrap(), b"");
    fs::write(&path, "{}\n").unwrap();
    let damaged = open(&path).unwrap_err();
    assert!(matches!(damaged, FileLogError::Damaged { line: 1, .. }));
}

#[test]
fn a_log_is_open_in_one_process_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.jsonl");
    let first = open(&path).unwrap();
    let refused = open(first.path()).unwrap_err();
    assert!(matches!(refused, FileLogError::InUse { .. }));
}
