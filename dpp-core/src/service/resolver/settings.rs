//! What a host can set of its resolver.

use std::time::Duration;

/// How a resolver works. The default is right for most hosts.
#[derive(Debug, Clone)]
pub struct ResolverSettings {
    pub(super) fresh: Duration,
    pub(super) unknown: Duration,
    pub(super) kept: usize,
    pub(super) burst: u32,
    pub(super) per_second: u32,
}

impl Default for ResolverSettings {
    fn default() -> Self {
        Self {
            fresh: Duration::from_secs(5),
            unknown: Duration::from_secs(1),
            kept: 65_536,
            burst: 200,
            per_second: 20,
        }
    }
}

impl ResolverSettings {
    /// For how long an answer of the stores or the catalogue is used: 5 seconds if nothing is
    /// said. A unit that was revoked, or a page that was changed, shows so this much later at
    /// most.
    #[must_use]
    pub const fn fresh(mut self, fresh: Duration) -> Self {
        self.fresh = fresh;
        self
    }

    /// For how long an answer that there is nothing is used: a second if nothing is said. What
    /// was just minted, or set up, resolves this much later at most.
    #[must_use]
    pub const fn unknown(mut self, unknown: Duration) -> Self {
        self.unknown = unknown;
        self
    }

    /// How many units, and how many of everything else, are kept: 65,536 if nothing is said. Of
    /// batches, which are larger, a sixteenth of it is.
    #[must_use]
    pub const fn kept(mut self, kept: usize) -> Self {
        self.kept = kept;
        self
    }

    /// How often hosts, GTINs, batches and serials that nothing is known of may be looked up, each
    /// of the four by itself: 200 times at once and 20 times a second if nothing is said. What
    /// goes beyond is answered with 503; batches are then looked for in an index of the brand, so
    /// that a flood of made-up ids keeps nobody out.
    #[must_use]
    pub const fn lookups(mut self, burst: u32, per_second: u32) -> Self {
        self.burst = burst;
        self.per_second = per_second;
        self
    }
}
