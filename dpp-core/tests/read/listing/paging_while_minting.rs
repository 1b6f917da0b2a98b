//! Readers of pages while a writer mints, cancels, activates and revokes between their pages.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use dpp_core::Timestamp;
use dpp_core::identity::MintBatchId;
use dpp_core::read::{
    BatchFilter, Cursor, EventFilter, JobFilter, Page, PageRequest, Reads, ReadsError, UnitFilter,
    UnitRow,
};
use dpp_core::service::{MintService, Settings};
use dpp_core::store::log::PageLimit;
use dpp_core::store::{EventStore, Order};
use dpp_core::unit::UnitSet;
use dpp_store_memory::MemoryStore;
use fastrand::Rng;
use futures::executor::block_on;

use crate::listing::happen::Happen;
use crate::listing::world::*;
use crate::support::*;

const SEEDS: u64 = 100;

/// What a seed lets happen in brand 1, step by step.
pub struct Writer {
    pub log: Arc<MemoryStore>,
    pub now: Timestamp,
    pub batches: Vec<MintBatchId>,
    /// Three services, whose cycles differ in size.
    pub services: Vec<MintService>,
    pub reads: Reads,
    pub random: Rng,
}

impl Writer {
    pub fn new(seed: u64) -> Self {
        let log = Arc::new(MemoryStore::default());
        let mut random = Rng::with_seed(seed);
        let service = |number: u64| {
            let settings = Settings::default().units_per_cycle(random.u32(1..9));
            service(log.clone(), seed * 3 + number, settings)
        };
        Self {
            services: (0..3).map(service).collect(),
            reads: reads_of(log.clone(), Arc::new(catalogue())),
            log,
            now: noon(),
            batches: Vec::new(),
            random,
        }
    }

    pub fn submit(&mut self) -> MintBatchId {
        let quantity = self.random.u64(1..40);
        let request = match self.random.u8(0..3) {
            0 => lots(2, &[("A", quantity), ("B", quantity / 2 + 1)]),
            1 => own_serials(
                1,
                (0..quantity).map(|row| format!("P{}/{row}", self.batches.len())),
            ),
            _ => serials(3, quantity),
        };
        let submitted = block_on(self.services[0].submit(&owner(brand(1)), request, self.now));
        let batch = submitted.unwrap().job().unwrap().batch();
        self.batches.push(batch);
        batch
    }

    /// Lets a few things happen; most of them are cycles.
    pub fn steps(&mut self) {
        for _ in 0..self.random.u8(0..4) {
            self.step();
        }
    }

    /// Lets one thing happen, or nothing.
    pub fn step(&mut self) {
        // At times two things happen in the same millisecond.
        self.now = self.now.after(Duration::from_millis(self.random.u64(0..3)));
        let batch = self.batches[self.random.usize(0..self.batches.len())];
        match self.random.u8(0..20) {
            0..8 => self.process(batch),
            8 if self.random.u8(0..3) == 0 => self.cancel(batch),
            9 | 10 => drop(self.submit()),
            11..14 => self.happen_to_unit(batch),
            14 => self.revoke_some(batch),
            15 => self.activate_lot(batch),
            _ => {}
        }
    }

    pub fn is_over(&self, batch: MintBatchId) -> bool {
        let record = block_on(self.reads.batch(&scope(1), batch)).unwrap();
        record.unwrap().batch.job.is_over()
    }

    pub fn process(&mut self, batch: MintBatchId) {
        if self.is_over(batch) {
            return;
        }
        let service = &self.services[self.random.usize(0..3)];
        let job = batch.job();
        block_on(service.process(&owner(brand(1)), brand(1), job, self.now)).unwrap();
    }

    fn cancel(&self, batch: MintBatchId) {
        if self.is_over(batch) {
            return;
        }
        let job = batch.job();
        let cancelled =
            block_on(self.services[1].cancel(&owner(brand(1)), brand(1), job, None, self.now));
        cancelled.unwrap();
    }

