//! What the events of a brand come to, for the batches whose ids lie in a range.

use std::collections::BTreeMap;
use std::sync::Arc;

use dpp_core::export::ExportEvent;
use dpp_core::identity::MintBatchId;
use dpp_core::mint::{MintEvent, SerialsProvided};
use dpp_core::store::log::{StreamKind, Version};
use dpp_core::store::{BatchFold, BrandCounters, Codec, DecodeError, ExportRecord, OfBatch, Told};
use dpp_core::unit::{UnitCounts, UnitsEvent};
use dpp_core::{BrandId, ExportId, Timestamp};
use uuid::Uuid;

use super::feed::{self, Head, Numbered};
use super::provided;
use crate::fault::Failed;
use crate::lone::Lone;

/// The fold of a brand's feed up to one of its events. It holds the batches of a range of ids,
/// cut short where they would take too much memory, and what is of the brand as a whole.
///
/// Nothing is concluded from the ids of streams of units: which batch an event tells of is in
/// the event, for this fold as for commits.
#[derive(Debug)]
pub(super) struct Fold {
    codec: Codec,
    pub(super) brand: BrandId,
    /// The first and the last id of the range, as numbers.
    pub(super) first: u128,
    pub(super) last: u128,
    /// The number of the last event that was taken in.
    pub(super) at: i64,
    pub(super) batches: BTreeMap<Uuid, Entry>,
    /// How many batches there are, those out of the range included.
    pub(super) total: u64,
    pub(super) exports: BTreeMap<ExportId, ExportRecord>,
    pub(super) unreadable: Unreadables,
    weight: usize,
}

/// The events that cannot be read.
#[derive(Debug, Clone, Default)]
pub(super) struct Unreadables {
    pub(super) first: Option<(i64, Arc<DecodeError>)>,
    pub(super) count: u64,
}

/// A batch, and where in the feed its serials stand.
#[derive(Debug, Default)]
pub(super) struct Entry {
    /// None if events tell of a batch that never began.
    pub(super) fold: Option<BatchFold>,
    /// The numbers of the events that gave it serials of its product's pool.
    pub(super) reserved: Vec<i64>,
    /// The serials that the brand brought.
    pub(super) runs: Vec<Run>,
    weight: usize,
}

/// Serials that the brand brought, in one event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) number: i64,
    pub(super) rows: u64,
}

/// What a batch takes up to which nothing has happened; and the most that its units do.
const EMPTY: usize = 2_048;
const MOST_OF_UNITS: usize = 256 << 10;

impl Fold {
    /// The fold before the first event, for the batches from an id on.
    pub(super) fn from(codec: &Codec, brand: BrandId, first: u128) -> Self {
        Self {
            codec: codec.clone(),
            brand,
            first,
            last: u128::MAX,
            at: 0,
            batches: BTreeMap::new(),
            total: 0,
            exports: BTreeMap::new(),
            unreadable: Unreadables::default(),
            weight: 0,
        }
    }

    /// Takes in what lies before a head, and gives up the last batches of its range as soon as
    /// all take more than so many bytes.
    pub(super) async fn begin(
        &mut self,
        lone: &Lone,
        head: Head,
        most: usize,
    ) -> Result<(), Failed> {
        while self.take_page(lone, head).await? {
            self.cut(most);
        }
        Ok(())
    }

    /// Takes in what was committed since, up to a head.
    pub(super) async fn catch_up(&mut self, lone: &Lone, head: Head) -> Result<(), Failed> {
        while self.take_page(lone, head).await? {}
        Ok(())
    }

    /// Whether there was something to take in.
    async fn take_page(&mut self, lone: &Lone, head: Head) -> Result<bool, Failed> {
        if self.at >= head.last {
            return Ok(false);
        }
        let events = feed::page(lone, self.brand, head, self.at).await?;
        events.iter().for_each(|event| self.take_in(event));
        if events.is_empty() {
            self.at = head.last;
        }
        Ok(!events.is_empty())
    }

