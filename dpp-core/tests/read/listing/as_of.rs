//! The past: batches and units as they stood at a time or a position.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use dpp_core::identity::{MintBatchId, MintUnitId};
use dpp_core::mint::{ActivationMode, BatchFacts, BatchStatus, JobStatus, MintEvent};
use dpp_core::read::{AsOf, BatchAsOf, UnitAsOf};
use dpp_core::store::log::{PageLimit, Position, RecordedEvent, StreamKind};
use dpp_core::store::{Codec, EventStore};
use dpp_core::unit::{LotEvent, UnitEvent, UnitSet, UnitStatus, UnitsEvent};
use dpp_core::{Reason, Timestamp};
use futures::executor::block_on;

use crate::listing::happen::Happen;
use crate::listing::paging_while_minting::Writer;
use crate::listing::world::*;
use crate::support::*;

/// A batch as a plain fold has it: a line for each of its units.
#[derive(Clone)]
struct Model {
    facts: BatchFacts,
    status: BatchStatus,
    job: JobStatus,
    changed_at: Timestamp,
    made: Vec<Timestamp>,
    active: HashMap<u32, Timestamp>,
    revoked: HashMap<u32, (Timestamp, Option<Reason>)>,
    active_lots: HashSet<u32>,
}

impl Model {
    fn new(facts: &BatchFacts, at: Timestamp) -> Self {
        Self {
            facts: facts.clone(),
            status: BatchStatus::Queued,
            job: JobStatus::Queued,
            changed_at: at,
            made: Vec::new(),
            active: HashMap::new(),
            revoked: HashMap::new(),
            active_lots: HashSet::new(),
        }
    }

    fn lot_of(&self, index: u32) -> Option<u32> {
        let mut end = 0;
        let lots = self.facts.lots.as_slice().iter();
        let ends = lots.map(|lot| {
            end += lot.qty;
            end
        });
        let ends: Vec<_> = ends.collect();
        let number = ends.iter().position(|end| index < *end);
        number.map(|number| number as u32)
    }

    fn make(&mut self, count: u32, at: Timestamp) {
        for _ in 0..count {
            let index = self.made.len() as u32;
            self.made.push(at);
            let lot = self.lot_of(index);
            let born_active = self.facts.activation_mode == ActivationMode::ActiveAtMint;
            if born_active || lot.is_some_and(|lot| self.active_lots.contains(&lot)) {
                self.active.insert(index, at);
            }
        }
    }

    fn revoke(&mut self, index: u32, at: Timestamp, why: Option<&Reason>) {
        let revoked = self.revoked.entry(index);
        revoked.or_insert_with(|| (at, why.cloned()));
    }

    fn mint_event(&mut self, event: &MintEvent, at: Timestamp) {
        self.changed_at = at;
        let (job, status) = match event {
            MintEvent::Reserved(_) => (JobStatus::Reserved, self.status),
            MintEvent::Started(_) => (JobStatus::Processing, BatchStatus::Processing),
            MintEvent::Completed(_) => (JobStatus::Completed, BatchStatus::Minted),
            MintEvent::Cancelled(_) if self.made.is_empty() => {
                (JobStatus::Cancelled, BatchStatus::Failed)
            }
            MintEvent::Cancelled(_) => (JobStatus::Cancelled, BatchStatus::Minted),
            MintEvent::StatusChanged(event) => (self.job, event.to),
            _ => (self.job, self.status),
        };
        (self.job, self.status) = (job, status);
        if let MintEvent::CycleMinted(cycle) = event {
            self.make(cycle.count, at);
        }
        if let (BatchStatus::Voided, MintEvent::StatusChanged(event)) = (status, event) {
            let made = self.made.len() as u32;
            (0..made).for_each(|index| self.revoke(index, at, event.reason.as_ref()));
        }
    }

    fn lot_event(&mut self, lot: u32, at: Timestamp) {
        self.active_lots.insert(lot);
        for index in 0..self.made.len() as u32 {
            if self.lot_of(index) == Some(lot) {
                self.active.entry(index).or_insert(at);
            }
        }
    }

    fn status_of(&self, index: u32) -> UnitStatus {
        match () {
            () if self.revoked.contains_key(&index) => UnitStatus::Revoked,
            () if self.active.contains_key(&index) => UnitStatus::Active,
            () => UnitStatus::Minted,
        }
    }

