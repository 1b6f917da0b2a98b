//! What a job and its batch may do.

use super::events::{
    BatchFacts, CycleFailed, CycleMinted, JobCancelled, JobCompleted, JobFailed, JobQueued,
    JobReserved, JobStarted, JobTakenOver, LotConfirmed, LotsConfirmed, MintEvent,
    PROVIDED_ROWS_PER_EVENT, SerialsProvided, StatusChanged,
};
use super::state::MintBatch;
use super::status::{BatchStatus, JobStatus};
use crate::identity::{IdentityFacts, LotId, MintBatchId, UnitsDigest};
use crate::mint::preflight::{BlockingReason, PreflightFacts, blocking_reasons};
use crate::mint::request::MintOrder;
use crate::store::log::WorkerName;
use crate::text_rows::TextRows;
use crate::time::Timestamp;

/// The most units that one cycle may make.
pub const MAX_UNITS_PER_CYCLE: u32 = 20_000;

/// How many cycles may fail in a row before a job is given up.
pub const FAILURES_IN_A_ROW: u32 = 3;

/// What a job can be told.
#[derive(Debug, Clone)]
pub enum Command<'a> {
    /// Accept a request: job and batch come to be, and the job is queued.
    Queue(Acceptance<'a>),
    /// Accept a request, but only as far as a preflighted job with a draft of a batch: the
    /// first of the two steps of the older way.
    Prepare(Acceptance<'a>),
    /// Give a preflighted job its batch: the second of the two steps. A queued job has it.
    QueuePrepared,
    /// Take the job and fix what its identities follow from.
    Reserve {
        /// The worker that takes it.
        worker: WorkerName,
        /// How long it holds the job.
        lease_until: Timestamp,
        /// What the identities follow from.
        identity: IdentityFacts,
    },
    /// Take up a job that is reserved or in process, and held by nobody any more.
    TakeOver {
        /// The worker that takes it.
        worker: WorkerName,
        /// How long it holds the job.
        lease_until: Timestamp,
    },
    /// Make the next units.
    MintCycle {
        /// The worker that holds the job.
        worker: WorkerName,
        /// How many, 1 to 20,000 and no more than are missing.
        count: u32,
        /// The digest over them.
        digest: UnitsDigest,
        /// How long it goes on holding the job; it lets go if there is none.
        lease_until: Option<Timestamp>,
        /// The ids of the batch's lots, in order.
        lot_ids: &'a [LotId],
    },
    /// Note that a cycle failed.
    FailCycle {
        /// Why.
        reason: String,
    },
    /// Give up a job that can never succeed.
    Fail {
        /// Why.
        reason: String,
    },
    /// Stop the job; what was made stays.
    Cancel {
        /// Why.
        reason: Option<String>,
    },
    /// Move a batch on after minting.
    SetStatus {
        /// Where to.
        to: BatchStatus,
        /// Why.
        reason: Option<String>,
    },
}

/// A request with what it is checked against.
#[derive(Debug, Clone, Copy)]
pub struct Acceptance<'a> {
    /// The id that the batch shall have.
    pub mint_batch_id: MintBatchId,
    /// The request.
    pub order: &'a MintOrder,
    /// The catalogue and the quota.
    pub facts: PreflightFacts<'a>,
}

/// What a decision depends on beside state and command.
#[derive(Debug, Clone, Copy)]
pub struct Context {
    /// The time.
    pub now: Timestamp,
}

/// Why a command was refused. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The request does not pass its checks. Correct the catalogue or the request.
    #[error("the request is blocked: {}", messages(.0))]
    Blocked(Vec<BlockingReason>),
    /// There is such a job already. Draw another id.
    #[error("there is a job with this id already")]
    AlreadyThere,
    /// There is no such job.
    #[error("there is no such job")]
    NoSuchJob,
    /// The job is not in a state in which this can be done.
    #[error("the job is {status}, and {command} needs it to be {needed}")]
    WrongStatus {
        /// Where it stands.
        status: JobStatus,
        /// What it was told.
        command: &'static str,
        /// Where it would have to stand.
        needed: &'static str,
    },
    /// A worker holds the job. Try another, or wait until the lease runs out.
    #[error("worker `{worker}` holds the job until {until}")]
    Held {
        /// The worker.
        worker: WorkerName,
        /// When its lease runs out.
        until: Timestamp,
    },
    /// The worker does not hold the job any more. Take it up again.
    #[error("worker `{worker}` does not hold the job")]
    NotHeld {
        /// The worker.
        worker: WorkerName,
    },
    /// The cycle has no unit, too many, or more than are missing.
    #[error("a cycle of {count} units was given, and 1 to {most} are right")]
    CycleSize {
        /// How many it has.
        count: u32,
        /// How many it may have.
        most: u32,
    },
    /// The serials do not belong to the scheme that the job asked for.
    #[error("the job asked for other serials than it was given")]
    WrongSerials,
    /// A batch cannot go there from where it stands.
    #[error("a batch cannot go from `{from}` to `{to}`")]
    WrongStep {
        /// Where it stands.
        from: BatchStatus,
        /// Where it was told to go.
        to: BatchStatus,
    },
    /// The batch has no unit.
    #[error("the batch holds no minted unit")]
    NoUnits,
}

