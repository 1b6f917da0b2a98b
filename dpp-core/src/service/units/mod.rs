//! The life of units and lots: activating and revoking them, alone or together.
//!
//! What is asked of the reads first is enough for a unit that is where it should be: a scan of
//! an active unit costs two reads and writes nothing.

mod activate;
mod one;
mod revoke;
mod select;

pub use activate::ActivateAnswer;
pub use revoke::{RevokeAnswer, RevokedUnits};
pub use select::UnitSelection;
