//! What the read port answers when it cannot.

use std::sync::Arc;

use crate::ids::BrandId;
use crate::store::codec::DecodeError;
use crate::store::log::{Position, ReadError};

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
