//! The codes of batches that were in use last.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::batch_units::BatchUnits;
use crate::identity::MintBatchId;
use crate::ids::BrandId;
use crate::mint::BatchCodes;
use crate::store::BatchRecord;

/// Keeps what the units of a batch are derived with: to make it anew costs as much as to derive
/// hundreds of units. What it follows from never changes once it is there.
#[derive(Debug, Default)]
pub(super) struct RecentCodes {
    codes: Mutex<HashMap<(BrandId, MintBatchId), Arc<BatchCodes>>>,
}

/// About 12 KiB each.
const MOST: usize = 512;

impl RecentCodes {
    /// The units of a batch; none before its job was reserved.
    pub(super) fn units(&self, record: &Arc<BatchRecord>) -> Option<BatchUnits> {
        let batch = &record.batch;
        let fixed = batch.identity.as_ref()?;
        let key = (batch.facts.brand_id, batch.facts.mint_batch_id);
        let known = self.lock().get(&key).cloned();
        let codes = match known {
            Some(codes) => codes,
            None => {
                let codes = Arc::new(BatchCodes::of(&batch.facts, fixed));
                let mut kept = self.lock();
                if kept.len() >= MOST {
                    kept.clear();
                }
                kept.insert(key, codes.clone());
                codes
            }
        };
        Some(BatchUnits::with(record.clone(), codes))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<(BrandId, MintBatchId), Arc<BatchCodes>>> {
        self.codes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
