//! What the operations answer, in the words of the wire.

use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};

use super::errors::ProcessError;
use super::work::CycleReport;
use crate::identity::{MintBatchId, MintJobId};
use crate::ids::{ProductBatchId, ProductId};
use crate::mint::{BlockingReason, JobStatus, RowError};

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubmitAnswer {
    /// It was accepted, now or before.
    Accepted {
        /// The job.
        mint_job_id: MintJobId,
        /// Its batch.
        mint_batch_id: MintBatchId,
        /// Where the job stands.
        status: JobStatus,
        /// Whether the same request was accepted before under the same key.
        is_duplicate: bool,
    },
    /// It does not pass its checks. Nothing was created.
    Blocked {
        /// Every reason.
        blocking_reasons: Vec<BlockingReason>,
        /// The product that was asked for.
        product_id: ProductId,
        /// The production batch that was asked for.
        product_batch_id: Option<ProductBatchId>,
    },
}

impl SubmitAnswer {
    /// The job, if it was accepted.
    pub const fn job(&self) -> Option<MintJobId> {
        match self {
            Self::Accepted { mint_job_id, .. } => Some(*mint_job_id),
            Self::Blocked { .. } => None,
        }
    }
}

impl SubmitAnswer {
    /// The batch, if it was accepted.
    pub const fn batch(&self) -> Option<MintBatchId> {
        match self {
            Self::Accepted { mint_batch_id, .. } => Some(*mint_batch_id),
            Self::Blocked { .. } => None,
        }
    }
}

impl Serialize for SubmitAnswer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Accepted {
                mint_job_id,
                mint_batch_id,
                status,
                is_duplicate,
            } => {
                let mut answer = serializer.serialize_struct("SubmitAnswer", 5)?;
                answer.serialize_field("ok", &true)?;
                answer.serialize_field("mint_job_id", mint_job_id)?;
                answer.serialize_field("mint_batch_id", mint_batch_id)?;
                answer.serialize_field("status", status)?;
                answer.serialize_field("is_duplicate", is_duplicate)?;
                answer.end()
            }
            Self::Blocked {
                blocking_reasons,
                product_id,
                product_batch_id,
            } => {
                let mut answer = serializer.serialize_struct("SubmitAnswer", 4)?;
                answer.serialize_field("ok", &false)?;
                answer.serialize_field("blocking_reasons", blocking_reasons)?;
                answer.serialize_field("product_id", product_id)?;
                answer.serialize_field("product_batch_id", product_batch_id)?;
                answer.end()
            }
        }
    }
}

/// Whether a request would be accepted now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum PreflightAnswer {
    /// It would.
    PreflightPass,
    /// It would not.
    PreflightBlocked {
        /// Every reason.
        blocking_reasons: Vec<BlockingReason>,
        /// Every serial that the request brings and that cannot be taken.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        rows: Vec<RowError>,
    },
}

/// What became of a request that was to begin at once.
#[derive(Debug)]
pub struct KickAnswer {
    /// What became of the request.
    pub submitted: SubmitAnswer,
    /// The first cycle, or why it did not happen: the job is safe then, and a worker takes it
    /// later. None if the request was blocked, or accepted before.
    pub kick: Option<Result<CycleReport, ProcessError>>,
}

impl KickAnswer {
    /// Whether one cycle was made at once.
    pub const fn kicked(&self) -> bool {
        matches!(self.kick, Some(Ok(_)))
    }
}

/// The answer to the request, with `kicked` and, if the cycle did not happen, `kick_error`.
impl Serialize for KickAnswer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Wire<'a> {
            #[serde(flatten)]
            submitted: &'a SubmitAnswer,
            kicked: bool,
            #[serde(skip_serializing_if = "Option::is_none")]
            kick_error: Option<String>,
        }
        let error = self.kick.as_ref().and_then(|kick| kick.as_ref().err());
        let wire = Wire {
            submitted: &self.submitted,
            kicked: self.kicked(),
            kick_error: error.map(ToString::to_string),
        };
        wire.serialize(serializer)
    }
}
