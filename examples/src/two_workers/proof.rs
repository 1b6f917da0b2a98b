//! Whether no unit was lost or made twice.

use std::collections::HashSet;

use dpp_core::identity::{MintBatchId, MintUnitId};
use dpp_core::service::MintService;
use dpp_core::{BrandId, Caller};

use super::TwoWorkersError;
use super::trail::Trail;

/// What was found in the log, and by deriving every unit again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proof {
    /// Whether every digest fits, and the job ended with what was asked for.
    pub verified: bool,
    /// How many digests were compared.
    pub digests: u32,
    /// How many ids of units came up more than once.
    pub twice: u64,
    /// How many units that were asked for did not come up.
    pub missing: u64,
}

/// Derives the units of every cycle in the log, and counts their ids.
pub(super) async fn prove(
    service: &MintService,
    caller: &Caller,
    brand: BrandId,
    batch: MintBatchId,
    trail: &Trail,
) -> Result<Proof, TwoWorkersError> {
    let found = service.verify(caller, brand, batch).await?;
    let scope = caller.to_read(brand)?;
    let units = service.reads().batch_units(&scope, batch).await?;
    let identity = units.identity();
    let made = trail.cycles().iter();
    let made = made.flat_map(|cycle| identity.units(cycle.units.clone()));
    let (mut ids, mut twice) = (HashSet::<MintUnitId>::new(), 0);
    for unit in made {
        if !ids.insert(unit.id) {
            twice += 1;
        }
    }
    let asked = u64::from(units.facts().requested_quantity);
    Ok(Proof {
        verified: found.is_ok(),
        digests: found.cycles,
        twice,
        missing: asked.saturating_sub(ids.len() as u64),
    })
}
