//! The languages that a request asks for.

use std::cmp::Reverse;

use super::{LanguageTag, MAX_LANGUAGE_TAG};
use crate::resolver::quality;

/// The most elements that are read of a header; those behind them count for nothing.
pub const MAX_LANGUAGE_RANGES: usize = 32;

/// The languages of an `Accept-Language` header, best first.
///
/// Source: RFC 9110, 12.5.4; RFC 4647, 2.1 and 3.4.
///
/// ```
/// use dpp_core::resolver::{AcceptLanguage, LanguageTag};
///
/// let there_are = ["en", "pt", "de-AT"].map(|tag| LanguageTag::parse(tag).unwrap());
/// let accepted = AcceptLanguage::parse(b"fr-CH, pt-BR;q=0.9, en;q=0.8");
/// assert_eq!(accepted.lookup(&there_are), Some(1));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AcceptLanguage {
    /// Quality order, then order of appearance.
    wanted: Vec<Range>,
    excluded: Vec<Range>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Range {
    Any,
    Language(String),
}

impl AcceptLanguage {
    /// Reads the value of a header, leniently: an element that is malformed is skipped, and at most
    /// [`MAX_LANGUAGE_RANGES`] are read, malformed ones included.
    pub fn parse(header: &[u8]) -> Self {
        let elements = header.split(|&byte| byte == b',');
        let ranges = elements.take(MAX_LANGUAGE_RANGES).filter_map(weighted);
        let (wanted, excluded): (Vec<_>, Vec<_>) = ranges.partition(|(_, quality)| *quality > 0);
        let mut wanted = wanted;
        // Stable: equal ones stay in their order.
        wanted.sort_by_key(|(_, quality)| Reverse(*quality));
        let ranges = |list: Vec<(Range, u16)>| list.into_iter().map(|(range, _)| range).collect();
        Self {
            wanted: ranges(wanted),
            excluded: ranges(excluded),
        }
    }

    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.wanted.is_empty()
    }

    /// Which of the languages that there are is the best one, by its index; `None` if none is acceptable, or
    /// nothing was asked for.
    ///
    /// Each range is tried as it is, then without its last subtag, and so on (`zh-Hant-TW`, `zh-Hant`, `zh`;
    /// a single letter goes with what followed it), before the next range is. `*` takes the first language that
    /// no range excludes by `q=0`. An excluded language is never the answer: `de;q=0` excludes `de-AT` too,
    /// unless that is asked for by a longer range.
    ///
    /// A language that is narrower than what is asked for (`pt-BR` for `pt`) does not match, as RFC 4647, 3.4,
    /// has it: who has a variant also has the language itself.
    pub fn lookup(&self, available: &[LanguageTag]) -> Option<usize> {
        self.wanted.iter().find_map(|range| match range {
            Range::Any => available.iter().position(|tag| !self.excludes(tag, 0)),
            Range::Language(range) => self.look_up(range, available),
        })
    }

    fn look_up(&self, range: &str, available: &[LanguageTag]) -> Option<usize> {
        let matches = |part: &str, tag: &LanguageTag| {
            tag.as_str().eq_ignore_ascii_case(part) && !self.excludes(tag, part.len())
        };
        prefixes(range).find_map(|part| available.iter().position(|tag| matches(part, tag)))
    }

    /// Whether a range with `q=0` covers the tag, and is not shorter than the `asked` bytes by which it is wanted.
    fn excludes(&self, tag: &LanguageTag, asked: usize) -> bool {
        let covers = |range: &Range| match range {
            Range::Any => asked == 0,
            Range::Language(range) => {
                let found = prefixes(tag.as_str()).any(|part| part.eq_ignore_ascii_case(range));
                found && range.len() >= asked
            }
        };
        self.excluded.iter().any(covers)
    }
}

/// A range and by which of its prefixes it is looked up: RFC 4647, 3.4.
fn prefixes(range: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(range), |range| {
        let (rest, _) = range.rsplit_once('-')?;
        match rest.rsplit_once('-') {
            Some((before, single)) if single.len() == 1 => Some(before),
            _ => Some(rest),
        }
    })
}

/// An element as `pt-BR;q=0.8`, or nothing if it has not the form.
fn weighted(element: &[u8]) -> Option<(Range, u16)> {
    let element = std::str::from_utf8(element).ok()?;
    let (range, parameters) = match element.split_once(';') {
        Some((range, parameters)) => (range, Some(parameters)),
        None => (element, None),
    };
    let quality = match parameters {
        Some(parameter) => quality::of_parameter(parameter)??,
        None => quality::FULL,
    };
    Some((Range::parse(range.trim_matches([' ', '\t']))?, quality))
}

impl Range {
    /// A language range: RFC 4647, 2.1.
    fn parse(range: &str) -> Option<Self> {
        if range == "*" {
            return Some(Self::Any);
        }
        let is_subtag = |tag: &str| {
            (1..=8).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        let first = range.split('-').next().unwrap_or_default();
        let is_range = range.len() <= MAX_LANGUAGE_TAG
            && first.bytes().all(|byte| byte.is_ascii_alphabetic())
            && range.split('-').all(is_subtag);
        is_range.then(|| Self::Language(range.to_owned()))
    }
}
