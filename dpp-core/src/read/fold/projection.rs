//! What the fold keeps, and its answers.

use std::collections::{BTreeMap, HashMap};
use std::ops::{Bound, RangeInclusive};
use std::sync::Arc;

use super::audit::Stretch;
use super::brand::{BrandFold, Moved};
use super::exports::OpenExports;
use crate::gs1::Gtin;
use crate::identity::serial::SerialDirectory;
use crate::identity::{BatchPrefix, MintBatchId};
use crate::ids::{BrandId, ProductId};
use crate::store::log::{PageLimit, Position, RecordedEvent};
use crate::store::{
    BatchFold, BatchQuery, BatchRecord, BrandCounters, Codec, EventQuery, JobKey, Order,
    ProvidedSerial, ReadStoreError, RunnableJob,
};
use crate::time::Timestamp;
use crate::unit::UnitExceptions;

/// Everything that the fold knows.
#[derive(Debug, Default)]
pub(super) struct Projection {
    pub(super) brands: HashMap<BrandId, BrandFold>,
    /// By key, then by brand: ids are a brand's own.
    running: BTreeMap<(JobKey, BrandId), Held>,
    pub(super) open_exports: OpenExports,
}

/// Until when a job that is not over is held, if it is.
type Held = Option<Timestamp>;

/// Up to so many batches whose ids lie in a range are sorted; of more, the keys of all of the
/// brand are gone through in their order.
const MOST_SORTED: usize = 1_000;

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
        let fold = self.brands.entry(brand).or_default();
        let known = fold.position;
        for event in events.iter().filter(|event| Some(event.position) > known) {
            let moved = fold
                .apply(codec, event)
                .map_err(|source| ReadStoreError::Decode {
                    brand,
                    position: event.position,
                    source: Arc::new(source),
                })?;
            match moved {
                Moved::Nothing => {}
                Moved::Job(id) => {
                    if let Some(batch) = fold.batches.get(&id) {
                        note_running(&mut self.running, brand, &batch.record);
                    }
                }
                Moved::Export(id, was) => {
                    if let Some(is) = fold.exports.get(&id) {
                        self.open_exports.note(brand, was.as_ref(), is);
                    }
                }
            }
        }
        Ok(())
    }

    /// Takes in a brand that was read out of a snapshot.
    pub(super) fn adopt(&mut self, brand: BrandId, fold: BrandFold) {
        for batch in fold.batches.values() {
            note_running(&mut self.running, brand, &batch.record);
        }
        for export in fold.exports.values() {
            self.open_exports.note(brand, None, export);
        }
        self.brands.insert(brand, fold);
    }

    /// The jobs that may be taken, but for those of the brands in `but`.
    pub(super) fn runnable(
        &self,
        now: Timestamp,
        limit: PageLimit,
        but: &[BrandId],
    ) -> Vec<RunnableJob> {
        let free = |brand: &BrandId, held: &Held| {
            let held = held.is_some_and(|until| now < until);
            !held && !but.contains(brand)
        };
        let jobs = self.running.iter();
        let jobs = jobs.filter(|((_, brand), held)| free(brand, held));
        jobs.map(|((key, brand), _)| RunnableJob {
            brand: *brand,
            job: key.batch.job(),
            accepted_at: key.accepted_at,
        })
        .take(limit.get())
        .collect()
    }

    fn of(&self, brand: BrandId) -> Option<&BrandFold> {
        self.brands.get(&brand)
    }

    pub(super) fn batch(&self, brand: BrandId, id: MintBatchId) -> Option<Arc<BatchRecord>> {
        Some(self.of(brand)?.batches.get(&id)?.record.clone())
    }

    pub(super) fn by_prefix(
        &self,
        brand: BrandId,
        prefix: BatchPrefix,
    ) -> Option<Arc<BatchRecord>> {
        let id = *self.of(brand)?.prefixes.get(&prefix)?;
        self.batch(brand, id)
    }

    pub(super) fn batches(
        &self,
        brand: BrandId,
        query: &BatchQuery,
        order: Order,
        after: Option<JobKey>,
        limit: PageLimit,
    ) -> Vec<Arc<BatchRecord>> {
        let Some(fold) = self.of(brand) else {
            return Vec::new();
        };
        let keys = fold.candidates(query, order, after);
        let records = keys.filter_map(|key| fold.batches.get(&key.batch));
        // The span of a batch's serials is kept: to make it anew for each takes long.
        let left = BatchQuery {
            serials: query.serials.clone().filter(|_| query.lot.is_some()),
            ..query.clone()
        };
        let matching = records.filter(|batch| left.matches(&batch.record));
        let page = matching.take(limit.get());
        page.map(|batch| batch.record.clone()).collect()
    }

    pub(super) fn products_with_gtin(&self, brand: BrandId, gtin: Gtin) -> Vec<ProductId> {
        let products = self.of(brand).and_then(|fold| fold.gtins.get(&gtin));
        products.into_iter().flatten().copied().collect()
    }

    pub(super) fn directory(
        &self,
        brand: BrandId,
        product: ProductId,
    ) -> Option<Arc<SerialDirectory>> {
        self.of(brand)?.directories.get(&product).cloned()
    }

    pub(super) fn provided(
        &self,
        brand: BrandId,
        prefix: &str,
        after: Option<ProvidedSerial>,
        limit: PageLimit,
    ) -> Vec<ProvidedSerial> {
        let Some(fold) = self.of(brand) else {
            return Vec::new();
        };
        let before_all = ProvidedSerial::before_all(prefix);
        let start = match (after, before_all) {
            (Some(after), Some(first)) if after >= first => Bound::Excluded(after),
            (_, Some(first)) => Bound::Included(first),
            (_, None) => return Vec::new(),
        };
        let rows = fold.provided.range((start, Bound::Unbounded));
        rows.take_while(|row| row.serial.as_str().starts_with(prefix))
            .take(limit.get())
            .copied()
            .collect()
    }

    pub(super) fn exceptions(&self, brand: BrandId, batch: MintBatchId) -> Arc<UnitExceptions> {
        let fold = self.of(brand).and_then(|fold| fold.batches.get(&batch));
        fold.map(|batch: &BatchFold| batch.exceptions.clone())
            .unwrap_or_default()
    }

    pub(super) fn next_stretch(
        &self,
        brand: BrandId,
        query: &EventQuery,
        order: Order,
        beyond: Option<Position>,
    ) -> Option<Stretch> {
        self.of(brand)?.feed.next(query, order, beyond)
    }

    pub(super) fn counters(&self, brand: BrandId) -> BrandCounters {
        self.of(brand).map(|fold| fold.counters).unwrap_or_default()
    }
}