    fn batch_as_of(&self) -> BatchAsOf {
        let count = |status| {
            let all = 0..self.made.len() as u32;
            all.filter(|index| self.status_of(*index) == status).count() as u64
        };
        BatchAsOf {
            mint_batch_id: self.facts.mint_batch_id,
            status: self.status,
            job_status: self.job,
            minted: self.made.len() as u32,
            active: count(UnitStatus::Active),
            revoked: count(UnitStatus::Revoked),
            changed_at: self.changed_at,
        }
    }

    fn unit_as_of(&self, id: MintUnitId, index: u32) -> Option<UnitAsOf> {
        let revoked = self.revoked.get(&index).cloned();
        Some(UnitAsOf {
            mint_unit_id: id,
            mint_batch_id: self.facts.mint_batch_id,
            index,
            status: self.status_of(index),
            created_at: *self.made.get(index as usize)?,
            activated_at: self.active.get(&index).copied(),
            revoked_at: revoked.as_ref().map(|(at, _)| *at),
            revoked_because: revoked.and_then(|(_, why)| why),
        })
    }
}

#[derive(Clone, Default)]
struct Models(HashMap<MintBatchId, Model>);

impl Models {
    fn take(&mut self, recorded: &RecordedEvent) {
        let (event, at) = (&recorded.event, recorded.event.metadata.at);
        let codec = Codec::new();
        let of_stream = MintBatchId::try_from(*recorded.stream.id()).ok();
        match recorded.stream.kind() {
            StreamKind::MintBatch => {
                let event = codec.decode(event).unwrap();
                if let MintEvent::Queued(queued) = &event {
                    let model = Model::new(&queued.facts, at);
                    self.0.insert(of_stream.unwrap(), model);
                }
                self.of(of_stream.unwrap()).mint_event(&event, at);
            }
            StreamKind::MintUnit => match codec.decode(event).unwrap() {
                UnitEvent::Activated(event) => {
                    let active = &mut self.of(event.mint_batch_id).active;
                    active.entry(event.index).or_insert(at);
                }
                UnitEvent::Revoked(event) => {
                    let model = self.of(event.mint_batch_id);
                    model.revoke(event.index, at, Some(&event.reason));
                }
            },
            StreamKind::MintLot => {
                let LotEvent::Activated(event) = codec.decode(event).unwrap();
                self.of(event.mint_batch_id).lot_event(event.lot, at);
            }
            StreamKind::UnitRevocations => {
                let UnitsEvent::Revoked(event) = codec.decode(event).unwrap();
                let model = self.of(of_stream.unwrap());
                let units = event.units.iter();
                units.for_each(|index| model.revoke(index, at, Some(&event.reason)));
            }
            _ => {}
        }
    }

    fn of(&mut self, batch: MintBatchId) -> &mut Model {
        self.0.get_mut(&batch).unwrap()
    }
}

/// What was told live at a moment.
struct Live {
    at: Timestamp,
    position: Position,
    batches: Vec<(MintBatchId, BatchAsOf)>,
    units: Vec<(MintUnitId, UnitStatus)>,
}

fn live(writer: &Writer) -> Live {
    let records = writer.batches.iter().map(|id| {
        let record = block_on(writer.reads.batch(&scope(1), *id));
        record.unwrap().unwrap()
    });
    let batches = records.map(|record| {
        let told = BatchAsOf {
            mint_batch_id: record.batch.facts.mint_batch_id,
            status: record.batch.status,
            job_status: record.batch.job,
            minted: record.batch.minted,
            active: record.units.active,
            revoked: record.units.revoked,
            changed_at: record.changed_at,
        };
        (told.mint_batch_id, told)
    });
    let rows = writer
        .batches
        .iter()
        .flat_map(|id| all_units(&writer.reads, *id));
    Live {
        at: writer.now,
        position: feed(writer).last().unwrap().position,
        batches: batches.collect(),
        units: rows.map(|row| (row.mint_unit_id, row.status)).collect(),
    }
}

fn feed(writer: &Writer) -> Vec<RecordedEvent> {
    let page = block_on(writer.log.read_feed(brand(1), None, PageLimit::MAX));
    page.unwrap().events
}

fn batch_at(writer: &Writer, batch: MintBatchId, as_of: AsOf) -> Option<BatchAsOf> {
    block_on(writer.reads.batch_as_of(&scope(1), batch, as_of)).unwrap()
}

fn unit_at(writer: &Writer, unit: MintUnitId, as_of: AsOf) -> Option<UnitAsOf> {
    block_on(writer.reads.unit_as_of(&scope(1), unit, as_of)).unwrap()
}

