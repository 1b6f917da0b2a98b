//! Every format, from the order to its files.

use std::collections::BTreeSet;
use std::io::{Cursor, Read};

use dpp_core::export::{ExportFormat, PackFile, PackStatus};
use dpp_core::identity::MintBatchId;
use dpp_exports::ExportDid;
use dpp_exports::storage::PackStorage;
use zip::ZipArchive;

use crate::common::World;
use crate::support::{FORMATS, Op, assert_whole, content, faulty, make_all, named, pack};

async fn made(
    world: &World,
    batch: MintBatchId,
    format: ExportFormat,
) -> (Vec<PackFile>, Vec<Vec<u8>>) {
    let storage = PackStorage::memory();
    let exporter = world.exporter(&storage);
    let export = world.ask(&exporter, batch, format).await;
    make_all(&exporter, "w", world.now()).await;
    let files = world.completed(export);
    assert_whole(&storage, &files).await;
    let mut contents = Vec::new();
    for file in &files {
        contents.push(content(&storage, file).await);
    }
    (files, contents)
}

#[tokio::test]
async fn every_format_is_made_from_the_order_to_its_files() {
    let world = World::new();
    let batch = world.batch_of(10_050);
    for format in FORMATS {
        let (files, contents) = made(&world, batch, format).await;
        let rows: Vec<_> = files.iter().map(|file| file.rows).collect();
        assert_eq!(rows, [10_000, 50], "{format}");
        let kind = match format {
            ExportFormat::QrBundle => "zip",
            _ => "csv",
        };
        for (number, file) in (1..).zip(&files) {
            let ends = format!("/{format}_{number:03}.{kind}");
            assert!(file.path.as_str().ends_with(&ends), "{file:?}");
            let begins = format!("{}/{batch}/", world.brand());
            assert!(file.path.as_str().starts_with(&begins), "{file:?}");
        }
        if format != ExportFormat::QrBundle {
            assert_tables(&world, batch, &contents);
        }
    }
}

/// Every unit comes once, in order, below a header in each file.
fn assert_tables(world: &World, batch: MintBatchId, contents: &[Vec<u8>]) {
    let mut ids = Vec::new();
    for content in contents {
        let mut table = csv::Reader::from_reader(content.as_slice());
        let headers = table.headers().unwrap().clone();
        let place = headers.iter().position(|name| name == "mint_unit_id");
        let rows = table.records().map(|row| row.unwrap());
        ids.extend(rows.map(|row| row[place.unwrap()].to_owned()));
    }
    let units = world.units(batch);
    let identity = units.identity();
    let expected = (0..10_050).map(|index| identity.unit(index).unwrap().id.to_string());
    assert!(ids.into_iter().eq(expected));
}

#[tokio::test]
async fn a_bundle_has_a_code_for_each_unit() {
    let world = World::new();
    let batch = world.batch_of(25);
    let (_, contents) = made(&world, batch, ExportFormat::QrBundle).await;
    let names = names_in_bundle(&contents[0], "serial,gtin,resolver_url,filename");
    let units = world.units(batch);
    let serials = (0..25).map(|index| units.identity().unit(index).unwrap().serial.unwrap());
    let expected = (1..)
        .zip(serials)
        .map(|(number, serial)| format!("qr/{number:05}_{serial}.svg"));
    assert_eq!(names, expected.collect());
}

#[tokio::test]
async fn a_bundle_of_lots_has_each_code_once_per_item() {
    let world = World::new();
    let batch = world.submit(world.of_lots(&[("A-1", 3), ("B/2", 2)]));
    world.work(u32::MAX);
    let (_, contents) = made(&world, batch, ExportFormat::QrBundle).await;
    let names = names_in_bundle(&contents[0], "lot_code,gtin,resolver_url,filename");
    let expected = [
        "00001_A-1",
        "00002_A-1",
        "00003_A-1",
        "00004_B_2",
        "00005_B_2",
    ];
    let expected = expected.map(|name| format!("qr/{name}.svg"));
    assert_eq!(names, expected.into());
}

/// The names of the codes, which are those that the index has.
fn names_in_bundle(bundle: &[u8], header: &str) -> BTreeSet<String> {
    let mut zip = ZipArchive::new(Cursor::new(bundle)).unwrap();
    let mut index = String::new();
    let mut file = zip.by_name("index.csv").unwrap();
    file.read_to_string(&mut index).unwrap();
    drop(file);
    let mut lines = index.lines();
    assert_eq!(lines.next(), Some(header));
    let listed = lines.map(|line| line.rsplit(',').next().unwrap().to_owned());
    let names: BTreeSet<_> = zip
        .file_names()
        .map(|name| name.unwrap().into_owned())
        .collect();
    let codes: BTreeSet<_> = names
        .into_iter()
        .filter(|name| name != "index.csv")
        .collect();
    assert_eq!(listed.collect::<BTreeSet<_>>(), codes);
    codes
}

#[tokio::test]
async fn what_is_recorded_and_listed_is_what_lies_there() {
    let world = World::new();
    let batch = world.batch_of(20_001);
    let storage = PackStorage::memory();
    let exporter = world.exporter(&storage);
    let export = world.ask(&exporter, batch, ExportFormat::Manifest).await;
    let mut worker = exporter.worker(named("w"));
    let statuses = || -> Vec<_> {
        let rows = world.listed(export).into_iter();
        rows.map(|row| (row.status, row.path.is_some())).collect()
    };
    let (pending, completed) = ((PackStatus::Pending, false), (PackStatus::Completed, true));
    assert_eq!(statuses(), [pending; 3]);
    worker.run_once(world.now()).await.unwrap();
    assert_eq!(worker.holds(), Some(export));
    worker.run_once(world.now()).await.unwrap();
    assert_eq!(statuses(), [completed, pending, pending]);
    for _ in 0..2 {
        let step = worker.run_once(world.now()).await.unwrap();
        assert!(matches!(step.did, ExportDid::Made(_)), "{step:?}");
    }
    assert_eq!(statuses(), [completed; 3]);
    assert_eq!(worker.holds(), None);
    let files = world.completed(export);
    assert_whole(&storage, &files).await;
    for (number, (row, file)) in (1..).zip(world.listed(export).iter().zip(&files)) {
        assert_eq!(row.pack, pack(number));
        assert_eq!(row.path.as_ref(), Some(&file.path));
        assert_eq!(
            (row.bytes, row.sha256),
            (Some(file.bytes), Some(file.sha256))
        );
        assert_eq!(row.rows, file.rows);
    }
}

/// What is being made is not told of before it is there.
#[tokio::test]
async fn a_pack_that_is_being_made_is_listed_as_such_and_has_no_path() {
    let world = World::new();
    let batch = world.batch_of(10);
    let (faulty, storage) = faulty();
    let exporter = world.exporter(&storage);
    let export = world.ask(&exporter, batch, ExportFormat::Manifest).await;
    let gate = faulty.stop_at(Op::Put);
    let now = world.now();
    let making = tokio::spawn(async move { make_all(&exporter, "w", now).await });
    gate.reached().await;
    let rows = world.listed(export);
    assert_eq!(rows[0].status, PackStatus::Generating);
    assert_eq!((&rows[0].path, rows[0].bytes), (&None, None));
    gate.open();
    assert_eq!(making.await.unwrap().len(), 1);
}
