//! The life of units after they were made: activated, revoked, alone or with others.
//!
//! Only exceptions are kept. The state of a unit is the join of what happened to it and what
//! happened to its lot and its batch, in any order: revoked over active over minted. So an
//! activation needs no look at the batch's stream, and no race between the two can end wrong.
//!
//! This room must not know batches' internals.

mod events;
mod exceptions;
mod life;
mod lot;
mod many;
mod set;
mod status;

pub use events::{
    LotActivated, LotEvent, UnitActivated, UnitEvent, UnitRevoked, UnitsEvent, UnitsRevoked,
};
pub use exceptions::{UnitCounts, UnitExceptions, UnitsOfBatch};
pub use life::{UnitCommand, UnitContext, UnitLife, UnitRejection};
pub use lot::{LotContext, LotLife};
pub use many::{RevokedTogether, UnitsContext, UnitsRejection};
pub use set::{UnitSet, UnitSetError};
pub use status::UnitStatus;
