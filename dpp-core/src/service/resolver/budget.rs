//! How often strangers may make the stores be asked.

use std::sync::{Mutex, PoisonError};

use crate::time::Timestamp;

/// So many questions at once, and so many more each second. Only questions whose answer may be
/// that there is nothing are counted: strangers can make up any number of them.
#[derive(Debug)]
pub(super) struct Budget {
    burst: u32,
    per_second: u32,
    left: Mutex<Left>,
}

/// In thousandths of a question.
#[derive(Debug)]
struct Left {
    thousandths: u64,
    at: Option<Timestamp>,
}

impl Budget {
    pub(super) fn new(burst: u32, per_second: u32) -> Self {
        Self {
            burst,
            per_second,
            left: Mutex::new(Left {
                thousandths: u64::from(burst) * 1_000,
                at: None,
            }),
        }
    }

    /// Takes one question; whether there was one left.
    pub(super) fn take(&self, now: Timestamp) -> bool {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let since = left.at.map_or(0, |at| now.since(at).as_millis());
        let gained = u64::try_from(since).unwrap_or(u64::MAX);
        let gained = gained.saturating_mul(u64::from(self.per_second));
        let most = u64::from(self.burst) * 1_000;
        left.thousandths = left.thousandths.saturating_add(gained).min(most);
        left.at = left.at.max(Some(now));
        match left.thousandths.checked_sub(1_000) {
            Some(rest) => {
                left.thousandths = rest;
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(budget: &Budget, at: i64, tries: u32) -> usize {
        let now = Timestamp::from_unix_millis(at);
        (0..tries).filter(|_| budget.take(now)).count()
    }

    #[test]
    fn a_burst_and_then_so_many_a_second() {
        let budget = Budget::new(5, 2);
        assert_eq!(taken(&budget, 0, 100), 5);
        assert_eq!(taken(&budget, 499, 100), 0);
        assert_eq!(taken(&budget, 500, 100), 1);
        assert_eq!(taken(&budget, 2_000, 100), 3);
        assert_eq!(taken(&budget, 3_600_000, 100), 5);
    }

    #[test]
    fn a_clock_that_goes_back_gives_nothing() {
        let budget = Budget::new(1, 1);
        assert_eq!(taken(&budget, 10_000, 5), 1);
        assert_eq!(taken(&budget, 0, 5), 0);
        assert_eq!(taken(&budget, 10_500, 5), 0);
        assert_eq!(taken(&budget, 11_000, 5), 1);
    }
}
