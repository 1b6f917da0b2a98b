//! The read port over any event store: a fold of its feeds in memory.

mod audit;
mod brand;
mod events;
mod exports;
mod port;
mod projection;
mod snapshot;
mod waiting;

pub use snapshot::SnapshotError;

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::ids::BrandId;
use crate::store::log::{PageLimit, Position};
use crate::store::{Codec, EventStore, ReadStoreError};
use projection::Projection;
use waiting::Waiting;

/// Keeps what reads need in memory, read on from the log before each answer. It begins empty
/// and holds nothing that the log does not have: to rebuild it, make another. One that is to
/// begin where another was is [loaded](Self::load) from its [snapshot](Self::snapshot).
///
/// Its memory grows with the number of batches, and with that of the units that were activated
/// or revoked one by one: at most a quarter of a byte for each unit of such a batch. Only
/// serials that brands brought themselves are kept one by one.
#[derive(Debug)]
pub struct ReadFold {
    store: Arc<dyn EventStore>,
    codec: Codec,
    projection: RwLock<Projection>,
    waiting: Waiting,
}

const PAGE: PageLimit = PageLimit::new(1_000);

impl ReadFold {
    /// A fold of this store's feeds.
    pub fn new(store: Arc<dyn EventStore>) -> Self {
        Self {
            store,
            codec: Codec::new(),
            projection: RwLock::default(),
            waiting: Waiting::default(),
        }
    }

    /// How far the feed of a brand was read; none if not at all.
    pub fn position(&self, brand: BrandId) -> Option<Position> {
        self.read().position(brand)
    }

    /// Reads on in the feeds of all brands that have moved. A brand whose feed has what cannot
    /// be read does not keep the others back.
    ///
    /// # Errors
    /// [`ReadStoreError`] when the log cannot be read, or a feed was stopped in. What was read
    /// until then stays, and the next call goes on from there.
    pub async fn catch_up(&self) -> Result<(), ReadStoreError> {
        match self.catch_up_all().await?.into_iter().next() {
            Some(unreadable) => Err(unreadable),
            None => Ok(()),
        }
    }

    /// What stopped the brands that cannot be read to their end.
    async fn catch_up_all(&self) -> Result<Vec<ReadStoreError>, ReadStoreError> {
        let mut unreadable = Vec::new();
        let mut after = None;
        loop {
            let page = self.store.heads(after, PAGE).await?;
            for head in &page.heads {
                if self.position(head.brand) == Some(head.position) {
                    continue;
                }
                match self.catch_up_brand(head.brand).await {
                    Err(error @ ReadStoreError::Decode { .. }) => unreadable.push(error),
                    other => other?,
                }
            }
            after = page.heads.last().map(|head| head.brand).or(after);
            if !page.more {
                return Ok(unreadable);
            }
        }
    }

    /// Reads on in the feed of one brand.
    ///
    /// # Errors
    /// As [`catch_up`](Self::catch_up).
    pub async fn catch_up_brand(&self, brand: BrandId) -> Result<(), ReadStoreError> {
        let mut after = self.position(brand);
        loop {
            let page = self.store.read_feed(brand, after, PAGE).await?;
            if !page.events.is_empty() {
                let applied = self.write().apply(&self.codec, brand, &page.events);
                self.waiting.reached(brand, self.position(brand));
                applied.inspect_err(|stop| self.waiting.stopped(brand, stop))?;
            }
            if !page.more {
                return Ok(());
            }
            // A page may be empty and say to read on; another reader may have come further.
            after = page.upto.max(self.position(brand));
        }
    }

    // A reader that panicked has changed nothing, and a writer applies whole events.
    fn read(&self) -> RwLockReadGuard<'_, Projection> {
        self.projection
            .read()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Projection> {
        self.projection
            .write()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
