//! Telling others that a brand has moved.

use std::collections::BTreeSet;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use dpp_core::BrandId;
use tokio::runtime::Handle;

use crate::pool::Pool;

/// Rings for each brand that was committed to.
///
/// A notification inside the transaction would make commits wait for one another: the lock of the
/// server's queue is held until the transaction is on the disk. So it is sent behind the commit,
/// for all brands at once that moved meanwhile, and is dropped when it fails: a hint is never the
/// truth.
#[derive(Debug, Clone)]
pub(crate) struct Bell {
    rope: Arc<Rope>,
}

#[derive(Debug)]
struct Rope {
    pool: Pool,
    channel: String,
    runtime: Handle,
    noted: Mutex<Noted>,
}

/// The brands that are still to be told of, and whether somebody is about it.
#[derive(Debug, Default)]
struct Noted {
    brands: BTreeSet<BrandId>,
    is_told: bool,
}

/// The least time between two notifications.
const PAUSE: Duration = Duration::from_millis(5);

/// A hint need not wait for the disk.
const NOTIFY: &str = "SELECT set_config('synchronous_commit', 'off', true), pg_notify($1, b.id)
  FROM unnest($2::text[]) AS b (id)";

impl Bell {
    /// Rings on this channel.
    pub(crate) fn new(pool: Pool, channel: String) -> Self {
        Self {
            rope: Arc::new(Rope {
                pool,
                channel,
                runtime: Handle::current(),
                noted: Mutex::default(),
            }),
        }
    }

    /// Notes a brand. Who notes the first begins a task, which ends with the last.
    pub(crate) fn ring(&self, brand: BrandId) {
        let mut noted = self.rope.noted();
        noted.brands.insert(brand);
        if mem::replace(&mut noted.is_told, true) {
            return;
        }
        let rope = self.rope.clone();
        self.rope
            .runtime
            .spawn(async move { rope.tell_all().await });
    }
}

impl Rope {
    // Nothing that is done under the lock can panic half way.
    fn noted(&self) -> MutexGuard<'_, Noted> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn tell_all(&self) {
        while let Some(brands) = self.next() {
            let _missed = self.pool.rows(NOTIFY, &[&self.channel, &brands]).await;
            tokio::time::sleep(PAUSE).await;
        }
    }

    fn next(&self) -> Option<Vec<String>> {
        let mut noted = self.noted();
        noted.is_told = !noted.brands.is_empty();
        let brands = mem::take(&mut noted.brands);
        noted
            .is_told
            .then(|| brands.iter().map(BrandId::to_string).collect())
    }
}
