//! What the fold keeps of one brand, event by event.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::audit::FeedMap;
use crate::export::ExportEvent;
use crate::gs1::{Gtin, LotCode};
use crate::identity::serial::{SerialDirectory, SerialSpan};
use crate::identity::{BatchPrefix, MintBatchId};
use crate::ids::{EventId, ExportId, ProductId};
use crate::mint::{MintEvent, PoolEvent, QuotaEvent, evolve};
use crate::store::log::{NewEvent, Position, RecordedEvent, StreamId, StreamKind};
use crate::store::{
    BatchRecord, BrandCounters, Codec, DecodeError, ExportRecord, JobKey, ProvidedSerial,
};
use crate::time::Timestamp;
use crate::unit::{LotEvent, UnitCounts, UnitEvent, UnitExceptions, UnitsEvent};

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
    pub(super) feed: FeedMap,
    pub(super) counters: BrandCounters,
}

/// A batch with the units that are not as it is.
#[derive(Debug)]
pub(super) struct BatchFold {
    pub(super) record: Arc<BatchRecord>,
    pub(super) exceptions: Arc<UnitExceptions>,
}

impl BrandFold {
    /// Takes in the event that follows the last; gives the batch whose job it may have moved.
    pub(super) fn apply(
        &mut self,
        codec: &Codec,
        recorded: &RecordedEvent,
    ) -> Result<Option<MintBatchId>, DecodeError> {
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
    ) -> Result<Option<MintBatchId>, DecodeError> {
        let RecordedEvent { stream, event, .. } = recorded;
        let batch = || MintBatchId::try_from(*stream.id()).ok();
        match stream.kind() {
            StreamKind::MintBatch => {
                let decoded = codec.decode(event)?;
                let Some(id) = batch() else { return Ok(None) };
                self.apply_mint(id, &decoded, event.metadata.at);
                return Ok(Some(id));
            }
            StreamKind::SerialPool => {
                let _known: PoolEvent = codec.decode(event)?;
            }
            StreamKind::ProductBatch => {
                let _known: QuotaEvent = codec.decode(event)?;
            }
            StreamKind::MintUnit => self.apply_unit(&codec.decode(event)?),
            StreamKind::MintLot => self.apply_lot(&codec.decode(event)?),
            StreamKind::UnitRevocations => {
                let UnitsEvent::Revoked(revoked) = codec.decode(event)?;
                if let Some(id) = batch() {
                    self.change(id, |exceptions| exceptions.revoked.add(&revoked.units));
                }
            }
            StreamKind::Export => self.apply_export(stream, &codec.decode(event)?, event),
        }
        Ok(None)
    }

    fn apply_mint(&mut self, id: MintBatchId, event: &MintEvent, at: Timestamp) {
        if let MintEvent::SerialsProvided(rows) = event {
            self.note_provided(id, rows.from, &rows.serials);
        }
        if let Some(fold) = self.batches.get_mut(&id) {
            let before = fold.record.units;
            Arc::make_mut(&mut fold.record).evolve(event, at);
            fold.count();
            move_counts(&mut self.counters.units, before, fold.record.units);
            if let MintEvent::Reserved(_) = event {
                self.note_serials(id);
            }
            return;
        }
        if let Some(batch) = evolve(None, event) {
            self.insert(BatchRecord::accepted(batch, at));
        }
    }

    /// Adds a batch that is not there, with everything that leads to it.
    fn insert(&mut self, record: BatchRecord) {
        let (key, facts) = (record.key(), record.batch.facts.clone());
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
        let fold = BatchFold {
            record: Arc::new(record),
            exceptions: Arc::default(),
        };
        self.batches.insert(id, fold);
    }

    /// Adds a batch that was read out of a snapshot, with what happened to its units.
    pub(super) fn restore(&mut self, record: BatchRecord, exceptions: UnitExceptions) {
        let id = record.batch.facts.mint_batch_id;
        self.insert(record);
        self.change(id, |of_batch| *of_batch = exceptions);
        self.note_serials(id);
    }

    /// Adds an export that was read out of a snapshot.
    pub(super) fn restore_export(&mut self, export: ExportRecord) {
        self.counters.completed_exports += u64::from(export.completed);
        self.exports.insert(export.export_id, export);
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

    fn apply_unit(&mut self, event: &UnitEvent) {
        match event {
            UnitEvent::Activated(event) => {
                self.change_one(event.mint_batch_id, event.index, |exceptions| {
                    exceptions.activated.insert(event.index)
                });
            }
            UnitEvent::Revoked(event) => {
                self.change_one(event.mint_batch_id, event.index, |exceptions| {
                    exceptions.revoked.insert(event.index)
                });
            }
        }
    }

    fn apply_lot(&mut self, event: &LotEvent) {
        let LotEvent::Activated(event) = event;
        self.change(event.mint_batch_id, |exceptions| {
            exceptions.lots.insert(event.lot);
        });
    }

    /// Changes what is known of one unit. The counts follow from where it stood and stands:
    /// to count the batch anew would cost too much for each scan.
    fn change_one(
        &mut self,
        id: MintBatchId,
        index: u32,
        change: impl FnOnce(&mut UnitExceptions) -> bool,
    ) {
        let Some(fold) = self.batches.get_mut(&id) else {
            return;
        };
        let was = fold.record.of_units().status(&fold.exceptions, index);
        if !change(Arc::make_mut(&mut fold.exceptions)) || index >= fold.record.batch.minted {
            return;
        }
        let is = fold.record.of_units().status(&fold.exceptions, index);
        if was != is {
            let before = fold.record.units;
            Arc::make_mut(&mut fold.record).units.step(was, is);
            move_counts(&mut self.counters.units, before, fold.record.units);
        }
    }

    fn change(&mut self, id: MintBatchId, change: impl FnOnce(&mut UnitExceptions)) {
        let Some(fold) = self.batches.get_mut(&id) else {
            return;
        };
        let before = fold.record.units;
        change(Arc::make_mut(&mut fold.exceptions));
        fold.count();
        move_counts(&mut self.counters.units, before, fold.record.units);
    }

    fn apply_export(&mut self, stream: &StreamId, event: &ExportEvent, stored: &NewEvent) {
        let export_id = ExportId::from_uuid(*stream.id());
        match event {
            ExportEvent::Requested(event) => {
                self.exports.entry(export_id).or_insert(ExportRecord {
                    export_id,
                    mint_batch_id: event.mint_batch_id,
                    format: event.format,
                    completed: false,
                    requested_at: stored.metadata.at,
                });
            }
            ExportEvent::Completed(_) => {
                let export = self.exports.get_mut(&export_id);
                if let Some(export) = export.filter(|export| !export.completed) {
                    export.completed = true;
                    self.counters.completed_exports += 1;
                }
            }
        }
    }
}

impl BatchFold {
    fn count(&mut self) {
        let counted = self.record.of_units().count(&self.exceptions);
        if counted != self.record.units {
            Arc::make_mut(&mut self.record).units = counted;
        }
    }
}

fn move_counts(total: &mut UnitCounts, before: UnitCounts, after: UnitCounts) {
    total.made = total.made + after.made - before.made;
    total.active = total.active + after.active - before.active;
    total.revoked = total.revoked + after.revoked - before.revoked;
}
