//! What a store of scans answers when it cannot.

use crate::store::log::StoreFault;

/// Why scans were not appended, or may not have been.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum ScanAppendError {
    /// None was appended, because the store failed. The same scans can be appended again.
    #[error("no scan was appended: {0}")]
    NotAppended(#[source] StoreFault),
    /// The store failed so that it is open whether the scans were appended. Let them go: if they
    /// were appended after all, appending them again would count them twice.
    #[error("it is open whether the scans were appended: {0}")]
    Unknown(#[source] StoreFault),
}

/// Why a question about scans could not be answered, or not all were forgotten.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum ScanStoreError {
    /// The store failed. Call again; forgetting goes on where it stopped.
    #[error(transparent)]
    Unavailable(#[from] StoreFault),
}
