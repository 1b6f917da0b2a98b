//! The store: one handle for the log and the reads.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use dpp_core::store::log::{
    ClaimSpace, ClaimValue, Commit, CommitError, FeedPage, HeadPage, PageLimit, Position,
    ReadError, Receipt, StreamId, StreamPage, Version,
};
use dpp_core::store::{Codec, EventStore};
use dpp_core::{BrandId, TextRows};

use crate::follow::{Ear, Follower, Moves, channel_of};
use crate::log::{Lanes, read};
use crate::options::{Options, Unreadable};
use crate::pool::Pool;
use crate::reads::Directories;
use crate::scans::{Months, PostgresScans};
use crate::schema::{OpenError, migrate};
use crate::tls;
use crate::wake::Bell;

/// The event log and the read tables in one PostgreSQL database.
///
/// A clone is another handle of the same store. It needs the tokio runtime that it was opened
/// on for as long as it is used.
#[derive(Clone)]
pub struct PostgresStore {
    pub(crate) shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) pool: Pool,
    pub(crate) codec: Codec,
    pub(crate) unreadable: Unreadable,
    pub(crate) directories: Directories,
    pub(crate) ear: Ear,
    pub(crate) poll_every: Duration,
    pub(crate) months: Months,
    lanes: Lanes,
    schema: String,
}

impl PostgresStore {
    /// Opens the store, and first brings its schema to the version of this release. Any number
    /// of processes may do so at once.
    ///
    /// # Errors
    /// [`OpenError`] when the database cannot be reached or does not let the role in, is too
    /// old, or has a schema that is too new or was made by somebody else. A database that does
    /// not answer is given up after the limits for connecting and for statements.
    pub async fn open(options: &Options) -> Result<Self, OpenError> {
        let tls = tls::connector(&options.roots)?;
        let pool = Pool::new(options, tls.clone())?;
        let mut client = pool.take().await?;
        migrate(&mut client, &options.schema, pool.answer_within()).await?;
        drop(client);
        let codec = Codec::new();
        let bell = Bell::new(pool.clone(), channel_of(&options.schema));
        Ok(Self {
            shared: Arc::new(Shared {
                lanes: Lanes::new(options, pool.clone(), codec.clone(), bell),
                ear: Ear::new(options, tls),
                poll_every: options.poll_every,
                months: Months::default(),
                pool,
                codec,
                unreadable: options.unreadable,
                directories: Directories::default(),
                schema: options.schema.to_string(),
            }),
        })
    }

    /// Follows the feed of a brand, from its beginning or after a position of it. A brand that
    /// has no event yet can be followed, too.
    ///
    /// ```no_run
    /// # async fn follow(store: dpp_store_postgres::PostgresStore, brand: dpp_core::BrandId)
    /// # -> Result<(), dpp_core::store::log::ReadError> {
    /// let mut follower = store.follow(brand, None);
    /// loop {
    ///     for recorded in follower.next().await?.events {
    ///         println!("{} {}", recorded.position, recorded.event.event_type);
    ///     }
    ///     // Keep `follower.position()` with what was made of the events.
    /// }
    /// # }
    /// ```
    pub fn follow(&self, brand: BrandId, after: Option<Position>) -> Follower {
        Follower::new(self.clone(), brand, after)
    }

    /// Follows all brands: tells which have moved.
    pub fn moves(&self) -> Moves {
        Moves::new(self.clone())
    }

    /// The store of scans in the same database, over the same connections: of these it uses one
    /// for each call, and none in between.
    pub fn scans(&self) -> PostgresScans {
        PostgresScans::new(self.clone())
    }

    /// Closes its connections. Commits and questions that come later are refused.
    pub fn close(&self) {
        self.shared.ear.close();
        self.shared.pool.close();
    }
}

#[async_trait]
impl EventStore for PostgresStore {
    async fn commit(&self, commit: &Commit) -> Result<Receipt, CommitError> {
        self.shared.lanes.commit(commit).await
    }

    async fn claimed(
        &self,
        brand: BrandId,
        space: ClaimSpace,
        keys: &TextRows,
    ) -> Result<Vec<Option<ClaimValue>>, ReadError> {
        read::claimed(&self.shared.pool, brand, space, keys).await
    }

    async fn read_stream(
        &self,
        brand: BrandId,
        stream: StreamId,
        from: Version,
        limit: PageLimit,
    ) -> Result<StreamPage, ReadError> {
        read::stream(&self.shared.pool, brand, stream, from, limit).await
    }

    async fn read_feed(
        &self,
        brand: BrandId,
        after: Option<Position>,
        limit: PageLimit,
    ) -> Result<FeedPage, ReadError> {
        read::feed(&self.shared.pool, brand, after, limit).await
    }

    async fn heads(&self, after: Option<BrandId>, limit: PageLimit) -> Result<HeadPage, ReadError> {
        read::heads(&self.shared.pool, after, limit).await
    }
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore")
            .field("schema", &self.shared.schema)
            .finish_non_exhaustive()
    }
}
