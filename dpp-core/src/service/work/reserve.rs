//! Reserving a job: its seed is drawn, and its serials are allocated.

use std::collections::BTreeSet;

use super::held::{advance, lost_race};
use crate::access::{BrandScope, Write};
use crate::identity::serial::{SerialAllocation, SerialScheme};
use crate::identity::{BatchIdentity, IdentityFacts, SchemeVersion};
use crate::mint::{Command, Context, MintBatch, PoolEvent, PoolRejection, SerialPool, decide};
use crate::service::MintService;
use crate::service::errors::ProcessError;
use crate::service::journal::{Folded, JournalError};
use crate::service::journal::{batch_stream, pool_stream};
use crate::store::log::{ClaimSpace, WorkerName};
use crate::text_rows::TextRows;
use crate::time::Timestamp;

/// How often a reservation that other jobs of the product were faster with is made anew.
const ATTEMPTS: u32 = 100;

/// How many serials are looked up at once.
const SERIALS_AT_ONCE: u32 = 20_000;

/// What a batch is to get, and the pool's events of it.
struct Allotted {
    identity: IdentityFacts,
    pool: Folded<SerialPool>,
    events: Vec<PoolEvent>,
}

impl MintService {
    pub(super) async fn reserve(
        &self,
        scope: &BrandScope<Write>,
        folded: Folded<MintBatch>,
        worker: &WorkerName,
        lease_until: Timestamp,
        now: Timestamp,
    ) -> Result<Folded<MintBatch>, ProcessError> {
        let job = folded.state.facts.mint_job_id;
        for _ in 0..ATTEMPTS {
            let allotted = match self.allot(scope, &folded.state).await? {
                Ok(allotted) => allotted,
                Err(rejection) => return self.give_up(scope, folded, rejection, now).await,
            };
            let command = Command::Reserve {
                worker: worker.clone(),
                lease_until,
                identity: allotted.identity,
            };
            let events = decide(Some(&folded.state), command, &Context { now })?;
            let mut draft = self.write_batch(scope, &folded, &events, now)?;
            if !allotted.events.is_empty() {
                let stream = pool_stream(folded.state.facts.product_id);
                draft = draft.write(stream, allotted.pool.version, &allotted.events)?;
            }
            match draft.commit().await {
                Ok(_) => return Ok(advance(folded, &events)),
                Err(error) if conflicts_elsewhere(&error, &folded.state) => {}
                Err(error) => return Err(lost_race(job, error)),
            }
        }
        Err(JournalError::Contended { attempts: ATTEMPTS }.into())
    }

    /// What the batch is to get. Products whose brand has brought serials cost a look-up of
    /// every serial, so that none of them is generated once more; others cost nothing.
    async fn allot(
        &self,
        scope: &BrandScope<Write>,
        batch: &MintBatch,
    ) -> Result<Result<Allotted, PoolRejection>, ProcessError> {
        let scheme = match batch.facts.serial_scheme.as_ref() {
            None => return self.without_pool(SerialAllocation::None),
            Some(SerialScheme::Provided) => return self.without_pool(SerialAllocation::Provided),
            Some(scheme) => scheme,
        };
        let pool = self
            .load_pool(scope.brand(), batch.facts.product_id)
            .await?;
        let fresh = self.host().pool_seed()?;
        let mut taken = BTreeSet::new();
        for _ in 0..ATTEMPTS {
            let events = pool.state.reserve(
                batch.facts.mint_batch_id,
                batch.facts.requested_quantity,
                scheme,
                fresh,
                self.settings().guess_bound,
                &taken,
            );
            let events = match events {
                Ok(events) => events,
                Err(rejection) => return Ok(Err(rejection)),
            };
            let identity = self.fix(allocation_of(&events))?;
            let hits = match pool.state.provided() {
                0 => Hits::default(),
                _ => self.taken_among(scope, batch, &identity).await?,
            };
            if hits.is_empty() {
                let allotted = Allotted {
                    identity,
                    pool,
                    events,
                };
                return Ok(Ok(allotted));
            }
            taken.extend(hits.numbers);
        }
        Err(JournalError::Contended { attempts: ATTEMPTS }.into())
    }

