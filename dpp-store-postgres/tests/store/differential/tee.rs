//! A log in PostgreSQL whose commits go to one in memory as well.

use std::sync::Arc;

use async_trait::async_trait;
use dpp_core::store::EventStore;
use dpp_core::store::log::{
    ClaimSpace, ClaimValue, Commit, CommitError, FeedPage, HeadPage, Position, ReadError, Receipt,
    StreamId, StreamPage, Version,
};
use dpp_core::{BrandId, PageLimit, TextRows};
use dpp_store_memory::MemoryStore;
use dpp_store_postgres::PostgresStore;

#[derive(Debug)]
pub(super) struct Tee {
    pub(super) postgres: Arc<PostgresStore>,
    pub(super) memory: Arc<MemoryStore>,
}

#[async_trait]
impl EventStore for Tee {
    async fn commit(&self, commit: &Commit) -> Result<Receipt, CommitError> {
        let answer = self.postgres.commit(commit).await;
        let other = self.memory.commit(commit).await;
        assert_eq!(answer.is_ok(), other.is_ok(), "{answer:?} and {other:?}");
        answer
    }

    async fn claimed(
        &self,
        brand: BrandId,
        space: ClaimSpace,
        keys: &TextRows,
    ) -> Result<Vec<Option<ClaimValue>>, ReadError> {
        self.postgres.claimed(brand, space, keys).await
    }

    async fn read_stream(
        &self,
        brand: BrandId,
        stream: StreamId,
        from: Version,
        limit: PageLimit,
    ) -> Result<StreamPage, ReadError> {
        self.postgres.read_stream(brand, stream, from, limit).await
    }

    async fn read_feed(
        &self,
        brand: BrandId,
        after: Option<Position>,
        limit: PageLimit,
    ) -> Result<FeedPage, ReadError> {
        self.postgres.read_feed(brand, after, limit).await
    }

    async fn heads(&self, after: Option<BrandId>, limit: PageLimit) -> Result<HeadPage, ReadError> {
        self.postgres.heads(after, limit).await
    }
}