fn messages(reasons: &[BlockingReason]) -> String {
    let messages: Vec<_> = reasons
        .iter()
        .map(|reason| reason.message.as_str())
        .collect();
    messages.join("; ")
}

type Decision = Result<Vec<MintEvent>, Rejection>;

/// What follows from a command.
///
/// # Errors
/// [`Rejection`] when it is refused.
pub fn decide(state: Option<&MintBatch>, command: Command<'_>, context: &Context) -> Decision {
    let batch = match (state, command) {
        (None, Command::Queue(acceptance)) => return accept(&acceptance, MintEvent::Queued),
        (None, Command::Prepare(acceptance)) => return accept(&acceptance, MintEvent::Preflighted),
        (Some(_), Command::Queue(_) | Command::Prepare(_)) => return Err(Rejection::AlreadyThere),
        (None, _) => return Err(Rejection::NoSuchJob),
        (Some(batch), command) => (batch, command),
    };
    match batch {
        (batch, Command::QueuePrepared) => queue_prepared(batch),
        (
            batch,
            Command::Reserve {
                worker,
                lease_until,
                identity,
            },
        ) => reserve(batch, worker, lease_until, identity),
        (
            batch,
            Command::TakeOver {
                worker,
                lease_until,
            },
        ) => take_over(batch, worker, lease_until, context.now),
        (
            batch,
            Command::MintCycle {
                worker,
                count,
                digest,
                lease_until,
                lot_ids,
            },
        ) => mint_cycle(batch, worker, count, digest, lease_until, lot_ids),
        (batch, Command::FailCycle { reason }) => fail_cycle(batch, reason),
        (batch, Command::Fail { reason }) => fail(batch, reason),
        (batch, Command::Cancel { reason }) => cancel(batch, reason),
        (batch, Command::SetStatus { to, reason }) => set_status(batch, to, reason),
        (_, Command::Queue(_) | Command::Prepare(_)) => Err(Rejection::AlreadyThere),
    }
}

fn accept(acceptance: &Acceptance<'_>, event: fn(JobQueued) -> MintEvent) -> Decision {
    let Acceptance {
        mint_batch_id,
        order,
        facts,
    } = acceptance;
    let reasons = blocking_reasons(order, facts);
    let Some(product) = facts.product.filter(|_| reasons.is_empty()) else {
        return Err(Rejection::Blocked(reasons));
    };
    let fixed = BatchFacts {
        brand_id: order.brand_id(),
        mint_job_id: mint_batch_id.job(),
        mint_batch_id: *mint_batch_id,
        product_id: order.product_id(),
        product_batch_id: order.product_batch_id(),
        requested_quantity: order.quantity(),
        identity_mode: order.identity_mode(),
        activation_mode: order.activation_mode(),
        lots: order.lots().clone(),
        serial_scheme: order.scheme(),
        gtin: product.gtin,
        resolver_base: facts.brand.resolver.clone(),
        idempotency_key: order.idempotency_key().cloned(),
    };
    let queued = event(JobQueued { facts: fixed });
    let rows = order.provided().into_iter().flat_map(provided_events);
    Ok(std::iter::once(queued).chain(rows).collect())
}

fn provided_events(rows: &TextRows) -> impl Iterator<Item = MintEvent> + '_ {
    let quantity = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    let starts = (0..quantity).step_by(PROVIDED_ROWS_PER_EVENT as usize);
    starts.map(move |from| {
        let end = from.saturating_add(PROVIDED_ROWS_PER_EVENT).min(quantity);
        let some = rows.slice(from as usize..end as usize);
        MintEvent::SerialsProvided(SerialsProvided {
            from,
            serials: some.iter().collect::<Vec<_>>().join(" "),
        })
    })
}

fn queue_prepared(batch: &MintBatch) -> Decision {
    match batch.job {
        JobStatus::Queued => Ok(Vec::new()),
        JobStatus::Preflighted => {
            let facts = (*batch.facts).clone();
            Ok(vec![MintEvent::Queued(JobQueued { facts })])
        }
        status => Err(wrong_status(
            status,
            "giving it its batch",
            "PREFLIGHTED or QUEUED",
        )),
    }
}

fn wrong_status(status: JobStatus, command: &'static str, needed: &'static str) -> Rejection {
    Rejection::WrongStatus {
        status,
        command,
        needed,
    }
}

