//! One unit: from its id to what may be decided of it, and to its stream.

use crate::access::{BrandScope, MayCommit};
use crate::identity::MintUnitId;
use crate::ids::BrandId;
use crate::service::errors::UnitError;
use crate::service::journal::{Folded, JournalError, unit_stream};
use crate::service::{ATTEMPTS, MintService};
use crate::store::log::Position;
use crate::time::Timestamp;
use crate::unit::{UnitCommand, UnitContext, UnitLife, UnitRejection, UnitStatus};

/// What became of a command to one unit: where in the feed it stands if it changed something.
pub(super) type Changed = Result<Option<Position>, UnitRejection>;

impl MintService {
    /// Tells a unit something, as often as others are faster.
    pub(super) async fn change_unit<A: MayCommit>(
        &self,
        scope: &BrandScope<A>,
        unit: MintUnitId,
        command: UnitCommand,
        now: Timestamp,
    ) -> Result<Changed, UnitError> {
        for attempt in 0..ATTEMPTS {
            let context = self.unit_context(scope.brand(), unit).await?;
            let by_the_reads = UnitLife::default().decide(command.clone(), &context);
            let Ok(Some(_)) = by_the_reads else {
                return Ok(by_the_reads.map(|_| None));
            };
            // A unit that is minted by the reads has an empty stream. Were it not so, the
            // commit would say it.
            let life = match context.around {
                UnitStatus::Minted if attempt == 0 => Folded::default(),
                _ => self.load_unit(scope.brand(), unit).await?,
            };
            let event = match life.state.decide(command.clone(), &context) {
                Ok(Some(event)) => event,
                settled => return Ok(settled.map(|_| None)),
            };
            let draft = self.journal().begin(self.host(), scope, now)?;
            let draft = draft.write(unit_stream(unit), life.version, &[event])?;
            match draft.commit().await {
                Ok(position) => return Ok(Ok(Some(position))),
                Err(error) if error.conflict().is_some() => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(JournalError::Contended { attempts: ATTEMPTS }.into())
    }

    /// What the reads say of a unit that was made. `around` is all of it: to join what happened
    /// to the unit by itself once more changes nothing.
    async fn unit_context(
        &self,
        brand: BrandId,
        unit: MintUnitId,
    ) -> Result<UnitContext, UnitError> {
        let missing = || UnitError::NoSuchUnit(unit);
        let index = match self.inner.reads.known_index(brand, unit) {
            Some(known) => known.map_err(|_| missing())?,
            None => self.find_index(brand, unit).await?.ok_or_else(missing)?,
        };
        let found = self
            .read_store()
            .batch_with_units(brand, unit.batch_prefix(), index..index + 1)
            .await?;
        let batch = found.ok_or_else(missing)?;
        if index >= batch.record.batch.minted {
            return Err(missing());
        }
        Ok(UnitContext {
            mint_batch_id: batch.record.batch.facts.mint_batch_id,
            index,
            around: batch.record.of_units().status(&batch.exceptions, index),
        })
    }

    /// The index of a unit of whose batch nothing was known; none if there is no such.
    async fn find_index(&self, brand: BrandId, unit: MintUnitId) -> Result<Option<u32>, UnitError> {
        let found = self
            .read_store()
            .batch_by_prefix(brand, unit.batch_prefix())
            .await?;
        let units = found.and_then(|record| self.inner.reads.units_of(&record));
        Ok(units.and_then(|units| units.identity().decode_unit_id(unit).ok()))
    }

    async fn load_unit(
        &self,
        brand: BrandId,
        unit: MintUnitId,
    ) -> Result<Folded<UnitLife>, JournalError> {
        let empty = Folded::default();
        self.journal()
            .read_on(brand, unit_stream(unit), empty, UnitLife::evolve)
            .await
    }
}
