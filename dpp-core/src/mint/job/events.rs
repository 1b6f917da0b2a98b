//! What happens to a job and its batch.

use serde::{Deserialize, Serialize};

use super::status::BatchStatus;
use crate::actor::WorkerName;
use crate::gs1::{Gtin, LotCode, ResolverBase};
use crate::identity::serial::SerialScheme;
use crate::identity::{IdentityFacts, Lot, LotId, Lots, MintBatchId, MintJobId, UnitsDigest};
use crate::ids::{BrandId, ProductBatchId, ProductId};
use crate::mint::request::{ActivationMode, IdempotencyKey, IdentityMode};
use crate::reason::Reason;
use crate::store::typed_events;
use crate::time::Timestamp;

typed_events! {
    /// What happens to a job and its batch.
    pub enum MintEvent {
        /// The request passed its checks; the batch is a draft (the two-step way).
        Preflighted(JobQueued) = ("mint_job_preflighted", 1),
        /// The job was accepted.
        Queued(JobQueued) = ("mint_job_queued", 1),
        /// Some of the serials that the brand brought.
        SerialsProvided(SerialsProvided) = ("mint_serials_provided", 1),
        /// A worker took the job, and its serials were allocated.
        Reserved(JobReserved) = ("mint_job_reserved", 1),
        /// Another worker took the job over, or one took it up again.
        TakenOver(JobTakenOver) = ("mint_job_taken_over", 1),
        /// The first cycle began.
        Started(JobStarted) = ("mint_job_started", 1),
        /// A cycle made units.
        CycleMinted(CycleMinted) = ("mint_units_created", 1),
        /// Every lot got exactly its quantity.
        LotsConfirmed(LotsConfirmed) = ("mint_lots_confirmed", 1),
        /// All units are made.
        Completed(JobCompleted) = ("mint_job_completed", 1),
        /// A cycle failed.
        CycleFailed(CycleFailed) = ("mint_cycle_failed", 1),
        /// The job was given up.
        Failed(JobFailed) = ("mint_job_failed", 1),
        /// Somebody stopped the job.
        Cancelled(JobCancelled) = ("mint_job_cancelled", 1),
        /// Somebody moved the batch on.
        StatusChanged(StatusChanged) = ("mint_batch_status_changed", 1),
    }
}

/// What is fixed about a batch when its job is accepted, for ever.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BatchFacts {
    /// The brand.
    pub brand_id: BrandId,
    /// The job.
    pub mint_job_id: MintJobId,
    /// The batch.
    pub mint_batch_id: MintBatchId,
    /// The product.
    pub product_id: ProductId,
    /// The production batch.
    pub product_batch_id: Option<ProductBatchId>,
    /// How many units, 1 to 1,000,000.
    pub requested_quantity: u32,
    /// What tells its units apart on the outside.
    pub identity_mode: IdentityMode,
    /// Whether units are born active.
    pub activation_mode: ActivationMode,
    /// The lots; none in serial mode.
    pub lots: Lots,
    /// How serials come about; none in lot mode.
    pub serial_scheme: Option<SerialScheme>,
    /// The product's GTIN at that time.
    pub gtin: Option<Gtin>,
    /// What the resolver URLs begin with.
    pub resolver_base: ResolverBase,
    /// The caller's key.
    pub idempotency_key: Option<IdempotencyKey>,
}

/// A job was accepted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JobQueued {
    /// What is fixed from now on.
    #[serde(flatten)]
    pub facts: BatchFacts,
}

/// How many rows one [`SerialsProvided`] holds; the last may hold fewer.
pub const PROVIDED_ROWS_PER_EVENT: u32 = 20_000;

/// Some of the serials that the brand brought, in unit order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SerialsProvided {
    /// The index of the unit that the first belongs to.
    pub from: u32,
    /// The serials, with a space between two: character set 82 has none.
    pub serials: String,
}

/// A worker took the job, and its serials were allocated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobReserved {
    /// The worker.
    pub worker: WorkerName,
    /// How long it holds the job without a further sign.
    pub lease_until: Timestamp,
    /// What the units' identities follow from.
    pub identity: IdentityFacts,
}

/// A worker took up a job that nobody held any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobTakenOver {
    /// The worker.
    pub worker: WorkerName,
    /// How long it holds the job without a further sign.
    pub lease_until: Timestamp,
}

/// The first cycle began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobStarted {
    /// The worker.
    pub worker: WorkerName,
}

/// A cycle made the units with the indexes `from..from + count`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CycleMinted {
    /// Which cycle it was, from 1.
    pub cycle: u32,
    /// The index of the first unit.
    pub from: u32,
    /// How many units, 1 to 20,000.
    pub count: u32,
    /// The digest over them.
    pub digest: UnitsDigest,
    /// How long the worker goes on holding the job; it let go if there is none.
    pub lease_until: Option<Timestamp>,
}

/// Every lot got exactly its quantity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LotsConfirmed {
    /// The lots.
    pub lots: Vec<LotConfirmed>,
}

impl LotsConfirmed {
    /// The confirmation of these lots, which have these ids in the same order.
    pub fn of(lots: &[Lot], ids: &[LotId]) -> Self {
        let lots = lots.iter().zip(ids).map(|(lot, id)| LotConfirmed {
            lot_id: *id,
            lot_code: lot.lot_code,
            qty: lot.qty,
        });
        Self {
            lots: lots.collect(),
        }
    }
}

/// A lot with its units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LotConfirmed {
    /// Its id.
    pub lot_id: LotId,
    /// Its code.
    pub lot_code: LotCode,
    /// How many units it got.
    pub qty: u32,
}

/// All units are made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobCompleted {
    /// How many.
    pub minted: u32,
}

/// A cycle failed. It is tried again, unless it was the third in a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CycleFailed {
    /// Which cycle it was, from 1.
    pub cycle: u32,
    /// How many have failed in a row, this one included.
    pub failures: u32,
    /// Why.
    pub reason: String,
}

/// The job was given up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobFailed {
    /// How many units were made. They stay.
    pub minted: u32,
    /// Why.
    pub reason: String,
}

/// Somebody stopped the job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobCancelled {
    /// How many units were made. They stay.
    pub minted: u32,
    /// Why.
    pub reason: Option<String>,
}

/// Somebody moved the batch on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusChanged {
    /// Where it stood.
    pub from: BatchStatus,
    /// Where it stands.
    pub to: BatchStatus,
    /// Why. Voiding has one.
    pub reason: Option<Reason>,
}