    fn take_in(&mut self, (number, recorded): &Numbered) {
        self.at = *number;
        let begins = recorded.version == Version::FIRST;
        if recorded.stream.kind() == StreamKind::MintBatch && begins {
            self.total += 1;
        }
        let at = recorded.event.metadata.at;
        match Told::by(&self.codec, recorded.stream, &recorded.event) {
            Ok(Told::OfBatch(id, told)) => self.take_in_of_batch(id, &told, *number, at),
            Ok(Told::OfExport(id, event)) => self.take_in_export(id, &event, at),
            Ok(_) => {}
            Err(error) => self.unreadable.note(*number, error),
        }
    }

    fn take_in_of_batch(&mut self, id: MintBatchId, told: &OfBatch, number: i64, at: Timestamp) {
        let id = *id.as_uuid();
        if !(self.first..=self.last).contains(&id.as_u128()) {
            return;
        }
        let entry = self.batches.entry(id).or_default();
        let before = entry.weight;
        entry.take_in(told, number, at);
        self.weight = self.weight + entry.weight - before;
        if entry.is_nothing() {
            self.batches.remove(&id);
        }
    }

    fn take_in_export(&mut self, id: ExportId, event: &ExportEvent, at: Timestamp) {
        let was = self.exports.get(&id).copied();
        let is = ExportRecord::evolve(was, id, event, at);
        self.exports.extend(is.map(|is| (id, is)));
    }

    fn cut(&mut self, most: usize) {
        while self.weight > most && self.batches.len() > 1 {
            let Some((id, entry)) = self.batches.pop_last() else {
                return;
            };
            self.weight -= entry.weight;
            self.last = id.as_u128() - 1;
        }
    }

    /// What the batches of the range add to the brand's counters.
    pub(super) fn counted(&self) -> BrandCounters {
        let mut counters = BrandCounters::default();
        for fold in self
            .batches
            .values()
            .filter_map(|entry| entry.fold.as_ref())
        {
            counters.batches += 1;
            let none = UnitCounts::default();
            counters.units.replace(none, fold.record.units);
        }
        let completed = self.exports.values().filter(|export| export.completed);
        counters.completed_exports = completed.count() as u64;
        counters
    }
}

impl Unreadables {
    fn note(&mut self, number: i64, error: DecodeError) {
        self.count += 1;
        self.first.get_or_insert_with(|| (number, Arc::new(error)));
    }

    /// The number of the first.
    pub(super) fn number(&self) -> Option<i64> {
        self.first.as_ref().map(|(number, _)| *number)
    }
}

impl Entry {
    fn take_in(&mut self, told: &OfBatch, number: i64, at: Timestamp) {
        if let OfBatch::Mint(MintEvent::SerialsProvided(brought)) = told {
            self.note_run(number, brought);
        }
        let Some(fold) = &mut self.fold else {
            self.fold = BatchFold::begun_by(told, at);
            let lots = |fold: &BatchFold| fold.record.batch.facts.lots.as_slice().len();
            self.weight += self
                .fold
                .as_ref()
                .map_or(0, |fold| EMPTY + 128 * lots(fold));
            return;
        };
        fold.take_in(told, at);
        let is_reserved = fold.record.batch.identity.is_some();
        if let (OfBatch::Mint(MintEvent::Reserved(_)), true) = (told, is_reserved) {
            self.reserved.push(number);
        }
        let lots = fold.record.batch.facts.lots.as_slice().len();
        let most = EMPTY + MOST_OF_UNITS + 128 * lots + 24 * self.runs.len();
        self.weight = (self.weight + weight_of(told)).min(most);
    }

    fn note_run(&mut self, number: i64, brought: &SerialsProvided) {
        let rows = provided::rows_of(brought).count() as u64;
        self.runs.push(Run { number, rows });
    }

    /// Events told of a batch that has not begun, and left nothing.
    const fn is_nothing(&self) -> bool {
        self.fold.is_none() && self.runs.is_empty()
    }
}

/// What an event adds to what a batch takes, at most.
fn weight_of(told: &OfBatch) -> usize {
    match told {
        OfBatch::Mint(_) => 24,
        OfBatch::Unit(_) | OfBatch::Lot(_) => 4,
        OfBatch::Units(UnitsEvent::Revoked(event)) => 4 * event.units.len() as usize,
    }
}
