//! A store that fails as stores do fail, and always in the same way for the same seed.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use async_trait::async_trait;
use fastrand::Rng;

use crate::store::EventStore;
use crate::store::log::{ClaimSpace, ClaimValue, Commit, CommitError, FeedPage, HeadPage};
use crate::store::log::{PageLimit, Position, ReadError, Receipt, StoreFault, StreamId};
use crate::store::log::{StreamPage, Version};
use crate::{BrandId, TextRows};

/// How often each fault happens: chances from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Faults {
    /// A commit fails before it was made. One in four of these is told as `Unknown`, since a
    /// client cannot always know.
    pub before_commit: f64,
    /// The answer to a commit is lost, whether it was made or refused: `Unknown`.
    pub after_commit: f64,
    /// A read fails.
    pub read: f64,
    /// A call gives way before the inner call; and again, with the same chance, after it.
    pub delay: f64,
    /// How often a delayed call gives way at most, each time.
    pub max_yields: u32,
    /// A page is cut short, if it has more than one row.
    pub short_read: f64,
}

impl Faults {
    /// No fault at all.
    pub const NONE: Self = Self {
        before_commit: 0.0,
        after_commit: 0.0,
        read: 0.0,
        delay: 0.0,
        max_yields: 0,
        short_read: 0.0,
    };

    /// Slow answers and short pages, which the contract allows: with these a good store still
    /// conforms.
    pub const ALLOWED: Self = Self {
        delay: 0.5,
        max_yields: 5,
        short_read: 0.5,
        ..Self::NONE
    };

    /// A fault now and then, as in a bad hour.
    pub const LIGHT: Self = Self {
        before_commit: 0.02,
        after_commit: 0.02,
        read: 0.02,
        delay: 0.2,
        max_yields: 3,
        short_read: 0.2,
    };

    /// Faults everywhere.
    pub const HEAVY: Self = Self {
        before_commit: 0.2,
        after_commit: 0.2,
        read: 0.2,
        delay: 0.5,
        max_yields: 8,
        short_read: 0.5,
    };
}

/// What a faulty store did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Injected {
    /// Commits that were not made, and said so.
    pub not_committed: u64,
    /// Commits that were not made and told as `Unknown`.
    pub unknown_not_made: u64,
    /// Commits that were made or refused, and whose answer was lost.
    pub unknown_after: u64,
    /// Reads that failed.
    pub failed_reads: u64,
    /// Times that a call gave way, however often in a row.
    pub delays: u64,
    /// Pages that were cut short.
    pub short_reads: u64,
}

/// Wraps a store and makes it fail, by chances that a seed decides. The same seed and the same
/// sequence of calls give the same faults; what happens to a call is decided when it is first
/// polled.
///
/// A call that is delayed wakes itself and gives way, before the inner call and after it, so
/// that a test can drop the future on either side of a commit. No runtime and no timer is
/// needed.
///
/// ```
/// # use std::sync::Arc;
/// # use dpp_core::{BrandId, store::{EventStore, log::{PageLimit, ReadError}}};
/// # use dpp_store_memory::MemoryStore;
/// use dpp_core::testing::{Faults, FaultyStore};
///
/// let always = Faults { read: 1.0, ..Faults::NONE };
/// let store = FaultyStore::new(Arc::new(MemoryStore::default()), 7, always);
/// # futures::executor::block_on(async {
/// let heads = store.heads(None, PageLimit::MAX).await;
/// assert!(matches!(heads, Err(ReadError::Unavailable(_))));
/// assert_eq!(store.injected().failed_reads, 1);
///
/// store.set_faults(Faults::NONE);
/// assert!(store.heads(None, PageLimit::MAX).await.is_ok());
/// # });
/// ```
pub struct FaultyStore {
    inner: Arc<dyn EventStore>,
    state: Mutex<State>,
}

struct State {
    rng: Rng,
    faults: Faults,
    injected: Injected,
}

/// What will happen to one call.
struct Plan {
    before: u32,
    after: u32,
    fails_before: bool,
    fails_unknown: bool,
    fails_after: bool,
    fails_read: bool,
    /// Which part of a page is kept, from 0 to 1.
    keeps: Option<f64>,
}

impl State {
    /// Draws the same number of times whatever the faults are, so that a change of the faults
    /// does not change what later calls draw.
    fn plan(&mut self) -> Plan {
        let faults = self.faults;
        let rng = &mut self.rng;
        let mut happens = |chance| rng.f64() < chance;
        let [slow_before, slow_after] = [happens(faults.delay), happens(faults.delay)];
        let fails_before = happens(faults.before_commit);
        let fails_unknown = happens(0.25);
        let fails_after = happens(faults.after_commit);
        let fails_read = happens(faults.read);
        let cut = happens(faults.short_read);
        let part = rng.f64();
        let mut yields = |slow: bool| {
            let drawn = rng.f64() * f64::from(faults.max_yields);
            if slow { drawn.ceil() as u32 } else { 0 }
        };
        Plan {
            before: yields(slow_before),
            after: yields(slow_after),
            fails_before,
            fails_unknown,
            fails_after,
            fails_read,
            keeps: cut.then_some(part),
        }
    }
}

