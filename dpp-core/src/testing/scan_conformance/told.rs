//! What follows from scans, by plain filtering, sorting and counting.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::BrandId;
use crate::PageLimit;
use crate::identity::MintBatchId;
use crate::ids::ProductId;
use crate::resolver::ScanRecord;
use crate::store::{BatchScans, DayScans, ProductScans, ScanDay, ScanDays, ScanQuery, UnitScans};

/// The scans that are there.
#[derive(Debug, Clone, Default)]
pub(super) struct Told(pub(super) Vec<ScanRecord>);

impl Told {
    fn of(&self, brand: BrandId, days: ScanDays) -> impl Iterator<Item = &ScanRecord> {
        let scans = self.0.iter();
        scans.filter(move |scan| scan.brand == brand && days.contains(ScanDay::of(scan.at)))
    }

    pub(super) fn by_day(
        &self,
        brand: BrandId,
        query: &ScanQuery,
        days: ScanDays,
    ) -> Vec<DayScans> {
        let scans = self.of(brand, days);
        let scans = scans.filter(|scan| query.matches(&scan.scanned));
        let counted = counted(scans.map(|scan| ScanDay::of(scan.at)));
        let counted = counted.into_iter();
        counted
            .map(|(day, scans)| DayScans { day, scans })
            .collect()
    }

    pub(super) fn by_product(
        &self,
        brand: BrandId,
        days: ScanDays,
        limit: PageLimit,
    ) -> Vec<ProductScans> {
        let products = self.of(brand, days).map(|scan| scan.scanned.product());
        let most = most(counted(products), limit);
        most.map(|(product, scans)| ProductScans { product, scans })
            .collect()
    }

    pub(super) fn by_batch(
        &self,
        brand: BrandId,
        product: Option<ProductId>,
        days: ScanDays,
        limit: PageLimit,
    ) -> Vec<BatchScans> {
        let scans = self.of(brand, days);
        let scans = scans.filter(|scan| {
            let of = scan.scanned.product();
            product.is_none_or(|product| of == product)
        });
        let batches = scans.filter_map(|scan| scan.scanned.batch());
        let most = most(counted(batches), limit);
        most.map(|(batch, scans)| BatchScans { batch, scans })
            .collect()
    }

    pub(super) fn of_unit(
        &self,
        brand: BrandId,
        batch: MintBatchId,
        index: u32,
    ) -> Option<UnitScans> {
        let scans = self.of(brand, ScanDays::ALL);
        let of_unit = scans.filter(|scan| scan.scanned.unit() == Some((batch, index)));
        let times: Vec<_> = of_unit.map(|scan| scan.at).collect();
        Some(UnitScans {
            first: *times.iter().min()?,
            last: *times.iter().max()?,
            scans: times.len() as u64,
        })
    }

    /// How many are gone.
    pub(super) fn forget_before(&mut self, day: ScanDay) -> u64 {
        let before = self.0.len();
        self.0.retain(|scan| ScanDay::of(scan.at) >= day);
        (before - self.0.len()) as u64
    }
}

fn counted<K: Ord>(keys: impl Iterator<Item = K>) -> BTreeMap<K, u64> {
    let mut counts = BTreeMap::new();
    keys.for_each(|key| *counts.entry(key).or_default() += 1);
    counts
}

fn most<K: Ord + Copy>(
    counts: BTreeMap<K, u64>,
    limit: PageLimit,
) -> impl Iterator<Item = (K, u64)> {
    let mut rows: Vec<_> = counts.into_iter().collect();
    rows.sort_by_key(|(key, count)| (Reverse(*count), *key));
    rows.into_iter().take(limit.get())
}
