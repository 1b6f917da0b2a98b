//! What is computed over the read port, each question within a brand's scope.

use std::ops::Range;
use std::sync::Arc;

use futures::{Stream, TryStreamExt, stream};
use serde::Serialize;

use super::listing::{CursorError, UnitRow};
use super::locate::Located;
use super::search::QueryTooLong;
use super::units::{BatchUnits, Picked, ProvidedLog, RecentCodes};
use crate::access::{AccessError, BrandScope};
use crate::identity::{self, MintBatchId, MintJobId, MintUnitId, ProvidedSerials};
use crate::ids::{BrandId, EventId};
use crate::mint::JobStatus;
use crate::store::log::ReadError;
use crate::store::{
    BatchRecord, Catalogue, CatalogueError, Codec, DecodeError, EventStore, JobKey, ReadStore,
    ReadStoreError,
};

/// Answers a brand's members.
#[derive(Debug, Clone)]
pub struct Reads {
    pub(super) log: Arc<dyn EventStore>,
    pub(super) store: Arc<dyn ReadStore>,
    pub(super) catalogue: Arc<dyn Catalogue>,
    pub(super) codec: Codec,
    pub(super) codes: Arc<RecentCodes>,
}

/// Why a question could not be answered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadsError {
    /// The caller may not ask.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The brand has no such batch, or its job is not reserved yet.
    #[error("batch `{0}` has no units to read")]
    NoUnits(MintBatchId),
    /// The log or the reads beside it failed. Ask again.
    #[error(transparent)]
    Store(#[from] ReadStoreError),
    /// The cursor cannot be used here. Begin with the first page.
    #[error(transparent)]
    Cursor(#[from] CursorError),
    /// The query is too long. Shorten it.
    #[error(transparent)]
    Query(#[from] QueryTooLong),
    /// The catalogue failed. Ask again.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// An event cannot be read. Update, or restore the log.
    #[error("event `{event}` cannot be read: {source}")]
    Decode {
        /// The event.
        event: EventId,
        /// What is wrong with it.
        source: DecodeError,
    },
    /// The serials that the brand brought do not stand where they should. The log was
    /// damaged.
    #[error("the provided serials of batch `{batch}` from unit {from} on cannot be read: {reason}")]
    Provided {
        /// The batch.
        batch: MintBatchId,
        /// The index of the first unit whose serial is missing.
        from: u32,
        /// What is wrong.
        reason: String,
    },
}

impl From<ReadError> for ReadsError {
    fn from(error: ReadError) -> Self {
        Self::Store(error.into())
    }
}

/// How far a job has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// The job.
    pub mint_job_id: MintJobId,
    /// Where it stands.
    pub status: JobStatus,
    /// How many units were made.
    pub minted: u32,
    /// How many were asked for.
    pub requested: u32,
    /// Why it failed, or its last cycle.
    pub failure: Option<String>,
}

const UNITS_AT_ONCE: u32 = 1_000;

impl Reads {
    /// Answers out of this log, these reads of it, and this catalogue.
    pub fn new(
        log: Arc<dyn EventStore>,
        store: Arc<dyn ReadStore>,
        catalogue: Arc<dyn Catalogue>,
    ) -> Self {
        Self {
            log,
            store,
            catalogue,
            codec: Codec::new(),
            codes: Arc::default(),
        }
    }

    pub(crate) fn store(&self) -> &dyn ReadStore {
        self.store.as_ref()
    }

    /// A batch as the log tells of it; none if the brand has no such. It holds the batch's seed:
    /// what is shown to people is [`get_mint_batch_by_id`](Self::get_mint_batch_by_id).
    ///
    /// # Errors
    /// [`ReadsError::Store`] when the log fails.
    pub async fn batch(
        &self,
        scope: &BrandScope,
        batch: MintBatchId,
    ) -> Result<Option<Arc<BatchRecord>>, ReadsError> {
        Ok(self.store.batch(scope.brand(), batch).await?)
    }

    /// How far a job has come; none if the brand has no such.
    ///
    /// # Errors
    /// [`ReadsError::Store`] when the log fails.
    pub async fn progress(
        &self,
        scope: &BrandScope,
        job: MintJobId,
    ) -> Result<Option<Progress>, ReadsError> {
        let record = self.store.batch(scope.brand(), job.batch()).await?;
        Ok(record.map(|record| Progress {
            mint_job_id: job,
            status: record.batch.job,
            minted: record.batch.minted,
            requested: record.batch.facts.requested_quantity,
            failure: record.failure.clone(),
        }))
    }

    /// The units of a batch, as something that can derive them.
    ///
    /// # Errors
    /// [`ReadsError::NoUnits`] when the brand has no such batch, or its job is not reserved
    /// yet; [`ReadsError::Store`] when the log fails.
    pub async fn batch_units(
        &self,
        scope: &BrandScope,
        batch: MintBatchId,
    ) -> Result<BatchUnits, ReadsError> {
        let record = self.batch(scope, batch).await?;
        record
            .and_then(|record| self.units_of(&record))
            .ok_or(ReadsError::NoUnits(batch))
    }

    /// The units of a batch in index order, from an index to the last that was made when the
    /// stream began. It holds a thousand at once; each shows its state at the time when its
    /// thousand was read.
    ///
    /// # Errors
    /// As [`batch_units`](Self::batch_units); the stream ends with the error that stopped it.
    pub async fn units(
        &self,
        scope: &BrandScope,
        batch: MintBatchId,
        from: u32,
    ) -> Result<impl Stream<Item = Result<UnitRow, ReadsError>> + use<>, ReadsError> {
        let units = self.batch_units(scope, batch).await?;
        let record = units.record_arc();
        let start = (self.clone(), scope.clone(), record, from);
        let chunks = stream::try_unfold(start, |(reads, scope, record, from)| async move {
            let made = record.batch.minted;
            if from >= made {
                return Ok(None);
            }
            let end = from.saturating_add(UNITS_AT_ONCE).min(made);
            let rows = reads.chunk(&scope, &record, from..end).await?;
            let rows = stream::iter(rows.into_iter().map(|(_, row)| Ok(row)));
            Ok::<_, ReadsError>(Some((rows, (reads, scope, record, end))))
        });
        Ok(chunks.try_flatten())
    }

    /// The unit of a batch at an index; none if the brand has no such batch, or it has not made
    /// that unit.
    ///
    /// # Errors
    /// [`ReadsError::Store`], [`ReadsError::Catalogue`] and [`ReadsError::Provided`] when one
    /// of them fails.
    pub async fn unit_at(
        &self,
        scope: &BrandScope,
        batch: MintBatchId,
        index: u32,
    ) -> Result<Option<UnitRow>, ReadsError> {
        let Some(record) = self.store.batch(scope.brand(), batch).await? else {
            return Ok(None);
        };
        let one = (index..record.batch.minted).take(1);
        let picked = Picked {
            exceptions: self
                .store
                .exceptions_within(scope.brand(), batch, index..index.saturating_add(1))
                .await?,
            record,
            indexes: one.collect(),
        };
        let rows = self.unit_rows(scope, &[picked]).await?;
        Ok(rows.into_iter().next().map(|(_, row)| row))
    }

    /// The unit with this id; none if the brand has no such.
    ///
    /// # Errors
    /// As [`unit_at`](Self::unit_at).
    pub async fn get_mint_unit_by_id(
        &self,
        scope: &BrandScope,
        unit: MintUnitId,
    ) -> Result<Option<UnitRow>, ReadsError> {
        match self.locate_unit(scope, unit).await? {
            Located::Unit { batch, index } => self.unit_at(scope, batch, index).await,
            Located::NotMade { .. } | Located::Nothing(_) => Ok(None),
        }
    }

    async fn chunk(
        &self,
        scope: &BrandScope,
        record: &Arc<BatchRecord>,
        indexes: Range<u32>,
    ) -> Result<Vec<(JobKey, UnitRow)>, ReadsError> {
        let batch = record.batch.facts.mint_batch_id;
        // The batch anew, since it may have been voided meanwhile.
        let now = self.store.batch(scope.brand(), batch).await?;
        let within = self
            .store
            .exceptions_within(scope.brand(), batch, indexes.clone());
        let exceptions = within.await?;
        let picked = Picked {
            record: now.unwrap_or_else(|| record.clone()),
            exceptions,
            indexes: indexes.collect(),
        };
        self.unit_rows(scope, &[picked]).await
    }

    /// The index of a unit by its id, if its batch was asked for lately: what holds for ever, but
    /// not whether the unit was made.
    pub(crate) fn known_index(
        &self,
        brand: BrandId,
        unit: MintUnitId,
    ) -> Option<Result<u32, identity::DecodeError>> {
        self.codes.index_of(brand, unit)
    }

    /// The units of a batch, as something that can derive them; none before its job was
    /// reserved.
    pub(crate) fn units_of(&self, record: &Arc<BatchRecord>) -> Option<BatchUnits> {
        self.codes.units(record)
    }

    /// The serials that the brand brought for these units of a batch; none for a batch whose
    /// serials are derived. What lies beyond the units that were made is left out.
    ///
    /// # Errors
    /// [`ReadsError::Provided`] when the log was damaged, [`ReadsError::Store`] when it fails.
    pub async fn provided(
        &self,
        scope: &BrandScope,
        units: &BatchUnits,
        indexes: Range<u32>,
    ) -> Result<Option<ProvidedSerials>, ReadsError> {
        let end = indexes.end.min(units.minted());
        let log = ProvidedLog {
            log: self.log.as_ref(),
            codec: &self.codec,
        };
        let made = indexes.start.min(end)..end;
        log.serials(scope, units.identity(), made).await
    }
}
