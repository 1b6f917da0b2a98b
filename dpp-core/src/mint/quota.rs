//! The quota of a production batch: what live and completed jobs have taken of it.

use serde::{Deserialize, Serialize};

use crate::identity::MintBatchId;
use crate::store::typed_events;

typed_events! {
    /// What happens to the quota of a production batch.
    pub enum QuotaEvent {
        /// A job took units.
        Taken(QuotaTaken) = ("product_batch_quota_taken", 1),
        /// A job gave back what it did not mint.
        Returned(QuotaReturned) = ("product_batch_quota_returned", 1),
    }
}

/// A job was accepted and counts with all of its units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuotaTaken {
    /// Its batch.
    pub mint_batch_id: MintBatchId,
    /// How many units.
    pub quantity: u32,
}

/// A job failed or was cancelled, and counts only with the units that it minted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuotaReturned {
    /// Its batch.
    pub mint_batch_id: MintBatchId,
    /// How many units it did not mint.
    pub quantity: u32,
}

/// How much of a production batch is taken. A job returns at most once: its own stream sees
/// to that, which is written in the same commit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Quota {
    taken: u64,
}

/// A production batch has not enough left. Ask for less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{requested} units are asked for, and {left} of its {quantity} are left")]
pub struct QuotaExceeded {
    /// What was asked for.
    pub requested: u32,
    /// What is left.
    pub left: u64,
    /// What there is in all.
    pub quantity: u64,
}

impl Quota {
    /// How many units are taken.
    pub const fn taken(&self) -> u64 {
        self.taken
    }

    /// Whether so many more fit under the cap; without a cap they do.
    ///
    /// # Errors
    /// [`QuotaExceeded`] when they do not.
    pub fn check(&self, cap: Option<u64>, requested: u32) -> Result<(), QuotaExceeded> {
        let Some(quantity) = cap else {
            return Ok(());
        };
        let left = quantity.saturating_sub(self.taken);
        match u64::from(requested) <= left {
            true => Ok(()),
            false => Err(QuotaExceeded {
                requested,
                left,
                quantity,
            }),
        }
    }

    /// Takes units for a job.
    ///
    /// # Errors
    /// [`QuotaExceeded`] when there are not enough left.
    pub fn take(
        &self,
        mint_batch_id: MintBatchId,
        cap: Option<u64>,
        quantity: u32,
    ) -> Result<QuotaEvent, QuotaExceeded> {
        self.check(cap, quantity)?;
        Ok(QuotaEvent::Taken(QuotaTaken {
            mint_batch_id,
            quantity,
        }))
    }

    /// The state after an event.
    #[must_use]
    pub fn evolve(self, event: &QuotaEvent) -> Self {
        let taken = match event {
            QuotaEvent::Taken(event) => self.taken.saturating_add(u64::from(event.quantity)),
            QuotaEvent::Returned(event) => self.taken.saturating_sub(u64::from(event.quantity)),
        };
        Self { taken }
    }
}
