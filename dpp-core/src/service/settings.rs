//! What a host can set.

use std::time::Duration;

use crate::mint::{GuessBound, MAX_UNITS_PER_CYCLE};

/// How the service works. The default is right for most hosts.
#[derive(Debug, Clone)]
pub struct Settings {
    pub(super) units_per_cycle: u32,
    pub(super) lease: Duration,
    pub(super) idle: Duration,
    pub(super) guess_bound: GuessBound,
    pub(super) commit_attempts: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            units_per_cycle: MAX_UNITS_PER_CYCLE,
            lease: Duration::from_secs(60),
            idle: Duration::from_secs(1),
            guess_bound: GuessBound::default(),
            commit_attempts: 4,
        }
    }
}

impl Settings {
    /// How many units one cycle makes: 1 to 20,000, which is the default; what lies outside
    /// becomes the nearest.
    #[must_use]
    pub fn units_per_cycle(mut self, units: u32) -> Self {
        self.units_per_cycle = units.clamp(1, MAX_UNITS_PER_CYCLE);
        self
    }

    /// How long a worker holds a job without a sign of life: a minute if nothing is said.
    /// Each cycle is such a sign.
    #[must_use]
    pub const fn lease(mut self, lease: Duration) -> Self {
        self.lease = lease;
        self
    }

    /// How long a worker that found no job is told to wait: a second if nothing is said.
    #[must_use]
    pub const fn idle(mut self, idle: Duration) -> Self {
        self.idle = idle;
        self
    }

    /// How likely a guess at a numeric serial may hit: 1 in 10,000 if nothing is said.
    #[must_use]
    pub const fn guess_bound(mut self, bound: GuessBound) -> Self {
        self.guess_bound = bound;
        self
    }

    /// How often a commit is tried while the store fails, under the same id: 4 times if
    /// nothing is said, and at least once.
    #[must_use]
    pub fn commit_attempts(mut self, attempts: u32) -> Self {
        self.commit_attempts = attempts.max(1);
        self
    }
}
