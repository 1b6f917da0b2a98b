//! Proptest strategies of GS1 values, for the tests of whoever uses them.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use crate::gs1::{
    DigitalLink, Gtin, LotCode, ProductVariant, ResolverBase, Serial, ThirdPartySerial,
    check_digit, is_cset82,
};

/// Any GTIN: of 8, 12, 13 or 14 digits, as often as not with zeros in front.
pub fn gtin() -> impl Strategy<Value = Gtin> {
    (
        vec(b'0'..=b'9', 13),
        prop::sample::select(vec![0_usize, 1, 2, 6]),
    )
        .prop_filter_map("a GTIN", |(mut data, zeros)| {
            data.iter_mut().take(zeros).for_each(|digit| *digit = b'0');
            data.push(b'0' + check_digit(&data)?);
            Gtin::parse(std::str::from_utf8(&data).ok()?).ok()
        })
}

/// Any text of 1 to `max` characters of the GS1 character set 82.
pub fn cset82(max: usize) -> impl Strategy<Value = String> {
    let set: Vec<char> = (0..=u8::MAX)
        .filter(|&byte| is_cset82(byte))
        .map(char::from)
        .collect();
    vec(prop::sample::select(set), 1..=max).prop_map(String::from_iter)
}

/// Any serial.
pub fn serial() -> impl Strategy<Value = Serial> {
    cset82(Serial::MAX).prop_filter_map("a serial", |text| Serial::parse(&text).ok())
}

/// Any lot code.
pub fn lot_code() -> impl Strategy<Value = LotCode> {
    cset82(LotCode::MAX).prop_filter_map("a lot code", |text| LotCode::parse(&text).ok())
}

/// Any product variant.
pub fn product_variant() -> impl Strategy<Value = ProductVariant> {
    cset82(ProductVariant::MAX)
        .prop_filter_map("a variant", |text| ProductVariant::parse(&text).ok())
}

/// Any third party's serial.
pub fn third_party_serial() -> impl Strategy<Value = ThirdPartySerial> {
    cset82(ThirdPartySerial::MAX).prop_filter_map("a third party's serial", |text| {
        ThirdPartySerial::parse(&text).ok()
    })
}

/// Bases of either scheme, with names and addresses as hosts, with and without port and stem.
pub fn resolver_base() -> impl Strategy<Value = ResolverBase> {
    let host = prop_oneof![
        4 => "[a-z0-9]{1,12}(-[a-z0-9]{1,6})?(\\.[a-z]{2,6}){1,2}",
        1 => Just("127.0.0.1".to_owned()),
        1 => Just("[2001:db8::1]".to_owned()),
    ];
    let port = option::of(any::<u16>())
        .prop_map(|port| port.map_or_else(String::new, |port| format!(":{port}")));
    let stem = vec("[a-zA-Z][a-zA-Z0-9_~-]{0,8}", 0..3);
    ("https?", host, port, stem).prop_filter_map("a base", |(scheme, host, port, stem)| {
        let stem: String = stem.iter().map(|segment| format!("/{segment}")).collect();
        ResolverBase::parse(&format!("{scheme}://{host}{port}{stem}")).ok()
    })
}

/// Any link that can be built: of both branches, with every choice of qualifiers.
pub fn digital_link() -> impl Strategy<Value = DigitalLink> {
    prop_oneof![4 => item_link(), 1 => third_party_link()]
}

fn item_link() -> impl Strategy<Value = DigitalLink> {
    let qualifiers = (
        option::of(product_variant()),
        option::of(lot_code()),
        option::of(serial()),
    );
    (resolver_base(), gtin(), qualifiers).prop_map(|(base, gtin, (variant, lot, serial))| {
        let mut link = DigitalLink::product(base, gtin);
        if let Some(variant) = variant {
            link = link.with_variant(variant);
        }
        if let Some(lot) = lot {
            link = link.with_lot(lot);
        }
        if let Some(serial) = serial {
            link = link.with_serial(serial);
        }
        link
    })
}

fn third_party_link() -> impl Strategy<Value = DigitalLink> {
    (resolver_base(), gtin(), third_party_serial())
        .prop_map(|(base, gtin, serial)| DigitalLink::third_party(base, gtin, serial))
}