fn reserve(
    batch: &MintBatch,
    worker: WorkerName,
    lease_until: Timestamp,
    identity: IdentityFacts,
) -> Decision {
    if batch.job != JobStatus::Queued {
        return Err(wrong_status(batch.job, "reserving it", "QUEUED"));
    }
    if !identity.serials.is_of(batch.facts.serial_scheme.as_ref()) {
        return Err(Rejection::WrongSerials);
    }
    Ok(vec![MintEvent::Reserved(JobReserved {
        worker,
        lease_until,
        identity,
    })])
}

fn take_over(
    batch: &MintBatch,
    worker: WorkerName,
    lease_until: Timestamp,
    now: Timestamp,
) -> Decision {
    check_processable(batch, "taking it over")?;
    if let Some(lease) = batch.live_lease(now).filter(|lease| lease.worker != worker) {
        return Err(Rejection::Held {
            worker: lease.worker.clone(),
            until: lease.until,
        });
    }
    Ok(vec![MintEvent::TakenOver(JobTakenOver {
        worker,
        lease_until,
    })])
}

fn check_processable(batch: &MintBatch, command: &'static str) -> Result<(), Rejection> {
    match batch.job {
        JobStatus::Reserved | JobStatus::Processing => Ok(()),
        status => Err(wrong_status(status, command, "RESERVED or PROCESSING")),
    }
}

/// A lease that has run out still counts as long as nobody else has taken the job: whoever
/// does so changes the stream, and this cycle's commit then fails.
fn mint_cycle(
    batch: &MintBatch,
    worker: WorkerName,
    count: u32,
    digest: UnitsDigest,
    lease_until: Option<Timestamp>,
    lot_ids: &[LotId],
) -> Decision {
    check_processable(batch, "minting")?;
    if batch
        .lease
        .as_ref()
        .is_none_or(|lease| lease.worker != worker)
    {
        return Err(Rejection::NotHeld { worker });
    }
    let most = batch.missing().min(MAX_UNITS_PER_CYCLE);
    if count == 0 || count > most {
        return Err(Rejection::CycleSize { count, most });
    }
    let mut events = Vec::new();
    if batch.job == JobStatus::Reserved {
        events.push(MintEvent::Started(JobStarted { worker }));
    }
    let is_last = count == batch.missing();
    events.push(MintEvent::CycleMinted(CycleMinted {
        cycle: batch.cycles + 1,
        from: batch.minted,
        count,
        digest,
        lease_until: lease_until.filter(|_| !is_last),
    }));
    if is_last {
        events.extend(lots_confirmed(batch, lot_ids));
        let minted = batch.facts.requested_quantity;
        events.push(MintEvent::Completed(JobCompleted { minted }));
    }
    Ok(events)
}

fn lots_confirmed(batch: &MintBatch, lot_ids: &[LotId]) -> Option<MintEvent> {
    let lots = batch.facts.lots.as_slice();
    if lots.is_empty() {
        return None;
    }
    let lots = lots.iter().zip(lot_ids).map(|(lot, id)| LotConfirmed {
        lot_id: *id,
        lot_code: lot.lot_code,
        qty: lot.qty,
    });
    Some(MintEvent::LotsConfirmed(LotsConfirmed {
        lots: lots.collect(),
    }))
}

fn fail_cycle(batch: &MintBatch, reason: String) -> Decision {
    if !batch.job.can_run() {
        return Err(wrong_status(
            batch.job,
            "failing a cycle",
            "QUEUED, RESERVED or PROCESSING",
        ));
    }
    let failures = batch.failures + 1;
    let failed = MintEvent::CycleFailed(CycleFailed {
        cycle: batch.cycles + 1,
        failures,
        reason: reason.clone(),
    });
    if failures < FAILURES_IN_A_ROW {
        return Ok(vec![failed]);
    }
    let reason =
        format!("{FAILURES_IN_A_ROW} cycles failed in a row, the last one because {reason}");
    let minted = batch.minted;
    Ok(vec![
        failed,
        MintEvent::Failed(JobFailed { minted, reason }),
    ])
}

fn fail(batch: &MintBatch, reason: String) -> Decision {
    match batch.job.is_over() {
        true => Err(wrong_status(batch.job, "giving it up", "not over")),
        false => Ok(vec![MintEvent::Failed(JobFailed {
            minted: batch.minted,
            reason,
        })]),
    }
}

fn cancel(batch: &MintBatch, reason: Option<String>) -> Decision {
    match batch.job.is_over() {
        true => Err(wrong_status(batch.job, "cancelling it", "not over")),
        false => Ok(vec![MintEvent::Cancelled(JobCancelled {
            minted: batch.minted,
            reason,
        })]),
    }
}

fn set_status(batch: &MintBatch, to: BatchStatus, reason: Option<String>) -> Decision {
    let from = batch.status;
    if !to.may_follow(from) {
        return Err(Rejection::WrongStep { from, to });
    }
    if batch.minted == 0 {
        return Err(Rejection::NoUnits);
    }
    Ok(vec![MintEvent::StatusChanged(StatusChanged {
        from,
        to,
        reason,
    })])
}
