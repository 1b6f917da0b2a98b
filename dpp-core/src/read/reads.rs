//! What is computed over the read port, each question within a brand's scope.

use std::ops::Range;
use std::sync::Arc;

use futures::{Stream, TryStreamExt, stream};
use serde::Serialize;

use super::batch_units::{BatchUnits, UnitRow};
use super::provided::ProvidedLog;
use crate::access::{AccessError, BrandScope};
use crate::identity::{MintBatchId, MintJobId, ProvidedSerials};
use crate::mint::JobStatus;
use crate::store::log::{PageLimit, ReadError};
use crate::store::{BatchRecord, Codec, EventStore, JobKey, ReadStore, ReadStoreError};

/// Answers a brand's members.
#[derive(Debug, Clone)]
pub struct Reads {
    pub(super) log: Arc<dyn EventStore>,
    pub(super) store: Arc<dyn ReadStore>,
    codec: Codec,
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

/// Some units of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnitPage {
    /// The units, by index.
    pub units: Vec<UnitRow>,
    /// The index to read on from; none after the last unit that was made.
    pub next: Option<u32>,
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
    /// Answers out of this log and these reads.
    pub fn new(log: Arc<dyn EventStore>, store: Arc<dyn ReadStore>) -> Self {
        Self {
            log,
            store,
            codec: Codec::new(),
        }
    }

    /// A batch; none if the brand has no such.
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

    /// The batches that were accepted before one, newest first: to read on, pass the key of
    /// the last.
    ///
    /// # Errors
    /// [`ReadsError::Store`] when the log fails.
    pub async fn batches(
        &self,
        scope: &BrandScope,
        before: Option<JobKey>,
        limit: PageLimit,
    ) -> Result<Vec<Arc<BatchRecord>>, ReadsError> {
        let query = crate::store::BatchQuery::default();
        let order = crate::store::Order::NewestFirst;
        Ok(self
            .store
            .batches(scope.brand(), &query, order, before, limit)
            .await?)
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
            .and_then(BatchUnits::of)
            .ok_or(ReadsError::NoUnits(batch))
    }

    /// A page of the units of a batch, from an index on.
    ///
    /// # Errors
    /// As [`batch_units`](Self::batch_units), and [`ReadsError::Provided`] when the log was
    /// damaged.
    pub async fn unit_page(
        &self,
        scope: &BrandScope,
        batch: MintBatchId,
        from: u32,
        limit: PageLimit,
    ) -> Result<UnitPage, ReadsError> {
        let units = self.batch_units(scope, batch).await?;
        let end = from.saturating_add(u32::try_from(limit.get()).unwrap_or(u32::MAX));
        let rows = self.unit_rows(scope, &units, from..end).await?;
        let next = Some(end).filter(|end| *end < units.minted());
        Ok(UnitPage { units: rows, next })
    }

    /// The units of a batch in index order, from an index to the last that was made when the
    /// stream began. It holds a thousand at once.
    ///
    /// # Errors
    /// As [`batch_units`](Self::batch_units); the stream ends with the error that stopped it.
    pub async fn unit_stream(
        &self,
        scope: &BrandScope,
        batch: MintBatchId,
        from: u32,
    ) -> Result<impl Stream<Item = Result<UnitRow, ReadsError>> + use<>, ReadsError> {
        let units = self.batch_units(scope, batch).await?;
        let start = (self.clone(), scope.clone(), units, from);
        let chunks = stream::try_unfold(start, |(reads, scope, units, from)| async move {
            if from >= units.minted() {
                return Ok(None);
            }
            let end = from.saturating_add(UNITS_AT_ONCE);
            let rows = reads.unit_rows(&scope, &units, from..end).await?;
            let rows = stream::iter(rows.into_iter().map(Ok));
            Ok::<_, ReadsError>(Some((rows, (reads, scope, units, end))))
        });
        Ok(chunks.try_flatten())
    }

    async fn unit_rows(
        &self,
        scope: &BrandScope,
        units: &BatchUnits,
        indexes: Range<u32>,
    ) -> Result<Vec<UnitRow>, ReadsError> {
        let provided = self.provided(scope, units, indexes.clone()).await?;
        let derived = units.units(indexes, provided);
        Ok(derived.filter_map(|unit| units.row(&unit)).collect())
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
