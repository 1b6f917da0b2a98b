//! A batch, its lots, and a reason.

use dpp_core::Reason;
use dpp_core::identity::{Lot, Lots, MintBatchId};
use dpp_core::unit::{UnitSet, UnitStatus, UnitsOfBatch};

pub(crate) fn batch() -> MintBatchId {
    "01a3ae2d-2400-7707-8707-070707070706".parse().unwrap()
}

pub(crate) fn reason() -> Reason {
    "a recall".parse().unwrap()
}

pub(crate) fn set(indexes: impl IntoIterator<Item = u32>) -> UnitSet {
    indexes.into_iter().collect()
}

/// Lots with these quantities, called `L0`, `L1` and on.
pub(crate) fn lots(quantities: &[u32]) -> Lots {
    let lots = quantities.iter().enumerate().map(|(number, qty)| Lot {
        lot_code: format!("L{number}").parse().unwrap(),
        qty: *qty,
    });
    Lots::new(lots.collect()).unwrap()
}

/// A batch that has made so many units, which are born minted.
pub(crate) fn made(made: u32, lots: &Lots) -> UnitsOfBatch<'_> {
    UnitsOfBatch {
        growing: false,
        made,
        born: UnitStatus::Minted,
        voided: false,
        lots,
    }
}