/// Things happen, each later than the one before, batches are voided among them; what was told
/// live is noted after each.
fn history(seed: u64) -> (Writer, Vec<Live>) {
    let mut writer = Writer::new(seed);
    writer.submit();
    let mut told = vec![live(&writer)];
    let mut voided = HashSet::new();
    for _ in 0..50 {
        writer.now = writer.now.after(Duration::from_millis(10));
        writer.step();
        let some = writer.batches[writer.random.usize(0..writer.batches.len())];
        let made = !all_units(&writer.reads, some).is_empty();
        if writer.is_over(some) && made && writer.random.u8(0..4) == 0 && voided.insert(some) {
            writer.happen().voided(some, "a recall");
        }
        told.push(live(&writer));
    }
    (writer, told)
}

#[test]
fn the_past_by_time_and_by_position_is_what_was_told_live_then() {
    for seed in 0..8 {
        let (writer, told) = history(seed);
        let units = &told.last().unwrap().units;
        for then in &told {
            let unmoved = then.at.after(Duration::from_millis(1));
            let position = AsOf::Position(then.position);
            for as_of in [AsOf::Time(then.at), AsOf::Time(unmoved), position] {
                let batches: HashMap<_, _> = then.batches.iter().cloned().collect();
                for batch in &writer.batches {
                    let found = batch_at(&writer, *batch, as_of);
                    let expected = batches.get(batch).cloned();
                    assert_eq!(found, expected, "seed {seed} {as_of:?}");
                }
                let statuses: HashMap<_, _> = then.units.iter().copied().collect();
                for (unit, _) in units.iter().step_by(7) {
                    let found = unit_at(&writer, *unit, as_of).map(|unit| unit.status);
                    let expected = statuses.get(unit).copied();
                    assert_eq!(found, expected, "seed {seed} {as_of:?} {unit}");
                }
            }
        }
        let now = told.last().unwrap();
        for (batch, told) in &now.batches {
            assert_eq!(batch_at(&writer, *batch, AsOf::Now).as_ref(), Some(told));
        }
    }
}

#[test]
fn the_past_at_each_position_is_that_of_a_plain_fold_up_to_there() {
    for seed in 10..16 {
        let (writer, told) = history(seed);
        compare_positions(&writer, &told.last().unwrap().units, seed);
    }
}

/// The clocks of hosts differ, and what came first is what the feed says.
#[test]
fn the_past_by_position_needs_no_clock() {
    for seed in 20..26 {
        let mut writer = Writer::new(seed);
        writer.submit();
        for _ in 0..60 {
            writer.now = noon().after(Duration::from_millis(writer.random.u64(0..20)));
            writer.step();
        }
        let units = live(&writer).units;
        compare_positions(&writer, &units, seed);
    }
}

/// Every unit of a batch at once is as each of them by itself.
fn compare_statuses(
    writer: &Writer,
    batch: MintBatchId,
    as_of: AsOf,
    model: Option<&Model>,
    seed: u64,
) {
    let scope = scope(1);
    let found = writer.reads.unit_statuses_as_of(&scope, batch, as_of);
    let Some(found) = block_on(found).unwrap() else {
        assert!(model.is_none(), "seed {seed} {as_of:?}");
        return;
    };
    let model = model.unwrap();
    let made = model.made.len() as u32;
    assert_eq!((found.batch(), found.made()), (batch, made));
    for index in 0..made {
        let (found, expected) = (found.status(index), model.status_of(index));
        assert_eq!(found, expected, "seed {seed} {as_of:?} unit {index}");
    }
}

fn compare_positions(writer: &Writer, units: &[(MintUnitId, UnitStatus)], seed: u64) {
    let mut models = Models::default();
    let mut places = HashMap::new();
    for batch in &writer.batches {
        let rows = all_units(&writer.reads, *batch).into_iter();
        places.extend(rows.map(|row| (row.mint_unit_id, (*batch, row.index))));
    }
    for recorded in feed(writer) {
        models.take(&recorded);
        let as_of = AsOf::Position(recorded.position);
        for batch in &writer.batches {
            let expected = models.0.get(batch).map(Model::batch_as_of);
            let found = batch_at(writer, *batch, as_of);
            assert_eq!(found, expected, "seed {seed} {recorded:?}");
            compare_statuses(writer, *batch, as_of, models.0.get(batch), seed);
        }
        for (unit, _) in units.iter().step_by(5) {
            let (batch, index) = places[unit];
            let model = models.0.get(&batch);
            let expected = model.and_then(|model| model.unit_as_of(*unit, index));
            let found = unit_at(writer, *unit, as_of);
            assert_eq!(found, expected, "seed {seed} {recorded:?}");
        }
    }
}

