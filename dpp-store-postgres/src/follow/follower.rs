//! Following one brand.

use std::time::Duration;

use dpp_core::BrandId;
use dpp_core::store::EventStore;
use dpp_core::store::log::{FeedPage, PageLimit, Position, ReadError};
use tokio::time::Instant;

use super::ear::Ears;
use crate::store::PostgresStore;

/// Reads the feed of one brand, page by page, and waits where it ends.
///
/// Every event comes once, in order, and none is passed over. It is woken by notifications, and
/// looks by itself every [`Options::poll_every`](crate::Options::poll_every) for what these
/// missed.
///
/// A host whose reads are a fold in memory calls the fold's `catch_up` when it is woken.
#[derive(Debug)]
pub struct Follower {
    store: PostgresStore,
    brand: BrandId,
    position: Option<Position>,
    page: PageLimit,
    ears: Option<Ears>,
}

/// What a page has at most, unless another limit is set.
const PAGE: PageLimit = PageLimit::new(1_000);

impl Follower {
    pub(crate) const fn new(store: PostgresStore, brand: BrandId, after: Option<Position>) -> Self {
        Self {
            store,
            brand,
            position: after,
            page: PAGE,
            ears: None,
        }
    }

    /// Gives pages of at most so many events; 1,000 if nothing is said.
    #[must_use]
    pub const fn pages_of(mut self, limit: PageLimit) -> Self {
        self.page = limit;
        self
    }

    /// The brand.
    pub const fn brand(&self) -> BrandId {
        self.brand
    }

    /// How far it has given events: what to keep as a checkpoint when they are dealt with, and
    /// to begin from the next time. None before the first.
    pub const fn position(&self) -> Option<Position> {
        self.position
    }

    /// The next page that has events; waits as long as there is none.
    ///
    /// Cancel safe: a call that is dropped has given nothing, and the next one goes on from the
    /// same place.
    ///
    /// # Errors
    /// [`ReadError::ForeignPosition`] when the position that it began from is not of this feed,
    /// and [`ReadError::Unavailable`] when the store failed. It stays where it is: call it again,
    /// after a while.
    pub async fn next(&mut self) -> Result<FeedPage, ReadError> {
        loop {
            if let Some(ears) = &mut self.ears {
                ears.forget();
            }
            let read = self.store.read_feed(self.brand, self.position, self.page);
            let page = read.await?;
            if !page.events.is_empty() {
                self.position = page.upto;
                return Ok(page);
            }
            let until = Instant::now() + self.poll_every();
            match &mut self.ears {
                Some(ears) => ears.wait_for(self.brand, until).await,
                // What came before it listens is not heard: so it reads once more.
                None => self.ears = Some(self.store.shared.ear.listen()),
            }
        }
    }

    fn poll_every(&self) -> Duration {
        self.store.shared.poll_every
    }
}
