//! Following all brands.

use std::collections::{BTreeMap, BTreeSet};
use std::mem;

use dpp_core::BrandId;
use dpp_core::store::EventStore;
use dpp_core::store::log::{Head, PageLimit, Position, ReadError};
use tokio::time::Instant;

use super::ear::{Ears, Woken};
use crate::store::PostgresStore;

/// Tells which brands have moved, for hosts that follow all of them.
///
/// It is woken by notifications, and compares every
/// [`Options::poll_every`](crate::Options::poll_every) how far each brand's feed reaches, for
/// what these missed. It keeps a few dozen bytes for each brand.
#[derive(Debug)]
pub struct Moves {
    store: PostgresStore,
    heads: BTreeMap<BrandId, Position>,
    moved: BTreeSet<BrandId>,
    look_at: Instant,
    ears: Option<Ears>,
}

impl Moves {
    pub(crate) fn new(store: PostgresStore) -> Self {
        Self {
            store,
            heads: BTreeMap::new(),
            moved: BTreeSet::new(),
            look_at: Instant::now(),
            ears: None,
        }
    }

    /// The brands that may have moved, each once; waits as long as there are none. The first
    /// call names every brand that has an event. One that is named may have been read up to its
    /// end before: it is for the caller to look.
    ///
    /// While the store cannot be read it waits until it can: whoever then reads the feed of a
    /// brand is told why.
    ///
    /// Cancel safe: what a call that is dropped would have named, the next one names.
    pub async fn next(&mut self) -> Vec<BrandId> {
        loop {
            if self.ears.is_none() {
                self.ears = Some(self.store.shared.ear.listen());
            }
            if Instant::now() >= self.look_at {
                self.look().await;
            }
            if !self.moved.is_empty() {
                return mem::take(&mut self.moved).into_iter().collect();
            }
            let Some(ears) = &mut self.ears else { continue };
            let woken = ears.wait_for_any(&mut self.moved, self.look_at).await;
            if woken == Woken::LookAtAll {
                self.look_at = Instant::now();
            }
        }
    }

    /// Compares where each brand is with where it was. Nothing is changed before all are read.
    async fn look(&mut self) {
        let heads = self.read_heads().await.unwrap_or_default();
        for Head { brand, position } in heads {
            if self.heads.insert(brand, position) != Some(position) {
                self.moved.insert(brand);
            }
        }
        self.look_at = Instant::now() + self.store.shared.poll_every;
    }

    async fn read_heads(&self) -> Result<Vec<Head>, ReadError> {
        let mut heads: Vec<Head> = Vec::new();
        loop {
            let after = heads.last().map(|head| head.brand);
            let page = self.store.heads(after, PageLimit::MAX).await?;
            heads.extend(page.heads);
            if !page.more {
                return Ok(heads);
            }
        }
    }
}
