//! What the operations on exports answer when they cannot do as they were asked.

use crate::access::AccessError;
use crate::export::{ExportFacts, ExportRejection};
use crate::identity::MintBatchId;
use crate::ids::ExportId;
use crate::read::ReadsError;
use crate::service::host::EntropyError;
use crate::service::journal::JournalError;
use crate::store::ReadStoreError;
use crate::store::log::{CommitError, ReadError};

/// Why an export was not asked for, made, shown, or removed. Nothing was changed.
///
/// What another brand has is answered as what never was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The caller may not do this with the brand's exports. Ask an owner of the brand.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The brand has no such batch. Look it up among the brand's batches.
    #[error("there is no batch `{0}`")]
    NoSuchBatch(MintBatchId),
    /// The batch is voided: none of its codes may go to a press. Export another.
    #[error("batch `{0}` is voided")]
    Voided(MintBatchId),
    /// The brand has no such export. Look it up among the brand's packs.
    #[error("there is no export `{0}`")]
    NoSuchExport(ExportId),
    /// The export cannot be told this where it stands. The rejection says what can be done.
    #[error("export of batch `{batch}`: {rejection}")]
    Rejected {
        /// Its batch.
        batch: MintBatchId,
        /// Why not.
        #[source]
        rejection: ExportRejection,
    },
    /// The log failed. Try again: nothing is done twice.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The reads beside the log failed, or the cursor cannot be used.
    #[error(transparent)]
    Reads(#[from] ReadsError),
}

impl ExportError {
    pub(super) const fn rejected(facts: &ExportFacts, rejection: ExportRejection) -> Self {
        Self::Rejected {
            batch: facts.mint_batch_id,
            rejection,
        }
    }

    /// Why the export itself refused, if it did.
    pub const fn rejection(&self) -> Option<&ExportRejection> {
        match self {
            Self::Rejected { rejection, .. } => Some(rejection),
            _ => None,
        }
    }

    /// Whether it may pass by itself, as a log does that cannot be reached for a while: not
    /// when the export was refused, and not when the log has what cannot be read.
    pub const fn may_pass(&self) -> bool {
        matches!(
            self,
            Self::Journal(
                JournalError::Read(ReadError::Unavailable(_))
                    | JournalError::Commit(CommitError::NotCommitted(_) | CommitError::Unknown(_))
                    | JournalError::Contended { .. }
            ) | Self::Reads(ReadsError::Store(ReadStoreError::Read(
                ReadError::Unavailable(_)
            )))
        )
    }
}

impl From<ReadStoreError> for ExportError {
    fn from(error: ReadStoreError) -> Self {
        Self::Reads(error.into())
    }
}

impl From<ReadError> for ExportError {
    fn from(error: ReadError) -> Self {
        Self::Journal(error.into())
    }
}

impl From<EntropyError> for ExportError {
    fn from(error: EntropyError) -> Self {
        Self::Journal(error.into())
    }
}
