//! What somebody typed, and what they mean by it.

use crate::gs1::{DigitalLink, Gtin, LotCode, Serial};
use crate::identity::{LotId, MintBatchId, MintJobId, MintUnitId};

/// The most characters of a query.
pub const MAX_QUERY: usize = 2_048;

/// A query is too long. Nothing that can be found has so long a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the query has {length} characters, and at most {MAX_QUERY} are looked for")]
pub struct QueryTooLong {
    /// How many characters it has.
    pub length: usize,
}

/// Something that was typed.
#[derive(Debug, PartialEq)]
pub(super) struct Query<'a> {
    /// Without white space at its ends.
    pub(super) text: &'a str,
    pub(super) meant: Meant,
}

/// What is meant.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Meant {
    /// Too little to mean anything.
    Nothing,
    /// What begins so.
    Prefix,
    /// One thing if there is such, else what begins so.
    Perhaps(Thing),
}

/// Something that a text names as a whole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Thing {
    Product(Gtin),
    Item(Gtin, Serial),
    LotOf(Gtin, LotCode),
    Unit(MintUnitId),
    Batch(MintBatchId),
    Lot(LotId),
}

impl<'a> Query<'a> {
    pub(super) fn read(text: &'a str) -> Result<Self, QueryTooLong> {
        let length = text.chars().count();
        if length > MAX_QUERY {
            return Err(QueryTooLong { length });
        }
        let text = text.trim();
        let meant = match text.chars().nth(1) {
            None => Meant::Nothing,
            Some(_) => meaning(text),
        };
        Ok(Self { text, meant })
    }
}

fn meaning(text: &str) -> Meant {
    let thing = match text.strip_prefix('/') {
        Some(_) => of_url(&format!("https://any.example{text}")),
        None if text.contains("://") => of_url(text),
        None => of_elements(text).or_else(|| of_id(text)),
    };
    thing.map_or(Meant::Prefix, Meant::Perhaps)
}

/// A job is shown with its batch, and lots are not looked for by their beginning; every other
/// id is found by it.
fn of_id(text: &str) -> Option<Thing> {
    let job = text.parse::<MintJobId>().ok();
    let lot = || text.parse().ok().map(Thing::Lot);
    job.map(|job| Thing::Batch(job.batch())).or_else(lot)
}

fn of_url(text: &str) -> Option<Thing> {
    let path = text.split(['?', '#']).next().unwrap_or(text);
    let mut segments = path.trim_end_matches('/').rsplit('/');
    let (last, before) = (segments.next()?, segments.next()?);
    match before {
        "mu" => last.parse().ok().map(Thing::Unit),
        "mb" => last.parse().ok().map(Thing::Batch),
        "ml" => last.parse().ok().map(Thing::Lot),
        _ => of_link(&DigitalLink::parse(text).ok()?),
    }
}

fn of_link(link: &DigitalLink) -> Option<Thing> {
    let gtin = link.gtin();
    match (link.serial(), link.lot(), link.third_party_serial()) {
        (_, _, Some(_)) => None,
        (Some(serial), _, None) => Some(Thing::Item(gtin, serial)),
        (None, Some(lot), None) => Some(Thing::LotOf(gtin, lot)),
        (None, None, None) => Some(Thing::Product(gtin)),
    }
}

/// A GS1 element string: AI (01), and then (10), (21), or both in this order, with brackets as
/// people read it (GS1 General Specifications, section 4.14), or as a scanner gives it, with a
/// group separator between the two (section 7.8).
fn of_elements(text: &str) -> Option<Thing> {
    let (rest, bracketed) = match text.strip_prefix("(01)") {
        Some(rest) => (rest, true),
        None => (text.strip_prefix("01")?, false),
    };
    let (digits, rest) = rest.split_at_checked(14)?;
    let gtin = Gtin::parse(digits).ok()?;
    let (serial, lot, serial_behind_lot) = match bracketed {
        true => ("(21)", "(10)", "(21)"),
        false => ("21", "10", "\u{1d}21"),
    };
    if rest.is_empty() {
        return Some(Thing::Product(gtin));
    }
    if let Some(text) = rest.strip_prefix(serial) {
        return text.parse().ok().map(|serial| Thing::Item(gtin, serial));
    }
    let rest = rest.strip_prefix(lot)?;
    if let Some((_, serial)) = rest.split_once(serial_behind_lot) {
        return serial.parse().ok().map(|serial| Thing::Item(gtin, serial));
    }
    rest.parse().ok().map(|lot| Thing::LotOf(gtin, lot))
}
