//! Who asks: a program that only looks, or somebody with the thing in hand.
//!
//! Why a list of our own, searched with `aho-corasick`, and not a crate (looked at in November 2026):
//!
//! - `isbot` 0.1.3 (MIT) takes 20 to 60 µs for an agent that it has not seen lately, compiles 348 regular
//!   expressions at its first call, calls okhttp and the DuckDuckGo browser bots, and misses 251 of the 2,116
//!   agents in the list of `monperrus/crawler-user-agents` (MIT, kept up to date).
//! - `iscrawl` 1.2.1 (Apache-2.0) remembers answers by where a text lies, its length and its ends, so that an agent in a
//!   reused buffer gets another's answer, and takes every agent without a browser engine for a bot: native apps, and silence.
//! - `voight_kampff` 0.1.2 was last released in 2020.
//!
//! The list stands on words that bots use of themselves (`bot`, `crawl`, `spider`, a URL), which also find the
//! bots of tomorrow, and on names. Of those 2,116 agents it finds 2,043; most others are meant to be nobody's bot
//! (okhttp, in-app browsers). Of 166,364 agents of browsers, from the fixtures of both `isbot`s, it takes 7 for
//! bots, which they are. An agent of 150 bytes takes 0.4 to 0.6 µs, the
//! longest that is read about 5 µs; the first call of a process builds the search in 8 ms.

mod list;
mod names;

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use crate::resolver::record::AgentClass;
use list::{LIST, Place, Sign};
use names::NAMES;

/// The most bytes that are read of a user agent. What comes behind them is not looked at.
pub const MAX_USER_AGENT: usize = 1024;

/// Who asks, as far as a user agent tells. It can lie: nothing that protects anybody may rest on this.
///
/// A bot is what fetches without anybody scanning: crawlers, link previewers, feed readers, monitors, headless
/// browsers, security scanners, command-line tools and the HTTP libraries of servers. Not bots are browsers,
/// browsers inside apps, the HTTP libraries of phones (okhttp, CFNetwork, Dalvik, Dart), and whatever is not known.
///
/// ```
/// use dpp_core::resolver::{AgentClass, Visitor};
///
/// assert_eq!(Visitor::of(Some(b"Twitterbot/1.0")), Visitor::Bot);
/// assert_eq!(Visitor::of(Some(b"okhttp/4.12.0")), Visitor::Somebody(AgentClass::Other));
/// assert_eq!(Visitor::of(None), Visitor::Somebody(AgentClass::Other));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Visitor {
    /// A program that only looks: it gets a page to preview, activates nothing, and leaves no record.
    Bot,
    /// Somebody, or something unknown.
    Somebody(AgentClass),
}

impl Visitor {
    /// Reads the value of a `User-Agent` header: any bytes, of which the first [`MAX_USER_AGENT`] count.
    ///
    /// The first call of a process takes 10 ms, to build the search; a host can make one when it starts.
    ///
    /// An iPad that asks for desktop pages says that it is a Macintosh, and counts as a desktop.
    pub fn of(user_agent: Option<&[u8]>) -> Self {
        let agent = user_agent.unwrap_or_default();
        let seen = Seen::in_agent(agent.get(..MAX_USER_AGENT).unwrap_or(agent));
        match seen.is_bot() {
            true => Self::Bot,
            false => Self::Somebody(seen.class()),
        }
    }

    /// Whether it is a bot.
    pub const fn is_bot(self) -> bool {
        matches!(self, Self::Bot)
    }
}

static SEARCH: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let words = LIST.iter().map(|(word, _, _)| *word);
    let words = words.chain(NAMES.iter().copied());
    let mut builder = AhoCorasick::builder();
    builder.ascii_case_insensitive(true);
    // The DFA costs memory and is twice as fast.
    builder.kind(Some(AhoCorasickKind::DFA)).build(words).ok()
});

/// The signs in one agent: how often each was seen.
#[derive(Default)]
struct Seen {
    counts: [u16; Sign::COUNT],
}

impl Seen {
    fn in_agent(agent: &[u8]) -> Self {
        let mut seen = Self::default();
        // INVARIANT: the list compiles; a test holds it to that.
        let Some(search) = SEARCH.as_ref() else {
            return seen;
        };
        for found in search.find_overlapping_iter(agent) {
            let (place, sign) = match LIST.get(found.pattern().as_usize()) {
                Some((_, place, sign)) => (*place, *sign),
                None => (Place::Anywhere, Sign::Bot),
            };
            if place.fits(agent, found.start(), found.end()) {
                seen.add(sign);
            }
        }
        seen
    }

    fn add(&mut self, sign: Sign) {
        if let Some(count) = self.counts.get_mut(sign as usize) {
            *count += 1;
        }
    }

    fn count(&self, sign: Sign) -> u16 {
        self.counts.get(sign as usize).copied().unwrap_or(0)
    }

    fn has(&self, sign: Sign) -> bool {
        self.count(sign) > 0
    }

    fn is_bot(&self) -> bool {
        self.count(Sign::Bot) > self.count(Sign::LooksLikeBot)
    }

    fn class(&self) -> AgentClass {
        // Windows Phone says that it is like an iPhone and an Android, Android that it is a Linux, and an
        // iPhone that it is like Mac OS X: the order matters.
        match self {
            _ if self.has(Sign::WindowsPhone) => AgentClass::Other,
            _ if self.has(Sign::Ipad) => AgentClass::Ipad,
            _ if self.has(Sign::Iphone) => AgentClass::Iphone,
            _ if self.has(Sign::Android) && self.is_tablet() => AgentClass::AndroidTablet,
            _ if self.has(Sign::Android) => AgentClass::AndroidPhone,
            _ if self.has(Sign::Desktop) => AgentClass::Desktop,
            _ => AgentClass::Other,
        }
    }

    /// By Chrome's rule, an Android browser without `Mobile` is on a tablet. Native apps never say `Mobile`.
    fn is_tablet(&self) -> bool {
        self.has(Sign::Tablet) || !self.has(Sign::Mobile) && !self.has(Sign::NativeAndroid)
    }
}

impl Place {
    fn fits(self, agent: &[u8], start: usize, end: usize) -> bool {
        let byte = |at: Option<usize>| at.and_then(|at| agent.get(at)).copied();
        let (before, after) = (byte(start.checked_sub(1)), byte(Some(end)));
        let is_word = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
        match self {
            Self::Anywhere => true,
            Self::EndOfWord => !after.is_some_and(|byte| byte.is_ascii_alphabetic()),
            Self::Word => !is_word(before) && !is_word(after),
            Self::Start => start == 0,
            Self::Whole => start == 0 && end == agent.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_compiles_and_names_nothing_twice() {
        assert!(SEARCH.is_some());
        let words = LIST.iter().map(|(word, _, _)| *word);
        let mut words: Vec<_> = words.chain(NAMES.iter().copied()).collect();
        words.sort_unstable();
        let before = words.len();
        words.dedup();
        assert_eq!(words.len(), before);
        assert!(words.iter().all(|word| *word == word.to_ascii_lowercase()));
    }
}
