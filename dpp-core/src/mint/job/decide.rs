//! What a job and its batch may do.

use super::command::{
    Acceptance, Command, Context, FAILURES_IN_A_ROW, MAX_UNITS_PER_CYCLE, Rejection,
};
use super::events::{
    BatchFacts, CycleFailed, CycleMinted, JobCancelled, JobCompleted, JobFailed, JobQueued,
    JobReserved, JobStarted, JobTakenOver, LotsConfirmed, MintEvent, PROVIDED_ROWS_PER_EVENT,
    SerialsProvided, StatusChanged,
};
use super::state::MintBatch;
use super::status::{BatchStatus, JobStatus};
use crate::actor::WorkerName;
use crate::identity::{IdentityFacts, LotId, UnitsDigest};
use crate::mint::preflight::blocking_reasons;
use crate::reason::Reason;
use crate::text_rows::TextRows;
use crate::time::Timestamp;

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
        (batch, Command::FailCycle { worker, reason }) => fail_cycle(batch, worker, reason),
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
    let facts = &batch.facts;
    let right_scheme = identity.serials.is_of(facts.serial_scheme.as_ref());
    if !right_scheme || !identity.serials.is_for(facts.requested_quantity) {
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
        cycle: batch.cycles.saturating_add(1),
        from: batch.minted,
        count,
        digest,
        lease_until: lease_until.filter(|_| !is_last),
    }));
    if is_last {
        events.extend(lots_confirmed(batch, lot_ids)?);
        let minted = batch.facts.requested_quantity;
        events.push(MintEvent::Completed(JobCompleted { minted }));
    }
    Ok(events)
}

fn lots_confirmed(batch: &MintBatch, lot_ids: &[LotId]) -> Result<Option<MintEvent>, Rejection> {
    let lots = batch.facts.lots.as_slice();
    if lots.is_empty() {
        return Ok(None);
    }
    let prefix = batch.facts.mint_batch_id.prefix();
    let own = lot_ids.iter().all(|id| id.batch_prefix() == prefix);
    if !own || lot_ids.len() != lots.len() {
        return Err(Rejection::WrongLots {
            given: lot_ids.len(),
            lots: lots.len(),
        });
    }
    let confirmed = LotsConfirmed::of(lots, lot_ids);
    Ok(Some(MintEvent::LotsConfirmed(confirmed)))
}

/// A job that nobody holds may note a failure too: that of taking it up.
fn fail_cycle(batch: &MintBatch, worker: WorkerName, reason: String) -> Decision {
    if !batch.job.can_run() {
        return Err(wrong_status(
            batch.job,
            "failing a cycle",
            "QUEUED, RESERVED or PROCESSING",
        ));
    }
    let holder = batch.lease.as_ref().map(|lease| &lease.worker);
    if holder.is_some_and(|holder| *holder != worker) {
        return Err(Rejection::NotHeld { worker });
    }
    let failures = batch.failures.saturating_add(1);
    let failed = MintEvent::CycleFailed(CycleFailed {
        cycle: batch.cycles.saturating_add(1),
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

fn set_status(batch: &MintBatch, to: BatchStatus, reason: Option<Reason>) -> Decision {
    let from = batch.status;
    if !to.may_follow(from) {
        return Err(Rejection::WrongStep { from, to });
    }
    if batch.minted == 0 {
        return Err(Rejection::NoUnits);
    }
    if to == BatchStatus::Voided && reason.is_none() {
        return Err(Rejection::ReasonMissing);
    }
    Ok(vec![MintEvent::StatusChanged(StatusChanged {
        from,
        to,
        reason,
    })])
}
