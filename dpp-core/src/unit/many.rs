//! What many units of one batch may do together: they are revoked.

use super::events::{UnitsEvent, UnitsRevoked};
use super::set::UnitSet;
use crate::reason::Reason;

/// The units of one batch that were revoked with others.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RevokedTogether {
    units: UnitSet,
}

/// What a decision on many units depends on beside their own past.
#[derive(Debug, Clone, Copy)]
pub struct UnitsContext<'a> {
    /// How many units the batch has made.
    pub made: u32,
    /// The units that are revoked in whatever way: by themselves, or with their batch.
    pub revoked: &'a UnitSet,
}

/// Why units were not revoked. Not one of them was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnitsRejection {
    /// None was named. Name one.
    #[error("no unit is named")]
    None,
    /// The batch has not made one of them. Leave it out.
    #[error("unit {index} is named, and the batch has made {made} units, from 0 on")]
    OutsideBatch {
        /// The first of those that are outside.
        index: u32,
        /// How many units the batch has made.
        made: u32,
    },
}

impl RevokedTogether {
    /// The units.
    pub const fn units(&self) -> &UnitSet {
        &self.units
    }

    /// What follows from revoking units of a batch; nothing if all of them are revoked
    /// already. The event names only those that were not.
    ///
    /// # Errors
    /// [`UnitsRejection`] when there is none, or one that the batch has not made.
    pub fn revoke(
        &self,
        units: &UnitSet,
        context: &UnitsContext<'_>,
        reason: Reason,
    ) -> Result<Option<UnitsEvent>, UnitsRejection> {
        let made = context.made;
        if units.is_empty() {
            return Err(UnitsRejection::None);
        }
        if let Some(index) = units.first_from(made) {
            return Err(UnitsRejection::OutsideBatch { index, made });
        }
        let units = units.without(context.revoked).without(&self.units);
        let count = units.len();
        Ok((count > 0).then_some(UnitsEvent::Revoked(UnitsRevoked {
            units,
            count,
            reason,
        })))
    }

    /// The state after an event.
    #[must_use]
    pub fn evolve(mut self, event: &UnitsEvent) -> Self {
        match event {
            UnitsEvent::Revoked(event) => self.units.add(&event.units),
        }
        self
    }
}
