//! A store that shows another feed than the one below.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use dpp_core::store::EventStore;
use dpp_core::store::log::{
    ClaimSpace, ClaimValue, Commit, CommitError, FeedPage, HeadPage, PageLimit, Position,
    ReadError, Receipt, StoreFault, StreamId, StreamKind, StreamPage, Version,
};
use dpp_core::{BrandId, TextRows};
use futures::future::BoxFuture;

/// A replica, or one that lost its end: its feeds show so many events, and know no position
/// beyond these. It can be told to fail.
pub struct LaidOver {
    inner: Arc<dyn EventStore>,
    shown: AtomicU64,
    left_out: Mutex<Option<Position>>,
    fails: AtomicBool,
    renumbered: AtomicBool,
    meanwhile: Mutex<Option<BoxFuture<'static, ()>>>,
    between_streams: Mutex<Option<(StreamKind, BoxFuture<'static, ()>)>>,
}

impl LaidOver {
    pub fn new(inner: Arc<dyn EventStore>, shown: u64) -> Self {
        Self {
            inner,
            shown: AtomicU64::new(shown),
            left_out: Mutex::default(),
            fails: AtomicBool::new(false),
            renumbered: AtomicBool::new(false),
            meanwhile: Mutex::default(),
            between_streams: Mutex::default(),
        }
    }

    pub fn show(&self, events: u64) {
        self.shown.store(events, Ordering::Relaxed);
    }

    /// Shows its feeds without the event at this position.
    pub fn leave_out(&self, position: Position) {
        *self.left_out.lock().unwrap() = Some(position);
    }

    /// Counts positions up from 1, which the store in memory begins with a secret.
    pub fn renumber(&self) {
        self.renumbered.store(true, Ordering::Relaxed);
    }

    pub fn fail(&self) {
        self.fails.store(true, Ordering::Relaxed);
    }

    /// Lets this happen before the next read of fewer events than a reader of the whole feed
    /// asks for.
    pub fn meanwhile(&self, happens: impl Future<Output = ()> + Send + 'static) {
        *self.meanwhile.lock().unwrap() = Some(Box::pin(happens));
    }

    /// Lets this happen before a stream of this kind is read next.
    pub fn before_stream(
        &self,
        kind: StreamKind,
        happens: impl Future<Output = ()> + Send + 'static,
    ) {
        *self.between_streams.lock().unwrap() = Some((kind, Box::pin(happens)));
    }

    /// All that is shown of a feed.
    async fn feed(&self, brand: BrandId) -> Result<FeedPage, ReadError> {
        if self.fails.load(Ordering::Relaxed) {
            return Err(StoreFault::new("the network is down").into());
        }
        let mut page = self.inner.read_feed(brand, None, PageLimit::MAX).await?;
        assert!(!page.more, "too long for this test");
        page.events
            .truncate(self.shown.load(Ordering::Relaxed) as usize);
        if self.renumbered.load(Ordering::Relaxed) {
            for (event, number) in page.events.iter_mut().zip(1_u128..) {
                event.position = Position::from_bytes(number.to_be_bytes());
            }
        }
        let left_out = *self.left_out.lock().unwrap();
        page.events.retain(|event| Some(event.position) != left_out);
        page.upto = page.events.last().map(|event| event.position);
        Ok(page)
    }
}

impl fmt::Debug for LaidOver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LaidOver(..)")
    }
}

#[async_trait]
impl EventStore for LaidOver {
    async fn commit(&self, commit: &Commit) -> Result<Receipt, CommitError> {
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
        let happens = self
            .between_streams
            .lock()
            .unwrap()
            .take_if(|(kind, _)| *kind == stream.kind());
        if let Some((_, happens)) = happens {
            happens.await;
        }
        self.inner.read_stream(brand, stream, from, limit).await
    }

    async fn read_feed(
        &self,
        brand: BrandId,
        after: Option<Position>,
        limit: PageLimit,
    ) -> Result<FeedPage, ReadError> {
        let meanwhile = match limit.get() {
            ..1_000 => self.meanwhile.lock().unwrap().take(),
            _ => None,
        };
        if let Some(meanwhile) = meanwhile {
            meanwhile.await;
        }
        let mut page = self.feed(brand).await?;
        if let Some(position) = after {
            let mut places = page.events.iter();
            let place = places.position(|event| event.position == position);
            let place = place.ok_or(ReadError::ForeignPosition { position, brand })?;
            page.events.drain(..=place);
        }
        page.more = page.events.len() > limit.get();
        page.events.truncate(limit.get());
        page.upto = page.events.last().map(|event| event.position).or(after);
        Ok(page)
    }

    async fn heads(&self, after: Option<BrandId>, limit: PageLimit) -> Result<HeadPage, ReadError> {
        self.inner.heads(after, limit).await
    }
}
