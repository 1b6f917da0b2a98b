//! What a format is laid out like without a carrier profile.

use dpp_core::export::{ExportFormat, PackNumber};
use dpp_core::identity::MintBatchId;
use dpp_exports::table::{Column, LayoutError, TableLayout};

use crate::common::World;

const TABLES: [ExportFormat; 4] = [
    ExportFormat::Manifest,
    ExportFormat::QrManifest,
    ExportFormat::NfcManifest,
    ExportFormat::RfidManifest,
];

fn batch() -> MintBatchId {
    "01941f29-7c00-7007-8707-070707070706".parse().unwrap()
}

fn header(format: ExportFormat) -> String {
    let layout = TableLayout::of_format(format).unwrap();
    let columns: Vec<_> = layout
        .columns()
        .iter()
        .map(|column| column.header.as_str())
        .collect();
    columns.join(", ")
}

#[test]
fn every_format_has_its_six_columns() {
    let manifest = "mint_unit_id, resolver_url, serial, gtin, status, created_at";
    let carriers = "mint_batch_id, mint_unit_id, serial, gtin, resolver_url, created_at";
    assert_eq!(header(ExportFormat::Manifest), manifest);
    assert_eq!(header(ExportFormat::QrManifest), carriers);
    assert_eq!(header(ExportFormat::NfcManifest), carriers);
    assert_eq!(header(ExportFormat::RfidManifest), carriers);
}

#[test]
fn a_bundle_is_no_table() {
    let refused = TableLayout::of_format(ExportFormat::QrBundle).unwrap_err();
    assert_eq!(refused, LayoutError::NotATable(ExportFormat::QrBundle));
    assert_eq!(
        refused.to_string(),
        "`qr_bundle` is not the format of a table"
    );
}

#[test]
fn file_names_have_at_least_three_digits_and_differ_between_formats_and_packs() {
    let name = |format, number| {
        let layout = TableLayout::of_format(format).unwrap();
        layout.file_name(batch(), PackNumber::new(number).unwrap())
    };
    assert_eq!(
        TABLES.map(|format| name(format, 1)),
        [
            "manifest_001.csv",
            "qr_manifest_001.csv",
            "nfc_manifest_001.csv",
            "rfid_manifest_001.csv",
        ]
    );
    assert_eq!(name(ExportFormat::Manifest, 100), "manifest_100.csv");
    assert_eq!(name(ExportFormat::Manifest, 1_000), "manifest_1000.csv");
}

#[test]
fn the_names_of_columns_are_read_and_written_alike() {
    for column in Column::ALL {
        assert_eq!(column.to_string().parse(), Ok(column));
    }
    let refused = "colour".parse::<Column>().unwrap_err().to_string();
    let beginning = "`colour` is not the name of a column: there are `mint_unit_id`, ";
    assert!(refused.starts_with(beginning), "{refused}");
}

#[test]
fn a_manifest_tells_where_each_unit_stands() {
    let world = World::new();
    let units = world.minted(world.request(3));
    world.revoke(&units, 1);
    let pack = world.packs(&units).remove(0);
    let layout = TableLayout::of_format(ExportFormat::Manifest).unwrap();
    let mut bytes = Vec::new();
    layout.write(&pack, &mut bytes).unwrap();
    let rows = csv::Reader::from_reader(bytes.as_slice()).into_records();
    let statuses: Vec<_> = rows.map(|row| row.unwrap()[4].to_owned()).collect();
    assert_eq!(statuses, ["minted", "revoked", "minted"]);
}
