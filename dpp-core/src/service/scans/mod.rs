//! Scans on their way to where they are kept.
//!
//! Whoever resolves pushes and goes on; a loop of the host flushes. What lies in between is
//! bounded, and what does not fit in is dropped and counted.

mod held;

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::resolver::ScanSink;
use crate::resolver::ScanRecord;
use crate::store::{ScanAppendError, ScanStore};
use held::Held;

/// Scans that wait to be stored. Pushing never waits for the store, whatever becomes of that.
///
/// Every scan that was pushed is at each moment either queued, stored or dropped: the
/// [stats](Self::stats) add up to the number of pushes. What is queued is in memory only, and
/// lost with the process.
///
/// ```
/// use std::sync::Arc;
///
/// use dpp_core::service::ScanQueue;
/// use dpp_core::store::ScanStore;
///
/// /// One round of the host's loop; it waits for a second or so when nothing more is to be done.
/// async fn round(queue: &Arc<ScanQueue>, store: &dyn ScanStore) {
///     loop {
///         match queue.flush(store).await {
///             Ok(flushed) if flushed.more => {}
///             Ok(_) => break,
///             Err(error) => break eprintln!("scans are not stored: {error}"),
///         }
///     }
/// }
/// ```
#[derive(Debug)]
pub struct ScanQueue {
    state: Mutex<State>,
    most: usize,
    at_once: usize,
}

#[derive(Debug, Default)]
struct State {
    waiting: VecDeque<ScanRecord>,
    /// How many a flush holds; their room is kept for them.
    held: usize,
    stored: u64,
    dropped: u64,
    failed_flushes: u64,
}

/// What became of the scans that were pushed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ScanStats {
    /// How many wait to be stored, those that a flush holds just now included.
    pub queued: usize,
    /// How many were stored.
    pub stored: u64,
    /// How many were dropped: for want of room, because a flush was dropped before its end, or
    /// because it remained open whether they were stored. Of the last two some may be stored
    /// all the same.
    pub dropped: u64,
    /// How many flushes failed, or were dropped before their end.
    pub failed_flushes: u64,
}

/// What a flush did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flushed {
    /// How many scans it stored.
    pub stored: usize,
    /// Whether to flush again at once, because more are waiting.
    pub more: bool,
}

impl Default for ScanQueue {
    fn default() -> Self {
        Self {
            state: Mutex::default(),
            most: 10_000,
            at_once: 1_000,
        }
    }
}

impl ScanQueue {
    /// A queue for at most so many scans, at least 1; by default 10,000. A scan takes some 300
    /// bytes, and up to 4 KiB more for its path and query.
    pub fn of_most(scans: usize) -> Self {
        Self {
            most: scans.max(1),
            ..Self::default()
        }
    }

    /// How many scans a flush stores at most: 1 to 10,000, by default 1,000; what lies outside
    /// becomes the nearest.
    #[must_use]
    pub fn at_once(self, scans: usize) -> Self {
        Self {
            at_once: scans.clamp(1, 10_000),
            ..self
        }
    }

    /// Takes a scan, or drops it when the queue is full; whether it was taken. This waits for
    /// nothing but others who push, or who begin or end a flush.
    pub fn push(&self, scan: ScanRecord) -> bool {
        let mut state = self.state();
        let has_room = state.queued() < self.most;
        match has_room {
            true => state.waiting.push_back(scan),
            false => state.dropped += 1,
        }
        has_room
    }

    /// Stores the scans that have waited longest. One flush at a time: while another is at it,
    /// this does nothing.
    ///
    /// The future may take as long as the store does, which holds up nobody. If it is dropped
    /// before its end, the scans that it holds are counted as dropped, since nobody can tell
    /// whether they were stored.
    ///
    /// # Errors
    /// [`ScanAppendError`], as the store tells it: if the scans were not appended, they are
    /// queued again, in front; if that is open, they are dropped. Either way flush again after a
    /// while.
    pub async fn flush(&self, store: &dyn ScanStore) -> Result<Flushed, ScanAppendError> {
        let Some(held) = Held::take(self) else {
            return Ok(Flushed {
                stored: 0,
                more: false,
            });
        };
        match store.append(held.scans()).await {
            Ok(()) => Ok(held.stored()),
            Err(error) => {
                match &error {
                    ScanAppendError::NotAppended(_) => held.put_back(),
                    ScanAppendError::Unknown(_) => drop(held),
                }
                Err(error)
            }
        }
    }

    /// What became of the scans that were pushed, all of one moment.
    pub fn stats(&self) -> ScanStats {
        let state = self.state();
        ScanStats {
            queued: state.queued(),
            stored: state.stored,
            dropped: state.dropped,
            failed_flushes: state.failed_flushes,
        }
    }

    /// Nobody panics while holding the lock, and each change to what it guards is whole.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a resolver is given. Whether there was room is in the [stats](ScanQueue::stats).
impl ScanSink for ScanQueue {
    fn push(&self, record: ScanRecord) {
        Self::push(self, record);
    }
}

impl State {
    fn queued(&self) -> usize {
        self.waiting.len() + self.held
    }
}
