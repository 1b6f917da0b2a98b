//! Records of scans, on their way to where they are kept.

use std::sync::Arc;
use std::time::Duration;

use dpp_core::service::{ScanQueue, ScanSink, ScanStats};
use dpp_core::store::ScanStore;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use crate::database::Store;

/// How long records wait for others.
const GATHERED: Duration = Duration::from_millis(500);

/// For how long the last records are waited for at the end.
const LAST_RECORDS: Duration = Duration::from_secs(2);

/// The queue that the resolver fills, and the store that it is emptied into.
#[derive(Debug, Clone)]
pub(super) struct Telemetry {
    queue: Arc<ScanQueue>,
    store: Arc<dyn ScanStore>,
}

impl Telemetry {
    pub(super) fn of(store: &Store) -> Self {
        Self {
            queue: Arc::default(),
            store: store.scans(),
        }
    }

    pub(super) fn sink(&self) -> Arc<dyn ScanSink> {
        self.queue.clone()
    }

    pub(super) fn stats(&self) -> ScanStats {
        self.queue.stats()
    }

    /// Keeps what is recorded until it is told to stop.
    pub(super) fn start(&self) -> Keeping {
        let (stop, mut stopped) = oneshot::channel();
        let own = self.clone();
        let running = tokio::spawn(async move {
            loop {
                own.flush().await;
                tokio::select! {
                    () = sleep(GATHERED) => {}
                    _ = &mut stopped => break,
                }
            }
            own.flush().await;
        });
        Keeping { running, stop }
    }

    async fn flush(&self) {
        loop {
            match self.queue.flush(self.store.as_ref()).await {
                Ok(flushed) if flushed.more => {}
                Ok(_) => break,
                Err(error) => break eprintln!("scans are not kept: {error}"),
            }
        }
    }
}

/// What keeps records.
pub(super) struct Keeping {
    running: JoinHandle<()>,
    stop: oneshot::Sender<()>,
}

impl Keeping {
    /// Keeps what is left, if that does not take too long.
    pub(super) async fn stop(self) {
        let _ = self.stop.send(());
        let _ = timeout(LAST_RECORDS, self.running).await;
    }
}
