//! The scans that a flush holds.

use super::{Flushed, ScanQueue};
use crate::resolver::ScanRecord;

/// What was taken out of the queue by the one flush that there is. Whatever happens to it, each
/// scan is counted once: dropped as it is, its scans are counted as dropped.
#[derive(Debug)]
pub(super) struct Held<'a> {
    queue: &'a ScanQueue,
    scans: Vec<ScanRecord>,
}

impl<'a> Held<'a> {
    /// None if nothing is waiting, or another flush holds scans.
    pub(super) fn take(queue: &'a ScanQueue) -> Option<Self> {
        let mut state = queue.state();
        let count = state.waiting.len().min(queue.at_once);
        if state.held > 0 || count == 0 {
            return None;
        }
        let scans: Vec<_> = state.waiting.drain(..count).collect();
        state.held = count;
        drop(state);
        Some(Self { queue, scans })
    }

    pub(super) fn scans(&self) -> &[ScanRecord] {
        &self.scans
    }

    pub(super) fn stored(mut self) -> Flushed {
        let scans = std::mem::take(&mut self.scans);
        let mut state = self.queue.state();
        state.held = 0;
        state.stored += scans.len() as u64;
        Flushed {
            stored: scans.len(),
            more: !state.waiting.is_empty(),
        }
    }

    /// To where they were: their room was kept for them.
    pub(super) fn put_back(mut self) {
        let scans = std::mem::take(&mut self.scans);
        let mut state = self.queue.state();
        state.held = 0;
        state.failed_flushes += 1;
        for scan in scans.into_iter().rev() {
            state.waiting.push_front(scan);
        }
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        if self.scans.is_empty() {
            return;
        }
        let mut state = self.queue.state();
        state.held = 0;
        state.failed_flushes += 1;
        state.dropped += self.scans.len() as u64;
    }
}
