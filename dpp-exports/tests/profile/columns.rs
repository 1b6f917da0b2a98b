//! What each column shows.

use crate::common::fixed::{lots, of_cases, provided, randomised, without_gtin};
use crate::support::cells;

#[test]
fn the_gtin_has_13_digits_only_if_its_indicator_is_0() {
    assert!(
        cells("gtin_13", &provided())
            .iter()
            .all(|cell| cell == "9506000134352")
    );
    assert!(cells("gtin_13", &of_cases()).iter().all(String::is_empty));
    assert!(
        cells("gtin_13", &without_gtin())
            .iter()
            .all(String::is_empty)
    );
}

#[test]
fn the_element_string_is_that_of_the_serial_or_the_lot() {
    let serials = cells("element_string", &provided());
    assert_eq!(serials[1], "(01)09506000134352(21)a,b");
    let lots = cells("element_string", &lots());
    assert_eq!(lots[4], "(01)09506000134352(10)L-2027/05");
    assert_eq!(lots[5], "(01)09506000134352(10)B,\"2\"");
    assert!(
        cells("element_string", &without_gtin())
            .iter()
            .all(String::is_empty)
    );
}

#[test]
fn the_url_in_upper_case_changes_scheme_and_host_only() {
    let plain = cells("resolver_url", &provided());
    let upper = cells("resolver_url_upper", &provided());
    assert_eq!(
        plain[1],
        "https://id.example.com/dpp/01/09506000134352/21/a%2Cb"
    );
    assert_eq!(
        upper[1],
        "HTTPS://ID.EXAMPLE.COM/dpp/01/09506000134352/21/a%2Cb"
    );
    for pack in [provided(), lots(), without_gtin()] {
        let plain = cells("resolver_url", &pack);
        for (plain, upper) in plain.iter().zip(cells("resolver_url_upper", &pack)) {
            let path = plain.strip_prefix("https://id.example.com").unwrap();
            assert_eq!(upper, format!("HTTPS://ID.EXAMPLE.COM{path}"));
        }
    }
}

#[test]
fn the_sequence_counts_the_units_of_the_batch_from_1() {
    let expected: Vec<_> = (1..=12).map(|number| number.to_string()).collect();
    assert_eq!(cells("sequence", &randomised()), expected);
}

#[test]
fn only_units_of_lots_have_a_lot() {
    let found = cells("lot_code", &lots());
    assert_eq!(found[..5], ["L-2027/05"; 5]);
    assert_eq!(found[5..], ["B,\"2\""; 7]);
    assert!(
        cells("lot_code", &randomised())
            .iter()
            .all(String::is_empty)
    );
}

#[test]
fn ndef_memory_holds_the_resolver_url() {
    for pack in [provided(), lots(), without_gtin()] {
        let urls = cells("resolver_url", &pack);
        for (memory, url) in cells("ndef_hex", &pack).iter().zip(urls) {
            let rest = url.strip_prefix("https://").unwrap();
            let hex: String = rest.bytes().map(|byte| format!("{byte:02X}")).collect();
            let (record, payload) = (rest.len() + 5, rest.len() + 1);
            assert_eq!(
                *memory,
                format!("03{record:02X}D101{payload:02X}5504{hex}FE")
            );
        }
    }
}

#[test]
fn the_uri_of_sgtin_plus_is_the_canonical_digital_link() {
    let uris = cells("epc_uri", &provided());
    assert_eq!(uris[8], "https://id.gs1.org/01/09506000134352/21/x%2Fy%3Fz");
}
