//! Profiles to test with.

use dpp_core::export::{ExportFormat, ExportOptions, ProfileName};
use dpp_core::gs1::CompanyPrefixLength;
use dpp_exports::PackUnits;
use dpp_exports::profile::{ColumnSpec, Profile, ProfileSpec};
use dpp_exports::table::TableLayout;

/// A profile of a brand's own that shows the resolver URL, and nothing else.
pub(crate) fn spec() -> ProfileSpec {
    serde_json::from_str(
        r#"{
            "name": "acme.labels",
            "version": 1,
            "title": "Labels",
            "formats": ["qr_manifest"],
            "columns": [{ "column": "resolver_url" }]
        }"#,
    )
    .unwrap()
}

pub(crate) fn profile(change: impl FnOnce(&mut ProfileSpec)) -> Profile {
    let mut spec = spec();
    change(&mut spec);
    spec.try_into().unwrap()
}

pub(crate) fn column(column: &str) -> ColumnSpec {
    ColumnSpec {
        column: column.to_owned(),
        header: None,
    }
}

pub(crate) fn headed(name: &str, header: &str) -> ColumnSpec {
    ColumnSpec {
        header: Some(header.to_owned()),
        ..column(name)
    }
}

pub(crate) fn name(text: &str) -> ProfileName {
    text.parse().unwrap()
}

/// With a company prefix of 7 digits.
pub(crate) fn options() -> ExportOptions {
    ExportOptions {
        company_prefix_length: Some(CompanyPrefixLength::new(7).unwrap()),
        ..ExportOptions::default()
    }
}

pub(crate) fn layout(profile: &Profile) -> TableLayout {
    let format = profile.formats()[0];
    TableLayout::of(format, Some(profile), &options()).unwrap()
}

pub(crate) fn written(profile: &Profile, pack: &PackUnits) -> String {
    let mut bytes = Vec::new();
    let written = layout(profile).write(pack, &mut bytes).unwrap();
    assert_eq!(written.sha256, dpp_exports::sha256(&bytes));
    String::from_utf8(bytes).unwrap()
}

/// The cells of one column, without its header.
pub(crate) fn cells(name: &str, pack: &PackUnits) -> Vec<String> {
    let profile = profile(|spec| {
        spec.columns = vec![headed("mint_unit_id", "id"), column(name)];
        if name.starts_with("epc") {
            spec.epc = serde_json::from_str(r#"{ "scheme": "sgtin_plus" }"#).unwrap();
        }
    });
    let text = written(&profile, pack);
    let rows = csv::Reader::from_reader(text.as_bytes()).into_records();
    rows.map(|row| row.unwrap()[1].to_owned()).collect()
}

pub(crate) const QR: ExportFormat = ExportFormat::QrManifest;
