//! Verifying a batch: deriving its units again, and comparing the digests.

use serde::Serialize;

use super::MintService;
use super::errors::VerifyError;
use super::journal::batch_stream;
use super::journal::{Folded, JournalError};
use crate::access::{BrandScope, Caller, Read};
use crate::identity::{BatchIdentity, MintBatchId, UnitsDigest};
use crate::ids::BrandId;
use crate::mint::{CycleMinted, MintBatch, MintEvent, evolve};
use crate::read::ProvidedLog;

/// What verifying a batch has found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verification {
    /// The batch.
    pub mint_batch_id: MintBatchId,
    /// How many units were derived again.
    pub units: u32,
    /// How many cycles made them.
    pub cycles: u32,
    /// What does not fit.
    pub mismatches: Vec<CycleMismatch>,
}

/// A cycle that is not what the log says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CycleMismatch {
    /// The units that follow from the batch's facts are not those that were minted.
    Digest {
        /// Which cycle, from 1.
        cycle: u32,
        /// The digest that was recorded.
        recorded: UnitsDigest,
        /// The digest over the units that follow now.
        derived: UnitsDigest,
    },
    /// The cycle does not begin where the one before it ended, or goes beyond the batch.
    Place {
        /// Which cycle, from 1.
        cycle: u32,
        /// The index where it begins.
        from: u32,
        /// The index where it should.
        expected: u32,
    },
    /// The units cannot be derived: the job was not reserved before.
    NotReserved {
        /// Which cycle, from 1.
        cycle: u32,
    },
}

impl Verification {
    /// Whether everything fits.
    pub fn is_ok(&self) -> bool {
        self.mismatches.is_empty()
    }
}

/// The log up to a cycle, with the cycles on the way.
#[derive(Default)]
struct Story {
    batch: Option<MintBatch>,
    cycles: Vec<CycleMinted>,
}

impl MintService {
    /// Derives every unit of a batch again and compares the digests with those that were
    /// recorded: a fault in the library or a changed log is found.
    ///
    /// # Errors
    /// [`VerifyError`] when the batch cannot be read. What does not fit is not an error, but
    /// in the answer.
    pub async fn verify(
        &self,
        caller: &Caller,
        brand: BrandId,
        batch: MintBatchId,
    ) -> Result<Verification, VerifyError> {
        let scope = caller.to_read(brand)?;
        let story = self.story(&scope, batch).await?;
        let Some(state) = story.batch else {
            return Err(VerifyError::NoSuchBatch(batch));
        };
        let facts = state.identity.as_deref();
        let quantity = state.facts.requested_quantity;
        let identity = facts.map(|facts| BatchIdentity::new(batch, quantity, facts));
        let mut found = Verification {
            mint_batch_id: batch,
            units: 0,
            cycles: 0,
            mismatches: Vec::new(),
        };
        for cycle in &story.cycles {
            let mismatch = self
                .check_cycle(&scope, identity.as_ref(), cycle, found.units)
                .await?;
            found.mismatches.extend(mismatch);
            found.units = cycle.from.saturating_add(cycle.count);
            found.cycles += 1;
        }
        Ok(found)
    }

    async fn story(
        &self,
        scope: &BrandScope<Read>,
        batch: MintBatchId,
    ) -> Result<Story, JournalError> {
        let tell = |mut story: Story, event: &MintEvent| {
            if let MintEvent::CycleMinted(cycle) = event {
                story.cycles.push(cycle.clone());
            }
            story.batch = evolve(story.batch, event);
            story
        };
        let stream = batch_stream(batch);
        let told = self
            .journal()
            .read_on(scope.brand(), stream, Folded::default(), tell)
            .await?;
        Ok(told.state)
    }

    async fn check_cycle(
        &self,
        scope: &BrandScope<Read>,
        identity: Option<&BatchIdentity>,
        minted: &CycleMinted,
        expected: u32,
    ) -> Result<Option<CycleMismatch>, VerifyError> {
        let CycleMinted {
            cycle,
            from,
            count,
            digest: recorded,
            ..
        } = *minted;
        let Some(identity) = identity else {
            return Ok(Some(CycleMismatch::NotReserved { cycle }));
        };
        let end = from.saturating_add(count);
        if from != expected || end > identity.quantity() {
            return Ok(Some(CycleMismatch::Place {
                cycle,
                from,
                expected,
            }));
        }
        let units = identity.units(from..end);
        let units = match identity.needs_serials() {
            false => units,
            true => {
                let log = ProvidedLog {
                    log: self.journal().store(),
                    codec: self.journal().codec(),
                };
                units.with_serials(log.serials(scope, identity.batch(), from..end).await?)
            }
        };
        let derived = UnitsDigest::of(identity.batch(), units);
        Ok((derived != recorded).then_some(CycleMismatch::Digest {
            cycle,
            recorded,
            derived,
        }))
    }
}