    pub fn happen(&self) -> Happen<'_> {
        Happen {
            log: self.log.as_ref(),
            brand: brand(1),
            at: self.now,
        }
    }

    fn happen_to_unit(&mut self, batch: MintBatchId) {
        let Ok(units) = block_on(self.reads.batch_units(&scope(1), batch)) else {
            return;
        };
        if units.minted() == 0 {
            return;
        }
        let index = self.random.u32(0..units.minted());
        match self.random.u8(0..3) {
            0 => self.happen().revoked(&units, index, "lost"),
            _ => self.happen().activated(&units, index),
        }
    }

    fn revoke_some(&mut self, batch: MintBatchId) {
        let units = block_on(self.reads.batch_units(&scope(1), batch));
        let made = units.map_or(0, |units| units.minted());
        let chosen: UnitSet = (0..made).filter(|_| self.random.u8(0..6) == 0).collect();
        if !chosen.is_empty() {
            self.happen().revoked_together(batch, chosen, "stolen");
        }
    }

    fn activate_lot(&mut self, batch: MintBatchId) {
        let Ok(units) = block_on(self.reads.batch_units(&scope(1), batch)) else {
            return;
        };
        let lots = units.lot_ids().len() as u32;
        if lots > 0 {
            let lot = self.random.u32(0..lots);
            self.happen().lot_activated(&units, lot);
        }
    }
}

/// A writer who has written some, and a reader with a fold of their own.
fn begun(seed: u64) -> (Writer, Reads, Rng) {
    let mut writer = Writer::new(seed);
    let reader = reads_of(writer.log.clone(), Arc::new(catalogue()));
    writer.submit();
    for _ in 0..writer.random.u8(5..40) {
        writer.step();
    }
    (writer, reader, Rng::with_seed(seed + 1_000))
}

/// A size for the next page: readers may change it as they go.
fn sized(request: PageRequest, random: &mut Rng) -> PageRequest {
    let limit = random.u32(1..8);
    request.of(limit.try_into().unwrap())
}

/// What the pages of a listing say, read while things happen between them.
fn read_while<T, K>(
    writer: &mut Writer,
    random: &mut Rng,
    order: Order,
    mut list: impl FnMut(&PageRequest) -> Result<Page<T>, ReadsError>,
    key: impl Fn(T) -> K,
) -> Vec<K> {
    let mut request = pages_of(1, order);
    let mut seen = Vec::new();
    loop {
        request = sized(request, random);
        let page = list(&request).unwrap();
        seen.extend(page.rows.into_iter().map(&key));
        let Some(cursor) = page.next_cursor else {
            return seen;
        };
        assert_ne!(request.cursor.as_ref(), Some(&cursor), "it leads nowhere");
        request = request.after(cursor);
        writer.steps();
    }
}

fn counted<K: Eq + Hash>(seen: Vec<K>) -> HashMap<K, u32> {
    let mut counts = HashMap::new();
    for key in seen {
        *counts.entry(key).or_default() += 1;
    }
    counts
}

/// Each of those that were there once, and none twice.
fn assert_once<K: Eq + Hash>(there: &[K], seen: Vec<K>, what: &str) {
    let counts = counted(seen);
    assert!(
        counts.values().all(|count| *count == 1),
        "{what}: one came twice"
    );
    let all = there.iter().all(|key| counts.contains_key(key));
    assert!(all, "{what}: one was left out");
}

#[test]
fn a_reader_of_a_batch_from_its_beginning_to_its_end_sees_every_unit_once() {
    for seed in 0..SEEDS {
        let (mut writer, reads, mut random) = begun(seed);
        let batch = writer.submit();
        let filter = UnitFilter::of_batch(batch);
        let mut seen: Vec<UnitRow> = Vec::new();
        let mut request = pages_of(1, Order::OldestFirst);
        loop {
            request = sized(request, &mut random);
            let over = writer.is_over(batch);
            let page = block_on(reads.list_mint_units(&scope(1), &filter, &request)).unwrap();
            // The last page is asked for anew until it is full or the job is over.
            if over || page.has_more() {
                seen.extend(page.rows);
            }
            match page.next_cursor {
                Some(cursor) => {
                    assert_ne!(request.cursor.as_ref(), Some(&cursor), "it leads nowhere");
                    request = request.after(cursor);
                }
                None if over => break,
                None => writer.process(batch),
            }
            writer.steps();
        }
        let found: Vec<_> = seen.iter().map(|row| row.mint_unit_id).collect();
        let all = all_units(&reads, batch);
        let expected: Vec<_> = all.iter().map(|row| row.mint_unit_id).collect();
        assert_eq!(found, expected, "seed {seed}");
        let serials = |rows: &[UnitRow]| rows.iter().map(|row| row.serial).collect::<Vec<_>>();
        assert_eq!(serials(&seen), serials(&all), "seed {seed}");
    }
}

