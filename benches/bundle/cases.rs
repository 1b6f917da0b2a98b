//! What is encoded.

use dpp_exports::bundle::Codes;
use dpp_exports::logo::Logo;
use dpp_exports::qr::ErrorCorrection;

use crate::CODES;

/// Texts of symbols.
pub(crate) struct Texts {
    pub(crate) name: &'static str,
    pub(crate) error_correction: ErrorCorrection,
    pub(crate) texts: Vec<String>,
}

/// A bundle that all ways make.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) codes: Codes,
    pub(crate) logo: Option<Logo>,
}

pub(crate) fn symbols() -> [Texts; 6] {
    let texts = |name, error_correction, text: fn(u64) -> String| Texts {
        name,
        error_correction,
        texts: (1..=u64::from(CODES)).map(text).collect(),
    };
    use ErrorCorrection::{H, M};
    [
        texts("link, M", M, |number| link(&serial(number))),
        texts("link, H", H, |number| link(&serial(number))),
        texts("/mu/, M", M, unit),
        texts("/mu/, H", H, unit),
        texts("upper case, M", M, |number| {
            link(&serial(number)).to_uppercase()
        }),
        texts("upper case, H", H, |number| {
            link(&serial(number)).to_uppercase()
        }),
    ]
}

pub(crate) fn bundles() -> [Case; 4] {
    let serials = || Codes::of_serials(Some("09506000134352".parse().unwrap()));
    let case = |name, codes, logo| Case { name, codes, logo };
    [
        case("M", of_links(serials()), None),
        case("M, upper case", of_links(serials().in_upper_case()), None),
        case("M, /mu/", of_units(serials()), None),
        case("H with a logo", of_links(serials()), Some(logo())),
    ]
}

fn of_links(mut codes: Codes) -> Codes {
    for number in 1..=u64::from(CODES) {
        let serial = serial(number);
        codes.push(&serial, &link(&serial)).unwrap();
    }
    codes
}

fn of_units(mut codes: Codes) -> Codes {
    for number in 1..=u64::from(CODES) {
        codes.push(&serial(number), &unit(number)).unwrap();
    }
    codes
}

const fn mixed(number: u64) -> u64 {
    number.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

fn serial(number: u64) -> String {
    const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let letter = |place: u32| char::from(LETTERS[(mixed(number) >> (5 * place)) as usize % 32]);
    (0..12).map(letter).collect()
}

fn link(serial: &str) -> String {
    format!("https://id.example.com/01/09506000134352/21/{serial}")
}

fn unit(number: u64) -> String {
    let (high, low) = (mixed(number), mixed(mixed(number)));
    let (a, b, c) = (high >> 32, high >> 16 & 0xffff, high & 0xfff);
    let (d, e) = (low >> 48 & 0x3fff | 0x8000, low & 0xffff_ffff_ffff);
    format!("https://id.example.com/mu/{a:08x}-{b:04x}-7{c:03x}-{d:04x}-{e:012x}")
}

/// A star of 60 points, of some 1,000 bytes.
fn logo() -> Logo {
    let points = (0..60_u32).map(|point| {
        let angle = f64::from(point) / 30.0 * std::f64::consts::PI;
        let radius = if point % 2 == 0 { 49.5 } else { 30.25 };
        let (y, x) = angle.sin_cos();
        format!("{:.2},{:.2} ", 50.0 + radius * x, 50.0 + radius * y)
    });
    let points: String = points.collect();
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 100 100\">\
         <polygon fill=\"#0a7\" points=\"{points}\"/></svg>"
    );
    Logo::parse(svg.as_bytes()).unwrap()
}
