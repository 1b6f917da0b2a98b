//! The reference event store of `dpp-core`: in memory, for tests, demonstrations and hosts
//! that need no durability.
//!
//! [`MemoryStore`] keeps every clause of the [`EventStore`] contract and forgets everything
//! when its last handle is dropped. It runs on any executor, since no call ever waits for
//! more than a lock. Each brand has a lock of its own, so brands do not slow one another.
//! [`MemoryScans`] keeps scans in the same manner.
//!
//! ```
//! use std::sync::Arc;
//!
//! use dpp_core::store::log::{Actor, Commit, EventType, Expected, PageLimit};
//! use dpp_core::store::log::{StreamId, StreamKind, Version, WorkerName};
//! use dpp_core::store::EventStore;
//! use dpp_core::{BrandId, CommitId, CorrelationId, Timestamp};
//! use dpp_store_memory::MemoryStore;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let store: Arc<dyn EventStore> = Arc::new(MemoryStore::default());
//! let brand = BrandId::parse("0b8f6a0e-5d5c-4f0e-8a55-0f2c7f0f9d11")?;
//! let commit = CommitId::parse("4a6c3f7e-0d0b-4d53-9d43-7a3a0f0c1b22")?;
//! let request = CorrelationId::parse("d5a1a3b4-6a55-4b0e-9f57-3f1a5f1f0c33")?;
//! let worker = Actor::Worker(WorkerName::parse("minter-1")?);
//! let at: Timestamp = "2027-02-18T09:30:00Z".parse()?;
//!
//! let stream = StreamId::new(StreamKind::MintBatch, *commit.as_uuid());
//! let queued = (EventType::new("mint_job_queued"), 1, b"{}".to_vec());
//! let commit = Commit::builder(brand, commit, at, worker, request)
//!     .write(stream, Expected::NoStream, [queued])
//!     .build()?;
//!
//! # futures::executor::block_on(async {
//! let receipt = store.commit(&commit).await?;
//! let page = store
//!     .read_stream(brand, stream, Version::FIRST, PageLimit::MAX)
//!     .await?;
//! assert_eq!(page.events.len(), 1);
//! assert_eq!(page.events[0].position, receipt.position);
//! # Ok(())
//! # })
//! # }
//! ```

mod brand_log;
mod catalogue;
mod scans;

pub use catalogue::MemoryCatalogue;
pub use scans::MemoryScans;

use std::collections::BTreeMap;
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::ops::Bound;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use async_trait::async_trait;
use dpp_core::store::EventStore;
use dpp_core::store::log::{ClaimSpace, ClaimValue, Commit, CommitError, FeedPage, Head};
use dpp_core::store::log::{HeadPage, PageLimit, Position, ReadError, Receipt, StreamId};
use dpp_core::store::log::{StreamPage, Version};
use dpp_core::{BrandId, TextRows};

use brand_log::BrandLog;

/// An event store in memory.
///
/// A clone is another handle of the same store.
#[derive(Clone, Default)]
pub struct MemoryStore {
    shared: Arc<Shared>,
}

/// The locks are taken from the outside in: the map, then one brand. A lock that a panicking
/// thread held is used on: everything is checked before the first change is made.
#[derive(Default)]
struct Shared {
    brands: RwLock<BTreeMap<BrandId, Arc<RwLock<BrandLog>>>>,
    /// Tells this store's positions from those of others. The keys of each `RandomState` are
    /// its own, and hashing a brand with them gives a number that others cannot foresee.
    identity: RandomState,
}

impl MemoryStore {
    fn brand(&self, brand: BrandId) -> Option<Arc<RwLock<BrandLog>>> {
        read(&self.shared.brands).get(&brand).cloned()
    }

    fn brand_or_new(&self, brand: BrandId) -> Arc<RwLock<BrandLog>> {
        if let Some(log) = self.brand(brand) {
            return log;
        }
        let brands = self.shared.brands.write();
        let mut brands = brands.unwrap_or_else(PoisonError::into_inner);
        let new = || Arc::new(RwLock::new(BrandLog::new(self.tag(brand))));
        Arc::clone(brands.entry(brand).or_insert_with(new))
    }

    fn tag(&self, brand: BrandId) -> u64 {
        self.shared.identity.hash_one(brand)
    }
}

#[async_trait]
impl EventStore for MemoryStore {
    async fn commit(&self, commit: &Commit) -> Result<Receipt, CommitError> {
        let log = self.brand_or_new(commit.brand());
        let mut log = log.write().unwrap_or_else(PoisonError::into_inner);
        log.commit(commit)
    }

    async fn claimed(
        &self,
        brand: BrandId,
        space: ClaimSpace,
        keys: &TextRows,
    ) -> Result<Vec<Option<ClaimValue>>, ReadError> {
        let Some(log) = self.brand(brand) else {
            return Ok(vec![None; keys.len()]);
        };
        Ok(read(&log).claimed(space, keys))
    }

    async fn read_stream(
        &self,
        brand: BrandId,
        stream: StreamId,
        from: Version,
        limit: PageLimit,
    ) -> Result<StreamPage, ReadError> {
        let Some(log) = self.brand(brand) else {
            return Ok(StreamPage {
                events: Vec::new(),
                next: None,
            });
        };
        Ok(read(&log).stream_page(stream, from, limit))
    }

    async fn read_feed(
        &self,
        brand: BrandId,
        after: Option<Position>,
        limit: PageLimit,
    ) -> Result<FeedPage, ReadError> {
        match self.brand(brand) {
            Some(log) => read(&log).feed_page(brand, after, limit),
            None => BrandLog::new(self.tag(brand)).feed_page(brand, after, limit),
        }
    }

    async fn heads(&self, after: Option<BrandId>, limit: PageLimit) -> Result<HeadPage, ReadError> {
        let start = after.map_or(Bound::Unbounded, Bound::Excluded);
        let brands = read(&self.shared.brands);
        let mut heads = brands
            .range((start, Bound::Unbounded))
            .filter_map(|(&brand, log)| {
                let position = read(log).last_position()?;
                Some(Head { brand, position })
            });
        let page = heads.by_ref().take(limit.get()).collect();
        Ok(HeadPage {
            heads: page,
            more: heads.next().is_some(),
        })
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let brands = read(&self.shared.brands).len();
        f.debug_struct("MemoryStore")
            .field("brands", &brands)
            .finish_non_exhaustive()
    }
}

fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}
