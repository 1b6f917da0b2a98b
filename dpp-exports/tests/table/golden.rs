//! The bytes of each format, fixed for ever: a pack that is made again after years has to be
//! the one that was made.

use dpp_core::export::ExportFormat;
use dpp_exports::PackUnits;
use dpp_exports::table::TableLayout;

use crate::common::fixed::{assert_golden, lots, provided, randomised};

fn assert_bytes(format: ExportFormat, name: &str, pack: &PackUnits) {
    let layout = TableLayout::of_format(format).unwrap();
    let mut bytes = Vec::new();
    layout.write(pack, &mut bytes).unwrap();
    assert_golden(name, std::str::from_utf8(&bytes).unwrap());
}

/// The formats of printers and tag encoders have the same columns.
fn assert_carriers(name: &str, pack: &PackUnits) {
    for format in [
        ExportFormat::QrManifest,
        ExportFormat::NfcManifest,
        ExportFormat::RfidManifest,
    ] {
        assert_bytes(format, name, pack);
    }
}

#[test]
fn randomised_serials_have_the_bytes_that_they_always_had() {
    let pack = randomised();
    assert_bytes(ExportFormat::Manifest, "manifest_randomised.csv", &pack);
    assert_carriers("carrier_manifest_randomised.csv", &pack);
}

#[test]
fn provided_serials_have_the_bytes_that_they_always_had() {
    let pack = provided();
    assert_bytes(ExportFormat::Manifest, "manifest_provided.csv", &pack);
    assert_carriers("carrier_manifest_provided.csv", &pack);
}

#[test]
fn units_of_lots_have_the_bytes_that_they_always_had() {
    let pack = lots();
    assert_bytes(ExportFormat::Manifest, "manifest_lots.csv", &pack);
    assert_carriers("carrier_manifest_lots.csv", &pack);
}
