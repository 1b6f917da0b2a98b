//! From text to link.

use super::ai::is_numeric;
use super::error::{DigitalLinkErrorKind as Kind, Refused, wrong_escape};
use super::{DigitalLink, DigitalLinkError, MAX_LINK, path, query};
use crate::gs1::base::{self, ResolverBase};
use crate::gs1::gtin::{Gtin, GtinError};
use crate::gs1::percent;
use crate::gs1::piece::Piece;
use crate::gs1::quote::quote;

/// RFC 3986, 2: what stands for itself in a URI beside the unreserved characters, and `%`.
const RESERVED: &[u8] = b":/?#[]@!$&'()*+,;=%";

pub(super) fn read(input: &str) -> Result<DigitalLink, DigitalLinkError> {
    read_link(input).map_err(|(at, kind)| DigitalLinkError {
        at,
        kind,
        input: quote(input),
    })
}

fn read_link(input: &str) -> Result<DigitalLink, Refused> {
    check_length(input.len())?;
    check_characters(input)?;
    let (rest, fragment) = Piece::whole(input).cut("#");
    let (rest, query) = rest.cut("?");
    let (base, own_path) = read_base(rest)?;
    let link = DigitalLink {
        fragment: fragment.map(|piece| piece.text.to_owned()),
        ..read_own(base, own_path, query)?
    };
    check_normal_length(&link, input.len())?;
    Ok(link)
}

pub(super) fn read_on(
    host: &str,
    path: &str,
    query: Option<&str>,
) -> Result<DigitalLink, DigitalLinkError> {
    read_link_on(host, path, query).map_err(|(at, kind)| DigitalLinkError {
        at,
        kind,
        input: quote(path),
    })
}

fn read_link_on(host: &str, path: &str, query: Option<&str>) -> Result<DigitalLink, Refused> {
    let length = "https://?".len() + host.len() + path.len() + query.map_or(0, str::len);
    check_length(length)?;
    check_characters(path)?;
    check_characters(query.unwrap_or_default())?;
    let whole = Piece::whole(path);
    let key = whole.split(&['/']).find(|segment| segment.text == "01");
    let key = key.filter(|key| key.at > 0).ok_or((0, Kind::NoGtin))?;
    let base = ResolverBase::on_host(host, whole.before(key.at - 1))
        .map_err(|(at, kind)| (at, Kind::Base(kind)))?;
    let (_, own_path) = whole.after(key.end()).cut("/");
    let own_path = own_path.ok_or_else(|| no_value(key))?;
    let link = read_own(base, own_path, query.map(Piece::whole))?;
    check_normal_length(&link, length)?;
    Ok(link)
}

/// What follows the base and the key.
fn read_own(
    base: ResolverBase,
    own_path: Piece<'_>,
    query: Option<Piece<'_>>,
) -> Result<DigitalLink, Refused> {
    let mut segments = own_path.split(&['/']);
    let gtin = read_gtin(segments.next().unwrap_or(own_path))?;
    let path = path::read(segments.collect())?;
    if let Some(query) = query {
        query::check(query, &path)?;
    }
    Ok(DigitalLink {
        base,
        gtin,
        path,
        query: query.map(|piece| piece.text.to_owned()),
        fragment: None,
    })
}

fn no_value(ai: Piece<'_>) -> Refused {
    let kind = Kind::NoValue {
        ai: ai.text.to_owned(),
    };
    (ai.at, kind)
}

fn check_length(length: usize) -> Result<(), Refused> {
    if length > MAX_LINK {
        return Err((MAX_LINK, Kind::TooLong { max: MAX_LINK }));
    }
    Ok(())
}

/// Raw characters of a value that become escapes lengthen a link; what is read must stay readable as written.
fn check_normal_length(link: &DigitalLink, given: usize) -> Result<(), Refused> {
    const MOST_GROWTH: usize = 2 * 3 * 20;
    if given <= MAX_LINK - MOST_GROWTH {
        return Ok(());
    }
    check_length(link.to_string().len()).map_err(|(_, kind)| (given, kind))
}

fn check_characters(input: &str) -> Result<(), Refused> {
    let legal = |c| {
        u8::try_from(c).is_ok_and(|byte| percent::is_unreserved(byte) || RESERVED.contains(&byte))
    };
    match input.char_indices().find(|&(_, c)| !legal(c)) {
        Some((at, found)) => Err((at, Kind::IllegalCharacter { found })),
        None => Ok(()),
    }
}

/// The base, and the link's own path: what follows the first segment `01` and its slash.
fn read_base(rest: Piece<'_>) -> Result<(ResolverBase, Piece<'_>), Refused> {
    let path = rest.cut("://").1.and_then(|after| after.cut("/").1);
    let Some(key) = path.and_then(|path| path.split(&['/']).find(|segment| segment.text == "01"))
    else {
        read_only_base(rest.before(rest.end() - usize::from(rest.text.ends_with('/'))))?;
        return Err((path.map_or(rest.end(), |path| path.at - 1), Kind::NoGtin));
    };
    let base = read_only_base(rest.before(key.at - 1))?;
    match rest.after(key.end()).cut("/") {
        (_, Some(own_path)) => Ok((base, own_path)),
        _ => Err(no_value(key)),
    }
}

fn read_only_base(text: Piece<'_>) -> Result<ResolverBase, Refused> {
    base::read(text).map_err(|(at, kind)| (at, Kind::Base(kind)))
}

fn read_gtin(segment: Piece<'_>) -> Result<Gtin, Refused> {
    if segment.text.is_empty() {
        return Err((
            segment.at,
            Kind::NoValue {
                ai: "01".to_owned(),
            },
        ));
    }
    let decoded = percent::decode(segment.text).map_err(|error| wrong_escape(segment.at, error))?;
    let digits = String::from_utf8_lossy(&decoded);
    if is_numeric(&digits) && matches!(digits.len(), 8 | 12 | 13) {
        return Err((
            segment.at,
            Kind::GtinNotPadded {
                digits: digits.len(),
            },
        ));
    }
    Gtin::parse(&digits).map_err(|error| {
        let at = match error {
            GtinError::NotADigit { at, .. } => at,
            GtinError::WrongCheckDigit { .. } => digits.len() - 1,
            GtinError::WrongLength { .. } => 0,
        };
        (
            segment.at + percent::raw_offset(segment.text, at),
            Kind::Gtin(error),
        )
    })
}
