//! The read port: what is kept beside the log so that it can be found.

use std::fmt::Debug;
use std::sync::Arc;

use async_trait::async_trait;

use super::codec::DecodeError;
use super::log::{PageLimit, Position, ReadError};
use crate::identity::serial::SerialDirectory;
use crate::identity::{BatchPrefix, MintBatchId, MintJobId};
use crate::ids::{BrandId, ProductId};
use crate::mint::MintBatch;
use crate::time::Timestamp;

/// Answers questions about jobs and batches.
///
/// An answer includes every commit that had returned before the question was asked.
#[async_trait]
pub trait ReadStore: Debug + Send + Sync {
    /// The jobs that a worker may take now, of all brands, the one that was accepted first in
    /// front: queued ones, and ones that were reserved or begun and are held by nobody any
    /// more. A brand whose log has what this release cannot read is left out, and named: it
    /// must not keep the others back.
    ///
    /// # Errors
    /// [`ReadStoreError`] when the log cannot be read at all.
    async fn runnable_jobs(
        &self,
        now: Timestamp,
        limit: PageLimit,
    ) -> Result<RunnableJobs, ReadStoreError>;

    /// A batch of a brand.
    ///
    /// # Errors
    /// [`ReadStoreError`] when the log cannot be read.
    async fn batch(
        &self,
        brand: BrandId,
        batch: MintBatchId,
    ) -> Result<Option<Arc<BatchRecord>>, ReadStoreError>;

    /// The batch of a brand whose id begins with this prefix.
    ///
    /// # Errors
    /// [`ReadStoreError`] when the log cannot be read.
    async fn batch_by_prefix(
        &self,
        brand: BrandId,
        prefix: BatchPrefix,
    ) -> Result<Option<Arc<BatchRecord>>, ReadStoreError>;

    /// The batches of a brand that were accepted before one, newest first.
    ///
    /// # Errors
    /// [`ReadStoreError`] when the log cannot be read.
    async fn batches(
        &self,
        brand: BrandId,
        before: Option<JobKey>,
        limit: PageLimit,
    ) -> Result<Vec<Arc<BatchRecord>>, ReadStoreError>;

    /// What the serial pool of a product has handed out; none if it was never used.
    ///
    /// # Errors
    /// [`ReadStoreError`] when the log cannot be read.
    async fn serial_directory(
        &self,
        brand: BrandId,
        product: ProductId,
    ) -> Result<Option<Arc<SerialDirectory>>, ReadStoreError>;
}

/// The place of a job, and of its batch, among those of a brand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobKey {
    /// When the job was accepted.
    pub accepted_at: Timestamp,
    /// The batch.
    pub batch: MintBatchId,
}

/// A job that a worker may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunnableJob {
    /// The brand.
    pub brand: BrandId,
    /// The job.
    pub job: MintJobId,
    /// When it was accepted.
    pub accepted_at: Timestamp,
}

/// The jobs that a worker may take.
#[derive(Debug, Clone, Default)]
pub struct RunnableJobs {
    /// The jobs, the one that was accepted first in front.
    pub jobs: Vec<RunnableJob>,
    /// Why brands were left out: an error of each.
    pub unreadable: Vec<ReadStoreError>,
}

/// A job and its batch, as reads tell of them.
#[derive(Debug, Clone, PartialEq)]
pub struct BatchRecord {
    /// When the job was accepted.
    pub accepted_at: Timestamp,
    /// When something last happened to it.
    pub changed_at: Timestamp,
    /// Where it stands.
    pub batch: MintBatch,
    /// The runs of units that were made at the same moment, in unit order.
    pub cycles: Vec<CycleRecord>,
    /// Why the job failed, or its last cycle.
    pub failure: Option<String>,
}

/// Units that were made at the same moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CycleRecord {
    /// The index after the last of them.
    pub end: u32,
    /// When they were made.
    pub at: Timestamp,
}

impl BatchRecord {
    /// Its place among those of its brand.
    pub fn key(&self) -> JobKey {
        JobKey {
            accepted_at: self.accepted_at,
            batch: self.batch.facts.mint_batch_id,
        }
    }

    /// When the unit with this index was made; none if it was not yet.
    pub fn made_at(&self, index: u32) -> Option<Timestamp> {
        let number = self.cycles.partition_point(|cycle| cycle.end <= index);
        self.cycles.get(number).map(|cycle| cycle.at)
    }
}

/// Why a question could not be answered.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum ReadStoreError {
    /// The log could not be read. Ask again.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The log has an event that this release cannot read. Update, or restore the log.
    #[error("the event at position `{position}` of brand `{brand}` cannot be read: {source}")]
    Decode {
        /// The brand.
        brand: BrandId,
        /// Where the event stands.
        position: Position,
        /// What is wrong with it.
        source: Arc<DecodeError>,
    },
}

impl ReadStoreError {
    /// The brand whose log has what cannot be read.
    pub const fn brand(&self) -> Option<BrandId> {
        match self {
            Self::Decode { brand, .. } => Some(*brand),
            Self::Read(_) => None,
        }
    }
}
