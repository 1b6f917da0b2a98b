//! Waiting until the fold has come to a position.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use futures::channel::oneshot::{self, Receiver, Sender};

use super::ReadFold;
use crate::ids::BrandId;
use crate::store::ReadStoreError;
use crate::store::log::{PageLimit, Position};

/// Those who wait, by brand.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    list: Mutex<List>,
}

#[derive(Debug, Default)]
struct List {
    /// How many have ever waited; each is known by its number.
    count: u64,
    brands: HashMap<BrandId, Vec<Waiter>>,
}

#[derive(Debug)]
struct Waiter {
    number: u64,
    position: Position,
    /// Told when the position was reached, or why it will not be.
    sender: Sender<Result<(), ReadStoreError>>,
}

/// A place in the list, which is given up when it is dropped.
struct Place<'a> {
    waiting: &'a Waiting,
    brand: BrandId,
    number: u64,
    told: Receiver<Result<(), ReadStoreError>>,
}

impl Waiting {
    /// Wakes those who wait for a position that was reached.
    pub(super) fn reached(&self, brand: BrandId, reached: Option<Position>) {
        let there = self.take(brand, |waiter| Some(waiter.position) <= reached);
        tell(there, &Ok(()));
    }

    /// Tells all who still wait for a brand that its feed cannot be read on.
    pub(super) fn stopped(&self, brand: BrandId, error: &ReadStoreError) {
        let all = self.take(brand, |_| true);
        tell(all, &Err(error.clone()));
    }

    fn take(&self, brand: BrandId, which: impl Fn(&Waiter) -> bool) -> Vec<Waiter> {
        let mut list = self.list();
        let Some(of_brand) = list.brands.remove(&brand) else {
            return Vec::new();
        };
        let (taken, left): (Vec<_>, Vec<_>) = of_brand.into_iter().partition(which);
        if !left.is_empty() {
            list.brands.insert(brand, left);
        }
        taken
    }

    fn add(&self, brand: BrandId, position: Position) -> Place<'_> {
        let (sender, told) = oneshot::channel();
        let mut list = self.list();
        list.count += 1;
        let number = list.count;
        list.brands.entry(brand).or_default().push(Waiter {
            number,
            position,
            sender,
        });
        Place {
            waiting: self,
            brand,
            number,
            told,
        }
    }

    /// How many wait.
    pub(super) fn len(&self) -> usize {
        self.list().brands.values().map(Vec::len).sum()
    }

    // Whoever panicked with the lock held had not begun to change the list.
    fn list(&self) -> MutexGuard<'_, List> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let number = self.number;
        drop(
            self.waiting
                .take(self.brand, |waiter| waiter.number == number),
        );
    }
}

fn tell(waiters: Vec<Waiter>, what: &Result<(), ReadStoreError>) {
    for waiter in waiters {
        // Who has left need not be told.
        let _left = waiter.sender.send(what.clone());
    }
}

impl ReadFold {
    /// Waits until the fold has come to a position of a brand's feed, so that what was written
    /// up to there is in every answer. What the log has already is read at once; for what it
    /// does not have yet (a replica that lags behind), this waits until a later call of
    /// [`catch_up`](Self::catch_up) or of any question has read it. It has no limit of its
    /// own: give it the host's. Dropping it leaves nothing behind.
    ///
    /// A position that is not of this feed is refused, once the feed has gone beyond it. One
    /// that compares as beyond the feed's end is waited for: a store cannot tell it from one
    /// that it does not have yet.
    ///
    /// # Errors
    /// [`ReadStoreError`] when the log cannot be read, refuses the position, or has an event
    /// before the position that cannot be read.
    pub async fn wait_for(&self, brand: BrandId, position: Position) -> Result<(), ReadStoreError> {
        let mut place = self.waiting.add(brand, position);
        let read = self.catch_up_brand(brand).await;
        if self.position(brand) < Some(position) {
            read?;
            // The sender is kept as long as the place, and that until this is over.
            if let Ok(told) = (&mut place.told).await {
                told?;
            }
        }
        self.check_own(brand, position).await
    }

    /// # Errors
    /// [`ReadStoreError`] when the log does not know a position that lies behind.
    async fn check_own(&self, brand: BrandId, position: Position) -> Result<(), ReadStoreError> {
        if self.position(brand) == Some(position) {
            return Ok(());
        }
        let one = PageLimit::new(1);
        self.store.read_feed(brand, Some(position), one).await?;
        Ok(())
    }

    /// How many [wait](Self::wait_for) at this moment, of all brands.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }
}
