//! The application identifiers, as far as a link by GTIN has to tell them apart.
//!
//! Source: GS1 Barcode Syntax Dictionary, release 2026-01-27.

/// What an AI may be in the query of a link whose key is a GTIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A data attribute.
    Attribute,
    /// The key (01), or one of its qualifiers: they belong in the path.
    Path,
    /// An AI that a GTIN excludes, or that is no data attribute of anything.
    Refused,
}

/// The role of an AI; `None` if there is no such AI.
pub(super) fn role(ai: &str) -> Option<Role> {
    if !is_numeric(ai) {
        return None;
    }
    let number = ai.parse::<u16>().ok()?;
    match ai.len() {
        2 => role_of_2_digits(number),
        3 => role_of_3_digits(number),
        4 => role_of_4_digits(number),
        _ => None,
    }
}

/// Whether a text is made of digits, as all AIs are.
pub(super) fn is_numeric(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a path segment is the AI of a primary key, at which a link's own path can start.
pub(in crate::gs1) fn is_primary_key(segment: &[u8]) -> bool {
    matches!(
        segment,
        b"00"
            | b"01"
            | b"253"
            | b"255"
            | b"401"
            | b"402"
            | b"414"
            | b"415"
            | b"417"
            | b"8003"
            | b"8004"
            | b"8006"
            | b"8010"
            | b"8013"
            | b"8017"
            | b"8018"
    )
}

const fn role_of_2_digits(number: u16) -> Option<Role> {
    match number {
        1 | 10 | 21 | 22 => Some(Role::Path),
        2 | 3 | 37 => Some(Role::Refused),
        0 | 11..=13 | 15..=17 | 20 | 30 | 90..=99 => Some(Role::Attribute),
        _ => None,
    }
}

const fn role_of_3_digits(number: u16) -> Option<Role> {
    match number {
        235 => Some(Role::Path),
        254 | 255 => Some(Role::Refused),
        240..=243 | 250 | 251 | 253 | 400..=403 | 410..=417 | 420..=427 | 710..=717 => {
            Some(Role::Attribute)
        }
        _ => None,
    }
}

const fn role_of_4_digits(number: u16) -> Option<Role> {
    match number {
        3100..=3699 => measure(number),
        3900..=3943 | 3950..=3955 => Some(Role::Attribute),
        4300..=4326 | 4330..=4333 => Some(Role::Attribute),
        7001..=7011 | 7020..=7023 | 7030..=7039 | 7230..=7242 | 7250..=7259 => {
            Some(Role::Attribute)
        }
        8001..=8005 | 8007..=8010 | 8012 | 8013 | 8017 | 8018 | 8026 | 8030 | 8110..=8112 => {
            Some(Role::Attribute)
        }
        7040 | 7041 | 8006 | 8011 | 8014 | 8019 | 8020 | 8040..=8043 | 8200 => Some(Role::Refused),
        _ => None,
    }
}

/// Measures: three digits for what is measured, one (0 to 5) for the decimal places.
const fn measure(number: u16) -> Option<Role> {
    match (number / 10, number % 10) {
        (310..=316 | 320..=337 | 340..=357 | 360..=369, 0..=5) => Some(Role::Attribute),
        _ => None,
    }
}
