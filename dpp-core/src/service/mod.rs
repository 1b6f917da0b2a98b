//! The async glue: load, fold, decide, commit.
//!
//! This room must not know the rules: those stand in the deciders. It takes the time as an
//! argument, entropy and the catalogue from its [`Host`], and needs no runtime.

mod answers;
mod control;
mod errors;
mod exports;
mod host;
mod journal;
mod resolver;
mod scans;
mod settings;
mod submit;
mod units;
mod verify;
mod work;

use std::sync::Arc;

pub use answers::{KickAnswer, PreflightAnswer, SubmitAnswer};
pub use control::{BatchStatusSet, Cancelled};
pub use errors::{ControlError, ProcessError, SubmitError, UnitError, VerifyError};
pub use exports::{
    Download, ExportAnswer, ExportError, ExportRequest, ExportService, HeldExport, PackSource,
};
pub use host::{Entropy, EntropyError, Host};
pub use journal::JournalError;
pub use resolver::{
    Locator, Resolved, Resolver, ResolverError, ResolverSettings, ResolverStats, ScanSink,
};
pub use scans::{Flushed, ScanQueue, ScanStats};
pub use settings::Settings;
pub use units::{ActivateAnswer, RevokeAnswer, RevokedUnits, UnitSelection};
pub use verify::{Mismatch, Verification};
pub use work::{Again, CycleReport, Did, Step, Worker};

use crate::mint::{MintBatch, Quota, SerialPool};
use crate::read::{ReadFold, Reads};
use crate::store::{Codec, EventStore, ReadStore};
use crate::unit::RevokedTogether;
use journal::{Journal, Recent};

/// How often a change that others were faster with is decided anew.
const ATTEMPTS: u32 = 100;

/// How many folds of streams are kept that take little memory each.
const SMALL_FOLDS: usize = 4_096;

/// How many folds are kept that may take 128 KiB each.
const LARGE_FOLDS: usize = 64;

/// Everything that a host does with mint jobs, and with the units that they made.
///
/// Cloning it is cheap, and the clones are one: any number of tasks may use them at once.
///
/// Every operation takes the caller and the time; the time must come from one clock for all
/// workers, to within a small part of a lease.
#[derive(Debug, Clone)]
pub struct MintService {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    journal: Journal,
    reads: Reads,
    host: Host,
    settings: Settings,
    batches: Recent<Option<MintBatch>>,
    pools: Recent<SerialPool>,
    quotas: Recent<Quota>,
    revocations: Recent<RevokedTogether>,
}

impl MintService {
    /// A service on this log, with these reads of the same log beside it, for this host.
    pub fn new(
        log: Arc<dyn EventStore>,
        reads: Arc<dyn ReadStore>,
        host: Host,
        settings: Settings,
    ) -> Self {
        Self {
            inner: Arc::new(Inner {
                reads: Reads::new(log.clone(), reads, host.catalogue.clone()),
                journal: Journal::new(log, Codec::new(), settings.commit_attempts),
                host,
                settings,
                batches: Recent::of_most(SMALL_FOLDS),
                pools: Recent::of_most(SMALL_FOLDS),
                quotas: Recent::of_most(SMALL_FOLDS),
                revocations: Recent::of_most(LARGE_FOLDS),
            }),
        }
    }

    /// A service on this log that folds its reads in memory.
    pub fn with_fold(log: Arc<dyn EventStore>, host: Host, settings: Settings) -> Self {
        let fold = Arc::new(ReadFold::new(log.clone()));
        Self::new(log, fold, host, settings)
    }

    /// Reading back what this service writes.
    pub fn reads(&self) -> Reads {
        self.inner.reads.clone()
    }

    fn read_store(&self) -> &dyn ReadStore {
        self.inner.reads.store()
    }

    fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    fn journal(&self) -> &Journal {
        &self.inner.journal
    }

    fn host(&self) -> &Host {
        &self.inner.host
    }
}
