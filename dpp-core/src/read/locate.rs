//! From an id or a serial to the unit that has it.

use std::sync::Arc;

use super::reads::{Reads, ReadsError};
use super::units::BatchUnits;
use crate::access::BrandScope;
use crate::gs1::Serial;
use crate::identity::serial::SerialDirectory;
use crate::identity::{DecodeError, MintBatchId, MintUnitId};
use crate::ids::ProductId;
use crate::store::log::ClaimSpace;

/// What an id or a serial was found to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Located {
    /// A unit that was made.
    Unit {
        /// Its batch.
        batch: MintBatchId,
        /// Its index.
        index: u32,
    },
    /// A unit that its batch would have, but that was not made: its job has not come so far, or
    /// ended before.
    NotMade {
        /// Its batch.
        batch: MintBatchId,
        /// Its index.
        index: u32,
    },
    /// No unit of this brand, and why.
    Nothing(DecodeError),
}

impl Reads {
    /// The unit with this id.
    ///
    /// # Errors
    /// [`ReadsError::Store`] when the log fails.
    pub async fn locate_unit(
        &self,
        scope: &BrandScope,
        id: MintUnitId,
    ) -> Result<Located, ReadsError> {
        let record = self
            .store
            .batch_by_prefix(scope.brand(), id.batch_prefix())
            .await?;
        let Some(units) = record.and_then(|record| self.units_of(&record)) else {
            return Ok(Located::Nothing(DecodeError::UnknownBlock));
        };
        Ok(located(&units, units.identity().decode_unit_id(id)))
    }

    /// The unit of a product with this serial, however the serial came about.
    ///
    /// # Errors
    /// [`ReadsError::Store`] when the log fails.
    pub async fn locate_serial(
        &self,
        scope: &BrandScope,
        product: ProductId,
        serial: &Serial,
    ) -> Result<Located, ReadsError> {
        let directory = self.store.serial_directory(scope.brand(), product).await?;
        let owner =
            directory.and_then(|directory: Arc<SerialDirectory>| directory.batch_of(serial));
        let derived = match owner {
            Some(batch) => self.locate_in(scope, batch, serial).await?,
            None => Located::Nothing(DecodeError::UnknownBlock),
        };
        match derived {
            Located::Nothing(reason) => self.locate_provided(scope, product, serial, reason).await,
            found => Ok(found),
        }
    }

    async fn locate_in(
        &self,
        scope: &BrandScope,
        batch: MintBatchId,
        serial: &Serial,
    ) -> Result<Located, ReadsError> {
        let units = self.batch_units(scope, batch).await?;
        Ok(located(&units, units.identity().decode_serial(serial)))
    }

    async fn locate_provided(
        &self,
        scope: &BrandScope,
        product: ProductId,
        serial: &Serial,
        otherwise: DecodeError,
    ) -> Result<Located, ReadsError> {
        let keys = std::iter::once(serial.as_str()).collect();
        let space = ClaimSpace::serials_of(product);
        let claimed = self.log.claimed(scope.brand(), space, &keys).await?;
        let owner = claimed
            .into_iter()
            .flatten()
            .next()
            .and_then(|value| value.numbered());
        let batch =
            owner.and_then(|(batch, index)| Some((MintBatchId::try_from(batch).ok()?, index)));
        let Some((batch, index)) = batch else {
            return Ok(Located::Nothing(otherwise));
        };
        let record = self.batch(scope, batch).await?;
        let made = record.is_some_and(|record| index < record.batch.minted);
        Ok(match made {
            true => Located::Unit { batch, index },
            false => Located::NotMade { batch, index },
        })
    }
}

fn located(units: &BatchUnits, index: Result<u32, DecodeError>) -> Located {
    let batch = units.record().batch.facts.mint_batch_id;
    match index {
        Ok(index) if index < units.minted() => Located::Unit { batch, index },
        Ok(index) => Located::NotMade { batch, index },
        Err(reason) => Located::Nothing(reason),
    }
}
