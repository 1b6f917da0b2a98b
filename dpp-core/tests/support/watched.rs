//! A store that counts what is read, and refuses the commits that a test picks.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use dpp_core::store::EventStore;
use dpp_core::store::log::{
    ClaimSpace, ClaimValue, Commit, CommitError, FeedPage, HeadPage, PageLimit, Position,
    ReadError, Receipt, RecordedEvent, StoreFault, StreamId, StreamPage, Version,
};
use dpp_core::{BrandId, TextRows};

pub struct Watched {
    inner: Arc<dyn EventStore>,
    events: AtomicU64,
    streams: AtomicU64,
    refuses: Box<dyn Fn(&Commit) -> bool + Send + Sync>,
    fault: StoreFault,
    changes: Box<dyn Fn(&mut RecordedEvent) + Send + Sync>,
}

impl Watched {
    pub fn new(
        inner: Arc<dyn EventStore>,
        refuses: impl Fn(&Commit) -> bool + Send + Sync + 'static,
    ) -> Self {
        Self {
            inner,
            events: AtomicU64::new(0),
            streams: AtomicU64::new(0),
            refuses: Box::new(refuses),
            fault: StoreFault::new("the disk is full"),
            changes: Box::new(|_| ()),
        }
    }

    /// The same, whose refusals last until somebody has mended the disk.
    pub fn until_mended(self) -> Self {
        Self {
            fault: self.fault.until_mended(),
            ..self
        }
    }

    /// Shows events otherwise than they were written.
    pub fn changing(
        inner: Arc<dyn EventStore>,
        changes: impl Fn(&mut RecordedEvent) + Send + Sync + 'static,
    ) -> Self {
        Self {
            changes: Box::new(changes),
            ..Self::new(inner, |_| false)
        }
    }

    pub fn events_read(&self) -> u64 {
        self.events.load(Ordering::Relaxed)
    }

    /// How many pages of streams were read, empty ones included.
    pub fn streams_read(&self) -> u64 {
        self.streams.load(Ordering::Relaxed)
    }

    fn pass(&self, events: &mut [RecordedEvent]) {
        self.events
            .fetch_add(events.len() as u64, Ordering::Relaxed);
        events.iter_mut().for_each(|event| (self.changes)(event));
    }
}

impl fmt::Debug for Watched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Watched(..)")
    }
}

#[async_trait]
impl EventStore for Watched {
    async fn commit(&self, commit: &Commit) -> Result<Receipt, CommitError> {
        match (self.refuses)(commit) {
            true => Err(CommitError::NotCommitted(self.fault.clone())),
            false => self.inner.commit(commit).await,
        }
    }

    async fn claimed(
        &self,
        brand: BrandId,
        space: ClaimSpace,
        keys: &TextRows,
    ) -> Result<Vec<Option<ClaimValue>>, ReadError> {
        self.inner.claimed(brand, space, keys).await
    }

    async fn read_stream(
        &self,
        brand: BrandId,
        stream: StreamId,
        from: Version,
        limit: PageLimit,
    ) -> Result<StreamPage, ReadError> {
        self.streams.fetch_add(1, Ordering::Relaxed);
        let mut page = self.inner.read_stream(brand, stream, from, limit).await?;
        self.pass(&mut page.events);
        Ok(page)
    }

    async fn read_feed(
        &self,
        brand: BrandId,
        after: Option<Position>,
        limit: PageLimit,
    ) -> Result<FeedPage, ReadError> {
        let mut page = self.inner.read_feed(brand, after, limit).await?;
        self.pass(&mut page.events);
        Ok(page)
    }

    async fn heads(&self, after: Option<BrandId>, limit: PageLimit) -> Result<HeadPage, ReadError> {
        self.inner.heads(after, limit).await
    }
}
