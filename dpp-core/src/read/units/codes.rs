//! The codes of batches that were in use last.

use std::collections::HashMap;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::batch_units::BatchUnits;
use crate::identity::{BatchPrefix, DecodeError, MintUnitId};
use crate::ids::BrandId;
use crate::mint::BatchCodes;
use crate::store::BatchRecord;

/// Keeps what the units of a batch are derived with: to make it anew costs as much as to derive
/// hundreds of units. What it follows from never changes once it is there.
#[derive(Debug, Default)]
pub(in crate::read) struct RecentCodes {
    kept: Mutex<Kept>,
}

type Codes = HashMap<(BrandId, BatchPrefix), Arc<BatchCodes>>;

/// Two generations: what was asked for since the last change of generations, and before it.
/// Those in use outlive any number of others that are asked for once.
#[derive(Debug, Default)]
struct Kept {
    young: Codes,
    old: Codes,
}

/// The most of one generation, of about 12 KiB each.
const MOST: usize = 256;

impl RecentCodes {
    /// The units of a batch; none before its job was reserved.
    pub(in crate::read) fn units(&self, record: &Arc<BatchRecord>) -> Option<BatchUnits> {
        let batch = &record.batch;
        let fixed = batch.identity.as_ref()?;
        let id = batch.facts.mint_batch_id;
        let key = (batch.facts.brand_id, id.prefix());
        let known = self.lock().get(&key);
        let known = known.filter(|codes| codes.identity().batch() == id);
        let codes = known.unwrap_or_else(|| {
            let codes = Arc::new(BatchCodes::of(&batch.facts, fixed));
            self.lock().keep(key, codes.clone());
            codes
        });
        Some(BatchUnits::with(record.clone(), codes))
    }

    /// The index of a unit by its id; none if nothing is known of its batch, be it that there is
    /// none. What it answers holds for ever, but not whether the unit was made.
    pub(in crate::read) fn index_of(
        &self,
        brand: BrandId,
        unit: MintUnitId,
    ) -> Option<Result<u32, DecodeError>> {
        let codes = self.lock().get(&(brand, unit.batch_prefix()))?;
        Some(codes.identity().decode_unit_id(unit))
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn get(&mut self, key: &(BrandId, BatchPrefix)) -> Option<Arc<BatchCodes>> {
        if let Some(codes) = self.young.get(key) {
            return Some(codes.clone());
        }
        let codes = self.old.remove(key)?;
        self.keep(*key, codes.clone());
        Some(codes)
    }

    fn keep(&mut self, key: (BrandId, BatchPrefix), codes: Arc<BatchCodes>) {
        if self.young.len() >= MOST {
            self.old = mem::take(&mut self.young);
        }
        self.young.insert(key, codes);
    }
}
