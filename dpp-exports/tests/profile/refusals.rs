//! What is refused of a profile that somebody wrote down.

use dpp_core::export::ExportFormat;
use dpp_exports::profile::{ColumnSpec, Profile, ProfileError, ProfileSpec};
use dpp_exports::table::Column;
use dpp_exports::tags::EpcScheme;

use crate::support::{column, headed, spec};

type Change = fn(&mut ProfileSpec);

fn epc(scheme: EpcScheme, filter: u8) -> Option<dpp_exports::profile::EpcSpec> {
    Some(dpp_exports::profile::EpcSpec { scheme, filter })
}

fn many(count: usize) -> Vec<ColumnSpec> {
    let names = (0..count).map(|number| format!("c{number}"));
    names.map(|header| headed("serial", &header)).collect()
}

#[test]
fn every_refusal_says_what_is_wrong() {
    let columns = Column::ALL.map(|column| format!("`{column}`")).join(", ");
    let unknown = format!("`colour` is not the name of a column: there are {columns}");
    let long_title = format!(
        "title `{}` has not 1 to 100 characters, or has control characters",
        "x".repeat(101)
    );
    let long_header = format!("header `{}` has more than 64 characters", "é".repeat(65));
    let long_name = format!("{}{{batch}}{{pack}}.csv", "n".repeat(51));
    let long_name =
        format!("file name `{long_name}` can become one of 101 bytes, and may have 100");
    let table: Vec<(Change, &str)> = vec![
        (
            |spec| spec.name = "Acme".to_owned(),
            "`Acme` is not the name of a carrier profile: 1 to 64 bytes of `a-z 0-9 - . _`",
        ),
        (
            |spec| spec.version = 0,
            "version `0`: the first version is 1",
        ),
        (
            |spec| spec.title = String::new(),
            "title `` has not 1 to 100 characters, or has control characters",
        ),
        (
            |spec| spec.title = "a\tb".to_owned(),
            "title `a\\tb` has not 1 to 100 characters, or has control characters",
        ),
        (|spec| spec.title = "x".repeat(101), &long_title),
        (
            |spec| spec.formats.clear(),
            "the profile is for no format: name at least one",
        ),
        (
            |spec| spec.formats.push(ExportFormat::QrBundle),
            "`qr_bundle` is not the format of a table",
        ),
        (
            |spec| spec.columns.clear(),
            "the profile has no columns: name at least one",
        ),
        (
            |spec| spec.columns = many(33),
            "the profile has 33 columns, and may have 32",
        ),
        (|spec| spec.columns.push(column("colour")), &unknown),
        (
            |spec| spec.columns.push(headed("serial", " ")),
            "the header of column `serial` is empty",
        ),
        (
            |spec| spec.columns.push(headed("serial", "a\nb")),
            "header `a\\nb` has a control character",
        ),
        (
            |spec| spec.columns.push(headed("serial", &"é".repeat(65))),
            &long_header,
        ),
        (
            |spec| spec.columns.push(headed("serial", "Resolver_URL")),
            "header `Resolver_URL` stands above two columns, or only differs in case",
        ),
        (
            |spec| spec.delimiter = ",,".to_owned(),
            "delimiter `,,`: there are `,`, `;`, `|` and the tab",
        ),
        (
            |spec| spec.delimiter = String::new(),
            "delimiter ``: there are `,`, `;`, `|` and the tab",
        ),
        (
            |spec| spec.delimiter = "\"".to_owned(),
            "delimiter `\\\"`: there are `,`, `;`, `|` and the tab",
        ),
        (
            |spec| spec.delimiter = "·".to_owned(),
            "delimiter `·`: there are `,`, `;`, `|` and the tab",
        ),
        (
            |spec| spec.file_name = "../{pack}.csv".to_owned(),
            "file name `../{pack}.csv` leaves its folder",
        ),
        (
            |spec| spec.file_name = "a\\{pack}.csv".to_owned(),
            "file name `a\\{pack}.csv` leaves its folder",
        ),
        (
            |spec| spec.file_name = "/{pack}.csv".to_owned(),
            "file name `/{pack}.csv` leaves its folder",
        ),
        (
            |spec| spec.file_name = "a b{pack}.csv".to_owned(),
            "file name `a b{pack}.csv` has ` `: there may be `A-Z a-z 0-9 - . _`",
        ),
        (
            |spec| spec.file_name = "{pack}é.csv".to_owned(),
            "file name `{pack}é.csv` has `é`: there may be `A-Z a-z 0-9 - . _`",
        ),
        (
            |spec| spec.file_name = "}{pack}.csv".to_owned(),
            "file name `}{pack}.csv` has `}`: there may be `A-Z a-z 0-9 - . _`",
        ),
        (
            |spec| spec.file_name = "{gtin}{pack}.csv".to_owned(),
            "file name `{gtin}{pack}.csv` has `{gtin}`: there are `{batch}`, `{pack}`, `{format}` and `{profile}`",
        ),
        (
            |spec| spec.file_name = "{pack}.csv{pack".to_owned(),
            "file name `{pack}.csv{pack` has `{pack}`: there are `{batch}`, `{pack}`, `{format}` and `{profile}`",
        ),
        (
            |spec| spec.file_name = "labels.csv".to_owned(),
            "file name `labels.csv` has no `{pack}`, so that the files of two packs would have one name",
        ),
        (
            |spec| spec.file_name = ".{pack}.csv".to_owned(),
            "file name `.{pack}.csv` does not begin with a letter or digit",
        ),
        (
            |spec| spec.file_name = "-{pack}.csv".to_owned(),
            "file name `-{pack}.csv` does not begin with a letter or digit",
        ),
        (
            |spec| spec.file_name = "{pack}".to_owned(),
            "file name `{pack}` does not end with `.` and 1 to 8 letters or digits",
        ),
        (
            |spec| spec.file_name = "{pack}.".to_owned(),
            "file name `{pack}.` does not end with `.` and 1 to 8 letters or digits",
        ),
        (
            |spec| spec.file_name = "a.{pack}".to_owned(),
            "file name `a.{pack}` does not end with `.` and 1 to 8 letters or digits",
        ),
        (
            |spec| spec.file_name = format!("{}{{batch}}{{pack}}.csv", "n".repeat(51)),
            &long_name,
        ),
        (
            |spec| spec.columns.push(column("epc_hex")),
            "column `epc_hex` needs an EPC scheme: `sgtin_96`, `sgtin_198` or `sgtin_plus`",
        ),
        (
            |spec| spec.columns.push(column("epc_uri")),
            "column `epc_uri` needs an EPC scheme: `sgtin_96`, `sgtin_198` or `sgtin_plus`",
        ),
        (
            |spec| spec.epc = epc(EpcScheme::Sgtin96, 1),
            "the profile has an EPC scheme, and neither column `epc_hex` nor `epc_uri`",
        ),
        (
            |spec| {
                spec.columns.push(column("epc_hex"));
                spec.epc = epc(EpcScheme::Sgtin96, 8);
            },
            "`8` is not a filter value of an EPC: they go from 0 to 7",
        ),
    ];
    for (change, message) in table {
        let mut spec = spec();
        change(&mut spec);
        let refused: ProfileError = Profile::try_from(spec).unwrap_err();
        assert_eq!(refused.to_string(), message);
    }
}

