//! The qualifiers in a link's path.

use super::Qualifiers;
use super::ai::{is_numeric, role};
use super::error::{DigitalLinkErrorKind as Kind, Refused, wrong_escape};
use crate::gs1::percent;
use crate::gs1::piece::Piece;
use crate::gs1::text::{Cset82Error, LotCode, ProductVariant, Serial, ThirdPartySerial};

/// The qualifiers of a GTIN: first the brand's own in the order of the path, then the third party's.
const QUALIFIERS: [&str; 4] = [
    ProductVariant::AI,
    LotCode::AI,
    Serial::AI,
    ThirdPartySerial::AI,
];

/// Reads what follows the GTIN, in pairs of AI and value.
pub(super) fn read(mut segments: Vec<Piece<'_>>) -> Result<Qualifiers, Refused> {
    segments.pop_if(|last| last.text.is_empty());
    let mut path = Qualifiers::NONE;
    let mut seen = Vec::new();
    let mut segments = segments.into_iter();
    while let Some(key) = segments.next() {
        let ai = read_key(key, &seen)?;
        let value = segments.next().filter(|value| !value.text.is_empty());
        let value = value.ok_or_else(|| (key.at, Kind::NoValue { ai: ai.to_owned() }))?;
        path = with(path, ai, value)?;
        seen.push(ai);
    }
    Ok(path)
}

fn read_key(key: Piece<'_>, seen: &[&'static str]) -> Result<&'static str, Refused> {
    let Some(ai) = QUALIFIERS.into_iter().find(|ai| *ai == key.text) else {
        return Err((key.at, refuse_key(key.text)));
    };
    check_place(ai, seen).map_err(|kind| (key.at, kind))?;
    Ok(ai)
}

fn refuse_key(key: &str) -> Kind {
    let text = key.to_owned();
    match role(key) {
        _ if key.is_empty() => Kind::EmptySegment,
        _ if !is_numeric(key) => Kind::NotAnAi { segment: text },
        _ if key == "01" => Kind::Duplicate { ai: text },
        Some(_) => Kind::NotAQualifier { ai: text },
        None => Kind::UnknownAi { ai: text },
    }
}

fn check_place(ai: &'static str, seen: &[&'static str]) -> Result<(), Kind> {
    if seen.contains(&ai) {
        return Err(Kind::Duplicate { ai: ai.to_owned() });
    }
    let Some(&last) = seen.last() else {
        return Ok(());
    };
    if ai == ThirdPartySerial::AI || last == ThirdPartySerial::AI {
        return Err(Kind::Exclusive { ai, other: last });
    }
    let rank = |ai| QUALIFIERS.iter().position(|other| *other == ai);
    if rank(ai) < rank(last) {
        return Err(Kind::OutOfOrder { ai, after: last });
    }
    Ok(())
}

fn with(path: Qualifiers, ai: &'static str, value: Piece<'_>) -> Result<Qualifiers, Refused> {
    let (variant, lot, serial) = path.item();
    Ok(match ai {
        ProductVariant::AI => Qualifiers::Item {
            variant: Some(read_value(value, ProductVariant::parse)?),
            lot,
            serial,
        },
        LotCode::AI => Qualifiers::Item {
            variant,
            lot: Some(read_value(value, LotCode::parse)?),
            serial,
        },
        Serial::AI => Qualifiers::Item {
            variant,
            lot,
            serial: Some(read_value(value, Serial::parse)?),
        },
        _ => Qualifiers::ThirdParty(read_value(value, ThirdPartySerial::parse)?),
    })
}

fn read_value<T>(
    value: Piece<'_>,
    parse: fn(&str) -> Result<T, Cset82Error>,
) -> Result<T, Refused> {
    let decoded = percent::decode(value.text).map_err(|error| wrong_escape(value.at, error))?;
    // What is not UTF-8 is replaced by a character that is not in the set either.
    parse(&String::from_utf8_lossy(&decoded)).map_err(|error| {
        let at = value.at + percent::raw_offset(value.text, error.at());
        (at, Kind::Value(error))
    })
}
