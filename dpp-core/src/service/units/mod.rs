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

use crate::identity::BatchIdentity;
use crate::mint::MintBatch;

/// How the units of a batch are decoded; none before its job was reserved.
fn identity_of(batch: &MintBatch) -> Option<BatchIdentity> {
    let (facts, fixed) = (&batch.facts, batch.identity.as_ref()?);
    let quantity = facts.requested_quantity;
    Some(BatchIdentity::new(facts.mint_batch_id, quantity, fixed))
}
