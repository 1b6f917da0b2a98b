//! What one lot may do: its shared code is scanned, and all of its units become active.

use super::events::{LotActivated, LotEvent};
use super::life::UnitRejection;
use super::status::UnitStatus;
use crate::gs1::LotCode;
use crate::identity::MintBatchId;

/// What happened to one lot.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LotLife {
    /// Whether it was activated.
    pub activated: bool,
}

/// What a lot's decision depends on beside its own past.
#[derive(Debug, Clone, Copy)]
pub struct LotContext {
    /// Its batch.
    pub mint_batch_id: MintBatchId,
    /// Its number in its batch, from 0.
    pub lot: u32,
    /// Its code.
    pub lot_code: LotCode,
    /// Where its units were born, or revoked if not one of them is left.
    pub around: UnitStatus,
}

impl LotLife {
    /// What follows from the first scan of the lot's code; nothing if it is active already.
    ///
    /// # Errors
    /// [`UnitRejection::Revoked`] when all of its units are revoked.
    pub fn activate(self, context: &LotContext) -> Result<Option<LotEvent>, UnitRejection> {
        let own = match self.activated {
            true => UnitStatus::Active,
            false => UnitStatus::Minted,
        };
        match own.join(context.around) {
            UnitStatus::Minted => Ok(Some(LotEvent::Activated(LotActivated {
                mint_batch_id: context.mint_batch_id,
                lot: context.lot,
                lot_code: context.lot_code,
            }))),
            UnitStatus::Active => Ok(None),
            UnitStatus::Revoked => Err(UnitRejection::Revoked),
        }
    }

    /// The state after an event.
    #[must_use]
    pub const fn evolve(self, event: &LotEvent) -> Self {
        match event {
            LotEvent::Activated(_) => Self { activated: true },
        }
    }
}