#[test]
fn before_it_was_made_a_batch_and_its_units_are_not_there() {
    let mut world = World::empty();
    let batch = world.mint(serials(1, 25));
    let unit = world.rows(batch)[24].mint_unit_id;
    let just_before = noon().after(Duration::from_millis(499));
    let of_batch = |as_of| block_on(world.reads.batch_as_of(&scope(1), batch, as_of)).unwrap();
    let of_unit = |as_of| block_on(world.reads.unit_as_of(&scope(1), unit, as_of)).unwrap();
    let early = AsOf::Time(Timestamp::from_unix_millis(NOON - 1));
    assert_eq!(of_batch(early), None);
    assert_eq!(of_unit(early), None);
    assert_eq!(of_unit(AsOf::Time(just_before)), None);
    let queued = of_batch(AsOf::Time(just_before)).unwrap();
    assert_eq!((queued.status, queued.minted), (BatchStatus::Queued, 0));
    assert_eq!(
        of_batch(AsOf::Position(Position::from_bytes([0; 16]))),
        None
    );
    let last = Position::from_bytes([255; 16]);
    assert_eq!(of_batch(AsOf::Position(last)), of_batch(AsOf::Now));
    assert_eq!(of_unit(AsOf::Position(last)), of_unit(AsOf::Now));
}

#[test]
fn what_is_of_another_brand_has_no_past() {
    let mut world = World::empty();
    let batch = world.mint(serials(1, 3));
    let unit = world.rows(batch)[1].mint_unit_id;
    for as_of in [AsOf::Now, AsOf::Time(at(5_000))] {
        let found = block_on(world.reads.batch_as_of(&scope(2), batch, as_of)).unwrap();
        assert_eq!(found, None);
        let found = block_on(world.reads.unit_as_of(&scope(2), unit, as_of)).unwrap();
        assert_eq!(found, None);
    }
    let nowhere = "01a3ae2d-2400-8707-8707-070707070706".parse().unwrap();
    let found = block_on(world.reads.unit_as_of(&scope(1), nowhere, AsOf::Now));
    assert_eq!(found.unwrap(), None);
}

#[test]
fn what_happened_first_is_why_a_unit_is_revoked_also_within_one_millisecond() {
    let mut world = World::empty();
    let batch = world.mint(serials(1, 5));
    let (units, happen) = (world.units(batch), world.happen());
    let id = world.rows(batch)[2].mint_unit_id;
    happen.revoked_together(batch, UnitSet::of_range(0..3), "first");
    happen.revoked(&units, 2, "second");
    happen.voided(batch, "third");
    let now = block_on(world.reads.unit_as_of(&scope(1), id, AsOf::Now));
    let now = now.unwrap().unwrap();
    assert_eq!(now.revoked_because, Some("first".parse().unwrap()));
    assert_eq!(now.revoked_at, Some(at(1_000)));
    assert_eq!(now.activated_at, None);
}

/// By time a stream ends before the first event that is later: what a clock says that was
/// behind does not follow from what had not happened yet.
#[test]
fn counts_and_units_agree_about_a_time_when_a_clock_was_behind() {
    let mut world = World::empty();
    let batch = world.mint(serials(1, 5));
    let units = world.units(batch);
    let id = world.rows(batch)[2].mint_unit_id;
    let on = |seconds| Happen {
        at: at(seconds),
        ..world.happen()
    };
    on(50).activated(&units, 2);
    on(30).revoked(&units, 2, "lost");
    for (seconds, status, counts) in [
        (29, UnitStatus::Minted, (0, 0)),
        (40, UnitStatus::Minted, (0, 0)),
        (50, UnitStatus::Revoked, (0, 1)),
    ] {
        let as_of = AsOf::Time(at(seconds));
        let unit = block_on(world.reads.unit_as_of(&scope(1), id, as_of)).unwrap();
        assert_eq!(unit.unwrap().status, status, "{seconds}");
        let batch = block_on(world.reads.batch_as_of(&scope(1), batch, as_of)).unwrap();
        let batch = batch.unwrap();
        assert_eq!((batch.active, batch.revoked), counts, "{seconds}");
    }
}
