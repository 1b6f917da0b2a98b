//! What holds for the EPC of every item.

use dpp_core::gs1::{CompanyPrefixLength, Gtin, Serial, check_digit};
use dpp_exports::tags::{EpcFilter, EpcRule, EpcScheme, SgtinEncoder};
use proptest::prelude::*;

use crate::by_hand;

fn gtin() -> impl Strategy<Value = Gtin> {
    (0..10_u64.pow(13)).prop_map(|number| {
        let data = format!("{number:013}");
        let check = check_digit(data.as_bytes()).unwrap();
        format!("{data}{check}").parse().unwrap()
    })
}

/// Serials of every kind that has an encoding of its own.
fn serial() -> impl Strategy<Value = Serial> {
    let texts = prop_oneof![
        "[!\"%-?A-Z_a-z]{1,20}",
        "[0-9]{1,20}",
        "[0-9A-F]{1,20}",
        "[0-9a-f]{1,20}",
        "[0-9A-Za-z_-]{1,20}",
        "[0-9A-Z.:-]{1,20}",
    ];
    texts.prop_map(|text| text.parse().unwrap())
}

fn epc(scheme: EpcScheme, filter: u8, gtin: Gtin, digits: u8, serial: &Serial) -> String {
    let rule = EpcRule {
        scheme,
        filter: EpcFilter::new(filter).unwrap(),
    };
    let prefix = CompanyPrefixLength::new(digits).unwrap();
    let encoder = SgtinEncoder::new(rule, gtin, Some(prefix)).unwrap();
    encoder.encode(serial).unwrap().to_string()
}

proptest! {
    #[test]
    fn an_sgtin_96_is_what_it_is_by_hand(
        filter in 0..8_u8, gtin in gtin(), digits in 6..13_u8, number in 0..1_u64 << 38
    ) {
        let serial = number.to_string().parse().unwrap();
        let hex = epc(EpcScheme::Sgtin96, filter, gtin, digits, &serial);
        let bits = by_hand::sgtin_96(filter, gtin, digits.into(), number);
        prop_assert_eq!(&hex, &by_hand::hex(&bits));
        prop_assert_eq!(by_hand::read(&hex), (filter, gtin, number.to_string()));
    }

    #[test]
    fn an_sgtin_198_is_what_it_is_by_hand(
        filter in 0..8_u8, gtin in gtin(), digits in 6..13_u8, serial in serial()
    ) {
        let hex = epc(EpcScheme::Sgtin198, filter, gtin, digits, &serial);
        let bits = by_hand::sgtin_198(filter, gtin, digits.into(), serial.as_str());
        prop_assert_eq!(&hex, &by_hand::hex(&bits));
        prop_assert_eq!(by_hand::read(&hex), (filter, gtin, serial.to_string()));
    }

    #[test]
    fn an_sgtin_plus_is_read_back(filter in 0..8_u8, gtin in gtin(), serial in serial()) {
        let hex = epc(EpcScheme::SgtinPlus, filter, gtin, 7, &serial);
        prop_assert_eq!(by_hand::read(&hex), (filter, gtin, serial.to_string()));
        prop_assert!(hex.len() <= 2 * 28 && hex.len().is_multiple_of(4));
    }
}
