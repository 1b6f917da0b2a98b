//! What the service needs of its host.

use std::fmt::Debug;
use std::sync::Arc;

use crate::identity::{BatchSeed, MintBatchId, PoolSeed};
use crate::ids::{CommitId, CorrelationId, ExportId};
use crate::store::Catalogue;
use crate::time::Timestamp;

/// A source of randomness that is fit for keys: the operating system's. A closure that fills
/// bytes is one.
pub trait Entropy: Send + Sync {
    /// Fills the bytes.
    ///
    /// # Errors
    /// [`EntropyError`] when there is none to be had.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError>;
}

impl<F> Entropy for F
where
    F: Fn(&mut [u8]) -> Result<(), EntropyError> + Send + Sync,
{
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
        self(bytes)
    }
}

/// There is no entropy to be had. Mend the host; nothing was changed.
#[derive(Debug, Clone, thiserror::Error)]
#[error("there is no entropy to be had: {message}")]
pub struct EntropyError {
    /// What went wrong.
    pub message: String,
}

impl EntropyError {
    /// The error with what a source says of itself.
    pub fn new(message: impl ToString) -> Self {
        Self {
            message: message.to_string(),
        }
    }
}

impl Debug for Host {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Host")
            .field("catalogue", &self.catalogue)
            .finish_non_exhaustive()
    }
}

/// What a host brings along.
#[derive(Clone)]
pub struct Host {
    /// Its brands, products and production batches.
    pub catalogue: Arc<dyn Catalogue>,
    /// Its randomness.
    pub entropy: Arc<dyn Entropy>,
}

impl Host {
    fn draw<const N: usize>(&self) -> Result<[u8; N], EntropyError> {
        let mut bytes = [0; N];
        self.entropy.fill(&mut bytes)?;
        Ok(bytes)
    }

    fn uuid(&self) -> Result<uuid::Uuid, EntropyError> {
        Ok(uuid::Builder::from_random_bytes(self.draw()?).into_uuid())
    }

    pub(super) fn name(&self) -> Result<String, EntropyError> {
        Ok(self.uuid()?.to_string())
    }

    pub(super) fn commit_id(&self) -> Result<CommitId, EntropyError> {
        self.uuid().map(CommitId::from_uuid)
    }

    pub(super) fn correlation_id(&self) -> Result<CorrelationId, EntropyError> {
        self.uuid().map(CorrelationId::from_uuid)
    }

    /// A version 7 UUID, so that exports sort by when they were asked for.
    pub(super) fn export_id(&self, now: Timestamp) -> Result<ExportId, EntropyError> {
        let millis = u64::try_from(now.unix_millis()).unwrap_or_default();
        let uuid = uuid::Builder::from_unix_timestamp_millis(millis, &self.draw()?).into_uuid();
        Ok(ExportId::from_uuid(uuid))
    }

    pub(super) fn batch_id(&self, now: Timestamp) -> Result<MintBatchId, EntropyError> {
        Ok(MintBatchId::new(now, self.draw()?))
    }

    pub(super) fn batch_seed(&self) -> Result<BatchSeed, EntropyError> {
        self.draw().map(BatchSeed::from_bytes)
    }

    pub(super) fn pool_seed(&self) -> Result<PoolSeed, EntropyError> {
        self.draw().map(PoolSeed::from_bytes)
    }
}
