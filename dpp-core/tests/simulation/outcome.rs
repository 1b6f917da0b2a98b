//! How much of what can go wrong did, in a run.

use std::ops::AddAssign;

/// How much of what can go wrong did.
#[derive(Debug, Default)]
pub struct Outcome {
    pub jobs: u64,
    pub refused: u64,
    pub crashes: u64,
    pub jumps: u64,
    pub cycles: u64,
    pub lost_races: u64,
    pub failed_cycles: u64,
    pub errors: u64,
    pub cancelled: u64,
    pub not_committed: u64,
    pub unknown_not_made: u64,
    pub unknown_after: u64,
    pub failed_reads: u64,
    pub short_reads: u64,
    pub delays: u64,
}

impl AddAssign for Outcome {
    fn add_assign(&mut self, other: Self) {
        self.jobs += other.jobs;
        self.refused += other.refused;
        self.crashes += other.crashes;
        self.jumps += other.jumps;
        self.cycles += other.cycles;
        self.lost_races += other.lost_races;
        self.failed_cycles += other.failed_cycles;
        self.errors += other.errors;
        self.cancelled += other.cancelled;
        self.not_committed += other.not_committed;
        self.unknown_not_made += other.unknown_not_made;
        self.unknown_after += other.unknown_after;
        self.failed_reads += other.failed_reads;
        self.short_reads += other.short_reads;
        self.delays += other.delays;
    }
}

impl Outcome {
    pub fn assert_everything_happened(&self) {
        let counts = [
            self.jobs,
            self.refused,
            self.crashes,
            self.jumps,
            self.cycles,
            self.lost_races,
            self.failed_cycles,
            self.errors,
            self.cancelled,
            self.not_committed,
            self.unknown_not_made,
            self.unknown_after,
            self.failed_reads,
            self.short_reads,
            self.delays,
        ];
        assert!(counts.iter().all(|count| *count > 10), "{self:?}");
    }
}
