//! Scans in memory.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::hash::Hash;
use std::sync::{Arc, PoisonError, RwLock};

use async_trait::async_trait;
use dpp_core::identity::MintBatchId;
use dpp_core::resolver::ScanRecord;
use dpp_core::store::{
    BatchScans, DayScans, ProductScans, ScanAppendError, ScanDay, ScanDays, ScanQuery, ScanStore,
    ScanStoreError, UnitScans,
};
use dpp_core::{BrandId, PageLimit, ProductId};

use crate::read;

/// A store of scans in memory, for tests and demonstrations: it keeps every clause of the
/// [`ScanStore`] contract, grows until something is forgotten, and goes through all scans of a
/// brand for each answer.
///
/// A clone is another handle of the same store.
#[derive(Clone, Default)]
pub struct MemoryScans {
    brands: Arc<RwLock<BTreeMap<BrandId, Vec<ScanRecord>>>>,
}

impl MemoryScans {
    /// The scans of a brand, in the order in which they were appended.
    pub fn of_brand(&self, brand: BrandId) -> Vec<ScanRecord> {
        let brands = read(&self.brands);
        brands.get(&brand).cloned().unwrap_or_default()
    }

    /// How many scans of these days there are of each of what a scan is counted for, if it is.
    fn count<K: Eq + Hash>(
        &self,
        brand: BrandId,
        days: ScanDays,
        counted_for: impl Fn(&ScanRecord) -> Option<K>,
    ) -> HashMap<K, u64> {
        let brands = read(&self.brands);
        let mut counts = HashMap::new();
        for scan in brands.get(&brand).into_iter().flatten() {
            if !days.contains(ScanDay::of(scan.at)) {
                continue;
            }
            if let Some(key) = counted_for(scan) {
                *counts.entry(key).or_default() += 1;
            }
        }
        counts
    }
}

/// The largest counts, the largest in front, equal ones by key.
fn largest<K: Ord + Copy>(counts: HashMap<K, u64>, limit: PageLimit) -> Vec<(K, u64)> {
    let mut rows: Vec<_> = counts.into_iter().collect();
    rows.sort_unstable_by_key(|(key, count)| (Reverse(*count), *key));
    rows.truncate(limit.get());
    rows
}

#[async_trait]
impl ScanStore for MemoryScans {
    async fn append(&self, scans: &[ScanRecord]) -> Result<(), ScanAppendError> {
        let mut brands = self.brands.write().unwrap_or_else(PoisonError::into_inner);
        for scan in scans {
            brands.entry(scan.brand).or_default().push(scan.clone());
        }
        Ok(())
    }

    async fn by_day(
        &self,
        brand: BrandId,
        query: &ScanQuery,
        days: ScanDays,
    ) -> Result<Vec<DayScans>, ScanStoreError> {
        let counts = self.count(brand, days, |scan| {
            query.matches(&scan.scanned).then(|| ScanDay::of(scan.at))
        });
        let mut rows: Vec<_> = counts
            .into_iter()
            .map(|(day, scans)| DayScans { day, scans })
            .collect();
        rows.sort_unstable_by_key(|row| row.day);
        Ok(rows)
    }

    async fn by_product(
        &self,
        brand: BrandId,
        days: ScanDays,
        limit: PageLimit,
    ) -> Result<Vec<ProductScans>, ScanStoreError> {
        let counts = self.count(brand, days, |scan| Some(scan.scanned.product()));
        let rows = largest(counts, limit).into_iter();
        Ok(rows
            .map(|(product, scans)| ProductScans { product, scans })
            .collect())
    }

    async fn by_batch(
        &self,
        brand: BrandId,
        product: Option<ProductId>,
        days: ScanDays,
        limit: PageLimit,
    ) -> Result<Vec<BatchScans>, ScanStoreError> {
        let query = ScanQuery {
            product,
            ..ScanQuery::ALL
        };
        let counts = self.count(brand, days, |scan| {
            scan.scanned
                .batch()
                .filter(|_| query.matches(&scan.scanned))
        });
        let rows = largest(counts, limit).into_iter();
        Ok(rows
            .map(|(batch, scans)| BatchScans { batch, scans })
            .collect())
    }

    async fn of_unit(
        &self,
        brand: BrandId,
        batch: MintBatchId,
        index: u32,
    ) -> Result<Option<UnitScans>, ScanStoreError> {
        let brands = read(&self.brands);
        let scans = brands.get(&brand).into_iter().flatten();
        let of_unit = scans.filter(|scan| scan.scanned.unit() == Some((batch, index)));
        Ok(of_unit.map(|scan| scan.at).fold(None, |found, at| {
            let found = found.unwrap_or(UnitScans {
                first: at,
                last: at,
                scans: 0,
            });
            Some(UnitScans {
                first: found.first.min(at),
                last: found.last.max(at),
                scans: found.scans + 1,
            })
        }))
    }

    async fn forget_before(&self, day: ScanDay) -> Result<u64, ScanStoreError> {
        let mut brands = self.brands.write().unwrap_or_else(PoisonError::into_inner);
        let mut forgotten = 0;
        for scans in brands.values_mut() {
            let before = scans.len();
            scans.retain(|scan| ScanDay::of(scan.at) >= day);
            forgotten += (before - scans.len()) as u64;
        }
        brands.retain(|_, scans| !scans.is_empty());
        Ok(forgotten)
    }
}

impl fmt::Debug for MemoryScans {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let brands = read(&self.brands).len();
        f.debug_struct("MemoryScans")
            .field("brands", &brands)
            .finish_non_exhaustive()
    }
}
