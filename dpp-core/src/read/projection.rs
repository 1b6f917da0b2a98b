//! What the fold keeps of a brand, event by event.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::identity::serial::SerialDirectory;
use crate::identity::{BatchPrefix, MintBatchId};
use crate::ids::{BrandId, ProductId};
use crate::mint::{JobStatus, MintEvent, PoolEvent, evolve};
use crate::store::log::{NewEvent, PageLimit, Position, RecordedEvent, StreamId, StreamKind};
use crate::store::{
    BatchRecord, Codec, CycleRecord, DecodeError, JobKey, ReadStoreError, RunnableJob,
};
use crate::time::Timestamp;

/// Everything that the fold knows.
#[derive(Debug, Default)]
pub(super) struct Projection {
    brands: HashMap<BrandId, BrandProjection>,
    running: BTreeMap<JobKey, Running>,
}

#[derive(Debug, Default)]
struct BrandProjection {
    position: Option<Position>,
    batches: HashMap<MintBatchId, Arc<BatchRecord>>,
    order: BTreeMap<JobKey, MintBatchId>,
    prefixes: HashMap<BatchPrefix, MintBatchId>,
    directories: HashMap<ProductId, Arc<SerialDirectory>>,
}

/// A job that is not over.
#[derive(Debug, Clone, Copy)]
struct Running {
    brand: BrandId,
    held_until: Option<Timestamp>,
}

impl Projection {
    /// How far a brand's feed was read.
    pub(super) fn position(&self, brand: BrandId) -> Option<Position> {
        self.brands.get(&brand)?.position
    }

    /// Takes events in that follow what was taken in before. Those that another reader has
    /// taken in meanwhile are passed over.
    pub(super) fn apply(
        &mut self,
        codec: &Codec,
        brand: BrandId,
        events: &[RecordedEvent],
    ) -> Result<(), ReadStoreError> {
        let known = self.position(brand);
        for event in events.iter().filter(|event| Some(event.position) > known) {
            self.apply_one(codec, brand, event)
                .map_err(|source| ReadStoreError::Decode {
                    brand,
                    position: event.position,
                    source: Arc::new(source),
                })?;
            self.brands.entry(brand).or_default().position = Some(event.position);
        }
        Ok(())
    }

    fn apply_one(
        &mut self,
        codec: &Codec,
        brand: BrandId,
        recorded: &RecordedEvent,
    ) -> Result<(), DecodeError> {
        let RecordedEvent { stream, event, .. } = recorded;
        match stream.kind() {
            StreamKind::MintBatch => self.apply_mint(codec.decode(event)?, brand, stream, event),
            StreamKind::SerialPool => self.apply_pool(codec.decode(event)?, brand, stream),
            StreamKind::ProductBatch => codec.decode::<crate::mint::QuotaEvent>(event).map(drop)?,
        }
        Ok(())
    }

    fn apply_mint(
        &mut self,
        event: MintEvent,
        brand: BrandId,
        stream: &StreamId,
        stored: &NewEvent,
    ) {
        let Ok(id) = MintBatchId::try_from(*stream.id()) else {
            return;
        };
        let at = stored.metadata.at;
        let of_brand = self.brands.entry(brand).or_default();
        if let Some(record) = of_brand.batches.get_mut(&id) {
            update(Arc::make_mut(record), &event, at);
            note_running(&mut self.running, brand, record);
            return;
        }
        let Some(batch) = evolve(None, &event) else {
            return;
        };
        let record = Arc::new(BatchRecord {
            accepted_at: at,
            changed_at: at,
            batch,
            cycles: Vec::new(),
            failure: None,
        });
        note_running(&mut self.running, brand, &record);
        of_brand.order.insert(record.key(), id);
        of_brand.prefixes.insert(id.prefix(), id);
        of_brand.batches.insert(id, record);
    }

    fn apply_pool(&mut self, event: PoolEvent, brand: BrandId, stream: &StreamId) {
        let PoolEvent::Reserved(event) = event else {
            return;
        };
        let product = ProductId::from_uuid(*stream.id());
        let directories = &mut self.brands.entry(brand).or_default().directories;
        let directory = directories.entry(product).or_default();
        Arc::make_mut(directory).insert(event.mint_batch_id, &event.serials);
    }

    /// The jobs that may be taken, but for those of the brands in `but`.
    pub(super) fn runnable(
        &self,
        now: Timestamp,
        limit: PageLimit,
        but: &[BrandId],
    ) -> Vec<RunnableJob> {
        let free = |running: &Running| {
            let held = running.held_until.is_some_and(|until| now < until);
            !held && !but.contains(&running.brand)
        };
        let jobs = self.running.iter().filter(|(_, running)| free(running));
        jobs.map(|(key, running)| RunnableJob {
            brand: running.brand,
            job: key.batch.job(),
            accepted_at: key.accepted_at,
        })
        .take(limit.get())
        .collect()
    }

    pub(super) fn batch(&self, brand: BrandId, id: MintBatchId) -> Option<Arc<BatchRecord>> {
        self.brands.get(&brand)?.batches.get(&id).cloned()
    }

    pub(super) fn by_prefix(
        &self,
        brand: BrandId,
        prefix: BatchPrefix,
    ) -> Option<Arc<BatchRecord>> {
        let id = *self.brands.get(&brand)?.prefixes.get(&prefix)?;
        self.batch(brand, id)
    }

    pub(super) fn batches(
        &self,
        brand: BrandId,
        before: Option<JobKey>,
        limit: PageLimit,
    ) -> Vec<Arc<BatchRecord>> {
        let Some(of_brand) = self.brands.get(&brand) else {
            return Vec::new();
        };
        let ids = match before {
            Some(before) => of_brand.order.range(..before),
            None => of_brand.order.range(..),
        };
        let newest = ids.rev().take(limit.get());
        newest
            .filter_map(|(_, id)| of_brand.batches.get(id).cloned())
            .collect()
    }

    pub(super) fn directory(
        &self,
        brand: BrandId,
        product: ProductId,
    ) -> Option<Arc<SerialDirectory>> {
        self.brands.get(&brand)?.directories.get(&product).cloned()
    }
}

fn note_running(running: &mut BTreeMap<JobKey, Running>, brand: BrandId, record: &BatchRecord) {
    if !record.batch.job.can_run() {
        running.remove(&record.key());
        return;
    }
    let held_until = record.batch.lease.as_ref().map(|lease| lease.until);
    running.insert(record.key(), Running { brand, held_until });
}

fn update(record: &mut BatchRecord, event: &MintEvent, at: Timestamp) {
    record.changed_at = at;
    match event {
        MintEvent::CycleMinted(cycle) => {
            note_cycle(
                &mut record.cycles,
                cycle.from.saturating_add(cycle.count),
                at,
            );
            record.failure = None;
        }
        MintEvent::CycleFailed(failed) => record.failure = Some(failed.reason.clone()),
        MintEvent::Failed(failed) => record.failure = Some(failed.reason.clone()),
        _ => {}
    }
    if let Some(batch) = evolve(Some(record.batch.clone()), event) {
        record.batch = batch;
    }
}

fn note_cycle(cycles: &mut Vec<CycleRecord>, end: u32, at: Timestamp) {
    match cycles.last_mut().filter(|last| last.at == at) {
        Some(last) => last.end = end,
        None => cycles.push(CycleRecord { end, at }),
    }
}

impl BatchRecord {
    /// Where its job stands.
    pub fn job(&self) -> JobStatus {
        self.batch.job
    }
}
