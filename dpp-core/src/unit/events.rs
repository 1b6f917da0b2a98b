//! What happens to units after they were made.

use serde::{Deserialize, Serialize};

use super::set::UnitSet;
use crate::gs1::LotCode;
use crate::identity::MintBatchId;
use crate::reason::Reason;
use crate::store::typed_events;

typed_events! {
    /// What happens to one unit.
    pub enum UnitEvent {
        /// It was activated.
        Activated(UnitActivated) = ("mint_unit_activated", 1),
        /// It was revoked.
        Revoked(UnitRevoked) = ("mint_unit_revoked", 1),
    }
}

typed_events! {
    /// What happens to one lot.
    pub enum LotEvent {
        /// It was activated, with all of its units.
        Activated(LotActivated) = ("mint_lot_activated", 1),
    }
}

typed_events! {
    /// What happens to many units of a batch at once.
    pub enum UnitsEvent {
        /// They were revoked.
        Revoked(UnitsRevoked) = ("mint_units_revoked", 1),
    }
}

/// A unit was activated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitActivated {
    /// Its batch.
    pub mint_batch_id: MintBatchId,
    /// Its index in its batch.
    pub index: u32,
}

/// A unit was revoked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitRevoked {
    /// Its batch.
    pub mint_batch_id: MintBatchId,
    /// Its index in its batch.
    pub index: u32,
    /// Why.
    pub reason: Reason,
}

/// A lot was activated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LotActivated {
    /// Its batch.
    pub mint_batch_id: MintBatchId,
    /// Its number in its batch, from 0.
    pub lot: u32,
    /// Its code.
    pub lot_code: LotCode,
}

/// Units of a batch were revoked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UnitsRevoked {
    /// Which.
    pub units: UnitSet,
    /// How many.
    pub count: u32,
    /// Why.
    pub reason: Reason,
}
