//! Exports: asked for, made pack by pack, listed, downloaded, and at last expired.
//!
//! This room makes no file: it says which pack is to be made by whom, of which units, and notes
//! what became of it.

mod download;
mod errors;
mod expire;
mod hold;
mod request;
mod siblings;
mod source;

use std::sync::Arc;

pub use download::Download;
pub use errors::ExportError;
pub use hold::HeldExport;
pub use request::{ExportAnswer, ExportRequest};
pub use source::PackSource;

use super::host::Host;
use super::journal::{Folded, Journal, JournalError, Recent, export_stream};
use super::settings::Settings;
use super::{LARGE_FOLDS, MintService};
use crate::export::{Export, ExportCommand, ExportContext, ExportEvent, decide, evolve};
use crate::ids::{BrandId, ExportId};
use crate::read::Reads;
use crate::store::{Codec, EventStore, ReadStore};
use crate::time::Timestamp;

/// Everything that a host does with exports, but for the files themselves.
///
/// Cloning it is cheap, and the clones are one. Every operation takes the time, which must come
/// from one clock for all workers, to within a small part of a lock's 10 minutes.
#[derive(Debug, Clone)]
pub struct ExportService {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    journal: Journal,
    reads: Reads,
    host: Host,
    exports: Recent<Option<Export>>,
}

impl ExportService {
    /// A service on this log, with these reads of the same log beside it, for this host.
    pub fn new(
        log: Arc<dyn EventStore>,
        reads: Arc<dyn ReadStore>,
        host: Host,
        settings: &Settings,
    ) -> Self {
        let reads = Reads::new(log.clone(), reads, host.catalogue.clone());
        Self::with(log, reads, host, settings)
    }

    fn with(log: Arc<dyn EventStore>, reads: Reads, host: Host, settings: &Settings) -> Self {
        Self {
            inner: Arc::new(Inner {
                journal: Journal::new(log, Codec::new(), settings.commit_attempts),
                reads,
                host,
                exports: Recent::of_most(LARGE_FOLDS),
            }),
        }
    }

    /// Reading back what this service writes.
    pub fn reads(&self) -> Reads {
        self.inner.reads.clone()
    }

    fn journal(&self) -> &Journal {
        &self.inner.journal
    }

    fn host(&self) -> &Host {
        &self.inner.host
    }

    fn store(&self) -> &dyn ReadStore {
        self.inner.reads.store()
    }

    /// Where an export stands, with the version of its stream; none if the brand has no such.
    async fn load(
        &self,
        brand: BrandId,
        export: ExportId,
    ) -> Result<Option<Folded<Export>>, JournalError> {
        let stream = export_stream(export);
        let known = self.inner.exports.get(brand, stream);
        let folded = self.journal().read_on(brand, stream, known, evolve).await?;
        if folded.state.is_some() {
            self.inner.exports.put(brand, stream, folded.clone());
        }
        let Folded { state, version } = folded;
        Ok(state.map(|state| Folded { state, version }))
    }

    /// The same of an export that has to be there.
    async fn existing(
        &self,
        brand: BrandId,
        export: ExportId,
    ) -> Result<Folded<Export>, ExportError> {
        let found = self.load(brand, export).await?;
        found.ok_or(ExportError::NoSuchExport(export))
    }
}

fn decided(
    export: &Export,
    command: ExportCommand,
    now: Timestamp,
) -> Result<Vec<ExportEvent>, ExportError> {
    decide(Some(export), command, &ExportContext { now })
        .map_err(|rejection| ExportError::rejected(&export.facts, rejection))
}

impl MintService {
    /// The exports of what this service mints: on the same log, with the same reads.
    pub fn exports(&self) -> ExportService {
        let log = self.journal().shared();
        ExportService::with(log, self.reads(), self.host().clone(), self.settings())
    }
}
