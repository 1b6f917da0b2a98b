//! What the operations answer when they cannot do as they were asked.

use super::host::EntropyError;
use super::journal::JournalError;
use crate::access::AccessError;
use crate::gs1::{LotCode, Serial};
use crate::identity::{LotId, MintBatchId, MintJobId, MintUnitId};
use crate::ids::BrandId;
use crate::mint::{IdempotencyKey, InvalidRequest, PoolRejection, QuotaExceeded, Rejection};
use crate::read::ReadsError;
use crate::store::log::ReadError;
use crate::store::{CatalogueError, ReadStoreError};
use crate::unit::UnitsRejection;

/// Why a request was not accepted. Nothing was changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SubmitError {
    /// The caller may not mint for the brand.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The request cannot be. Correct what it names.
    #[error(transparent)]
    Invalid(#[from] InvalidRequest),
    /// The key was used with another request. Use another key.
    #[error("idempotency_key `{key}` was used before with another request")]
    KeyReused {
        /// The key.
        key: IdempotencyKey,
    },
    /// The catalogue has no such brand. Add it.
    #[error("brand `{0}` is not in the catalogue")]
    NoSuchBrand(BrandId),
    /// The production batch has not enough left.
    #[error(transparent)]
    Quota(#[from] QuotaExceeded),
    /// The job cannot be made for another reason than the catalogue.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// The catalogue cannot be asked. Try again.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// The log failed. Try again, under the same idempotency key.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

impl From<ReadError> for SubmitError {
    fn from(error: ReadError) -> Self {
        Self::Journal(error.into())
    }
}

impl From<EntropyError> for SubmitError {
    fn from(error: EntropyError) -> Self {
        Self::Journal(error.into())
    }
}

/// Why a job, or its batch, was not changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ControlError {
    /// The caller may not change the brand's jobs.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The brand has no such job.
    #[error("there is no job `{0}`")]
    NoSuchJob(MintJobId),
    /// The brand has no such batch. Look it up among the brand's batches.
    #[error("there is no batch `{0}`")]
    NoSuchBatch(MintBatchId),
    /// The job or the batch cannot be told this where it stands.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// The log failed. Try again.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// Why units, or a lot, were not changed. Nothing was changed.
///
/// What another brand has, what was made up, and what was not made yet is answered as what
/// never was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UnitError {
    /// The caller may not do this with the brand's units. Ask an owner of the brand.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The brand, or the batch that was named, has made no such unit. Scan or copy its id
    /// again.
    #[error("there is no unit `{0}`")]
    NoSuchUnit(MintUnitId),
    /// The brand has made no unit of such a lot. Scan or copy its id again.
    #[error("there is no lot `{0}`")]
    NoSuchLot(LotId),
    /// The brand has no such batch. Look it up among the brand's batches.
    #[error("there is no batch `{0}`")]
    NoSuchBatch(MintBatchId),
    /// The batch has made no unit with this serial. Leave it out, or name the right batch.
    #[error("there is no unit with serial `{0}` in the batch")]
    NoSuchSerial(Serial),
    /// The batch has made no unit of a lot with this code. Name one of its lots.
    #[error("there is no lot with code `{0}` in the batch")]
    NoSuchLotCode(LotCode),
    /// No unit is named, or one that the batch has not made. Correct the selection.
    #[error(transparent)]
    Rejected(#[from] UnitsRejection),
    /// The log failed. Try again.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The reads beside the log failed. Try again.
    #[error(transparent)]
    Reads(#[from] ReadStoreError),
}

impl From<ReadError> for UnitError {
    fn from(error: ReadError) -> Self {
        Self::Journal(error.into())
    }
}

/// Why a cycle did not happen.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProcessError {
    /// The caller may not change the brand's jobs.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The brand has no such job.
    #[error("there is no job `{0}`")]
    NoSuchJob(MintJobId),
    /// Another worker was faster, or the job was stopped. What this cycle would have made
    /// does not count; look at the job again.
    #[error("somebody else has changed job `{0}` meanwhile")]
    LostRace(MintJobId),
    /// The job cannot go on where it stands, or is held by another worker.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// The product has no serials left of the kind that was asked for: the job has failed.
    #[error("the job has failed: {0}")]
    NoSerials(PoolRejection),
    /// The cycle failed, and the job has noted it.
    #[error("cycle {cycle} failed: {reason}")]
    CycleFailed {
        /// Which cycle, from 1.
        cycle: u32,
        /// Why.
        reason: String,
        /// Whether the job was given up for it.
        given_up: bool,
    },
    /// The log failed so that not even this could be noted. Try again.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The reads beside the log failed. Try again.
    #[error(transparent)]
    Reads(#[from] ReadsError),
}

impl ProcessError {
    /// Whether the log could not be read for the moment, so that nothing was tried: such a
    /// cycle does not count as failed.
    pub(super) const fn leaves_the_job_as_it_was(&self) -> bool {
        matches!(
            self,
            Self::Journal(JournalError::Read(ReadError::Unavailable(_)))
                | Self::Reads(ReadsError::Store(ReadStoreError::Read(
                    ReadError::Unavailable(_)
                )))
        )
    }
}

impl From<ReadError> for ProcessError {
    fn from(error: ReadError) -> Self {
        Self::Journal(error.into())
    }
}

impl From<EntropyError> for ProcessError {
    fn from(error: EntropyError) -> Self {
        Self::Journal(error.into())
    }
}

/// Why a batch could not be verified.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// The caller may not read the brand's batches.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The brand has no such batch.
    #[error("there is no batch `{0}`")]
    NoSuchBatch(MintBatchId),
    /// The log failed, or has what this release cannot read.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The serials that the brand brought cannot be read.
    #[error(transparent)]
    Provided(#[from] ReadsError),
}
