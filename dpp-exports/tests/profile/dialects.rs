//! What stands between the cells, and what files are called.

use dpp_core::export::{ExportFormat, ExportOptions, PackNumber, PackPath};
use dpp_exports::profile::Profile;
use dpp_exports::table::{Delimiter, LayoutError, TableLayout};
use dpp_exports::tags::EpcScheme;
use proptest::prelude::*;

use crate::common::fixed::{provided, randomised};
use crate::support::{QR, column, headed, layout, options, profile, spec, written};

#[test]
fn cells_that_have_the_delimiter_are_quoted_whatever_it_is() {
    for delimiter in Delimiter::ALL {
        let profile = profile(|spec| {
            spec.delimiter = delimiter.as_str().to_owned();
            spec.columns = vec![column("sequence"), column("serial"), column("gtin")];
        });
        let text = written(&profile, &provided());
        let mut reader = csv::ReaderBuilder::new();
        let reader = reader.delimiter(delimiter.as_str().as_bytes()[0]);
        let rows = reader.from_reader(text.as_bytes()).into_records();
        let serials: Vec<_> = rows.map(|row| row.unwrap()[1].to_owned()).collect();
        let expected: Vec<_> = provided()
            .units()
            .map(|unit| unit.serial.unwrap().to_string())
            .collect();
        assert_eq!(serials, expected, "{delimiter:?}");
        let first = ["1", "A-1", "09506000134352"].join(delimiter.as_str());
        assert!(text.contains(&first), "{text}");
    }
}

#[test]
fn lines_end_as_the_profile_says() {
    for (line_ending, ends) in [("crlf", "\r\n"), ("lf", "\n")] {
        let profile = profile(|spec| {
            spec.line_ending = serde_json::from_str(&format!("\"{line_ending}\"")).unwrap();
        });
        let text = written(&profile, &randomised());
        assert_eq!(text.split_terminator(ends).count(), 13);
        assert_eq!(text.matches(['\r', '\n']).count(), 13 * ends.len());
    }
}

#[test]
fn a_guard_puts_an_apostrophe_before_what_looks_like_a_formula() {
    let guarded = profile(|spec| {
        spec.columns = vec![column("sequence"), headed("serial", "@Serial")];
        spec.formula_guard = true;
    });
    let text = written(&guarded, &provided());
    assert!(text.starts_with("sequence,'@Serial\r\n1,A-1\r\n"), "{text}");
    assert!(text.contains("\r\n6,'=1+1\r\n7,'-2\r\n8,%41\r\n"), "{text}");
    let plain = profile(|spec| spec.columns = vec![column("sequence"), column("serial")]);
    assert!(written(&plain, &provided()).contains("\r\n6,=1+1\r\n7,-2\r\n"));
}

#[test]
fn a_guarded_cell_that_needs_quotes_gets_both() {
    let guarded = profile(|spec| {
        spec.columns = vec![headed("serial", "=A,\"B\"")];
        spec.formula_guard = true;
    });
    let text = written(&guarded, &randomised());
    assert!(text.starts_with("\"'=A,\"\"B\"\"\"\r\n"), "{text}");
}

#[test]
fn files_are_called_as_the_profile_says() {
    let pack = randomised();
    let name = |pattern: &str, number| {
        let profile = profile(|spec| spec.file_name = pattern.to_owned());
        layout(&profile).file_name(pack.batch(), PackNumber::new(number).unwrap())
    };
    assert_eq!(spec().file_name, "{format}_{profile}_{pack}.csv");
    assert_eq!(
        name("{format}_{profile}_{pack}.csv", 7),
        "qr_manifest_acme.labels_007.csv"
    );
    let batch = pack.batch();
    assert_eq!(
        name("{batch}-{pack}.txt", 1_234),
        format!("{batch}-1234.txt")
    );
    assert_eq!(name("pack{pack}.of.tsv", 1), "pack001.of.tsv");
}

