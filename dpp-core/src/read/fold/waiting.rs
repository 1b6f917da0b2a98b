//! Waiting until the fold has come to a position.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use futures::channel::oneshot::{self, Sender};

use super::ReadFold;
use crate::ids::BrandId;
use crate::store::ReadStoreError;
use crate::store::log::{PageLimit, Position};

/// Those who wait, by brand, and for which position.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    waiting: Mutex<HashMap<BrandId, Vec<(Position, Sender<()>)>>>,
}

impl Waiting {
    /// Wakes those who wait for a position that was reached, and forgets those who left.
    pub(super) fn wake(&self, brand: BrandId, reached: Option<Position>) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(of_brand) = waiting.remove(&brand) else {
            return;
        };
        let (there, mut still): (Vec<_>, Vec<_>) = of_brand
            .into_iter()
            .partition(|(position, _)| Some(*position) <= reached);
        still.retain(|(_, sender)| !sender.is_canceled());
        if !still.is_empty() {
            waiting.insert(brand, still);
        }
        drop(waiting);
        for (_, sender) in there {
            // Who has left need not be woken.
            let _left = sender.send(());
        }
    }

    fn add(&self, brand: BrandId, position: Position) -> oneshot::Receiver<()> {
        let (sender, receiver) = oneshot::channel();
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.entry(brand).or_default().push((position, sender));
        receiver
    }
}

impl ReadFold {
    /// Waits until the fold has come to a position of a brand's feed, so that what was written
    /// up to there is in every answer. What the log has already is read at once; for what it
    /// does not have yet (a replica that lags behind), this waits until a later call of
    /// [`catch_up`](Self::catch_up) or of any question has read it. It has no limit of its
    /// own: give it the host's.
    ///
    /// # Errors
    /// [`ReadStoreError`] when the log cannot be read, or refuses the position.
    pub async fn wait_for(&self, brand: BrandId, position: Position) -> Result<(), ReadStoreError> {
        let reached = self.waiting.add(brand, position);
        self.catch_up_brand(brand).await?;
        if self.position(brand) >= Some(position) {
            let one = PageLimit::new(1);
            self.store.read_feed(brand, Some(position), one).await?;
            return Ok(());
        }
        // The sender is kept until the position is reached, as long as the fold lives.
        let _woken = reached.await;
        Ok(())
    }
}
