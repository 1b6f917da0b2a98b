//! The quick start, small.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use dpp_examples::quickstart::{Asked, Options, Outcome, QuickstartError, parse, run};
use serde_json::Value;

/// A folder of its own, which goes away again.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("dpp-quickstart-test-{}-{number}", std::process::id());
        Self(std::env::temp_dir().join(name))
    }

    fn files(&self) -> HashSet<PathBuf> {
        let entries = fs::read_dir(&self.0).unwrap();
        entries.map(|entry| entry.unwrap().path()).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn printed(options: &Options) -> (String, Outcome) {
    console::set_colors_enabled(false);
    let mut out = Vec::new();
    let outcome = run(options, &mut out).unwrap();
    (String::from_utf8(out).unwrap(), outcome)
}

fn options(units: u32, folder: &Folder, json: bool) -> Options {
    Options {
        units,
        out: Some(folder.0.clone()),
        json,
        ..Options::default()
    }
}

fn rows(file: &Path) -> Vec<csv::StringRecord> {
    let mut reader = csv::Reader::from_path(file).unwrap();
    reader.records().map(Result::unwrap).collect()
}

#[test]
fn json_is_one_object_with_these_keys_and_nothing_else() {
    let folder = Folder::new();
    let (out, outcome) = printed(&options(20_001, &folder, true));
    let json: Value = serde_json::from_str(&out).unwrap();
    let keys: HashSet<_> = json.as_object().unwrap().keys().cloned().collect();
    let expected = [
        "units",
        "packs",
        "rows",
        "mint_seconds",
        "export_seconds",
        "batch_id",
        "files",
    ];
    assert_eq!(keys, expected.map(str::to_owned).into());
    assert_eq!(json["units"], 20_001);
    assert_eq!(json["packs"], 3);
    assert_eq!(json["rows"], 20_001);
    assert_eq!(json["batch_id"], outcome.minted.batch.to_string());
    assert!(json["mint_seconds"].as_f64().unwrap() > 0.0);
    assert!(json["export_seconds"].as_f64().unwrap() > 0.0);
    let files: HashSet<_> = json["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| PathBuf::from(file.as_str().unwrap()))
        .collect();
    assert_eq!(files, folder.files());
}

#[test]
fn the_packs_on_disk_have_every_unit_once() {
    let folder = Folder::new();
    let (_, outcome) = printed(&options(20_001, &folder, true));
    let packs: Vec<_> = outcome
        .exported
        .files
        .iter()
        .map(|file| rows(file))
        .collect();
    let sizes: Vec<_> = packs.iter().map(Vec::len).collect();
    assert_eq!(sizes, [10_000, 10_000, 1]);
    let ids: HashSet<_> = packs
        .iter()
        .flatten()
        .map(|row| row[0].to_owned())
        .collect();
    let urls: HashSet<_> = packs
        .iter()
        .flatten()
        .map(|row| row[1].to_owned())
        .collect();
    assert_eq!((ids.len(), urls.len()), (20_001, 20_001));
    assert_eq!(packs[0][0][1], outcome.first.resolver_url);
    assert_eq!(packs[2][0][1], outcome.last.resolver_url);
}

#[test]
fn the_report_shows_every_reason_and_the_units() {
    let folder = Folder::new();
    let (out, outcome) = printed(&options(15_000, &folder, false));
    for told in [
        "✓ NL-TEE-1001",
        "✗ NL-SCF-3008",
        "PRODUCT_BATCH_QUANTITY_EXCEEDED",
        "✗ NL-JKT-4102",
        "COMMERCIAL_STATUS_NOT_ACTIVE",
        "MINT_READINESS_NOT_READY",
        "MISSING_REQUIRED_FIELD",
        "FIELD_TYPE_MISMATCH",
        "FIELD_VALUE_NOT_ALLOWED",
        "GTIN_REQUIRED",
        "PRODUCT_BATCH_NOT_READY",
        "15,000 units in 1 cycle\n",
        "2 packs",
        "units a second",
        &outcome.minted.batch.to_string(),
        &outcome.first.resolver_url,
        &outcome.last.mint_unit_id.to_string(),
        folder.0.to_str().unwrap(),
    ] {
        assert!(out.contains(told), "`{told}` is not in\n{out}");
    }
}

#[test]
fn a_single_unit_is_enough() {
    let folder = Folder::new();
    let (out, outcome) = printed(&options(1, &folder, false));
    assert_eq!(outcome.first, outcome.last);
    assert!(out.contains("1 unit in 1 cycle"), "{out}");
    assert_eq!(folder.files().len(), 1);
}

#[test]
fn without_a_folder_it_makes_one() {
    let options = Options {
        units: 1,
        ..Options::default()
    };
    let (_, outcome) = printed(&options);
    let folder = Folder(outcome.exported.folder);
    assert_eq!(folder.files().len(), 1);
}

#[test]
fn a_folder_that_is_a_file_is_an_error() {
    let folder = Folder::new();
    fs::create_dir_all(&folder.0).unwrap();
    let file = folder.0.join("file");
    fs::write(&file, "").unwrap();
    let options = Options {
        units: 1,
        out: Some(file),
        ..Options::default()
    };
    let error = run(&options, &mut Vec::new()).unwrap_err();
    assert!(matches!(error, QuickstartError::File { .. }), "{error}");
}

fn parsed(arguments: &[&str]) -> Result<Asked, String> {
    parse(arguments.iter().map(Into::into)).map_err(|error| error.to_string())
}

#[test]
fn flags_are_read_in_any_order_and_form() {
    assert_eq!(parsed(&[]), Ok(Asked::Run(Options::default())));
    assert_eq!(parsed(&["--json", "-h"]), Ok(Asked::Help));
    let expected = Options {
        units: 2_500,
        out: Some("packs".into()),
        json: true,
        ..Options::default()
    };
    for arguments in [
        ["--units", "2500", "--out", "packs", "--json"].as_slice(),
        &["--json", "--out=packs", "--units=2,500"],
    ] {
        assert_eq!(parsed(arguments), Ok(Asked::Run(expected.clone())));
    }
}

#[test]
fn bad_flags_are_named() {
    for (arguments, named) in [
        (["--units", "0"].as_slice(), "`0`"),
        (&["--units", "1000001"], "`1000001`"),
        (&["--units", "-5"], "`-5`"),
        (&["--units", "many"], "`many`"),
        (&["--units"], "--units"),
        (&["--colour"], "--colour"),
        (&["--json=yes"], "--json"),
        (&["packs"], "packs"),
    ] {
        let message = parsed(arguments).unwrap_err();
        assert!(message.contains(named), "{message}");
    }
}
