//! The read tables against the log that they follow from: rebuilt, and verified.
//!
//! What the rows of a batch are is decided by [`dpp_core::store::Told`] and
//! [`dpp_core::store::BatchFold`] alone, as for commits: this room folds the feed, and says only
//! which rows that comes to. It must not know how commits are joined, nor how reads ask.

mod due;
mod feed;
mod fold;
mod lines;
mod missing;
mod provided;
mod replace;
mod report;
mod there;
mod verify;

use dpp_core::BrandId;
use dpp_core::store::log::PageLimit;

pub use report::{
    Difference, MOST_DIFFERENCES, Progress, RebuildError, Rebuilt, UnreadableEvents, Verified,
};

use crate::log::read;
use crate::store::PostgresStore;

/// The read tables of a store, to be rebuilt from the log and compared with it while the system
/// runs.
///
/// Everything in them follows from the events. They are to be rebuilt after somebody changed or
/// dropped them by hand, after a release that kept them wrongly, and after an update that can read
/// events which the release before could not.
///
/// A brand's feed is read from its beginning, in memory that does not grow with it: batches are
/// taken as many at once as [so much memory](Self::memory) has room for, and the feed is read
/// once for each such group. Exports are kept for the brand as a whole, at about 150 bytes each.
///
/// ```no_run
/// # async fn example(store: dpp_store_postgres::PostgresStore) -> Result<(), Box<dyn std::error::Error>> {
/// let tables = store.read_tables();
/// tables.rebuild_all(|progress| println!("{} of {}", progress.done, progress.of)).await?;
/// for verified in tables.verify_all().await? {
///     for difference in &verified.differences {
///         eprintln!("{}: {difference}", verified.brand);
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct ReadTables {
    store: PostgresStore,
    memory: usize,
}

const HEADS: PageLimit = PageLimit::new(1_000);

impl PostgresStore {
    /// The read tables, to be rebuilt or verified.
    pub fn read_tables(&self) -> ReadTables {
        ReadTables {
            store: self.clone(),
            memory: 256 << 20,
        }
    }
}

impl ReadTables {
    /// About how many bytes the batches of one reading of the feed may take, at most; 256 MiB by
    /// default. A batch takes 2 KiB, and up to 256 KiB more if something happened to its units.
    #[must_use]
    pub const fn memory(mut self, bytes: usize) -> Self {
        self.memory = bytes;
        self
    }

    /// Replaces all rows of a brand by what its events say, and removes those that follow from
    /// none; `progress` is called after each batch. Tables and indexes that are missing are made
    /// first, empty.
    ///
    /// Each batch has a transaction of its own, which holds the brand's commits up for as long
    /// as it takes to write the rows of one batch: some milliseconds, and some seconds for a
    /// batch of which a million provided serials are missing. The counters, the exports and the
    /// mark of what cannot be read are set by the last transaction.
    ///
    /// An event that this release cannot read is passed over, as commits pass it over, and
    /// [reported](Rebuilt::unreadable). The first is marked at the head of the brand, and
    /// [`Unreadable`](crate::Unreadable) says what reads do then; if there is none any more, the
    /// mark is taken away.
    ///
    /// A process that asked for serials or units while rows were wrong may keep what it read
    /// then in memory: start those anew that did.
    ///
    /// Dropped at any moment it leaves each batch as it was or rebuilt; called again it begins
    /// anew.
    ///
    /// # Errors
    /// [`RebuildError`] when the database fails, or the role may not make a table that is
    /// missing.
    pub async fn rebuild(
        &self,
        brand: BrandId,
        progress: impl FnMut(Progress) + Send,
    ) -> Result<Rebuilt, RebuildError> {
        missing::make_again(&self.store.shared.pool).await?;
        self.rebuild_one(brand, progress).await
    }

    async fn rebuild_one(
        &self,
        brand: BrandId,
        mut progress: impl FnMut(Progress) + Send,
    ) -> Result<Rebuilt, RebuildError> {
        let shared = &self.store.shared;
        let (pool, codec) = (&shared.pool, &shared.codec);
        Ok(replace::rebuild(pool, codec, brand, self.memory, &mut progress).await?)
    }

    /// [Rebuilds](Self::rebuild) every brand, one after the other.
    ///
    /// From the moment that a table is dropped until this is done, reads of the brands that are
    /// not rebuilt yet are wrong. Rows that need rebuilding without such a moment are rebuilt in
    /// place: do not drop them. As long as a table is missing, commits fail with a fault that says
    /// so, and nothing is lost.
    ///
    /// # Errors
    /// As [`rebuild`](Self::rebuild). The brands before the one that failed are rebuilt.
    pub async fn rebuild_all(
        &self,
        mut progress: impl FnMut(Progress) + Send,
    ) -> Result<Vec<Rebuilt>, RebuildError> {
        missing::make_again(&self.store.shared.pool).await?;
        let mut all = Vec::new();
        for brand in self.brands().await? {
            all.push(self.rebuild_one(brand, &mut progress).await?);
        }
        Ok(all)
    }

    /// Compares all rows of a brand with what its events say, its counters included. Nothing is
    /// written, and rows and events are those of one moment, so that commits meanwhile change
    /// nothing about the answer.
    ///
    /// It holds a snapshot open to its end, which keeps the server from cleaning up behind it.
    /// Dropped at any moment it leaves nothing behind.
    ///
    /// # Errors
    /// [`RebuildError`] when the database fails, or a table is missing. Differences are no
    /// error, but in the answer.
    pub async fn verify(&self, brand: BrandId) -> Result<Verified, RebuildError> {
        let shared = &self.store.shared;
        Ok(verify::verify(&shared.pool, &shared.codec, brand, self.memory).await?)
    }

    /// [Verifies](Self::verify) every brand, one after the other, each at a moment of its own.
    ///
    /// # Errors
    /// As [`verify`](Self::verify).
    pub async fn verify_all(&self) -> Result<Vec<Verified>, RebuildError> {
        let mut all = Vec::new();
        for brand in self.brands().await? {
            all.push(self.verify(brand).await?);
        }
        Ok(all)
    }

    async fn brands(&self) -> Result<Vec<BrandId>, RebuildError> {
        let mut brands: Vec<BrandId> = Vec::new();
        loop {
            let after = brands.last().copied();
            let page = read::heads(&self.store.shared.pool, after, HEADS).await?;
            brands.extend(page.heads.iter().map(|head| head.brand));
            if !page.more {
                return Ok(brands);
            }
        }
    }
}
