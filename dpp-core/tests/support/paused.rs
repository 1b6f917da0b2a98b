//! A store whose next commit of a kind waits in front of the log until a test lets it go on.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Waker};

use async_trait::async_trait;
use dpp_core::store::EventStore;
use dpp_core::store::log::{
    ClaimSpace, ClaimValue, Commit, CommitError, FeedPage, HeadPage, PageLimit, Position,
    ReadError, Receipt, StreamId, StreamPage, Version,
};
use dpp_core::{BrandId, TextRows};
use futures::executor::block_on;

pub struct Paused {
    inner: Arc<dyn EventStore>,
    event_type: &'static str,
    open: AtomicBool,
}

impl Paused {
    /// Commits with an event of this type wait.
    pub fn at(inner: Arc<dyn EventStore>, event_type: &'static str) -> Arc<Self> {
        Arc::new(Self {
            inner,
            event_type,
            open: AtomicBool::new(false),
        })
    }

    /// Runs `slow` up to its commit, then `meanwhile`, then the rest of `slow`.
    pub fn overtake<T, O>(
        &self,
        slow: impl Future<Output = T>,
        meanwhile: impl FnOnce() -> O,
    ) -> (T, O) {
        let mut slow = Box::pin(slow);
        let polled = slow.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        assert!(polled.is_pending(), "it did not come to its commit");
        let other = meanwhile();
        self.open.store(true, Ordering::Relaxed);
        (block_on(slow), other)
    }

    fn waits(&self, commit: &Commit) -> bool {
        let mut events = commit.writes().iter().flat_map(|write| &write.events);
        events.any(|event| event.event_type.as_str() == self.event_type)
    }
}

impl fmt::Debug for Paused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Paused(..)")
    }
}

#[async_trait]
impl EventStore for Paused {
    async fn commit(&self, commit: &Commit) -> Result<Receipt, CommitError> {
        if self.waits(commit) {
            std::future::poll_fn(|_| match self.open.load(Ordering::Relaxed) {
                true => Poll::Ready(()),
                false => Poll::Pending,
            })
            .await;
        }
        self.inner.commit(commit).await
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
        self.inner.read_stream(brand, stream, from, limit).await
    }

    async fn read_feed(
        &self,
        brand: BrandId,
        after: Option<Position>,
        limit: PageLimit,
    ) -> Result<FeedPage, ReadError> {
        self.inner.read_feed(brand, after, limit).await
    }

    async fn heads(&self, after: Option<BrandId>, limit: PageLimit) -> Result<HeadPage, ReadError> {
        self.inner.heads(after, limit).await
    }
}
