//! The bytes that shipped profiles make, fixed for ever, and what they look like as JSON.

use dpp_core::BrandId;
use dpp_exports::profile::{Profile, Profiles};
use dpp_exports::tags::EpcScheme;

use crate::common::fixed::{assert_golden, lots, numeric, provided, randomised};
use crate::support::written;

const NAMES: [&str; 11] = [
    "generic.vdp.lf",
    "generic.vdp.crlf",
    "bartender.barcodedata",
    "bartender.data",
    "nicelabel",
    "zebra",
    "nfc.ndef",
    "nfc.uri",
    "rfid.sgtin-96",
    "rfid.sgtin-198",
    "rfid.sgtin-plus",
];

fn shipped() -> Vec<Profile> {
    let brand = BrandId::parse("0b8f6a0e-5d5c-4f0e-8a55-0f2c7f0f9d11").unwrap();
    Profiles::shipped().of_brand(brand).cloned().collect()
}

#[test]
fn every_profile_of_the_list_is_shipped_in_version_1() {
    let found: Vec<_> = shipped()
        .iter()
        .map(|profile| profile.name().to_string())
        .collect();
    assert_eq!(found, NAMES);
    assert!(
        shipped()
            .iter()
            .all(|profile| profile.version() == 1 && !profile.is_deprecated())
    );
}

#[test]
fn shipped_profiles_make_the_bytes_that_they_always_made() {
    for profile in shipped() {
        let name = profile.name();
        let serials = match profile.epc().map(|rule| rule.scheme) {
            Some(EpcScheme::Sgtin96) => numeric(),
            _ => randomised(),
        };
        assert_golden(
            &format!("profiles/{name}.csv"),
            &written(&profile, &serials),
        );
        if profile.epc().is_none() {
            let file = format!("profiles/{name}.lots.csv");
            assert_golden(&file, &written(&profile, &lots()));
        }
        if profile
            .epc()
            .is_none_or(|rule| rule.scheme != EpcScheme::Sgtin96)
        {
            let file = format!("profiles/{name}.provided.csv");
            assert_golden(&file, &written(&profile, &provided()));
        }
    }
}

#[test]
fn shipped_profiles_are_read_back_from_their_json() {
    for profile in shipped() {
        let json = serde_json::to_string_pretty(&profile).unwrap();
        assert_golden(
            &format!("profiles/{}.json", profile.name()),
            &(json.clone() + "\n"),
        );
        assert_eq!(serde_json::from_str::<Profile>(&json).unwrap(), profile);
    }
}

#[test]
fn data_columns_are_the_resolver_url() {
    for (name, header) in [
        ("generic.vdp.lf", "DATA,Serial,GTIN\n"),
        ("generic.vdp.crlf", "DATA,Serial,GTIN\r\n"),
        ("bartender.barcodedata", "BarcodeData,Serial,GTIN\r\n"),
        ("bartender.data", "DATA,Serial,GTIN\r\n"),
        ("nicelabel", "QR,Serial,GTIN\r\n"),
        ("zebra", "DATA,SERIAL,GTIN,HRI\r\n"),
    ] {
        let profile = shipped()
            .into_iter()
            .find(|profile| profile.name().as_str() == name);
        let text = written(&profile.unwrap(), &randomised());
        assert!(text.starts_with(header), "{name}: {text}");
        let row = text[header.len()..].lines().next().unwrap();
        let serial = randomised().units().next().unwrap().serial.unwrap();
        let url = format!("https://id.example.com/dpp/01/09506000134352/21/{serial}");
        assert!(
            row.starts_with(&format!("{url},{serial},09506000134352")),
            "{row}"
        );
    }
}