    fn without_pool(
        &self,
        serials: SerialAllocation,
    ) -> Result<Result<Allotted, PoolRejection>, ProcessError> {
        Ok(Ok(Allotted {
            identity: self.fix(serials)?,
            pool: Folded::default(),
            events: Vec::new(),
        }))
    }

    fn fix(&self, serials: SerialAllocation) -> Result<IdentityFacts, ProcessError> {
        Ok(IdentityFacts {
            version: SchemeVersion::V1,
            seed: self.host().batch_seed()?,
            serials,
        })
    }

    /// Which of the serials that the batch would get the brand has brought before.
    async fn taken_among(
        &self,
        scope: &BrandScope<Write>,
        batch: &MintBatch,
        identity: &IdentityFacts,
    ) -> Result<Hits, ProcessError> {
        let quantity = batch.facts.requested_quantity;
        let derived = BatchIdentity::new(batch.facts.mint_batch_id, quantity, identity);
        let space = ClaimSpace::serials_of(batch.facts.product_id);
        let mut hits = Hits::default();
        for start in (0..quantity).step_by(SERIALS_AT_ONCE as usize) {
            let mut serials = TextRows::default();
            let units = derived.units(start..start.saturating_add(SERIALS_AT_ONCE));
            units
                .filter_map(|unit| unit.serial)
                .for_each(|serial| serials.push(serial.as_str()));
            let claimed = self
                .journal()
                .store()
                .claimed(scope.brand(), space, &serials)
                .await?;
            let indexes = (start..).zip(claimed).filter(|(_, value)| value.is_some());
            for (index, _) in indexes {
                hits.count += 1;
                hits.numbers.extend(number_at(&identity.serials, index));
            }
        }
        Ok(hits)
    }

    async fn give_up(
        &self,
        scope: &BrandScope<Write>,
        folded: Folded<MintBatch>,
        rejection: PoolRejection,
        now: Timestamp,
    ) -> Result<Folded<MintBatch>, ProcessError> {
        let reason = rejection.to_string();
        let events = decide(
            Some(&folded.state),
            Command::Fail { reason },
            &Context { now },
        )?;
        let draft = self.write_batch(scope, &folded, &events, now)?;
        let draft = self.add_return(scope, &folded.state, draft).await?;
        let job = folded.state.facts.mint_job_id;
        draft
            .commit()
            .await
            .map_err(|error| lost_race(job, error))?;
        Err(ProcessError::NoSerials(rejection))
    }
}

/// Serials that are taken: how many, and for numbered schemes which numbers to step over. Of
/// a randomised block another draw of the seed makes others.
#[derive(Default)]
struct Hits {
    count: u32,
    numbers: Vec<u64>,
}

impl Hits {
    const fn is_empty(&self) -> bool {
        self.count == 0
    }
}

fn number_at(serials: &SerialAllocation, index: u32) -> Option<u64> {
    match serials {
        SerialAllocation::Sequential { ranges, .. }
        | SerialAllocation::Numeric38 { ranges, .. } => ranges.number_at(index),
        _ => None,
    }
}

fn allocation_of(events: &[PoolEvent]) -> SerialAllocation {
    let reserved = events.iter().find_map(|event| match event {
        PoolEvent::Reserved(reserved) => Some(reserved.serials.clone()),
        _ => None,
    });
    reserved.unwrap_or(SerialAllocation::None)
}

/// Another job of the product was faster at its pool; this job is as it was.
fn conflicts_elsewhere(error: &JournalError, batch: &MintBatch) -> bool {
    let own = batch_stream(batch.facts.mint_batch_id);
    error
        .conflict()
        .is_some_and(|conflict| conflict.stream != own)
}
