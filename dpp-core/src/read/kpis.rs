//! The numbers of a brand.

use serde::Serialize;

use super::reads::{Reads, ReadsError};
use crate::access::BrandScope;

/// The numbers of a brand (SPEC section 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct MintKpis {
    /// How many units were made, revoked ones included.
    pub total_tokens_minted: u64,
    /// How many are active.
    pub active_tokens: u64,
    /// How many batches there are, drafts and failed ones included.
    pub batches_created: u64,
    /// How many exports were completed.
    pub completed_exports: u64,
}

impl Reads {
    /// The numbers of a brand. They are kept, not counted: the answer takes the same time
    /// however many units there are.
    ///
    /// # Errors
    /// [`ReadsError::Store`] when the log fails.
    pub async fn get_mint_kpis(&self, scope: &BrandScope) -> Result<MintKpis, ReadsError> {
        let counters = self.store.counters(scope.brand()).await?;
        Ok(MintKpis {
            total_tokens_minted: counters.units.made,
            active_tokens: counters.units.active,
            batches_created: counters.batches,
            completed_exports: counters.completed_exports,
        })
    }
}