impl BrandFold {
    /// The keys of batches among which all are that a query asks for, in its order.
    fn candidates(
        &self,
        query: &BatchQuery,
        order: Order,
        after: Option<JobKey>,
    ) -> Box<dyn Iterator<Item = JobKey> + '_> {
        let bounds = match (order, after) {
            (_, None) => (Bound::Unbounded, Bound::Unbounded),
            (Order::NewestFirst, Some(key)) => (Bound::Unbounded, Bound::Excluded(key)),
            (Order::OldestFirst, Some(key)) => (Bound::Excluded(key), Bound::Unbounded),
        };
        if let Some(lot) = query.lot {
            let keys = self.lots.get(&lot).map(|keys| keys.range(bounds).copied());
            return in_order(keys.into_iter().flatten(), order);
        }
        if let Some(prefix) = query.serials.clone() {
            let spans = self.spans.range(bounds);
            let keys = spans.filter(move |(_, span)| span.may_begin_with(&prefix));
            return in_order(keys.map(|(key, _)| *key), order);
        }
        if let Some(few) = query.ids.clone().and_then(|ids| self.few_by_id(ids)) {
            let within = few.into_iter().filter(move |key| {
                let range: (Bound<JobKey>, Bound<JobKey>) = bounds;
                std::ops::RangeBounds::contains(&range, key)
            });
            return in_order(within, order);
        }
        let ids = query.ids.clone();
        let within = move |key: &JobKey| {
            let prefix = key.batch.prefix();
            ids.as_ref().is_none_or(|ids| ids.contains(&prefix))
        };
        let keys = self.order.range(bounds).map(|(key, _)| *key);
        in_order(keys.filter(within), order)
    }

    /// The keys of the batches whose ids lie in a range, rising; none if they are many.
    fn few_by_id(&self, ids: RangeInclusive<BatchPrefix>) -> Option<Vec<JobKey>> {
        if ids.is_empty() {
            return Some(Vec::new());
        }
        let found = self.prefixes.range(ids).take(MOST_SORTED + 1);
        let records = found.filter_map(|(_, id)| self.batches.get(id));
        let mut keys: Vec<_> = records.map(|batch| batch.record.key()).collect();
        keys.sort_unstable();
        (keys.len() <= MOST_SORTED).then_some(keys)
    }
}

pub(super) fn in_order<'a, T>(
    keys: impl DoubleEndedIterator<Item = T> + 'a,
    order: Order,
) -> Box<dyn Iterator<Item = T> + 'a> {
    match order {
        Order::NewestFirst => Box::new(keys.rev()),
        Order::OldestFirst => Box::new(keys),
    }
}

fn note_running(
    running: &mut BTreeMap<(JobKey, BrandId), Held>,
    brand: BrandId,
    record: &BatchRecord,
) {
    let place = (record.key(), brand);
    if !record.batch.job.can_run() {
        running.remove(&place);
        return;
    }
    let held = record.batch.lease.as_ref().map(|lease| lease.until);
    running.insert(place, held);
}
