//! How much of what can go wrong did, in a run.

use std::collections::BTreeMap;
use std::ops::AddAssign;
use std::sync::Mutex;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Happened {
    Requested,
    Repeated,
    RefusedRequest,
    Taken,
    PackMade,
    PackFailed,
    LostHold,
    RefusedHold,
    Released,
    Downloaded,
    RefusedDownload,
    Expired,
    Error,
    Crash,
    Stall,
    Jump,
    LongJump,
    NotCommitted,
    UnknownNotMade,
    UnknownAfter,
    FailedRead,
}

const ALL: [Happened; 21] = [
    Happened::Requested,
    Happened::Repeated,
    Happened::RefusedRequest,
    Happened::Taken,
    Happened::PackMade,
    Happened::PackFailed,
    Happened::LostHold,
    Happened::RefusedHold,
    Happened::Released,
    Happened::Downloaded,
    Happened::RefusedDownload,
    Happened::Expired,
    Happened::Error,
    Happened::Crash,
    Happened::Stall,
    Happened::Jump,
    Happened::LongJump,
    Happened::NotCommitted,
    Happened::UnknownNotMade,
    Happened::UnknownAfter,
    Happened::FailedRead,
];

#[derive(Debug, Clone, Default)]
pub struct Outcome(BTreeMap<Happened, u64>);

impl Outcome {
    pub fn add(&mut self, happened: Happened, times: u64) {
        *self.0.entry(happened).or_default() += times;
    }

    pub fn assert_everything_happened(&self) {
        for happened in ALL {
            let times = self.0.get(&happened).copied().unwrap_or_default();
            assert!(times > 10, "{happened:?} happened {times} times");
        }
    }
}

impl AddAssign for Outcome {
    fn add_assign(&mut self, other: Self) {
        for (happened, times) in other.0 {
            self.add(happened, times);
        }
    }
}

/// An outcome that all tasks of a world add to.
#[derive(Debug, Default)]
pub struct Tally(Mutex<Outcome>);

impl Tally {
    pub fn note(&self, happened: Happened) {
        self.0.lock().unwrap().add(happened, 1);
    }

    pub fn outcome(&self) -> Outcome {
        self.0.lock().unwrap().clone()
    }
}
