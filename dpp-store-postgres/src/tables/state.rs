//! What the rows become by events.

use std::collections::{BTreeMap, BTreeSet};

use dpp_core::export::ExportEvent;
use dpp_core::identity::MintBatchId;
use dpp_core::mint::MintEvent;
use dpp_core::store::{BatchFold, BrandCounters, ExportRecord, OfBatch, ProvidedSerial, Told};
use dpp_core::unit::{UnitCounts, UnitEvent, UnitsEvent};
use dpp_core::{BrandId, ExportId, ProductId, Timestamp};

use super::chunk;
use super::load::Loaded;

/// Whose rows they are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Whose {
    pub(crate) brand: BrandId,
    pub(crate) counters: BrandCounters,
    /// The number of the first event that could not be read.
    pub(crate) unreadable: Option<i64>,
}

/// The rows that events touch, as they become.
#[derive(Debug)]
pub(crate) struct Tables {
    pub(crate) whose: Whose,
    pub(super) batches: BTreeMap<MintBatchId, Held>,
    pub(super) exports: BTreeMap<ExportId, ExportRecord>,
    pub(super) changed_exports: BTreeSet<ExportId>,
    pub(super) allocations: Vec<Allocation>,
    pub(super) provided: Vec<ProvidedSerial>,
}

/// A batch, and what of it was changed.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) fold: BatchFold,
    pub(super) was: Option<UnitCounts>,
    pub(super) record_changed: bool,
    pub(super) lots_changed: bool,
    pub(super) chunks: BTreeSet<i32>,
}

/// Serials that a pool gave to a batch, and where that stands.
#[derive(Debug)]
pub(super) struct Allocation {
    pub(super) product: ProductId,
    pub(super) number: i64,
    pub(super) batch: MintBatchId,
}

impl Tables {
    pub(crate) fn new(whose: Whose, loaded: Loaded) -> Self {
        let held = |(id, fold): (MintBatchId, BatchFold)| {
            let was = Some(fold.record.units);
            (id, Held::of(fold, was))
        };
        Self {
            whose,
            batches: loaded.batches.into_iter().map(held).collect(),
            exports: loaded.exports,
            changed_exports: BTreeSet::new(),
            allocations: Vec::new(),
            provided: Vec::new(),
        }
    }

    /// The rows of one batch, all of them to be written, as if it had just begun. `reserved` are
    /// the numbers of the events that gave it serials of its product's pool.
    pub(crate) fn of_batch(brand: BrandId, fold: BatchFold, reserved: &[i64]) -> Self {
        let whose = Whose {
            brand,
            counters: BrandCounters::default(),
            unreadable: None,
        };
        let facts = &fold.record.batch.facts;
        let (batch, product) = (facts.mint_batch_id, facts.product_id);
        let allocation = |number: &i64| Allocation {
            product,
            number: *number,
            batch,
        };
        let mut tables = Self::new(whose, Loaded::default());
        tables.allocations = reserved.iter().map(allocation).collect();
        let mut held = Held::of(fold, None);
        held.chunks = chunk::all(&held.fold.exceptions);
        tables.batches.insert(batch, held);
        tables
    }

    /// Takes in the event with this number.
    pub(crate) fn take_in(&mut self, told: &Told, number: i64, at: Timestamp) {
        match told {
            Told::OfBatch(batch, told) => self.take_in_of_batch(*batch, told, number, at),
            Told::OfExport(export, event) => self.take_in_export(*export, event, at),
            _ => {}
        }
    }

    /// Notes an event that could not be read.
    pub(crate) fn pass_over(&mut self, number: i64) {
        self.whose.unreadable.get_or_insert(number);
    }

    fn take_in_of_batch(&mut self, id: MintBatchId, told: &OfBatch, number: i64, at: Timestamp) {
        if let OfBatch::Mint(MintEvent::SerialsProvided(rows)) = told {
            self.note_provided(id, rows.from, &rows.serials);
        }
        let Some(held) = self.batches.get_mut(&id) else {
            if let Some(fold) = BatchFold::begun_by(told, at) {
                self.insert(id, fold);
            }
            return;
        };
        let before = held.fold.record.units;
        held.fold.take_in(told, at);
        held.note(told);
        let after = held.fold.record.units;
        self.whose.counters.units.replace(before, after);
        if let (OfBatch::Mint(MintEvent::Reserved(_)), true) = (told, held.is_reserved()) {
            self.allocations.push(Allocation {
                product: held.fold.record.batch.facts.product_id,
                number,
                batch: id,
            });
        }
    }

    fn insert(&mut self, id: MintBatchId, fold: BatchFold) {
        let counters = &mut self.whose.counters;
        counters.batches += 1;
        counters
            .units
            .replace(UnitCounts::default(), fold.record.units);
        let mut held = Held::of(fold, None);
        held.record_changed = true;
        self.batches.insert(id, held);
    }

    fn note_provided(&mut self, batch: MintBatchId, from: u32, serials: &str) {
        let rows = serials.split(' ').zip(from..);
        let rows = rows.filter_map(|(text, index)| {
            Some(ProvidedSerial {
                serial: text.parse().ok()?,
                batch,
                index,
            })
        });
        self.provided.extend(rows);
    }

    fn take_in_export(&mut self, id: ExportId, event: &ExportEvent, at: Timestamp) {
        let was = self.exports.get(&id).copied();
        let Some(is) = ExportRecord::evolve(was, id, event, at) else {
            return;
        };
        if was == Some(is) {
            return;
        }
        let was_completed = was.is_some_and(|was| was.completed);
        self.whose.counters.completed_exports += u64::from(is.completed && !was_completed);
        self.exports.insert(id, is);
        self.changed_exports.insert(id);
    }
}

impl Held {
    fn of(fold: BatchFold, was: Option<UnitCounts>) -> Self {
        Self {
            fold,
            was,
            record_changed: false,
            lots_changed: false,
            chunks: BTreeSet::new(),
        }
    }

    fn is_reserved(&self) -> bool {
        self.fold.record.batch.identity.is_some()
    }

    fn note(&mut self, told: &OfBatch) {
        match told {
            OfBatch::Mint(_) => self.record_changed = true,
            OfBatch::Lot(_) => self.lots_changed = true,
            OfBatch::Unit(UnitEvent::Activated(event)) => {
                self.chunks.insert(chunk::of(event.index));
            }
            OfBatch::Unit(UnitEvent::Revoked(event)) => {
                self.chunks.insert(chunk::of(event.index));
            }
            OfBatch::Units(UnitsEvent::Revoked(event)) => {
                let runs = event.units.runs();
                self.chunks
                    .extend(runs.flat_map(|run| chunk::of(*run.start())..=chunk::of(*run.end())));
            }
        }
    }
}
