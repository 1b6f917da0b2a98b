//! The profiles that come with this library.

use dpp_core::export::ExportFormat;

use super::spec::{ColumnSpec, EpcSpec, ProfileSpec, file_name};
use super::validate::Profile;
use crate::table::{Column, Delimiter, LineEnding};
use crate::tags::{EpcFilter, EpcScheme};

use ExportFormat::{NfcManifest, QrManifest, RfidManifest};
use LineEnding::{CrLf, Lf};

/// What the names of shipped profiles begin with, now and in releases to come: up to the first
/// dot, if there is one. No brand's own profile does, so that none is ever in the way of another.
pub(super) const FAMILIES: [&str; 6] =
    ["bartender", "generic", "nfc", "nicelabel", "rfid", "zebra"];

/// In the order in which people are shown them.
pub(super) fn shipped() -> Vec<Profile> {
    let specs = [
        print("generic.vdp.lf", "Variable data print, LF", Lf, "DATA"),
        print(
            "generic.vdp.crlf",
            "Variable data print, CRLF",
            CrLf,
            "DATA",
        ),
        print(
            "bartender.barcodedata",
            "BarTender, BarcodeData",
            CrLf,
            "BarcodeData",
        ),
        print("bartender.data", "BarTender, DATA", CrLf, "DATA"),
        print("nicelabel", "NiceLabel", CrLf, "QR"),
        zebra(),
        ndef(),
        uri(),
        rfid("rfid.sgtin-96", "RFID, SGTIN-96", EpcScheme::Sgtin96),
        rfid("rfid.sgtin-198", "RFID, SGTIN-198", EpcScheme::Sgtin198),
        rfid("rfid.sgtin-plus", "RFID, SGTIN+", EpcScheme::SgtinPlus),
    ];
    let profiles = specs.into_iter().filter_map(|spec| spec.try_into().ok());
    profiles.collect()
}

fn print(name: &str, title: &str, line_ending: LineEnding, data: &str) -> ProfileSpec {
    let columns = [
        headed(Column::ResolverUrl, data),
        headed(Column::Serial, "Serial"),
        headed(Column::Gtin, "GTIN"),
    ];
    ProfileSpec {
        line_ending,
        ..spec(name, title, QrManifest, columns.into())
    }
}

/// What a label has: the code, and below it the text for people. That is the element string with
/// its brackets (GS1 General Specifications, 4.14); a template may also take its parts.
fn zebra() -> ProfileSpec {
    let columns = [
        headed(Column::ResolverUrl, "DATA"),
        headed(Column::Serial, "SERIAL"),
        headed(Column::Gtin, "GTIN"),
        headed(Column::ElementString, "HRI"),
    ];
    spec("zebra", "Zebra", QrManifest, columns.into())
}

/// For encoders that write the memory of a tag as it is.
fn ndef() -> ProfileSpec {
    let columns = [
        Column::Sequence,
        Column::NdefHex,
        Column::ResolverUrl,
        Column::Serial,
        Column::Gtin,
        Column::MintUnitId,
    ];
    spec(
        "nfc.ndef",
        "NFC, NDEF message",
        NfcManifest,
        plain(&columns),
    )
}

/// For encoders that make the message of a URI themselves.
fn uri() -> ProfileSpec {
    let columns = [
        Column::Sequence,
        Column::ResolverUrl,
        Column::Serial,
        Column::Gtin,
        Column::MintUnitId,
    ];
    spec("nfc.uri", "NFC, URI", NfcManifest, plain(&columns))
}

fn rfid(name: &str, title: &str, scheme: EpcScheme) -> ProfileSpec {
    let columns = [
        Column::Sequence,
        Column::EpcHex,
        Column::EpcUri,
        Column::ElementString,
        Column::Serial,
        Column::Gtin,
        Column::ResolverUrl,
        Column::MintUnitId,
    ];
    ProfileSpec {
        epc: Some(EpcSpec {
            scheme,
            filter: EpcFilter::default().get(),
        }),
        ..spec(name, title, RfidManifest, plain(&columns))
    }
}

fn spec(name: &str, title: &str, format: ExportFormat, columns: Vec<ColumnSpec>) -> ProfileSpec {
    ProfileSpec {
        name: name.to_owned(),
        version: 1,
        title: title.to_owned(),
        formats: vec![format],
        columns,
        delimiter: Delimiter::default().as_str().to_owned(),
        line_ending: CrLf,
        file_name: file_name(),
        formula_guard: false,
        epc: None,
        deprecated: false,
    }
}

fn headed(column: Column, header: &str) -> ColumnSpec {
    ColumnSpec {
        column: column.as_str().to_owned(),
        header: Some(header.to_owned()),
    }
}

fn plain(columns: &[Column]) -> Vec<ColumnSpec> {
    let columns = columns.iter();
    columns
        .map(|column| headed(*column, column.as_str()))
        .collect()
}
