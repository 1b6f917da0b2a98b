//! What the fold keeps of one brand, event by event.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::audit::FeedMap;
use crate::gs1::{Gtin, LotCode};
use crate::identity::serial::{SerialDirectory, SerialSpan};
use crate::identity::{BatchPrefix, MintBatchId};
use crate::ids::{EventId, ExportId, ProductId};
use crate::mint::MintEvent;
use crate::store::log::{Position, RecordedEvent};
use crate::store::{
    BatchFold, BatchRecord, BrandCounters, Codec, DecodeError, ExportRecord, JobKey, OfBatch,
    ProvidedSerial, Told,
};
use crate::time::Timestamp;
use crate::unit::{UnitCounts, UnitExceptions};

/// What is known of one brand.
#[derive(Debug, Default)]
pub(super) struct BrandFold {
    pub(super) position: Option<Position>,
    /// The position before that of the last event.
    pub(super) before: Option<Position>,
    /// The last event.
    pub(super) event_id: Option<EventId>,
    pub(super) batches: HashMap<MintBatchId, BatchFold>,
    pub(super) order: BTreeMap<JobKey, MintBatchId>,
    pub(super) prefixes: BTreeMap<BatchPrefix, MintBatchId>,
    pub(super) spans: BTreeMap<JobKey, SerialSpan>,
    pub(super) lots: HashMap<LotCode, BTreeSet<JobKey>>,
    pub(super) gtins: HashMap<Gtin, BTreeSet<ProductId>>,
    pub(super) directories: HashMap<ProductId, Arc<SerialDirectory>>,
    pub(super) provided: BTreeSet<ProvidedSerial>,
    pub(super) exports: BTreeMap<ExportId, ExportRecord>,
    pub(super) exports_of: HashMap<MintBatchId, BTreeSet<ExportId>>,
    pub(super) feed: FeedMap,
    pub(super) counters: BrandCounters,
}

/// What an event may have moved of what the fold keeps of all brands.
#[derive(Debug)]
pub(super) enum Moved {
    Nothing,
    /// The job of a batch.
    Job(MintBatchId),
    /// An export, which was otherwise before, or not there.
    Export(ExportId, Option<ExportRecord>),
}

impl BrandFold {
    /// Takes in the event that follows the last; gives what it may have moved.
    pub(super) fn apply(
        &mut self,
        codec: &Codec,
        recorded: &RecordedEvent,
    ) -> Result<Moved, DecodeError> {
        let moved = self.apply_typed(codec, recorded)?;
        self.feed.note(self.position, recorded);
        self.before = self.position;
        self.position = Some(recorded.position);
        self.event_id = Some(recorded.event.metadata.event_id);
        Ok(moved)
    }

    fn apply_typed(
        &mut self,
        codec: &Codec,
        recorded: &RecordedEvent,
    ) -> Result<Moved, DecodeError> {
        let at = recorded.event.metadata.at;
        Ok(match Told::by(codec, recorded.stream, &recorded.event)? {
            Told::OfBatch(id, told) => {
                self.apply_to_batch(id, &told, at);
                match told {
                    OfBatch::Mint(_) => Moved::Job(id),
                    _ => Moved::Nothing,
                }
            }
            Told::OfExport(id, event) => {
                let was = self.exports.get(&id).copied();
                if let Some(is) = ExportRecord::evolve(was, id, &event, at) {
                    self.put_export(was, is);
                }
                Moved::Export(id, was)
            }
            Told::Nothing => Moved::Nothing,
        })
    }

    fn apply_to_batch(&mut self, id: MintBatchId, told: &OfBatch, at: Timestamp) {
        if let OfBatch::Mint(MintEvent::SerialsProvided(rows)) = told {
            self.note_provided(id, rows.from, &rows.serials);
        }
        let Some(fold) = self.batches.get_mut(&id) else {
            if let Some(fold) = BatchFold::begun_by(told, at) {
                self.insert(fold);
            }
            return;
        };
        let before = fold.record.units;
        fold.take_in(told, at);
        self.counters.units.replace(before, fold.record.units);
        if let OfBatch::Mint(MintEvent::Reserved(_)) = told {
            self.note_serials(id);
        }
    }

    /// Adds a batch that is not there, with everything that leads to it.
    fn insert(&mut self, fold: BatchFold) {
        let (key, facts) = (fold.record.key(), fold.record.batch.facts.clone());
        let id = facts.mint_batch_id;
        self.order.insert(key, id);
        self.prefixes.insert(id.prefix(), id);
        for lot in facts.lots.as_slice() {
            self.lots.entry(lot.lot_code).or_default().insert(key);
        }
        if let Some(gtin) = facts.gtin {
            let products = self.gtins.entry(gtin).or_default();
            products.insert(facts.product_id);
        }
        self.counters.batches += 1;
        self.counters
            .units
            .replace(UnitCounts::default(), fold.record.units);
        self.batches.insert(id, fold);
    }

    /// Adds a batch that was read out of a snapshot, with what happened to its units.
    pub(super) fn restore(&mut self, record: BatchRecord, exceptions: UnitExceptions) {
        let id = record.batch.facts.mint_batch_id;
        let mut fold = BatchFold {
            record: Arc::new(record),
            exceptions: Arc::new(exceptions),
        };
        fold.count();
        self.insert(fold);
        self.note_serials(id);
    }

    /// Puts an export in, which was otherwise before, or not there.
    pub(super) fn put_export(&mut self, was: Option<ExportRecord>, is: ExportRecord) {
        let was_completed = was.is_some_and(|was| was.completed);
        self.counters.completed_exports += u64::from(is.completed && !was_completed);
        if was.is_none() {
            let of_batch = self.exports_of.entry(is.mint_batch_id).or_default();
            of_batch.insert(is.export_id);
        }
        self.exports.insert(is.export_id, is);
    }

    /// Adds what leads from a serial to its batch, once its job was reserved.
    fn note_serials(&mut self, id: MintBatchId) {
        let Some(fold) = self.batches.get(&id) else {
            return;
        };
        let batch = &fold.record.batch;
        let Some(fixed) = &batch.identity else {
            return;
        };
        let directories = self.directories.entry(batch.facts.product_id);
        Arc::make_mut(directories.or_default()).insert(id, &fixed.serials);
        if let Some(span) = fixed.serials.span() {
            self.spans.insert(fold.record.key(), span);
        }
    }

    fn note_provided(&mut self, batch: MintBatchId, from: u32, serials: &str) {
        let rows = serials.split(' ').zip(from..);
        let rows = rows.filter_map(|(text, index)| {
            let serial = text.parse().ok()?;
            Some(ProvidedSerial {
                serial,
                batch,
                index,
            })
        });
        self.provided.extend(rows);
    }
}
