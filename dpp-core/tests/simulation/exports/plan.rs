//! What a seed asks for, and the batches that are there before.

use std::sync::{Arc, Mutex, OnceLock};

use dpp_core::export::{CarrierProfile, ExportFormat};
use dpp_core::identity::MintBatchId;
use dpp_core::service::{ExportRequest, Settings};
use dpp_core::store::EventStore;
use dpp_core::store::log::Commit;
use dpp_core::testing::Faults;
use dpp_store_memory::MemoryStore;
use fastrand::Rng;
use futures::executor::block_on;

use crate::support::*;
use crate::watched::Watched;

pub struct Plan {
    pub requesters: usize,
    pub workers: usize,
    pub one_process: bool,
    pub faults: Faults,
    pub crash: f64,
    /// How often something is held up for long, wherever it is.
    pub stall: f64,
    pub jump: f64,
    pub long_jump: f64,
    /// How often a worker makes a certain export.
    pub wanted: f64,
    /// How often a pack cannot be made.
    pub fail: f64,
    /// How long making a pack takes at most, in turns of others.
    pub slow: usize,
    pub commit_attempts: u32,
}

impl Plan {
    pub fn of(random: &mut Rng) -> Self {
        Self {
            requesters: random.usize(1..=5),
            workers: random.usize(1..=4),
            one_process: random.bool(),
            faults: [Faults::NONE, Faults::ALLOWED, Faults::LIGHT, Faults::HEAVY]
                [random.usize(..4)],
            crash: [0.0, 0.01, 0.05][random.usize(..3)],
            stall: [0.0, 0.01, 0.03][random.usize(..3)],
            jump: [0.0, 0.01, 0.05][random.usize(..3)],
            long_jump: [0.0, 0.0, 0.003][random.usize(..3)],
            wanted: [0.0, 0.3, 0.9][random.usize(..3)],
            fail: [0.0, 0.1, 0.4][random.usize(..3)],
            slow: [0, 3, 40][random.usize(..3)],
            commit_attempts: random.u32(1..=4),
        }
    }

    pub fn settings(&self) -> Settings {
        Settings::default().commit_attempts(self.commit_attempts)
    }
}

/// Few that differ, so that some are equal and most are of the same batch and format.
pub fn request(random: &mut Rng) -> ExportRequest {
    let batch = minted().batches[usize::from(random.u8(..6) > 0)];
    let format = [ExportFormat::Manifest, ExportFormat::QrBundle][usize::from(random.u8(..8) == 0)];
    let profile = CarrierProfile {
        name: "zebra".parse().unwrap(),
        version: random.u32(1..20),
    };
    ExportRequest {
        profile: Some(profile).filter(|profile| profile.version > 1),
        ..ExportRequest::of(brand(1), batch, format)
    }
}

/// A log in which two batches were minted, of three packs and of one.
struct Minted {
    commits: Vec<Commit>,
    batches: [MintBatchId; 2],
}

fn minted() -> &'static Minted {
    static MINTED: OnceLock<Minted> = OnceLock::new();
    MINTED.get_or_init(|| {
        let commits: Arc<Mutex<Vec<Commit>>> = Arc::default();
        let noted = commits.clone();
        let store = Watched::new(Arc::new(MemoryStore::default()), move |commit| {
            noted.lock().unwrap().push(commit.clone());
            false
        });
        let service = service(Arc::new(store), 1, Settings::default());
        let caller = owner(brand(1));
        let batches = [20_001, 12].map(|units| {
            let submitted = service.submit(&caller, serials(1, units), noon());
            let batch = block_on(submitted).unwrap().batch().unwrap();
            block_on(work_off(&service, noon()));
            batch
        });
        let commits = commits.lock().unwrap().clone();
        Minted { commits, batches }
    })
}

/// A store of its own with what was minted.
pub fn with_batches() -> Arc<MemoryStore> {
    let store = Arc::new(MemoryStore::default());
    for commit in &minted().commits {
        block_on(store.commit(commit)).unwrap();
    }
    store
}
