//! Why a unit has no tag.

use super::epc::EpcError;
use super::ndef::NdefError;

/// What is wrong with a tag.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TagError {
    /// There is no EPC. What can be done about it, its cause says.
    #[error(transparent)]
    Epc(#[from] EpcError),
    /// There is no NDEF message. What can be done about it, its cause says.
    #[error(transparent)]
    Ndef(#[from] NdefError),
}

/// A unit for which no tag can be written. What can be done about it, its cause says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no tag can be written for unit {index}: {cause}")]
pub struct NoTag {
    /// The unit's index in its batch.
    pub index: u32,
    /// What is wrong.
    pub cause: TagError,
}
