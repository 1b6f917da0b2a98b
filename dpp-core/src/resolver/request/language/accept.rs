//! The languages that a request asks for.

use std::cmp::Reverse;

use super::{LanguageTag, MAX_LANGUAGE_TAG};
use crate::resolver::request::quality;

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
    text: String,
    /// Quality order, then order of appearance; the excluded ones, of quality 0, come last.
    ranges: Vec<Range>,
}

/// A language range, and where it stands in the text: two allocations for a header are enough.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Range {
    start: usize,
    end: usize,
    quality: u16,
}

const ANY: &str = "*";

impl AcceptLanguage {
    /// Reads the value of a header, leniently: an element that is malformed is skipped, and at most
    /// [`MAX_LANGUAGE_RANGES`] are read, malformed ones included.
    pub fn parse(header: &[u8]) -> Self {
        let mut read = Self::default();
        let elements = header.split(|&byte| byte == b',');
        for (range, quality) in elements.take(MAX_LANGUAGE_RANGES).filter_map(weighted) {
            read.push(range, quality);
        }
        // Stable: equal ones stay in their order.
        read.ranges.sort_by_key(|range| Reverse(range.quality));
        read
    }

    fn push(&mut self, range: &str, quality: u16) {
        let start = self.text.len();
        self.text.push_str(range);
        let end = self.text.len();
        self.ranges.push(Range {
            start,
            end,
            quality,
        });
    }

    fn wanted(&self) -> impl Iterator<Item = &str> {
        let wanted = self.ranges.iter().take_while(|range| range.quality > 0);
        wanted.filter_map(|range| self.text.get(range.start..range.end))
    }

    fn excluded(&self) -> impl Iterator<Item = &str> {
        let excluded = self
            .ranges
            .iter()
            .rev()
            .take_while(|range| range.quality == 0);
        excluded.filter_map(|range| self.text.get(range.start..range.end))
    }

    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.wanted().next().is_none()
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
        self.wanted().find_map(|range| match range {
            ANY => available.iter().position(|tag| !self.excludes(tag, 0)),
            range => self.look_up(range, available),
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
        let covers = |range: &str| match range {
            ANY => asked == 0,
            range => {
                let found = prefixes(tag.as_str()).any(|part| part.eq_ignore_ascii_case(range));
                found && range.len() >= asked
            }
        };
        self.excluded().any(covers)
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
fn weighted(element: &[u8]) -> Option<(&str, u16)> {
    let element = std::str::from_utf8(element).ok()?;
    let (range, parameters) = match element.split_once(';') {
        Some((range, parameters)) => (range, Some(parameters)),
        None => (element, None),
    };
    let quality = match parameters {
        Some(parameter) => quality::of_parameter(parameter)??,
        None => quality::FULL,
    };
    let range = range.trim_matches([' ', '\t']);
    is_range(range).then_some((range, quality))
}

/// RFC 4647, 2.1.
fn is_range(range: &str) -> bool {
    let is_subtag = |tag: &str| {
        (1..=8).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    let first = range.split('-').next().unwrap_or_default();
    let is_language = first.bytes().all(|byte| byte.is_ascii_alphabetic());
    range == ANY
        || range.len() <= MAX_LANGUAGE_TAG && is_language && range.split('-').all(is_subtag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_letter_goes_with_what_followed_it() {
        let parts: Vec<_> = prefixes("zh-Hant-CN-x-private1-private2").collect();
        let expected = [
            "zh-Hant-CN-x-private1-private2",
            "zh-Hant-CN-x-private1",
            "zh-Hant-CN",
            "zh-Hant",
            "zh",
        ];
        assert_eq!(parts, expected);
    }
}
