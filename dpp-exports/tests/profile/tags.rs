//! Units that can have no tag.

use std::io;

use dpp_core::identity::Unit;
use dpp_exports::tags::{EpcError, NoTag, TagError};
use dpp_exports::{PackError, PackUnits};

use crate::common::fixed::{lots, numeric, provided, randomised, without_gtin};
use crate::support::{column, layout, profile};

fn epc_profile(scheme: &str) -> dpp_exports::profile::Profile {
    profile(|spec| {
        spec.columns = vec![column("epc_hex"), column("epc_uri")];
        let epc = format!(r#"{{ "scheme": "{scheme}", "filter": 3 }}"#);
        spec.epc = serde_json::from_str(&epc).unwrap();
    })
}

/// Checking says the same as writing.
fn refused(scheme: &str, pack: &PackUnits) -> NoTag {
    let layout = layout(&epc_profile(scheme));
    let checked = layout.check_units(pack).unwrap_err();
    match layout.write(pack, io::sink()) {
        Err(PackError::NoTag(written)) => assert_eq!(written, checked),
        other => panic!("{other:?}"),
    }
    checked
}

#[test]
fn the_first_serial_that_does_not_fit_is_named() {
    let of = |index, cause| NoTag {
        index,
        cause: TagError::Epc(cause),
    };
    let serial = "A-1".parse().unwrap();
    let no_tag = refused("sgtin_96", &provided());
    assert_eq!(no_tag, of(0, EpcError::NotDecimal(serial)));
    let message = "no tag can be written for unit 0: serial `A-1` does not fit into SGTIN-96: it \
                   is not a decimal number";
    assert_eq!(no_tag.to_string(), message);

    let units: Vec<Unit> = numeric().units().collect();
    let mut last = *units.last().unwrap();
    last.serial = Some("007".parse().unwrap());
    let layout = layout(&epc_profile("sgtin_96"));
    let gtin = numeric().gtin();
    assert_eq!(layout.check(gtin, &units), Ok(()));
    let with_another = units[..11].iter().chain([&last]);
    let expected = of(11, EpcError::LeadingZero(last.serial.unwrap()));
    assert_eq!(layout.check(gtin, with_another), Err(expected));
}

#[test]
fn longer_schemes_have_room_for_every_serial() {
    for scheme in ["sgtin_198", "sgtin_plus"] {
        let layout = layout(&epc_profile(scheme));
        for pack in [provided(), randomised(), numeric()] {
            assert_eq!(layout.check_units(&pack), Ok(()));
            assert_eq!(layout.write(&pack, io::sink()).unwrap().rows, 12);
        }
    }
}

#[test]
fn units_of_lots_and_of_products_without_a_gtin_have_no_epc() {
    for scheme in ["sgtin_96", "sgtin_198", "sgtin_plus"] {
        let cause = TagError::Epc(EpcError::NoSerial);
        assert_eq!(refused(scheme, &lots()), NoTag { index: 0, cause });
        let cause = TagError::Epc(EpcError::NoGtin);
        assert_eq!(refused(scheme, &without_gtin()), NoTag { index: 0, cause });
    }
}

#[test]
fn a_table_without_epcs_has_nothing_to_check() {
    let layout = layout(&profile(|spec| spec.columns = vec![column("ndef_hex")]));
    for pack in [lots(), without_gtin(), provided()] {
        assert_eq!(layout.check_units(&pack), Ok(()));
    }
}

#[test]
fn no_units_need_no_gtin() {
    let layout = layout(&epc_profile("sgtin_96"));
    assert_eq!(layout.check(None, Vec::<Unit>::new()), Ok(()));
}
