//! The units of batches: derived, with the serials that brands brought, and as rows.

mod batch_units;
mod codes;
mod provided;
mod rows;

pub use batch_units::BatchUnits;
pub(super) use codes::RecentCodes;
pub(crate) use provided::ProvidedLog;
pub(super) use rows::{Picked, row};
