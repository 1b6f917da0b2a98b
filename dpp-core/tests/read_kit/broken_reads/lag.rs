//! A log that shows a brand only as far as somebody has looked before.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use dpp_core::store::EventStore;
use dpp_core::store::log::{
    ClaimSpace, ClaimValue, Commit, CommitError, FeedPage, HeadPage, PageLimit, Position,
    ReadError, Receipt, StreamId, StreamPage, Version,
};
use dpp_core::{BrandId, TextRows};

/// How far each brand is shown; one that nobody has looked at is shown as it is.
pub(crate) type Horizon = Arc<Mutex<HashMap<BrandId, Position>>>;

#[derive(Debug)]
pub(crate) struct LaggingLog {
    pub(crate) inner: Arc<dyn EventStore>,
    pub(crate) horizon: Horizon,
}

#[async_trait]
impl EventStore for LaggingLog {
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
        self.inner.read_stream(brand, stream, from, limit).await
    }

    async fn read_feed(
        &self,
        brand: BrandId,
        after: Option<Position>,
        limit: PageLimit,
    ) -> Result<FeedPage, ReadError> {
        let mut page = self.inner.read_feed(brand, after, limit).await?;
        let shown = self.horizon.lock().unwrap().get(&brand).copied();
        let Some(shown) = shown.filter(|shown| page.upto > Some(*shown)) else {
            return Ok(page);
        };
        page.events.retain(|event| event.position <= shown);
        page.upto = page.events.last().map(|event| event.position).or(after);
        page.more = false;
        Ok(page)
    }

    async fn heads(&self, after: Option<BrandId>, limit: PageLimit) -> Result<HeadPage, ReadError> {
        self.inner.heads(after, limit).await
    }
}
