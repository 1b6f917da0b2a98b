//! The states of jobs and batches (SPEC sections 3.2 and 3.3).

use std::fmt;

use serde::{Deserialize, Serialize};

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum JobStatus {
    /// Checked, but not yet given its batch (the two-step way).
    Preflighted,
    /// Waits for a worker.
    Queued,
    /// A worker holds it, and its serials are allocated.
    Reserved,
    /// Units are being made.
    Processing,
    /// All units are made.
    Completed,
    /// Given up. What was made stays.
    Failed,
    /// Stopped by somebody. What was made stays.
    Cancelled,
}

impl JobStatus {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Preflighted => "PREFLIGHTED",
            Self::Queued => "QUEUED",
            Self::Reserved => "RESERVED",
            Self::Processing => "PROCESSING",
            Self::Completed => "COMPLETED",
            Self::Failed => "FAILED",
            Self::Cancelled => "CANCELLED",
        }
    }

    /// Whether nothing more will happen to it.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Cancelled)
    }

    /// Whether a worker may go on with it.
    pub const fn can_run(self) -> bool {
        matches!(self, Self::Queued | Self::Reserved | Self::Processing)
    }
}

impl fmt::Display for JobStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Where a batch stands. It only goes forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BatchStatus {
    /// Its job is preflighted.
    Draft,
    /// Its job waits or is reserved.
    Queued,
    /// Units are being made.
    Processing,
    /// Its job failed, or was cancelled before it had made a unit.
    Failed,
    /// Its job completed, or was cancelled after it had made units.
    Minted,
    /// Its codes were exported.
    Exported,
    /// Its codes were printed.
    Printed,
    /// Its codes are on the items.
    Applied,
    /// All of its units are revoked.
    Voided,
}

impl BatchStatus {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Queued => "queued",
            Self::Processing => "processing",
            Self::Failed => "failed",
            Self::Minted => "minted",
            Self::Exported => "exported",
            Self::Printed => "printed",
            Self::Applied => "applied",
            Self::Voided => "voided",
        }
    }

    /// Whether somebody may set it: the earlier ones follow the job.
    pub const fn can_be_set(self) -> bool {
        matches!(
            self,
            Self::Exported | Self::Printed | Self::Applied | Self::Voided
        )
    }

    /// Whether somebody may set this one after `before`: forward, one step at a time, and
    /// `voided` from `minted` or any later one. A failed batch that has units goes the same
    /// way as a minted one.
    pub const fn may_follow(self, before: Self) -> bool {
        matches!(
            (before, self),
            (Self::Minted | Self::Failed, Self::Exported | Self::Voided)
                | (Self::Exported, Self::Printed | Self::Voided)
                | (Self::Printed, Self::Applied | Self::Voided)
                | (Self::Applied, Self::Voided)
        )
    }
}

impl fmt::Display for BatchStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
