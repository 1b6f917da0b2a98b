//! How the kit gets at a store.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use futures::future::BoxFuture;

use crate::store::EventStore;
use crate::testing::kit::Run;

type Open = dyn Fn() -> BoxFuture<'static, Arc<dyn EventStore>> + Send + Sync;

/// How the kit opens a store and drives its futures.
///
/// ```
/// # use dpp_store_memory::MemoryStore;
/// use dpp_core::testing::conformance::{Fixture, check_all};
///
/// let fixture = Fixture::new(|| async { MemoryStore::default() });
/// assert_eq!(check_all(&fixture), []);
/// ```
pub struct Fixture {
    open: Box<Open>,
    reopen: Option<Box<Open>>,
    pub(super) run: Run,
}

impl Fixture {
    /// A fixture of a store that lives in memory and needs no runtime. `open` opens a store
    /// that the kit may write to; what other brands are in it does not matter.
    pub fn new<O, F, S>(open: O) -> Self
    where
        O: Fn() -> F + Send + Sync + 'static,
        F: Future<Output = S> + Send + 'static,
        S: EventStore + 'static,
    {
        Self {
            open: opening(open),
            reopen: None,
            run: Run::new(),
        }
    }

    /// Names how the store that was opened last is opened again after it was dropped, for T06.
    /// Without it, T06 goes on with the store as it is.
    #[must_use]
    pub fn reopened_by<O, F, S>(self, reopen: O) -> Self
    where
        O: Fn() -> F + Send + Sync + 'static,
        F: Future<Output = S> + Send + 'static,
        S: EventStore + 'static,
    {
        Self {
            reopen: Some(opening(reopen)),
            ..self
        }
    }

    /// Names how a future is run to its end on the thread that calls; by default it is
    /// `futures::executor::block_on`. The kit calls it from many threads at once and blocks
    /// some of them meanwhile: of tokio it takes a runtime with many threads.
    #[must_use]
    pub fn block_on<B>(self, block_on: B) -> Self
    where
        B: Fn(Pin<Box<dyn Future<Output = ()> + Send + '_>>) + Send + Sync + 'static,
    {
        Self {
            run: self.run.driven_by(block_on),
            ..self
        }
    }

    pub(super) async fn open(&self) -> Arc<dyn EventStore> {
        (self.open)().await
    }

    /// The store that `before` is, closed and opened again if it outlives its handles.
    pub(super) async fn reopen(&self, before: Arc<dyn EventStore>) -> Arc<dyn EventStore> {
        let Some(reopen) = &self.reopen else {
            return before;
        };
        drop(before);
        reopen().await
    }
}

fn opening<O, F, S>(open: O) -> Box<Open>
where
    O: Fn() -> F + Send + Sync + 'static,
    F: Future<Output = S> + Send + 'static,
    S: EventStore + 'static,
{
    Box::new(move || {
        let opened = open();
        Box::pin(async move { Arc::new(opened.await) as Arc<dyn EventStore> })
    })
}

impl fmt::Debug for Fixture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fixture")
            .field("run", &self.run)
            .finish_non_exhaustive()
    }
}
