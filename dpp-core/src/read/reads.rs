//! What is computed over the read port, each question within a brand's scope.

use std::ops::Range;
use std::sync::Arc;

use futures::{Stream, TryStreamExt, stream};

use super::batch_units::{BatchUnits, UnitRow};
use crate::access::{AccessError, BrandScope};
use crate::gs1::Serial;
use crate::identity::serial::SerialDirectory;
use crate::identity::{DecodeError, MintBatchId, MintJobId, MintUnitId};
use crate::ids::ProductId;
use crate::mint::{JobStatus, MintEvent, PROVIDED_ROWS_PER_EVENT};
use crate::store::log::{ClaimSpace, PageLimit, ReadError, StreamId, StreamKind, Version};
use crate::store::{BatchRecord, Codec, EventStore, JobKey, ReadStore, ReadStoreError};
use crate::text_rows::TextRows;

/// Answers a brand's members.
#[derive(Debug, Clone)]
pub struct Reads {
    log: Arc<dyn EventStore>,
    store: Arc<dyn ReadStore>,
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitPage {
    /// The units, by index.
    pub units: Vec<UnitRow>,
    /// The index to read on from; none after the last unit that was made.
    pub next: Option<u32>,
}

/// How far a job has come.
#[derive(Debug, Clone, PartialEq, Eq)]
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

/// What an id or a serial was found to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Located {
    /// A unit that was made.
    Unit {
        /// Its batch.
        batch: MintBatchId,
        /// Its index.
        index: u32,
    },
    /// A unit of a batch whose job has not come so far yet.
    NotYetMade {
        /// Its batch.
        batch: MintBatchId,
        /// Its index.
        index: u32,
    },
    /// No unit of this brand, and why.
    Nothing(DecodeError),
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
        Ok(self.store.batches(scope.brand(), before, limit).await?)
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
    ) -> Result<Option<TextRows>, ReadsError> {
        if !units.identity().needs_serials() {
            return Ok(None);
        }
        let batch = units.record().batch.facts.mint_batch_id;
        let end = indexes.end.min(units.minted());
        let log = ProvidedLog {
            log: self.log.as_ref(),
            codec: &self.codec,
        };
        log.rows(scope, batch, indexes.start.min(end)..end)
            .await
            .map(Some)
    }

    /// The unit with this id.
    ///
    /// # Errors
    /// [`ReadsError::Store`] when the log fails.
    pub async fn locate_unit(
        &self,
        scope: &BrandScope,
        id: MintUnitId,
    ) -> Result<Located, ReadsError> {
        let record = self
            .store
            .batch_by_prefix(scope.brand(), id.batch_prefix())
            .await?;
        let Some(units) = record.and_then(BatchUnits::of) else {
            return Ok(Located::Nothing(DecodeError::UnknownBlock));
        };
        Ok(located(&units, units.identity().decode_unit_id(id)))
    }

    /// The unit of a product with this serial, however the serial came about.
    ///
    /// # Errors
    /// [`ReadsError::Store`] when the log fails.
    pub async fn locate_serial(
        &self,
        scope: &BrandScope,
        product: ProductId,
        serial: &Serial,
    ) -> Result<Located, ReadsError> {
        let directory = self.store.serial_directory(scope.brand(), product).await?;
        let owner =
            directory.and_then(|directory: Arc<SerialDirectory>| directory.batch_of(serial));
        let derived = match owner {
            Some(batch) => self.locate_in(scope, batch, serial).await?,
            None => Located::Nothing(DecodeError::UnknownBlock),
        };
        match derived {
            Located::Nothing(reason) => self.locate_provided(scope, product, serial, reason).await,
            found => Ok(found),
        }
    }

    async fn locate_in(
        &self,
        scope: &BrandScope,
        batch: MintBatchId,
        serial: &Serial,
    ) -> Result<Located, ReadsError> {
        let units = self.batch_units(scope, batch).await?;
        Ok(located(&units, units.identity().decode_serial(serial)))
    }

    async fn locate_provided(
        &self,
        scope: &BrandScope,
        product: ProductId,
        serial: &Serial,
        otherwise: DecodeError,
    ) -> Result<Located, ReadsError> {
        let keys = std::iter::once(serial.as_str()).collect();
        let space = ClaimSpace::serials_of(product);
        let claimed = self.log.claimed(scope.brand(), space, &keys).await?;
        let owner = claimed
            .into_iter()
            .flatten()
            .next()
            .and_then(|value| value.numbered());
        let batch =
            owner.and_then(|(batch, index)| Some((MintBatchId::try_from(batch).ok()?, index)));
        let Some((batch, index)) = batch else {
            return Ok(Located::Nothing(otherwise));
        };
        let record = self.batch(scope, batch).await?;
        let made = record.is_some_and(|record| index < record.batch.minted);
        Ok(match made {
            true => Located::Unit { batch, index },
            false => Located::NotYetMade { batch, index },
        })
    }
}

