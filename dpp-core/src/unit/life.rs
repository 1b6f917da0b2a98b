//! What one unit may do.

use super::events::{UnitActivated, UnitEvent, UnitRevoked};
use super::status::UnitStatus;
use crate::identity::MintBatchId;
use crate::reason::Reason;

/// What happened to one unit by itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct UnitLife {
    /// Whether it was activated.
    pub activated: bool,
    /// Whether it was revoked.
    pub revoked: bool,
}

/// What a unit can be told.
#[derive(Debug, Clone)]
pub enum UnitCommand {
    /// It was scanned for the first time, or activated by hand.
    Activate,
    /// Take it back, for ever.
    Revoke {
        /// Why.
        reason: Reason,
    },
}

/// What a unit's decision depends on beside its own past.
#[derive(Debug, Clone, Copy)]
pub struct UnitContext {
    /// Its batch.
    pub mint_batch_id: MintBatchId,
    /// Its index in its batch.
    pub index: u32,
    /// Where it stands by what happened to it with others: its batch and its lot.
    pub around: UnitStatus,
}

/// Why a unit was not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnitRejection {
    /// It is revoked, which is final. Make a new unit.
    #[error("the unit is revoked, which is final")]
    Revoked,
}

impl UnitLife {
    /// Where the unit stands by itself and by what is around it.
    pub fn status(self, around: UnitStatus) -> UnitStatus {
        let own = match self {
            Self { revoked: true, .. } => UnitStatus::Revoked,
            Self {
                activated: true, ..
            } => UnitStatus::Active,
            _ => UnitStatus::Minted,
        };
        own.join(around)
    }

    /// What follows from a command; nothing if the unit is there already.
    ///
    /// # Errors
    /// [`UnitRejection`] when a revoked unit is to become active.
    pub fn decide(
        self,
        command: UnitCommand,
        context: &UnitContext,
    ) -> Result<Option<UnitEvent>, UnitRejection> {
        let UnitContext {
            mint_batch_id,
            index,
            around,
        } = *context;
        match (self.status(around), command) {
            (UnitStatus::Minted, UnitCommand::Activate) => {
                Ok(Some(UnitEvent::Activated(UnitActivated {
                    mint_batch_id,
                    index,
                })))
            }
            (UnitStatus::Active, UnitCommand::Activate) => Ok(None),
            (UnitStatus::Revoked, UnitCommand::Activate) => Err(UnitRejection::Revoked),
            (UnitStatus::Revoked, UnitCommand::Revoke { .. }) => Ok(None),
            (_, UnitCommand::Revoke { reason }) => Ok(Some(UnitEvent::Revoked(UnitRevoked {
                mint_batch_id,
                index,
                reason,
            }))),
        }
    }

    /// The state after an event.
    #[must_use]
    pub const fn evolve(self, event: &UnitEvent) -> Self {
        match event {
            UnitEvent::Activated(_) => Self {
                activated: true,
                ..self
            },
            UnitEvent::Revoked(_) => Self {
                revoked: true,
                ..self
            },
        }
    }
}
