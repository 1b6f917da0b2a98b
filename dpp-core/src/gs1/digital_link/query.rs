//! The data attributes in a link's query.

use super::Qualifiers;
use super::ai::{Role, is_numeric, role};
use super::error::{DigitalLinkErrorKind as Kind, Refused, wrong_escape};
use crate::gs1::percent;
use crate::gs1::piece::Piece;
use crate::gs1::text::{LotCode, is_cset82};

/// A data attribute, decoded.
struct Attribute {
    ai: String,
    value: Vec<u8>,
}

/// Checks each AI of a query. What is no AI is left alone.
pub(super) fn check(query: Piece<'_>, path: &Qualifiers) -> Result<(), Refused> {
    attributes(query, path).map(drop)
}

/// The data attributes of a checked query, sorted by their AI; `None` if there are none.
pub(super) fn canonical(query: &str, path: &Qualifiers) -> Option<String> {
    let mut attributes = attributes(Piece::whole(query), path).unwrap_or_default();
    attributes.sort_by(|one, other| one.ai.cmp(&other.ai));
    let texts: Vec<String> = attributes
        .iter()
        .map(|Attribute { ai, value }| format!("{ai}={}", percent::encode(value)))
        .collect();
    (!texts.is_empty()).then(|| texts.join("&"))
}

fn attributes(query: Piece<'_>, path: &Qualifiers) -> Result<Vec<Attribute>, Refused> {
    let mut attributes: Vec<Attribute> = Vec::new();
    for parameter in query.split(&['&', ';']) {
        let Some(attribute) = read_parameter(parameter, path)? else {
            continue;
        };
        if attributes.iter().any(|earlier| earlier.ai == attribute.ai) {
            return Err((parameter.at, Kind::Duplicate { ai: attribute.ai }));
        }
        attributes.push(attribute);
    }
    Ok(attributes)
}

/// The attribute of a parameter; `None` if its name is no number, and so nothing of GS1's.
fn read_parameter(parameter: Piece<'_>, path: &Qualifiers) -> Result<Option<Attribute>, Refused> {
    let (name, value) = parameter.cut("=");
    // A name in escapes could be an AI to the next reader.
    let decoded = percent::decode(name.text).map_err(|error| wrong_escape(name.at, error))?;
    let ai = String::from_utf8_lossy(&decoded).into_owned();
    if !is_numeric(&ai) {
        return Ok(None);
    }
    if let Some(kind) = refuse_ai(&ai, path) {
        return Err((name.at, kind));
    }
    match value {
        Some(value) if !value.text.is_empty() => Ok(Some(Attribute {
            value: read_value(&ai, value)?,
            ai,
        })),
        _ => Err((name.at, Kind::NoValue { ai })),
    }
}

fn refuse_ai(ai: &str, path: &Qualifiers) -> Option<Kind> {
    let is_third_party = matches!(path, Qualifiers::ThirdParty(_));
    let in_path = in_path(ai, path);
    let ai_text = || ai.to_owned();
    match role(ai) {
        Some(Role::Attribute) => None,
        _ if in_path => Some(Kind::Duplicate { ai: ai_text() }),
        // The one qualifier that the dictionary also knows as a data attribute, if it has no place in the path.
        Some(Role::Path) if ai == LotCode::AI && is_third_party => None,
        Some(Role::Path) => Some(Kind::QualifierInQuery { ai: ai_text() }),
        Some(Role::Refused) => Some(Kind::NotAnAttribute { ai: ai_text() }),
        None => Some(Kind::UnknownAi { ai: ai_text() }),
    }
}

fn in_path(ai: &str, path: &Qualifiers) -> bool {
    let (variant, lot, serial) = path.item();
    match ai {
        "01" => true,
        "22" => variant.is_some(),
        "10" => lot.is_some(),
        "21" => serial.is_some(),
        "235" => matches!(path, Qualifiers::ThirdParty(_)),
        _ => false,
    }
}

fn read_value(ai: &str, value: Piece<'_>) -> Result<Vec<u8>, Refused> {
    let decoded = percent::decode(value.text).map_err(|error| wrong_escape(value.at, error))?;
    if let Some(plus) = value.text.find('+') {
        return Err((
            value.at + plus,
            Kind::AttributeValue {
                ai: ai.to_owned(),
                found: ' ',
            },
        ));
    }
    let shown = String::from_utf8_lossy(&decoded);
    let illegal = shown
        .char_indices()
        .find(|&(_, c)| !u8::try_from(c).is_ok_and(is_cset82));
    match illegal {
        Some((at, found)) => {
            let at = value.at + percent::raw_offset(value.text, at);
            Err((
                at,
                Kind::AttributeValue {
                    ai: ai.to_owned(),
                    found,
                },
            ))
        }
        None => Ok(decoded),
    }
}