fn located(units: &BatchUnits, index: Result<u32, DecodeError>) -> Located {
    let batch = units.record().batch.facts.mint_batch_id;
    match index {
        Ok(index) if index < units.minted() => Located::Unit { batch, index },
        Ok(index) => Located::NotYetMade { batch, index },
        Err(reason) => Located::Nothing(reason),
    }
}

/// Reads the serials that a brand brought out of its batch's stream, where they stand right
/// behind the event that accepted the job, in runs of the same length.
pub(crate) struct ProvidedLog<'a> {
    pub(crate) log: &'a dyn EventStore,
    pub(crate) codec: &'a Codec,
}

impl ProvidedLog<'_> {
    pub(crate) async fn rows<A>(
        &self,
        scope: &BrandScope<A>,
        batch: MintBatchId,
        indexes: Range<u32>,
    ) -> Result<TextRows, ReadsError> {
        let mut rows = TextRows::with_capacity(indexes.len(), indexes.len() * 16);
        let mut next = indexes.start;
        while next < indexes.end {
            let run = next / PROVIDED_ROWS_PER_EVENT;
            let start = run * PROVIDED_ROWS_PER_EVENT;
            let end = indexes.end.min(start + PROVIDED_ROWS_PER_EVENT);
            let serials = self.run(scope, batch, run).await?;
            let wanted = serials.split(' ').take((end - start) as usize);
            wanted
                .skip((next - start) as usize)
                .for_each(|row| rows.push(row));
            next = end;
        }
        if rows.len() != indexes.len() {
            let reason = format!("there are {} of {}", rows.len(), indexes.len());
            return Err(damaged(batch, indexes.start, reason));
        }
        Ok(rows)
    }

    async fn run<A>(
        &self,
        scope: &BrandScope<A>,
        batch: MintBatchId,
        run: u32,
    ) -> Result<String, ReadsError> {
        let from = run.saturating_mul(PROVIDED_ROWS_PER_EVENT);
        let stream = StreamId::new(StreamKind::MintBatch, *batch.as_uuid());
        let version = Version::FIRST.plus(u64::from(run) + 1);
        let one = PageLimit::new(1);
        let page = self
            .log
            .read_stream(scope.brand(), stream, version, one)
            .await?;
        let Some(recorded) = page.events.first() else {
            return Err(damaged(
                batch,
                from,
                "the stream ends before them".to_owned(),
            ));
        };
        match self.codec.decode(&recorded.event) {
            Ok(MintEvent::SerialsProvided(provided)) if provided.from == from => {
                Ok(provided.serials)
            }
            Ok(_) => Err(damaged(
                batch,
                from,
                "another event stands there".to_owned(),
            )),
            Err(error) => Err(damaged(batch, from, error.to_string())),
        }
    }
}

fn damaged(batch: MintBatchId, from: u32, reason: String) -> ReadsError {
    ReadsError::Provided {
        batch,
        from,
        reason,
    }
}