#[test]
fn the_largest_that_may_be_is_taken() {
    let mut largest = spec();
    largest.title = "é".repeat(100);
    largest.columns = many(32);
    largest.columns[0].header = Some("é".repeat(64));
    largest.file_name = format!("{}{{batch}}{{pack}}.csv", "n".repeat(50));
    assert!(Profile::try_from(largest).is_ok());
}

#[test]
fn a_column_may_come_twice_under_two_headers() {
    let mut twice = spec();
    twice.columns = vec![headed("resolver_url", "QR"), headed("resolver_url", "Text")];
    assert!(Profile::try_from(twice).is_ok());
}

#[test]
fn json_is_refused_where_it_stands() {
    let json = serde_json::to_value(spec()).unwrap();
    let refused = |field: &str, value: serde_json::Value| {
        let mut json = json.clone();
        json[field] = value;
        serde_json::from_value::<Profile>(json)
            .unwrap_err()
            .to_string()
    };
    for (field, value, said) in [
        ("colour", "red".into(), "unknown field `colour`"),
        (
            "formats",
            vec!["qr_codes"].into(),
            "unknown variant `qr_codes`",
        ),
        (
            "line_ending",
            "cr".into(),
            "unknown variant `cr`, expected `crlf` or `lf`",
        ),
        ("delimiter", "::".into(), "delimiter `::`"),
        ("version", (-1).into(), "invalid value: integer `-1`"),
        (
            "epc",
            serde_json::json!({ "scheme": "sgtin" }),
            "unknown variant `sgtin`, expected one of `sgtin_96`, `sgtin_198`, `sgtin_plus`",
        ),
    ] {
        let refused = refused(field, value);
        assert!(refused.contains(said), "{refused}");
    }
}