impl FaultyStore {
    /// A store that passes calls on to `inner` with these faults.
    pub fn new(inner: Arc<dyn EventStore>, seed: u64, faults: Faults) -> Self {
        let state = State {
            rng: Rng::with_seed(seed),
            faults,
            injected: Injected::default(),
        };
        Self {
            inner,
            state: Mutex::new(state),
        }
    }

    /// Changes the faults of all later calls.
    pub fn set_faults(&self, faults: Faults) {
        self.state().faults = faults;
    }

    /// What it did so far.
    pub fn injected(&self) -> Injected {
        self.state().injected
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn plan(&self) -> Plan {
        self.state().plan()
    }

    async fn give_way(&self, times: u32) {
        if times == 0 {
            return;
        }
        self.state().injected.delays += 1;
        let mut left = times;
        let turn = |context: &mut std::task::Context<'_>| {
            if left == 0 {
                return Poll::Ready(());
            }
            left -= 1;
            context.waker().wake_by_ref();
            Poll::Pending
        };
        std::future::poll_fn(turn).await;
    }

    /// Reads as planned.
    async fn read<T>(
        &self,
        plan: &Plan,
        inner: impl Future<Output = Result<T, ReadError>> + Send,
    ) -> Result<T, ReadError> {
        self.give_way(plan.before).await;
        if plan.fails_read {
            self.state().injected.failed_reads += 1;
            return Err(StoreFault::new("a read was made to fail").into());
        }
        let read = inner.await;
        self.give_way(plan.after).await;
        read
    }

    /// Cuts a page short as planned, and tells whether it did. At least one row stays, so
    /// that a reader gets on.
    fn cut<T>(&self, plan: &Plan, rows: &mut Vec<T>) -> bool {
        let Some(part) = plan.keeps.filter(|_| rows.len() > 1) else {
            return false;
        };
        let keep = (part * (rows.len() - 1) as f64) as usize;
        rows.truncate(keep.max(1));
        self.state().injected.short_reads += 1;
        true
    }
}

#[async_trait]
impl EventStore for FaultyStore {
    async fn commit(&self, commit: &Commit) -> Result<Receipt, CommitError> {
        let plan = self.plan();
        self.give_way(plan.before).await;
        if plan.fails_before && plan.fails_unknown {
            self.state().injected.unknown_not_made += 1;
            let fault = StoreFault::new("a commit was made to fail on its way");
            return Err(CommitError::Unknown(fault));
        }
        if plan.fails_before {
            self.state().injected.not_committed += 1;
            let fault = StoreFault::new("a commit was made to fail");
            return Err(CommitError::NotCommitted(fault));
        }
        let made = self.inner.commit(commit).await;
        self.give_way(plan.after).await;
        if plan.fails_after {
            self.state().injected.unknown_after += 1;
            let fault = StoreFault::new("the answer to a commit was made to get lost");
            return Err(CommitError::Unknown(fault));
        }
        made
    }

    async fn claimed(
        &self,
        brand: BrandId,
        space: ClaimSpace,
        keys: &TextRows,
    ) -> Result<Vec<Option<ClaimValue>>, ReadError> {
        let plan = self.plan();
        let inner = self.inner.claimed(brand, space, keys);
        self.read(&plan, inner).await
    }

    async fn read_stream(
        &self,
        brand: BrandId,
        stream: StreamId,
        from: Version,
        limit: PageLimit,
    ) -> Result<StreamPage, ReadError> {
        let plan = self.plan();
        let inner = self.inner.read_stream(brand, stream, from, limit);
        let mut page = self.read(&plan, inner).await?;
        if self.cut(&plan, &mut page.events) {
            page.next = page.events.last().map(|event| event.version.next());
        }
        Ok(page)
    }

    async fn read_feed(
        &self,
        brand: BrandId,
        after: Option<Position>,
        limit: PageLimit,
    ) -> Result<FeedPage, ReadError> {
        let plan = self.plan();
        let inner = self.inner.read_feed(brand, after, limit);
        let mut page = self.read(&plan, inner).await?;
        if self.cut(&plan, &mut page.events) {
            page.upto = page.events.last().map(|event| event.position);
            page.more = true;
        }
        Ok(page)
    }

    async fn heads(&self, after: Option<BrandId>, limit: PageLimit) -> Result<HeadPage, ReadError> {
        let plan = self.plan();
        let inner = self.inner.heads(after, limit);
        let mut page = self.read(&plan, inner).await?;
        if self.cut(&plan, &mut page.heads) {
            page.more = true;
        }
        Ok(page)
    }
}

impl fmt::Debug for FaultyStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FaultyStore")
            .field("inner", &self.inner)
            .field("faults", &self.state().faults)
            .field("injected", &self.state().injected)
            .finish()
    }
}
