//! Which batches there are, for when strangers ask for too many that there are not.
//!
//! A prefix that nothing is known of costs a look into the store. Under a flood of made-up ids
//! that is too much, and to turn all away would turn away those who scan a batch for the first
//! time. So then, and only then, all prefixes of the brand are read once, and read on as batches
//! are added: sixteen bytes a batch, and one page at a time.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::identity::{BatchPrefix, MintBatchId};
use crate::ids::BrandId;
use crate::store::log::PageLimit;
use crate::store::{BatchQuery, JobKey, Order, ReadStore, ReadStoreError};
use crate::time::Timestamp;

/// Batches of several hosts, whose clocks differ by less, may be committed out of their order.
const CLOCKS_DIFFER: Duration = Duration::from_secs(600);

/// Whoever reads on for longer than this is taken to have given up.
const GIVEN_UP: Duration = Duration::from_secs(30);

/// Indexes of more brands are not kept.
const BRANDS: usize = 64;

/// The batches of brands that were flooded.
#[derive(Debug, Default)]
pub(super) struct Indexes(Mutex<HashMap<BrandId, Index>>);

#[derive(Debug, Default)]
struct Index {
    prefixes: HashSet<BatchPrefix>,
    /// When all that had been there was last read; none before it was once.
    whole_at: Option<Timestamp>,
    last: Option<JobKey>,
    /// When somebody began to read on.
    reading: Option<Timestamp>,
}

/// What an index says of a prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Indexed {
    There,
    NotThere,
    /// Somebody is still reading.
    NotYet,
}

impl Indexes {
    /// Whether a brand has a batch with this prefix: as of the last so many milliseconds, `fresh`.
    pub(super) async fn find(
        &self,
        store: &dyn ReadStore,
        brand: BrandId,
        prefix: BatchPrefix,
        fresh: Duration,
        now: Timestamp,
    ) -> Result<Indexed, ReadStoreError> {
        match self.look_up(brand, prefix, fresh, now) {
            Some(known) => Ok(known),
            None => {
                let read = self.read_on(store, brand, now).await;
                self.with(|all| all.entry(brand).or_default().reading = None);
                read?;
                Ok(self
                    .look_up(brand, prefix, Duration::MAX, now)
                    .unwrap_or(Indexed::NotYet))
            }
        }
    }

    /// What is known; none if the caller has to read on.
    fn look_up(
        &self,
        brand: BrandId,
        prefix: BatchPrefix,
        fresh: Duration,
        now: Timestamp,
    ) -> Option<Indexed> {
        self.with(|all| {
            if all.len() >= BRANDS && !all.contains_key(&brand) {
                all.clear();
            }
            let index = all.entry(brand).or_default();
            if index.prefixes.contains(&prefix) {
                return Some(Indexed::There);
            }
            let is_fresh = index.whole_at.is_some_and(|at| now.since(at) < fresh);
            let is_read = index
                .reading
                .is_some_and(|since| now.since(since) < GIVEN_UP);
            match (is_fresh, is_read, index.whole_at) {
                (true, ..) => Some(Indexed::NotThere),
                (false, true, _) => Some(Indexed::NotYet),
                (false, false, _) => {
                    index.reading = Some(now);
                    None
                }
            }
        })
    }

    async fn read_on(
        &self,
        store: &dyn ReadStore,
        brand: BrandId,
        now: Timestamp,
    ) -> Result<(), ReadStoreError> {
        let last = self.with(|all| all.get(&brand).and_then(|index| index.last));
        let mut after = last.map(|last| JobKey {
            accepted_at: Timestamp::from_unix_millis(
                last.accepted_at.unix_millis() - CLOCKS_DIFFER.as_millis() as i64,
            ),
            batch: MintBatchId::LEAST,
        });
        loop {
            let (query, limit) = (BatchQuery::default(), PageLimit::new(1_000));
            let page = store
                .batches(brand, &query, Order::OldestFirst, after, limit)
                .await?;
            self.with(|all| {
                let index = all.entry(brand).or_default();
                let ids = page.iter().map(|record| record.batch.facts.mint_batch_id);
                index.prefixes.extend(ids.map(|id| id.prefix()));
                index.last = index.last.max(page.last().map(|record| record.key()));
            });
            let Some(record) = page.last().filter(|_| page.len() >= limit.get()) else {
                break;
            };
            after = Some(record.key());
        }
        self.with(|all| all.entry(brand).or_default().whole_at = Some(now));
        Ok(())
    }

    fn with<T>(&self, change: impl FnOnce(&mut HashMap<BrandId, Index>) -> T) -> T {
        let mut all: MutexGuard<'_, _> = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut all)
    }
}
