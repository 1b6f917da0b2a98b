//! What a manifest says of its units.

use dpp_core::TextRows;
use dpp_core::export::ExportFormat;
use dpp_core::identity::serial::{SequentialFormat, SerialScheme, TagLength};
use dpp_core::mint::MintRequest;
use dpp_core::read::{BatchUnits, UnitRow};
use dpp_exports::table::TableLayout;
use dpp_exports::{PackWritten, sha256};
use futures::TryStreamExt;
use futures::executor::block_on;

use crate::common::World;

fn manifest() -> TableLayout {
    TableLayout::of_format(ExportFormat::Manifest).unwrap()
}

fn written(world: &World, units: &BatchUnits) -> Vec<(Vec<u8>, PackWritten)> {
    let write = |pack| {
        let mut bytes = Vec::new();
        let written = manifest().write(&pack, &mut bytes).unwrap();
        (bytes, written)
    };
    world.packs(units).into_iter().map(write).collect()
}

fn records(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_reader(bytes);
    let layout = manifest();
    let columns: Vec<_> = layout
        .columns()
        .iter()
        .map(|column| column.header.as_str())
        .collect();
    assert_eq!(reader.headers().unwrap(), columns);
    let rows = reader.records();
    rows.map(|row| row.unwrap().iter().map(str::to_owned).collect())
        .collect()
}

fn record(row: &UnitRow) -> Vec<String> {
    vec![
        row.mint_unit_id.to_string(),
        row.resolver_url.clone(),
        row.serial.map(|text| text.to_string()).unwrap_or_default(),
        row.gtin.map(|gtin| gtin.to_string()).unwrap_or_default(),
        row.status.to_string(),
        row.created_at.to_string(),
    ]
}

/// Every row of every pack is what the reads say of that unit.
fn assert_is_what_reads_say(request: impl FnOnce(&World) -> MintRequest) {
    let world = World::new();
    let units = world.minted(request(&world));
    let batch = units.identity().batch();
    let found: Vec<_> = written(&world, &units)
        .iter()
        .flat_map(|(bytes, _)| records(bytes))
        .collect();
    let expected: Vec<UnitRow> = block_on(async {
        let stream = world.reads().units(&world.scope(), batch, 0).await;
        stream.unwrap().try_collect().await.unwrap()
    });
    assert_eq!(found.len(), units.minted() as usize);
    for (found, expected) in found.iter().zip(&expected) {
        assert_eq!(*found, record(expected));
    }
}

#[test]
fn randomised_serials_are_those_of_the_reads() {
    assert_is_what_reads_say(|world| world.request(20_500));
}

#[test]
fn randomised_serials_with_a_long_tag_are_those_of_the_reads() {
    let tag_length = TagLength::new(12).unwrap();
    assert_is_what_reads_say(|world| world.of_scheme(100, SerialScheme::Randomised { tag_length }));
}

#[test]
fn sequential_serials_are_those_of_the_reads() {
    let format = SequentialFormat::new("SN-", 8).unwrap();
    assert_is_what_reads_say(|world| world.of_scheme(10_001, SerialScheme::Sequential(format)));
}

#[test]
fn numeric_serials_are_those_of_the_reads() {
    assert_is_what_reads_say(|world| world.of_scheme(10_001, SerialScheme::Numeric38));
}

#[test]
fn provided_serials_are_those_of_the_reads() {
    let numbers: Vec<String> = (0..25_000).map(|n| format!("a,b\"{n}")).collect();
    let rows: TextRows = numbers.iter().map(String::as_str).collect();
    assert_is_what_reads_say(|world| world.of_serials(rows));
}

#[test]
fn units_of_lots_are_those_of_the_reads() {
    assert_is_what_reads_say(|world| world.of_lots(&[("L-1", 1), ("L/2", 9_999), ("L\"3", 2)]));
}

#[test]
fn units_without_a_gtin_are_those_of_the_reads() {
    assert_is_what_reads_say(|world| World::without_gtin(world.request(10)));
    assert_is_what_reads_say(|world| World::without_gtin(world.of_lots(&[("L-1", 10)])));
}

#[test]
fn a_unit_of_a_lot_has_the_lots_url_and_no_serial() {
    let world = World::new();
    let units = world.minted(world.of_lots(&[("L-1", 1), ("L-2", 2)]));
    let rows = records(&written(&world, &units)[0].0);
    let urls: Vec<_> = rows.iter().map(|row| row[1].as_str()).collect();
    let base = "https://id.example.com/01/09506000134352/10";
    let expected = ["L-1", "L-2", "L-2"].map(|lot| format!("{base}/{lot}"));
    assert_eq!(urls, expected);
    assert!(
        rows.iter()
            .all(|row| row[2].is_empty() && row[4] == "active")
    );
}

#[test]
fn a_unit_tells_when_its_own_cycle_made_it() {
    let world = World::new();
    let units = world.minted(world.request(20_001));
    let packs = written(&world, &units);
    let first = &records(&packs[0].0)[0][5];
    let last = &records(&packs[2].0)[0][5];
    assert_eq!(first, "2027-02-18T09:30:02.123Z");
    assert_eq!(last, "2027-02-18T09:30:03.123Z");
}

#[test]
fn serials_with_commas_and_quotes_are_quoted_and_formulas_are_left_alone() {
    let world = World::new();
    let serials = ["plain", "a,b", "say\"hi\"", "\"", ",", "=1+1", "-2", "+3"];
    let units = world.minted(world.of_serials(serials.into_iter().collect()));
    let (bytes, _) = &written(&world, &units)[0];
    let text = std::str::from_utf8(bytes).unwrap();
    let lines: Vec<_> = text.split_terminator("\r\n").collect();
    let cells = [
        "plain",
        "\"a,b\"",
        "\"say\"\"hi\"\"\"",
        "\"\"\"\"",
        "\",\"",
        "=1+1",
        "-2",
        "+3",
    ];
    assert_eq!(lines.len(), 1 + cells.len());
    for (line, cell) in lines[1..].iter().zip(cells) {
        assert!(
            line.contains(&format!(",{cell},09506000134352,minted,")),
            "{line}"
        );
    }
    let read: Vec<_> = records(bytes)
        .into_iter()
        .map(|row| row[2].clone())
        .collect();
    assert_eq!(read, serials);
}

#[test]
fn every_line_ends_with_carriage_return_and_line_feed() {
    let world = World::new();
    let units = world.minted(world.request(3));
    let (bytes, _) = &written(&world, &units)[0];
    let ends = bytes.windows(2).filter(|pair| pair == b"\r\n").count();
    let feeds = bytes.iter().filter(|byte| **byte == b'\n').count();
    assert_eq!((ends, feeds), (4, 4));
    assert!(bytes.ends_with(b"\r\n"));
}

#[test]
fn a_pack_written_again_has_the_same_bytes() {
    let world = World::new();
    let units = world.minted(world.request(10_010));
    assert_eq!(written(&world, &units), written(&world, &units));
}

#[test]
fn what_was_written_is_counted_and_hashed() {
    let world = World::new();
    let units = world.minted(world.request(10_010));
    let packs = written(&world, &units);
    let rows: Vec<_> = packs.iter().map(|(_, written)| written.rows).collect();
    assert_eq!(rows, [10_000, 10]);
    for (bytes, written) in &packs {
        assert_eq!(written.bytes, bytes.len() as u64);
        assert_eq!(written.sha256, sha256(bytes));
    }
}

#[test]
fn a_digest_is_shown_as_sha256sum_shows_it() {
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(sha256(b"").to_string(), empty);
}
