//! A feed with gaps: pages that are empty, and say to read on all the same (clause R04).

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use dpp_core::identity::MintBatchId;
use dpp_core::read::ReadFold;
use dpp_core::store::log::{
    ClaimSpace, ClaimValue, Commit, CommitError, FeedPage, HeadPage, PageLimit, Position,
    ReadError, Receipt, StreamId, StreamPage, Version,
};
use dpp_core::store::{EventStore, ReadStore};
use dpp_core::{BrandId, ExportId, TextRows};
use dpp_store_memory::MemoryStore;
use futures::executor::block_on;
use uuid::Uuid;

use crate::exceptions::Writer;
use crate::support::*;

/// Shows events one by one at every second number, each behind an empty page.
struct Gaps {
    inner: Arc<dyn EventStore>,
    reads: AtomicU64,
}

impl fmt::Debug for Gaps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Gaps(..)")
    }
}

fn place(number: u128) -> Position {
    Position::from_bytes(number.to_be_bytes())
}

#[async_trait]
impl EventStore for Gaps {
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
        _limit: PageLimit,
    ) -> Result<FeedPage, ReadError> {
        let reads = self.reads.fetch_add(1, Ordering::Relaxed);
        assert!(reads < 1_000, "it reads the same for ever");
        let mut page = self.inner.read_feed(brand, None, PageLimit::MAX).await?;
        let number = after.map_or(0, |after| u128::from_be_bytes(after.to_bytes()));
        let seen = (number / 2) as usize;
        let left = page.events.len().saturating_sub(seen);
        page.events = match (number % 2, page.events.get(seen)) {
            (1, Some(event)) => vec![event.clone()],
            _ => Vec::new(),
        };
        for event in &mut page.events {
            event.position = place(number + 1);
        }
        page.more = left > page.events.len();
        page.upto = match left {
            0 => after,
            _ => Some(place(number + 1)),
        };
        Ok(page)
    }

    async fn heads(&self, after: Option<BrandId>, limit: PageLimit) -> Result<HeadPage, ReadError> {
        self.inner.heads(after, limit).await
    }
}

#[test]
fn an_empty_page_of_the_feed_that_says_to_read_on_is_read_on_from() {
    block_on(async {
        let log = Arc::new(MemoryStore::default());
        let writer = Writer::new(log.clone(), 1);
        let batch = MintBatchId::new(noon(), [4; 10]);
        for number in 0..7 {
            let export = ExportId::from_uuid(Uuid::from_u128(number));
            writer.request_export(brand(1), export, batch, noon()).await;
            writer.complete_export(brand(1), export, noon()).await;
        }
        let fold = ReadFold::new(Arc::new(Gaps {
            inner: log,
            reads: AtomicU64::new(0),
        }));
        fold.catch_up_brand(brand(1)).await.unwrap();
        assert_eq!(fold.position(brand(1)), Some(place(28)));
        assert_eq!(fold.counters(brand(1)).await.unwrap().completed_exports, 7);
    });
}
