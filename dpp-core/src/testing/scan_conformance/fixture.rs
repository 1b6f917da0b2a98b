//! How the kit gets at a store of scans.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use futures::future::BoxFuture;

use crate::store::ScanStore;
use crate::testing::kit::Run;

type Open = dyn Fn() -> BoxFuture<'static, Arc<dyn ScanStore>> + Send + Sync;

/// How the kit opens a store of scans, and drives its futures.
///
/// ```
/// use dpp_core::testing::scan_conformance::{ScanFixture, check_all};
/// # use dpp_store_memory::MemoryScans;
///
/// let fixture = ScanFixture::new(|| async { MemoryScans::default() });
/// assert_eq!(check_all(&fixture), []);
/// ```
pub struct ScanFixture {
    open: Box<Open>,
    pub(super) run: Run,
}

impl ScanFixture {
    /// A fixture of a store that needs no runtime. `open` opens a store that the kit may write to
    /// and forget from, anew or the same again.
    pub fn new<O, F, S>(open: O) -> Self
    where
        O: Fn() -> F + Send + Sync + 'static,
        F: Future<Output = S> + Send + 'static,
        S: ScanStore + 'static,
    {
        Self {
            open: Box::new(move || {
                let opened = open();
                Box::pin(async move { Arc::new(opened.await) as Arc<dyn ScanStore> })
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

    pub(super) async fn open(&self) -> Arc<dyn ScanStore> {
        (self.open)().await
    }
}

impl fmt::Debug for ScanFixture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScanFixture")
            .field("run", &self.run)
            .finish_non_exhaustive()
    }
}
