//! Reading back: the fold of the log in memory, and what is computed over the read port.
//!
//! This room must not know SQL, nor any store.

mod batch_units;
mod fold;
mod locate;
mod provided;
mod reads;

pub use batch_units::{BatchUnits, UnitRow};
pub use fold::{ReadFold, SnapshotError};
pub use locate::Located;
pub(crate) use provided::ProvidedLog;
pub use reads::{Progress, Reads, ReadsError, UnitPage};
