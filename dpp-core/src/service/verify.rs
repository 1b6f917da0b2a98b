//! Verifying a batch: deriving its units again, and comparing the digests.

use serde::Serialize;

use super::MintService;
use super::errors::VerifyError;
use super::journal::{Folded, batch_stream};
use crate::access::{BrandScope, Caller, Read};
use crate::identity::{MintBatchId, UnitsDigest};
use crate::ids::BrandId;
use crate::mint::{BatchCodes, CycleMinted, LotsConfirmed, MintBatch, MintEvent, evolve};

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
    pub mismatches: Vec<Mismatch>,
}

/// What does not fit in the log of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum Mismatch {
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
    /// The job was completed with another number of units than its cycles made, or than was
    /// asked for.
    Completed {
        /// How many units the job is said to have been completed with.
        recorded: u32,
        /// How many units its cycles made.
        made: u32,
        /// How many were asked for.
        requested: u32,
    },
    /// The lots that were confirmed are not those that were asked for.
    Lots,
}

impl Verification {
    /// Whether everything fits.
    pub fn is_ok(&self) -> bool {
        self.mismatches.is_empty()
    }
}

/// What a batch's stream tells.
#[derive(Default)]
struct Story {
    batch: Option<MintBatch>,
    cycles: Vec<CycleMinted>,
    lots: Option<LotsConfirmed>,
    completed: Option<u32>,
}

impl Story {
    fn tell(mut self, event: &MintEvent) -> Self {
        match event {
            MintEvent::CycleMinted(cycle) => self.cycles.push(cycle.clone()),
            MintEvent::LotsConfirmed(lots) => self.lots = Some(lots.clone()),
            MintEvent::Completed(completed) => self.completed = Some(completed.minted),
            _ => {}
        }
        self.batch = evolve(self.batch, event);
        self
    }
}

impl MintService {
    /// Derives every unit of a batch again and compares the digests with those that were
    /// recorded, which cover ids, serials and resolver URLs; and compares what its job was
    /// completed with. A fault in the library or a changed log is found.
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
        let stream = batch_stream(batch);
        let told = self
            .journal()
            .read_on(brand, stream, Folded::default(), Story::tell)
            .await?;
        let story = told.state;
        let Some(state) = &story.batch else {
            return Err(VerifyError::NoSuchBatch(batch));
        };
        let fixed = state.identity.as_deref();
        let codes = fixed.map(|fixed| BatchCodes::of(&state.facts, fixed));
        let mut found = Verification {
            mint_batch_id: batch,
            units: 0,
            cycles: 0,
            mismatches: Vec::new(),
        };
        for cycle in &story.cycles {
            let mismatch = self
                .check_cycle(&scope, codes.as_ref(), cycle, found.units)
                .await?;
            found.mismatches.extend(mismatch);
            found.units = cycle.from.saturating_add(cycle.count);
            found.cycles += 1;
        }
        found
            .mismatches
            .extend(check_end(&story, state, codes.as_ref(), found.units));
        Ok(found)
    }

    async fn check_cycle(
        &self,
        scope: &BrandScope<Read>,
        codes: Option<&BatchCodes>,
        minted: &CycleMinted,
        expected: u32,
    ) -> Result<Option<Mismatch>, VerifyError> {
        let CycleMinted {
            cycle,
            from,
            count,
            digest: recorded,
            ..
        } = *minted;
        let Some(codes) = codes else {
            return Ok(Some(Mismatch::NotReserved { cycle }));
        };
        let identity = codes.identity();
        let end = from.saturating_add(count);
        if from != expected || end > identity.quantity() {
            return Ok(Some(Mismatch::Place {
                cycle,
                from,
                expected,
            }));
        }
        let log = self.journal().provided();
        let provided = log.serials(scope, identity, from..end).await?;
        let derived = codes.digest(from..end, provided);
        Ok((derived != recorded).then_some(Mismatch::Digest {
            cycle,
            recorded,
            derived,
        }))
    }
}

fn check_end(
    story: &Story,
    state: &MintBatch,
    codes: Option<&BatchCodes>,
    made: u32,
) -> Vec<Mismatch> {
    let requested = state.facts.requested_quantity;
    let wrong = story
        .completed
        .filter(|recorded| *recorded != made || made != requested);
    let completed = wrong.map(|recorded| Mismatch::Completed {
        recorded,
        made,
        requested,
    });
    let expected = codes
        .filter(|_| story.completed.is_some())
        .and_then(|codes| {
            let lots = state.facts.lots.as_slice();
            (!lots.is_empty()).then(|| LotsConfirmed::of(lots, codes.lot_ids()))
        });
    let lots = (expected != story.lots).then_some(Mismatch::Lots);
    completed.into_iter().chain(lots).collect()
}
