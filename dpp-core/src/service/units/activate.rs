//! Activating units and lots: what a first scan does.

use serde::{Serialize, Serializer};

use crate::access::Caller;
use crate::gs1::LotCode;
use crate::identity::{LotId, MintUnitId};
use crate::ids::BrandId;
use crate::read::BatchUnits;
use crate::service::errors::UnitError;
use crate::service::journal::{Folded, JournalError, lot_stream};
use crate::service::{ATTEMPTS, MintService};
use crate::store::log::Position;
use crate::time::Timestamp;
use crate::unit::{LotContext, LotLife, UnitCommand, UnitRejection, UnitStatus};

/// What became of a unit or a lot that was to be activated. In JSON it is one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActivateAnswer {
    /// This call made it active; where in the brand's feed that stands. No other call gets
    /// this answer for it.
    Activated(Position),
    /// It was active before.
    AlreadyActive,
    /// It is revoked, which is final.
    Revoked,
}

impl ActivateAnswer {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Activated(_) => "activated",
            Self::AlreadyActive => "already_active",
            Self::Revoked => "revoked",
        }
    }

    /// Where in the brand's feed this call's event stands, if it wrote one.
    pub const fn position(self) -> Option<Position> {
        match self {
            Self::Activated(position) => Some(position),
            Self::AlreadyActive | Self::Revoked => None,
        }
    }

    fn of(changed: Result<Option<Position>, UnitRejection>) -> Self {
        match changed {
            Ok(Some(position)) => Self::Activated(position),
            Ok(None) => Self::AlreadyActive,
            Err(UnitRejection::Revoked) => Self::Revoked,
        }
    }
}

impl Serialize for ActivateAnswer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl MintService {
    /// Makes a unit active: once, whatever the concurrency. Of all calls for one unit exactly
    /// one is answered [`Activated`](ActivateAnswer::Activated), and one event is written; none
    /// is if the one ended in an error after all, though its event was written. A unit that is
    /// revoked with others at the same moment is revoked, though this may answer that it was
    /// activated. Whether it was a bot that scanned has to be told before.
    ///
    /// # Errors
    /// [`UnitError`]; that the unit is revoked is not an error but an answer.
    pub async fn activate_unit(
        &self,
        caller: &Caller,
        brand: BrandId,
        unit: MintUnitId,
        now: Timestamp,
    ) -> Result<ActivateAnswer, UnitError> {
        let scope = caller.to_activate(brand)?;
        let activate = UnitCommand::Activate;
        let changed = self.change_unit(&scope, unit, activate, now).await?;
        Ok(ActivateAnswer::of(changed))
    }

    /// Makes a lot active with all of its units, those that are still to be made among them:
    /// once, as [`activate_unit`](Self::activate_unit) does.
    ///
    /// # Errors
    /// [`UnitError`]; a lot of whose units not one was made yet is not found. That each of its
    /// units is revoked is not an error but an answer.
    pub async fn activate_lot(
        &self,
        caller: &Caller,
        brand: BrandId,
        lot: LotId,
        now: Timestamp,
    ) -> Result<ActivateAnswer, UnitError> {
        let scope = caller.to_activate(brand)?;
        for attempt in 0..ATTEMPTS {
            let context = self.lot_context(brand, lot).await?;
            // What the reads say is enough, as for a unit.
            let life = match context.around {
                UnitStatus::Minted if attempt > 0 => self.load_lot(brand, lot).await?,
                _ => Folded::default(),
            };
            let event = match life.state.activate(&context) {
                Ok(Some(event)) => event,
                settled => return Ok(ActivateAnswer::of(settled.map(|_| None))),
            };
            let draft = self.journal().begin(self.host(), &scope, now)?;
            let draft = draft.write(lot_stream(lot), life.version, &[event])?;
            match draft.commit().await {
                Ok(position) => return Ok(ActivateAnswer::Activated(position)),
                Err(error) if error.conflict().is_some() => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(JournalError::Contended { attempts: ATTEMPTS }.into())
    }

    /// What the reads say of a lot of which a unit was made.
    async fn lot_context(&self, brand: BrandId, lot: LotId) -> Result<LotContext, UnitError> {
        let found = self
            .read_store()
            .batch_by_prefix(brand, lot.batch_prefix())
            .await?;
        let record = found.ok_or(UnitError::NoSuchLot(lot))?;
        let facts = &record.batch.facts;
        let units = self.inner.reads.units_of(&record);
        let found = units.and_then(|units| lot_of(&units, lot));
        let (number, lot_code) = found.ok_or(UnitError::NoSuchLot(lot))?;
        let of_lot = facts.lots.units_of(number as usize).unwrap_or_default();
        let exceptions = self
            .read_store()
            .exceptions_within(brand, facts.mint_batch_id, of_lot)
            .await?;
        let around = record.of_units().lot_status(&exceptions, number);
        Ok(LotContext {
            mint_batch_id: facts.mint_batch_id,
            lot: number,
            lot_code,
            around: around.ok_or(UnitError::NoSuchLot(lot))?,
        })
    }

    async fn load_lot(&self, brand: BrandId, lot: LotId) -> Result<Folded<LotLife>, JournalError> {
        let empty = Folded::default();
        self.journal()
            .read_on(brand, lot_stream(lot), empty, LotLife::evolve)
            .await
    }
}

fn lot_of(units: &BatchUnits, lot: LotId) -> Option<(u32, LotCode)> {
    let lots = units.facts().lots.as_slice();
    let number = units.identity().decode_lot_id(lot, lots.len()).ok()?;
    let code = lots.get(number)?.lot_code;
    Some((u32::try_from(number).ok()?, code))
}
