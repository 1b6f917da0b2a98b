//! Reading back: the fold of the log in memory, and what is computed over the read port.
//!
//! This room must not know SQL, nor any store.

mod batch_units;
mod fold;
mod projection;
mod reads;

pub use batch_units::{BatchUnits, UnitRow};
pub use fold::ReadFold;
pub(crate) use reads::ProvidedLog;
pub use reads::{Located, Progress, Reads, ReadsError, UnitPage};
