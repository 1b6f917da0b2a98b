//! Packs to test with.

use std::num::NonZeroUsize;

use dpp_core::Timestamp;
use dpp_exports::bundle::{self, BundleOptions, Codes, Design};
use dpp_exports::logo::Logo;

pub(crate) const GTIN: &str = "09506000134352";

/// Serials of 12 characters, each a different one.
pub(crate) fn serial(number: u32) -> String {
    const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let mixed = u64::from(number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let letter = |place: u32| char::from(LETTERS[(mixed >> (5 * place)) as usize % 32]);
    (0..12).map(letter).collect()
}

pub(crate) fn link(serial: &str) -> String {
    format!("https://id.example.com/01/{GTIN}/21/{serial}")
}

pub(crate) fn of_serials(count: u32) -> Codes {
    let mut codes = Codes::of_serials(Some(GTIN.parse().unwrap()));
    for number in 0..count {
        let serial = serial(number);
        codes.push(&serial, &link(&serial)).unwrap();
    }
    codes
}

pub(crate) fn of_lots(lots: &[(&str, u32)]) -> Codes {
    let mut codes = Codes::of_lots(Some(GTIN.parse().unwrap()));
    for (lot, copies) in lots {
        let url = format!("https://id.example.com/01/{GTIN}/10/{lot}");
        codes.push_copies(lot, &url, *copies).unwrap();
    }
    codes
}

pub(crate) fn options(threads: usize) -> BundleOptions {
    BundleOptions {
        at: "2027-02-18T09:30:07.123Z".parse::<Timestamp>().unwrap(),
        threads: NonZeroUsize::new(threads).unwrap(),
    }
}

pub(crate) fn zip(codes: &Codes, logo: Option<&Logo>, threads: usize) -> Vec<u8> {
    let design = Design::new(codes, logo).unwrap();
    let mut bytes = Vec::new();
    bundle::write(&mut bytes, codes, &design, &options(threads)).unwrap();
    bytes
}
