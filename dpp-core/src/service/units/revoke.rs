//! Revoking units, one by one or many at once.

use std::sync::Arc;

use serde::{Serialize, Serializer};

use super::select::UnitSelection;
use crate::access::Caller;
use crate::identity::{MintBatchId, MintUnitId};
use crate::ids::BrandId;
use crate::reason::Reason;
use crate::service::errors::UnitError;
use crate::service::journal::{JournalError, revocations_stream};
use crate::service::{ATTEMPTS, MintService};
use crate::store::BatchRecord;
use crate::store::log::Position;
use crate::time::Timestamp;
use crate::unit::{UnitCommand, UnitRejection, UnitSet, UnitStatus, UnitsContext, UnitsEvent};

/// What became of a unit that was to be revoked. In JSON it is one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevokeAnswer {
    /// This call revoked it; where in the brand's feed that stands.
    Revoked(Position),
    /// It was revoked before, by itself, with others, or with its batch.
    AlreadyRevoked,
}

impl RevokeAnswer {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Revoked(_) => "revoked",
            Self::AlreadyRevoked => "already_revoked",
        }
    }

    /// Where in the brand's feed this call's event stands, if it wrote one.
    pub const fn position(self) -> Option<Position> {
        match self {
            Self::Revoked(position) => Some(position),
            Self::AlreadyRevoked => None,
        }
    }
}

impl Serialize for RevokeAnswer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Units that were revoked together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct RevokedUnits {
    /// Their batch.
    pub mint_batch_id: MintBatchId,
    /// How many were named, each counted once.
    pub named: u32,
    /// How many of them this call revoked: those that were not before, in whatever way.
    pub revoked: u32,
    /// Where in the brand's feed this call's event stands, if it wrote one; not part of the
    /// JSON.
    #[serde(skip)]
    pub position: Option<Position>,
}

impl MintService {
    /// Takes a unit back, for ever. Its identity is never used again.
    ///
    /// # Errors
    /// [`UnitError`]; that the unit was revoked before is not an error but an answer.
    pub async fn revoke_unit(
        &self,
        caller: &Caller,
        brand: BrandId,
        unit: MintUnitId,
        reason: Reason,
        now: Timestamp,
    ) -> Result<RevokeAnswer, UnitError> {
        let scope = caller.to_write(brand)?;
        let revoke = UnitCommand::Revoke { reason };
        Ok(match self.change_unit(&scope, unit, revoke, now).await? {
            Ok(Some(position)) => RevokeAnswer::Revoked(position),
            Ok(None) | Err(UnitRejection::Revoked) => RevokeAnswer::AlreadyRevoked,
        })
    }

    /// Takes units of one batch back, for ever, all of them by one event, or by none if each
    /// was revoked before.
    ///
    /// # Errors
    /// [`UnitError`] names the first that is not a unit that the batch has made; then not one
    /// was revoked.
    pub async fn revoke_units(
        &self,
        caller: &Caller,
        brand: BrandId,
        batch: MintBatchId,
        units: &UnitSelection,
        reason: Reason,
        now: Timestamp,
    ) -> Result<RevokedUnits, UnitError> {
        let scope = caller.to_write(brand)?;
        let mut record = self.record_of(brand, batch).await?;
        let units = self.select(brand, &record.batch, units).await?;
        let answer = |revoked, position| RevokedUnits {
            mint_batch_id: batch,
            named: units.len(),
            revoked,
            position,
        };
        for _ in 0..ATTEMPTS {
            let revoked = self.revoked_of(brand, &record).await?;
            let together = self.load_revocations(brand, batch).await?;
            let context = UnitsContext {
                made: record.batch.minted,
                revoked: &revoked,
            };
            let decided = together.state.revoke(&units, &context, reason.clone())?;
            let Some(UnitsEvent::Revoked(event)) = decided else {
                return Ok(answer(0, None));
            };
            let count = event.count;
            let draft = self.journal().begin(self.host(), &scope, now)?;
            let stream = revocations_stream(batch);
            let draft = draft.write(stream, together.version, &[UnitsEvent::Revoked(event)])?;
            match draft.commit().await {
                Ok(position) => return Ok(answer(count, Some(position))),
                Err(error) if error.conflict().is_some() => {}
                Err(error) => return Err(error.into()),
            }
            record = self.record_of(brand, batch).await?;
        }
        Err(JournalError::Contended { attempts: ATTEMPTS }.into())
    }

    /// The units of a batch that are revoked in whatever way.
    async fn revoked_of(&self, brand: BrandId, record: &BatchRecord) -> Result<UnitSet, UnitError> {
        let batch = record.batch.facts.mint_batch_id;
        let exceptions = self.read_store().unit_exceptions(brand, batch).await?;
        let made = 0..record.batch.minted;
        let units = record.of_units();
        Ok(units.standing(&exceptions, UnitStatus::Revoked, made))
    }

    async fn record_of(
        &self,
        brand: BrandId,
        batch: MintBatchId,
    ) -> Result<Arc<BatchRecord>, UnitError> {
        let record = self.read_store().batch(brand, batch).await?;
        record.ok_or(UnitError::NoSuchBatch(batch))
    }
}
