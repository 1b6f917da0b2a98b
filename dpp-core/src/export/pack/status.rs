//! The states of packs (SPEC section 5).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::export::format::ExportFormat;

/// Where a pack stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PackStatus {
    /// Waits for its turn, or for a worker.
    Pending,
    /// A worker makes it.
    Generating,
    /// It is there.
    Completed,
    /// It could not be made. It can be tried again.
    Failed,
    /// The export's time is over.
    Expired,
}

impl PackStatus {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Generating => "generating",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Expired => "expired",
        }
    }

    /// The word for a pack of this format: that on the wire, but for bundles `queued` for one
    /// that is pending and `ready` for one that is completed (SPEC section 5).
    pub const fn word_for(self, format: ExportFormat) -> &'static str {
        match (format, self) {
            (ExportFormat::QrBundle, Self::Pending) => "queued",
            (ExportFormat::QrBundle, Self::Completed) => "ready",
            _ => self.as_str(),
        }
    }
}

impl fmt::Display for PackStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