#[test]
fn a_reader_of_a_batch_from_its_end_sees_what_was_there_when_they_began() {
    for seed in 0..SEEDS {
        let (mut writer, reads, mut random) = begun(seed);
        let batch = writer.batches[0];
        let there = all_units(&reads, batch).into_iter().rev();
        let there: Vec<_> = there.map(|row| row.mint_unit_id).collect();
        let filter = UnitFilter::of_batch(batch);
        let seen = read_while(
            &mut writer,
            &mut random,
            Order::NewestFirst,
            |request| block_on(reads.list_mint_units(&scope(1), &filter, request)),
            |row| row.mint_unit_id,
        );
        assert_eq!(seen, there, "seed {seed}");
    }
}

#[test]
fn a_reader_of_all_units_of_a_brand_sees_each_that_was_there_once() {
    for (seed, order) in (0..SEEDS).flat_map(|seed| BOTH.map(|order| (seed, order))) {
        let (mut writer, reads, mut random) = begun(seed);
        let there = writer.batches.iter().map(|id| all_units(&reads, *id));
        let there: Vec<_> = there.flatten().map(|row| row.mint_unit_id).collect();
        let filter = UnitFilter::default();
        let seen = read_while(
            &mut writer,
            &mut random,
            order,
            |request| block_on(reads.list_mint_units(&scope(1), &filter, request)),
            |row| row.mint_unit_id,
        );
        assert_once(&there, seen, &format!("seed {seed} {order:?}"));
    }
}

#[test]
fn a_reader_of_batches_and_jobs_sees_each_that_was_there_once() {
    for (seed, order) in (0..SEEDS).flat_map(|seed| BOTH.map(|order| (seed, order))) {
        let what = format!("seed {seed} {order:?}");
        let (mut writer, reads, mut random) = begun(seed);
        let there = writer.batches.clone();
        let filter = BatchFilter::default();
        let seen = read_while(
            &mut writer,
            &mut random,
            order,
            |request| block_on(reads.list_mint_batches(&scope(1), &filter, request)),
            |row| row.mint_batch_id,
        );
        assert_once(&there, seen, &what);
        let there: Vec<_> = writer.batches.iter().map(|batch| batch.job()).collect();
        let filter = JobFilter::default();
        let seen = read_while(
            &mut writer,
            &mut random,
            order,
            |request| block_on(reads.list_jobs(&scope(1), &filter, request)),
            |row| row.mint_job_id,
        );
        assert_once(&there, seen, &what);
    }
}

#[test]
fn a_reader_of_events_sees_them_in_the_order_of_the_feed_without_a_gap() {
    for (seed, order) in (0..SEEDS).flat_map(|seed| BOTH.map(|order| (seed, order))) {
        let (mut writer, reads, mut random) = begun(seed);
        let feed = |log: &MemoryStore| -> Vec<_> {
            let page = block_on(log.read_feed(brand(1), None, PageLimit::MAX)).unwrap();
            let ids = page
                .events
                .iter()
                .map(|event| event.event.metadata.event_id);
            ids.collect()
        };
        let before = feed(&writer.log);
        let filter = EventFilter::default();
        let seen = read_while(
            &mut writer,
            &mut random,
            order,
            |request| block_on(reads.list_mint_events(&scope(1), &filter, request)),
            |row| row.event_id,
        );
        let expected = match order {
            Order::NewestFirst => before,
            Order::OldestFirst => feed(&writer.log),
        };
        let expected = in_order(expected, order);
        assert_eq!(seen, expected, "seed {seed} {order:?}");
    }
}

/// A cursor outlives the process that made it: any reader of the same log can go on.
#[test]
fn another_reader_goes_on_where_one_stopped() {
    let (writer, first, _) = begun(5);
    let filter = UnitFilter::default();
    let mut request = pages_of(3, Order::NewestFirst);
    let mut seen = Vec::new();
    let mut reader = first;
    loop {
        let page = block_on(reader.list_mint_units(&scope(1), &filter, &request)).unwrap();
        seen.extend(page.rows.iter().map(|row| row.mint_unit_id));
        let Some(cursor) = page.next_cursor else {
            break;
        };
        request = request.after(Cursor::of_text(cursor.to_string()));
        reader = reads_of(writer.log.clone(), Arc::new(catalogue()));
    }
    let rows = walk(pages_of(1_000, Order::NewestFirst), |request| {
        block_on(reader.list_mint_units(&scope(1), &filter, request))
    });
    let expected: Vec<_> = rows.iter().map(|row| row.mint_unit_id).collect();
    assert_eq!(seen, expected);
}
