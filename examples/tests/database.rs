//! The quick start and reading back, with their log in PostgreSQL.

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
use std::fs;
use std::path::PathBuf;

use dpp_store_postgres::testing::TestSchema;
use serde_json::Value;
use support::{in_database, program, ran};

/// A folder of its own, which goes away again.
struct Folder(PathBuf);

impl Folder {
    fn of(test: &str) -> Self {
        let name = format!("dpp-database-test-{}-{test}", std::process::id());
        Self(std::env::temp_dir().join(name))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn quickstart(schema: &TestSchema, folder: &Folder, units: &str) -> Value {
    let mut command = in_database("quickstart", schema);
    let command = command.args(["--json", "--units", units]);
    let (out, error, code) = ran(command.arg("--out").arg(&folder.0));
    assert_eq!((code, error.as_str()), (0, ""), "{out}");
    serde_json::from_str(&out).unwrap()
}

fn browse(schema: &TestSchema, units: &str) -> Value {
    let (out, error, code) = ran(in_database("browse", schema).args(["--json", "--units", units]));
    assert_eq!((code, error.as_str()), (0, ""), "{out}");
    serde_json::from_str(&out).unwrap()
}

#[test]
fn the_quick_start_writes_every_unit_of_a_new_batch_each_time() {
    let (schema, folder) = (TestSchema::new(), Folder::of("quickstart"));
    let mut ids = HashSet::new();
    for _ in 0..2 {
        let json = quickstart(&schema, &folder, "10,001");
        assert_eq!(
            (&json["units"], &json["packs"]),
            (&10_001.into(), &2.into())
        );
        for file in json["files"].as_array().unwrap() {
            let mut rows = csv::Reader::from_path(file.as_str().unwrap()).unwrap();
            ids.extend(rows.records().map(|row| row.unwrap()[0].to_owned()));
        }
    }
    assert_eq!(ids.len(), 20_002);
}

/// The catalogue's production batch has a million units.
#[test]
fn a_second_quick_start_is_not_refused_for_what_the_first_took_of_a_production_batch() {
    let (schema, folder) = (TestSchema::new(), Folder::of("whole"));
    for _ in 0..2 {
        let json = quickstart(&schema, &folder, "600,000");
        assert_eq!(json["rows"], 600_000);
    }
}

#[test]
fn reading_back_shows_its_own_units_and_the_totals_of_all_runs() {
    let schema = TestSchema::new();
    let first = browse(&schema, "400");
    let second = browse(&schema, "400");
    assert_eq!(first["kpis"]["total_tokens_minted"], 400);
    assert_eq!(second["kpis"]["total_tokens_minted"], 800);
    assert_eq!(second["kpis"]["batches_created"], 4);
    assert_eq!(second["batches"].as_array().unwrap().len(), 4);
    assert_eq!(second["units"][0]["status"], "revoked");
    assert_ne!(first["units"][0]["serial"], second["units"][0]["serial"]);
    let found = second["search"].as_array().unwrap();
    assert!(!found.is_empty());
}

#[test]
fn the_reports_say_where_the_log_is() {
    let (schema, folder) = (TestSchema::new(), Folder::of("reports"));
    let said = format!("The log is in PostgreSQL, in schema {}.", schema.name());
    let mut quickstart = in_database("quickstart", &schema);
    quickstart.arg("--out").arg(&folder.0);
    for mut command in [quickstart, in_database("browse", &schema)] {
        let (out, error, code) = ran(command.args(["--units", "50"]));
        assert_eq!((code, error.as_str()), (0, ""), "{out}");
        assert!(out.starts_with(&said), "{out}");
    }
}

#[test]
fn an_address_that_cannot_be_is_exit_code_2_and_does_not_show_the_password() {
    for name in ["quickstart", "browse", "two_workers"] {
        let url = "postgres://dpp:secret@host:port/database";
        let (_, error, code) = ran(program(name).args(["--database-url", url]));
        assert_eq!(code, 2, "{error}");
        assert!(error.starts_with("error: --database-url: "), "{error}");
        assert!(!error.contains("secret"), "{error}");
        let url = "postgres://dpp@localhost/dpp";
        let flags = ["--database-url", url, "--schema", "1st"];
        let (_, error, code) = ran(program(name).args(flags));
        assert_eq!(code, 2, "{error}");
        assert!(error.starts_with("error: --schema: `1st`"), "{error}");
    }
}

#[test]
fn a_server_that_cannot_be_reached_is_exit_code_1_and_said() {
    for name in ["quickstart", "browse", "two_workers"] {
        let url = "postgres://dpp:secret@127.0.0.1:1/dpp";
        let (_, error, code) = ran(program(name).args(["--database-url", url]));
        assert_eq!(code, 1, "{error}");
        assert!(
            error.starts_with("error: the store cannot be opened: "),
            "{error}"
        );
        assert!(error.contains("onnection refused"), "{error}");
        assert!(!error.contains("secret"), "{error}");
    }
}
