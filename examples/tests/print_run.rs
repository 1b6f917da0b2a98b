//! The print run does what it says, also when it is broken off.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use dpp_core::export::{ExportFormat, ProfileName};
use dpp_examples::print_run::{
    Asked, BadFlags, Making, Options, PrintRunError, Summary, parse, run_until,
};
use zip::ZipArchive;

fn options(out: &Path, units: u32, format: ExportFormat) -> Options {
    Options {
        units,
        out: out.to_owned(),
        makings: vec![Making {
            format,
            profile: None,
        }],
        json: true,
        ..Options::default()
    }
}

fn run(options: &Options) -> Summary {
    run_until(options, &mut Vec::new(), std::future::pending()).unwrap()
}

/// The names of the codes of a bundle.
fn codes(pack: &Path) -> BTreeSet<String> {
    let zip = ZipArchive::new(File::open(pack).unwrap()).unwrap();
    let names = zip.file_names().map(|name| name.unwrap().to_string());
    names.filter(|name| name.starts_with("qr/")).collect()
}

fn contents(files: &[PathBuf]) -> Vec<Vec<u8>> {
    files.iter().map(|file| fs::read(file).unwrap()).collect()
}

#[test]
fn it_says_as_json_what_it_made() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options {
        units: 25,
        out: folder.path().to_owned(),
        json: true,
        ..Options::default()
    };
    let mut out = Vec::new();
    let summary = run_until(&options, &mut out, std::future::pending()).unwrap();
    let told: serde_json::Value = serde_json::from_slice(&out).unwrap();
    assert_eq!(told["batch_id"], summary.batch_id.to_string());
    assert_eq!((&told["packs"], &told["codes"]), (&2.into(), &50.into()));
    assert_eq!(told["resumed"], false);
    assert!(told["seconds"].as_f64().unwrap() > 0.0);
    let files = told["files"].as_array().unwrap();
    let names = files.iter().map(|file| Path::new(file.as_str().unwrap()));
    let names: Vec<_> = names.map(|file| file.file_name().unwrap()).collect();
    assert_eq!(
        names,
        ["qr_bundle_001.zip", "qr_manifest_nicelabel_001.csv"]
    );
    assert_eq!(codes(&summary.files[0]).len(), 25);
    assert_eq!(
        fs::read_to_string(&summary.files[1])
            .unwrap()
            .lines()
            .count(),
        26
    );
    let sheet = fs::read_to_string(summary.contact_sheet.unwrap()).unwrap();
    assert!(sheet.contains("(01)09506000134352"));
    assert_eq!(
        fs::read_dir(folder.path().join("proof")).unwrap().count(),
        24
    );
}

#[test]
fn a_run_that_was_broken_off_goes_on_behind_the_last_pack() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(folder.path(), 100_000, ExportFormat::Manifest);
    let storage = folder.path().join("storage");
    let first_pack = async {
        while !has_pack(&storage) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    match run_until(&options, &mut Vec::new(), first_pack) {
        Err(PrintRunError::Interrupted { folder: named }) => assert_eq!(named, options.out),
        other => panic!("{other:?}"),
    }
    let whole = run(&options);
    assert!(whole.resumed);
    assert_eq!((whole.packs, whole.codes), (10, 100_000));
    let rows = contents(&whole.files);
    let rows = rows.iter().flat_map(|file| {
        let text = String::from_utf8(file.clone()).unwrap();
        text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>()
    });
    assert_eq!(rows.collect::<BTreeSet<_>>().len(), 100_000);
    let again = run(&options);
    assert_eq!(again.batch_id, whole.batch_id);
    assert_eq!(contents(&again.files), contents(&whole.files));
}

fn has_pack(storage: &Path) -> bool {
    let Ok(entries) = fs::read_dir(storage) else {
        return false;
    };
    entries.flatten().any(|entry| match entry.file_type() {
        Ok(kind) if kind.is_dir() => entry.file_name() != "tmp" && has_pack(&entry.path()),
        _ => entry.file_name().to_string_lossy().ends_with(".csv"),
    })
}

#[test]
fn lots_have_one_code_for_each_of_their_items() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options {
        lots: true,
        ..options(folder.path(), 10, ExportFormat::QrBundle)
    };
    let names = codes(&run(&options).files[0]);
    assert_eq!(names.len(), 10);
    let of_a = names.iter().filter(|name| name.contains("2027-W07-A"));
    assert_eq!(of_a.count(), 4);
}

#[test]
fn what_cannot_be_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut tags = options(folder.path(), 5, ExportFormat::RfidManifest);
    tags.makings[0].profile = ProfileName::parse("rfid.sgtin-96").ok();
    let refused = run_until(&tags, &mut Vec::new(), std::future::pending()).unwrap_err();
    assert!(refused.to_string().contains("company prefix"), "{refused}");
    let logo = folder.path().join("logo.svg");
    fs::write(&logo, "<svg onload=\"x()\"/>").unwrap();
    let with_logo = Options {
        logo: Some(logo),
        ..options(folder.path(), 5, ExportFormat::QrBundle)
    };
    let refused = run_until(&with_logo, &mut Vec::new(), std::future::pending()).unwrap_err();
    assert!(matches!(refused, PrintRunError::Logo { .. }), "{refused}");
}

#[test]
fn flags_are_read_and_wrong_ones_are_named() {
    let read = |flags: &str| parse(flags.split_whitespace().map(Into::into));
    let Asked::Run(options) =
        read("--units 7 --format rfid --profile rfid.sgtin-plus --lots").unwrap()
    else {
        panic!("it asks for help");
    };
    assert_eq!((options.units, options.lots), (7, true));
    assert_eq!(options.makings[0].format, ExportFormat::RfidManifest);
    assert!(matches!(read("--help").unwrap(), Asked::Help));
    assert!(matches!(read("--format pdf"), Err(BadFlags::Format { .. })));
    assert!(matches!(
        read("--profile zebra"),
        Err(BadFlags::ProfileAlone)
    ));
    assert!(matches!(read("--units 0"), Err(BadFlags::Units { .. })));
}
