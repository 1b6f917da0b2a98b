//! The contract that an integrator implements.

use std::fmt::Debug;
use std::num::NonZeroU32;

use async_trait::async_trait;

use super::claim::{ClaimSpace, ClaimValue};
use super::commit::{Commit, Receipt};
use super::error::{CommitError, ReadError};
use super::event::RecordedEvent;
use super::position::Position;
use super::stream::{StreamId, Version};
use crate::ids::BrandId;
use crate::text_rows::TextRows;

/// An event log: ordered streams of opaque events, brand by brand.
///
/// # Contract
///
/// Each clause has a test of the same number in the conformance kit
/// (`dpp_core::testing::conformance`, feature `testing`); a store that passes them all can
/// be used for everything in this library.
///
/// Commits:
///
/// - **C01** A commit appends its events in the given order; the versions of a stream begin
///   at 1 and have no gap.
/// - **C02** A write that expects [`NoStream`](super::Expected::NoStream) fails on a stream
///   that has events, and the [`Conflict`](super::Conflict) names the stream, what was
///   expected, and what is there.
/// - **C03** A write that expects `Exactly(v)` fails unless the stream ends with v, and
///   tells the same.
/// - **C04** A write that expects `Any` does not fail for the stream's version.
/// - **C05** All or nothing: if one stream of a commit conflicts, no stream is written and
///   no claim is taken.
/// - **C06** A stream that a commit only checks must be where it is expected, and is not
///   written.
/// - **C07** Claims are taken with the commit and can be looked up, many at once, in the
///   order of the question.
/// - **C08** A commit that would take a key that is taken fails, names every such key with
///   its value and only those, and leaves nothing behind. A version conflict is told first.
/// - **C09** Repeating a commit (same id, same
///   [fingerprint](super::Commit::fingerprint)) gives the first receipt and appends
///   nothing, also after the streams have moved on.
/// - **C10** A commit id that was used with other content is refused.
/// - **C11** A commit that failed is not remembered: its id may be used again.
/// - **C12** The receipt tells the first and last version of each write, in the commit's
///   order, and the position of its last event.
/// - **C13** Commits of 20,000 events work.
/// - **C14** Commits of 65,536 claims, and look-ups of as many, work.
/// - **C15** What was written is read back byte for byte: types, schema versions, payloads
///   up to 1 MiB, and every field of the metadata.
///
/// Reads:
///
/// - **R01** A stream is read from a version, that one included, in order; following
///   [`next`](StreamPage::next) gives every event once.
/// - **R02** A stream without events is an empty page, not an error.
/// - **R03** No page has more events than was asked for; a page may have fewer, and `next`
///   alone tells whether more follow.
/// - **R04** The feed has every event of the brand in commit order, with positions that
///   grow strictly; reading on from [`upto`](FeedPage::upto) while the page says
///   [`more`](FeedPage::more) gives every event once, also when a page ends inside a commit.
/// - **R05** A position that another store or another brand gave is refused as
///   [`ForeignPosition`](super::ReadError::ForeignPosition).
/// - **R06** The heads are every brand that has events, once, by brand, with the position
///   of its last event, page by page.
///
/// Together:
///
/// - **T01** Brands are apart: the same stream ids, claims and commit ids in two brands
///   have nothing to do with one another.
/// - **T02** Of many commits that race with the same expectation exactly one is made.
/// - **T03** Of many commits that race for the same key exactly one is made.
/// - **T04** The same commit made many times at once is made once, and each caller gets the
///   same receipt.
/// - **T05** Nothing turns up behind a reader: once a page says `upto` a position, no event
///   at or below it appears later, while any number of writers commit.
/// - **T06** A store that was closed and opened again has everything that was committed,
///   and still knows the ids of commits. A store that lives in memory is its own reopening.
#[async_trait]
pub trait EventStore: Debug + Send + Sync {
    /// Makes a commit: all of it, durable when this returns, or nothing.
    ///
    /// # Errors
    /// See [`CommitError`]; of these only `Unknown` leaves open whether the commit was made.
    async fn commit(&self, commit: &Commit) -> Result<Receipt, CommitError>;

    /// What holds each of these keys, in their order; `None` for a key that is free.
    ///
    /// # Errors
    /// [`ReadError::Unavailable`] when the store fails.
    async fn claimed(
        &self,
        brand: BrandId,
        space: ClaimSpace,
        keys: &TextRows,
    ) -> Result<Vec<Option<ClaimValue>>, ReadError>;

    /// The events of a stream from a version on, that one included.
    ///
    /// # Errors
    /// [`ReadError::Unavailable`] when the store fails.
    async fn read_stream(
        &self,
        brand: BrandId,
        stream: StreamId,
        from: Version,
        limit: PageLimit,
    ) -> Result<StreamPage, ReadError>;

    /// The events of a brand after a position, or from the first.
    ///
    /// # Errors
    /// [`ReadError::ForeignPosition`] for a position that this store did not give for this
    /// brand, [`ReadError::Unavailable`] when the store fails.
    async fn read_feed(
        &self,
        brand: BrandId,
        after: Option<Position>,
        limit: PageLimit,
    ) -> Result<FeedPage, ReadError>;

    /// The brands after `after` that have events, by brand, and how far their feeds reach.
    ///
    /// # Errors
    /// [`ReadError::Unavailable`] when the store fails.
    async fn heads(&self, after: Option<BrandId>, limit: PageLimit) -> Result<HeadPage, ReadError>;
}

/// How many rows a page may have: 1 to 10,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PageLimit(NonZeroU32);

impl PageLimit {
    /// The largest page.
    pub const MAX: Self = Self::new(10_000);

    /// So many rows; 0 becomes 1, and what is over the maximum becomes the maximum.
    pub const fn new(rows: u32) -> Self {
        let rows = if rows > 10_000 { 10_000 } else { rows };
        match NonZeroU32::new(rows) {
            Some(rows) => Self(rows),
            None => Self(NonZeroU32::MIN),
        }
    }

    /// The number of rows.
    pub const fn get(self) -> usize {
        self.0.get() as usize
    }
}

/// A run of a stream's events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamPage {
    /// The events, in order.
    pub events: Vec<RecordedEvent>,
    /// Where to read on; none at the stream's end.
    pub next: Option<Version>,
}

/// A run of a brand's events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedPage {
    /// The events, in commit order.
    pub events: Vec<RecordedEvent>,
    /// How far this page goes: everything at or below it has been seen. None only if the
    /// feed was read from its beginning and is empty.
    pub upto: Option<Position>,
    /// Whether to read on. `false` says that every commit which had returned before this read
    /// began has been seen.
    pub more: bool,
}

/// How far the feed of a brand reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The brand.
    pub brand: BrandId,
    /// The position of its last event.
    pub position: Position,
}

/// A run of heads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadPage {
    /// The heads, by brand.
    pub heads: Vec<Head>,
    /// Whether to read on, after the last of these. `false` says that every brand whose commit
    /// had returned before this read began has been seen.
    pub more: bool,
}
