//! How the kit gets at a log and the read side of it.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use futures::future::BoxFuture;

use crate::store::{EventStore, ReadStore};
use crate::testing::kit::Run;

type Pair = (Arc<dyn EventStore>, Arc<dyn ReadStore>);
type Open = dyn Fn() -> BoxFuture<'static, Pair> + Send + Sync;

/// How the kit opens a log with its read side, and drives their futures.
///
/// ```
/// use std::sync::Arc;
///
/// use dpp_core::read::ReadFold;
/// use dpp_core::testing::read_conformance::{ReadFixture, check_all};
/// # use dpp_store_memory::MemoryStore;
///
/// let fixture = ReadFixture::new(|| async {
///     let log = Arc::new(MemoryStore::default());
///     (log.clone(), Arc::new(ReadFold::new(log)))
/// });
/// assert_eq!(check_all(&fixture), []);
/// ```
pub struct ReadFixture {
    open: Box<Open>,
    pub(super) run: Run,
}

impl ReadFixture {
    /// A fixture of a log and the read side of that same log, which need no runtime. `open`
    /// opens a log that the kit may write to, anew or the same again; what other brands are in
    /// it does not matter. Where one store is both, it is given twice.
    pub fn new<O, F, L, R>(open: O) -> Self
    where
        O: Fn() -> F + Send + Sync + 'static,
        F: Future<Output = (Arc<L>, Arc<R>)> + Send + 'static,
        L: EventStore + 'static,
        R: ReadStore + 'static,
    {
        Self {
            open: Box::new(move || {
                let opened = open();
                Box::pin(async move {
                    let (log, reads) = opened.await;
                    (log as Arc<dyn EventStore>, reads as Arc<dyn ReadStore>)
                })
            }),
            run: Run::new(),
        }
    }

    /// Names how a future is run to its end on the thread that calls; by default it is
    /// `futures::executor::block_on`.
    #[must_use]
    pub fn run_with<B>(self, block_on: B) -> Self
    where
        B: Fn(Pin<Box<dyn Future<Output = ()> + Send + '_>>) + Send + Sync + 'static,
    {
        Self {
            run: self.run.driven_by(block_on),
            ..self
        }
    }

    pub(super) async fn open(&self) -> Pair {
        (self.open)().await
    }
}

impl fmt::Debug for ReadFixture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadFixture")
            .field("run", &self.run)
            .finish_non_exhaustive()
    }
}