#[test]
fn without_a_profile_a_format_is_as_it_is() {
    for format in [ExportFormat::Manifest, QR] {
        let plain = TableLayout::of_format(format).unwrap();
        assert_eq!(TableLayout::of(format, None, &options()), Ok(plain));
    }
    let none = TableLayout::of(ExportFormat::QrBundle, None, &options());
    assert_eq!(none, Err(LayoutError::NotATable(ExportFormat::QrBundle)));
}

#[test]
fn a_profile_lays_out_its_own_formats_only() {
    let profile = profile(|_| {});
    let refused = TableLayout::of(ExportFormat::NfcManifest, Some(&profile), &options());
    let message = "carrier profile `acme.labels` is not for the format `nfc_manifest`";
    assert_eq!(refused.unwrap_err().to_string(), message);
}

#[test]
fn epcs_with_a_company_prefix_need_its_length() {
    for (scheme, needed) in [
        (EpcScheme::Sgtin96, true),
        (EpcScheme::Sgtin198, true),
        (EpcScheme::SgtinPlus, false),
    ] {
        let profile = profile(|spec| {
            spec.columns = vec![column("epc_hex")];
            let epc = format!(r#"{{ "scheme": "{scheme}" }}"#);
            spec.epc = serde_json::from_str(&epc).unwrap();
        });
        let made = TableLayout::of(QR, Some(&profile), &ExportOptions::default());
        assert_eq!(made.is_err(), needed, "{scheme}");
        let refused = LayoutError::NoCompanyPrefixLength {
            profile: profile.name().clone(),
            scheme,
        };
        assert!(made.is_ok() || made == Err(refused));
    }
}

fn pattern() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("{pack}".to_owned()),
        Just("{batch}".to_owned()),
        Just("{format}".to_owned()),
        Just("{profile}".to_owned()),
        "[a-zA-Z0-9._-]{0,9}",
        "[ -~]{0,2}",
        Just(".csv".to_owned()),
    ];
    proptest::collection::vec(piece, 1..6).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_pattern_that_is_taken_leads_out_of_a_folder(
        pattern in pattern(), ended in any::<bool>(), profile in "[a-z0-9._-]{1,30}", number in 1..u32::MAX
    ) {
        let mut spec = spec();
        spec.name = profile;
        spec.file_name = pattern + if ended { "{pack}.csv" } else { "" };
        if let Ok(profile) = Profile::try_from(spec) {
            let pack = PackNumber::new(number).unwrap();
            let name = layout(&profile).file_name(randomised().batch(), pack);
            prop_assert!(name.len() <= 100 && !name.contains('/'), "{}", name);
            prop_assert!(PackPath::parse(&name).is_ok(), "{}", name);
            prop_assert!(name.as_bytes()[0].is_ascii_alphanumeric(), "{}", name);
            prop_assert!(name.contains(&format!("{number:03}")), "{}", name);
        }
    }

    #[test]
    fn what_was_written_is_read_back_whatever_stands_between_the_cells(
        delimiter in proptest::sample::select(Delimiter::ALL.to_vec()), lf in any::<bool>(), header in "[ -~é]{1,20}"
    ) {
        let mut spec = spec();
        spec.columns = vec![headed("serial", &header), headed("resolver_url", "\u{fc}")];
        spec.delimiter = delimiter.as_str().to_owned();
        if lf {
            spec.line_ending = dpp_exports::table::LineEnding::Lf;
        }
        prop_assume!(!header.trim().is_empty());
        let text = written(&spec.try_into().unwrap(), &provided());
        let mut reader = csv::ReaderBuilder::new();
        let reader = reader.delimiter(delimiter.as_str().as_bytes()[0]);
        let mut reader = reader.from_reader(text.as_bytes());
        prop_assert_eq!(&reader.headers().unwrap()[0], header.as_str());
        let serials: Vec<_> = reader.records().map(|row| row.unwrap()[0].to_owned()).collect();
        let expected: Vec<_> = provided().units().map(|unit| unit.serial.unwrap().to_string()).collect();
        prop_assert_eq!(serials, expected);
    }
}
