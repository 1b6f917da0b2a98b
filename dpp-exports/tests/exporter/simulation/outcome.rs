//! How much of what can go wrong did, in a run.

use std::ops::AddAssign;

/// How much of what can go wrong did.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Outcome {
    pub(super) exports: u64,
    pub(super) packs: u64,
    pub(super) expired: u64,
    pub(super) orphans: u64,
    pub(super) crashes: u64,
    pub(super) jumps: u64,
    pub(super) failed_packs: u64,
    pub(super) let_go: u64,
    pub(super) errors: u64,
    pub(super) links: u64,
    pub(super) log_faults: u64,
    pub(super) failed: u64,
    pub(super) lost: u64,
    pub(super) torn: u64,
    pub(super) lagged: u64,
    pub(super) looks: u64,
}

impl AddAssign for Outcome {
    fn add_assign(&mut self, other: Self) {
        self.exports += other.exports;
        self.packs += other.packs;
        self.expired += other.expired;
        self.orphans += other.orphans;
        self.crashes += other.crashes;
        self.jumps += other.jumps;
        self.failed_packs += other.failed_packs;
        self.let_go += other.let_go;
        self.errors += other.errors;
        self.links += other.links;
        self.log_faults += other.log_faults;
        self.failed += other.failed;
        self.lost += other.lost;
        self.torn += other.torn;
        self.lagged += other.lagged;
        self.looks += other.looks;
    }
}

impl Outcome {
    /// But for orphans, which are rare.
    pub(super) fn assert_everything_happened(&self) {
        let counts = [
            self.exports,
            self.packs,
            self.expired,
            self.crashes,
            self.jumps,
            self.failed_packs,
            self.let_go,
            self.errors,
            self.links,
            self.log_faults,
            self.failed,
            self.lost,
            self.torn,
            self.lagged,
            self.looks,
        ];
        assert!(counts.iter().all(|count| *count > 10), "{self:?}");
    }
}
