//! What a seed asks for.

use dpp_core::export::ExportFormat;
use dpp_core::testing::Faults;
use fastrand::Rng;

use crate::support::StorageFaults;

pub(super) struct Plan {
    pub(super) batches: Vec<u64>,
    /// The place of the batch, and the format.
    pub(super) orders: Vec<(usize, ExportFormat)>,
    pub(super) workers: usize,
    pub(super) generators: usize,
    pub(super) log: Faults,
    pub(super) storage: StorageFaults,
    pub(super) renames_in_one_step: bool,
    pub(super) crash: f64,
    pub(super) jump: f64,
    pub(super) revoke: f64,
    /// Whether the clock jumps so far that exports expire.
    pub(super) ends: bool,
    pub(super) steps: usize,
}

impl Plan {
    pub(super) fn of(random: &mut Rng) -> Self {
        let batches: Vec<_> = (0..random.usize(1..=2)).map(|_| units(random)).collect();
        let orders = (0..random.usize(1..=4))
            .map(|_| order(&batches, random))
            .collect();
        Self {
            batches,
            orders,
            workers: random.usize(1..=4),
            generators: random.usize(0..=2),
            log: [Faults::NONE, Faults::ALLOWED, Faults::LIGHT, Faults::HEAVY][random.usize(..4)],
            storage: [
                StorageFaults::NONE,
                StorageFaults::SLOW,
                StorageFaults::LIGHT,
                StorageFaults::HEAVY,
            ][random.usize(..4)],
            renames_in_one_step: random.bool(),
            crash: [0.0, 0.01, 0.04][random.usize(..3)],
            jump: [0.0, 0.01, 0.03][random.usize(..3)],
            revoke: [0.0, 0.01][random.usize(..2)],
            ends: random.bool(),
            steps: random.usize(200..2_000),
        }
    }
}

/// One pack, or up to three.
fn units(random: &mut Rng) -> u64 {
    match random.u32(..3) {
        0 => random.u64(10_001..=20_050),
        _ => random.u64(1..=60),
    }
}

fn order(batches: &[u64], random: &mut Rng) -> (usize, ExportFormat) {
    let batch = random.usize(..batches.len());
    let format = match random.u32(..4) {
        0 | 1 => ExportFormat::Manifest,
        2 if batches[batch] < 100 => ExportFormat::QrBundle,
        _ => ExportFormat::NfcManifest,
    };
    (batch, format)
}
