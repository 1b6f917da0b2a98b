//! Jobs and batches: accepted, reserved, worked on, ended.

use std::collections::BTreeSet;

use super::{History, Job, Told, Write};
use crate::actor::WorkerName;
use crate::identity::serial::{SerialAllocation, SerialScheme};
use crate::identity::{BatchSeed, IdentityFacts, MintBatchId, PoolSeed, SchemeVersion};
use crate::mint::{
    BatchCodes, BatchStatus, CycleFailed, CycleMinted, GuessBound, JobCancelled, JobCompleted,
    JobFailed, JobQueued, JobReserved, JobStarted, JobStatus, JobTakenOver, LotsConfirmed,
    MAX_UNITS_PER_CYCLE, MintEvent, PoolEvent, ProvidedSerialsClaimed, QuotaEvent, QuotaTaken,
    SerialPool, SerialsProvided, StatusChanged,
};
use crate::store::ProvidedSerial;
use crate::store::log::{ClaimGroup, ClaimSpace, StreamId, StreamKind};
use crate::testing::kit::Checked;
use crate::{ProductId, TextRows, Timestamp};

impl History<'_> {
    /// Accepts a job.
    pub(in super::super) async fn accept(&mut self, job: Job) -> Checked<MintBatchId> {
        self.begin(job, MintEvent::Queued).await
    }

    /// Accepts a job the two-step way: its batch is a draft.
    pub(in super::super) async fn prepare(&mut self, job: Job) -> Checked<MintBatchId> {
        self.begin(job, MintEvent::Preflighted).await
    }

    async fn begin(&mut self, job: Job, event: fn(JobQueued) -> MintEvent) -> Checked<MintBatchId> {
        let facts = job.facts(self.case, self.brand)?;
        let batch = facts.mint_batch_id;
        let product = facts.product_id;
        let mut beside = Vec::new();
        if let Some(production) = facts.product_batch_id {
            let stream = StreamId::new(StreamKind::ProductBatch, *production.as_uuid());
            let quantity = facts.requested_quantity;
            let mint_batch_id = batch;
            let taken = QuotaEvent::Taken(QuotaTaken {
                mint_batch_id,
                quantity,
            });
            beside.push((stream, vec![self.body(&taken)?]));
        }
        let first = event(JobQueued { facts });
        if job.provided.is_empty() {
            self.tell_with(batch, &[first], beside, None).await?;
            return Ok(batch);
        }
        let rows: TextRows = job.provided.iter().map(String::as_str).collect();
        beside.push(self.pool_write(product, &claimed(batch, &rows))?);
        let space = ClaimSpace::serials_of(product);
        let claims = ClaimGroup::numbered(space, rows, *batch.as_uuid());
        let brought = MintEvent::SerialsProvided(SerialsProvided {
            from: 0,
            serials: job.provided.join(" "),
        });
        self.tell_with(batch, &[first, brought], beside, Some(claims))
            .await?;
        for (serial, index) in job.provided.iter().zip(0..) {
            let serial = self.case.read(serial)?;
            self.provided.insert(ProvidedSerial {
                serial,
                batch,
                index,
            });
        }
        Ok(batch)
    }

    fn pool_write(&self, product: ProductId, events: &[PoolEvent]) -> Checked<Write> {
        let stream = StreamId::new(StreamKind::SerialPool, *product.as_uuid());
        let bodies: Checked<Vec<_>> = events.iter().map(|event| self.body(event)).collect();
        Ok((stream, bodies?))
    }

    /// Gives a draft its batch.
    pub(in super::super) async fn queue_prepared(&mut self, batch: MintBatchId) -> Checked {
        let facts = self.told(batch)?.facts().clone();
        let queued = MintEvent::Queued(JobQueued { facts });
        self.tell(batch, &[queued]).await
    }

    /// Reserves a job, for a worker that holds it so long.
    pub(in super::super) async fn reserve(&mut self, batch: MintBatchId, millis: i64) -> Checked {
        let facts = self.told(batch)?.facts().clone();
        let pool = self.pools.entry(facts.product_id).or_default().clone();
        let product_number = u64::from_be_bytes(first_bytes(facts.product_id));
        let reserved = match &facts.serial_scheme {
            None | Some(SerialScheme::Provided) => Ok(Vec::new()),
            Some(scheme) => pool.reserve(
                batch,
                facts.requested_quantity,
                scheme,
                PoolSeed::from_bytes(self.case.bytes("pool", product_number)),
                GuessBound::default(),
                &BTreeSet::new(),
            ),
        };
        let refused = |error| self.case.violation(format!("the kit's pool: {error}"));
        let events = reserved.map_err(refused)?;
        let event = MintEvent::Reserved(JobReserved {
            worker: self.worker("kit")?,
            lease_until: self.later(millis),
            identity: IdentityFacts {
                version: SchemeVersion::V1,
                seed: BatchSeed::from_bytes(self.case.bytes("seed", batch.prefix().to_bits())),
                serials: allocation(&events, facts.serial_scheme.as_ref()),
            },
        });
        let beside = match events.is_empty() {
            true => Vec::new(),
            false => vec![self.pool_write(facts.product_id, &events)?],
        };
        let pool = events.iter().fold(pool, SerialPool::evolve);
        self.pools.insert(facts.product_id, pool);
        self.tell_with(batch, &[event], beside, None).await
    }

    pub(super) fn worker(&self, name: &str) -> Checked<WorkerName> {
        let wrong = |error| self.case.violation(format!("the kit's worker: {error}"));
        WorkerName::parse(name).map_err(wrong)
    }

    pub(super) fn later(&self, millis: i64) -> Timestamp {
        Timestamp::from_unix_millis(self.now.unix_millis().saturating_add(millis))
    }

    /// Another worker takes a job over, and holds it so long.
    pub(in super::super) async fn take_over(&mut self, batch: MintBatchId, millis: i64) -> Checked {
        let event = MintEvent::TakenOver(JobTakenOver {
            worker: self.worker("another")?,
            lease_until: self.later(millis),
        });
        self.tell(batch, &[event]).await
    }

    /// Makes some units; the worker goes on holding the job so long, or lets go at once.
    pub(in super::super) async fn cycle(
        &mut self,
        batch: MintBatchId,
        count: u32,
        hold: Option<i64>,
    ) -> Checked {
        let told = self.told(batch)?.batch.clone();
        let Some(fixed) = &told.identity else {
            return Err(self
                .case
                .violation("the kit mints for a job before it is reserved"));
        };
        let codes = BatchCodes::of(&told.facts, fixed);
        let (from, end) = (told.minted, told.minted + count);
        let is_last = end == told.facts.requested_quantity;
        let mut events = Vec::new();
        if told.job == JobStatus::Reserved {
            let worker = self.worker("kit")?;
            events.push(MintEvent::Started(JobStarted { worker }));
        }
        events.push(MintEvent::CycleMinted(CycleMinted {
            cycle: told.cycles + 1,
            from,
            count,
            digest: codes.digest(from..end, None),
            lease_until: hold.filter(|_| !is_last).map(|millis| self.later(millis)),
        }));
        if is_last && !told.facts.lots.is_empty() {
            let lots = told.facts.lots.as_slice();
            let confirmed = LotsConfirmed::of(lots, codes.lot_ids());
            events.push(MintEvent::LotsConfirmed(confirmed));
        }
        if is_last {
            events.push(MintEvent::Completed(JobCompleted { minted: end }));
        }
        self.tell(batch, &events).await
    }

    /// Accepts a job, reserves it, and makes all of its units.
    pub(in super::super) async fn mint(&mut self, job: Job) -> Checked<MintBatchId> {
        let batch = self.accept(job).await?;
        self.reserve(batch, 60_000).await?;
        loop {
            let most = self.told(batch)?.batch.missing().min(MAX_UNITS_PER_CYCLE);
            if most == 0 {
                return Ok(batch);
            }
            self.cycle(batch, most, Some(60_000)).await?;
        }
    }

    pub(in super::super) async fn fail_cycle(
        &mut self,
        batch: MintBatchId,
        reason: &str,
    ) -> Checked {
        let told = &self.told(batch)?.batch;
        let event = MintEvent::CycleFailed(CycleFailed {
            cycle: told.cycles + 1,
            failures: told.failures + 1,
            reason: reason.to_owned(),
        });
        self.tell(batch, &[event]).await
    }

    pub(in super::super) async fn fail(&mut self, batch: MintBatchId, reason: &str) -> Checked {
        let minted = self.told(batch)?.batch.minted;
        let reason = reason.to_owned();
        let event = MintEvent::Failed(JobFailed { minted, reason });
        self.tell(batch, &[event]).await
    }

    pub(in super::super) async fn cancel(&mut self, batch: MintBatchId) -> Checked {
        let minted = self.told(batch)?.batch.minted;
        let reason = Some("nobody needs it".to_owned());
        let event = MintEvent::Cancelled(JobCancelled { minted, reason });
        self.tell(batch, &[event]).await
    }

    /// Cancels what is not over, so that a shared database does not fill with jobs to run.
    pub(in super::super) async fn cancel_all(&mut self) -> Checked {
        let told = self.batches.values();
        let open = told.filter(|told| !told.batch.job.is_over());
        let open: Vec<_> = open.map(Told::id).collect();
        for batch in open {
            self.cancel(batch).await?;
        }
        Ok(())
    }

    pub(in super::super) async fn set_status(
        &mut self,
        batch: MintBatchId,
        to: BatchStatus,
    ) -> Checked {
        let from = self.told(batch)?.batch.status;
        let reason = Some(self.case.read("the kit says so")?);
        let event = MintEvent::StatusChanged(StatusChanged { from, to, reason });
        self.tell(batch, &[event]).await
    }
}

fn claimed(mint_batch_id: MintBatchId, rows: &TextRows) -> [PoolEvent; 1] {
    [PoolEvent::Claimed(ProvidedSerialsClaimed {
        mint_batch_id,
        quantity: u32::try_from(rows.len()).unwrap_or(u32::MAX),
        numbers: 0,
    })]
}

fn first_bytes(product: ProductId) -> [u8; 8] {
    let bytes = product.as_uuid().as_bytes();
    bytes.first_chunk().copied().unwrap_or_default()
}

fn allocation(events: &[PoolEvent], scheme: Option<&SerialScheme>) -> SerialAllocation {
    let reserved = events.iter().find_map(|event| match event {
        PoolEvent::Reserved(reserved) => Some(reserved.serials.clone()),
        _ => None,
    });
    let otherwise = match scheme {
        Some(_) => SerialAllocation::Provided,
        None => SerialAllocation::None,
    };
    reserved.unwrap_or(otherwise)
}
