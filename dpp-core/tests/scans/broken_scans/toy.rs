//! A small store of scans with switches: each flaw changes one thing that a real store could get
//! wrong.

use std::cmp::Reverse;
use std::future::poll_fn;
use std::sync::Mutex;
use std::task::Poll;

use async_trait::async_trait;
use dpp_core::identity::MintBatchId;
use dpp_core::resolver::{ScanRecord, Scanned};
use dpp_core::store::log::StoreFault;
use dpp_core::store::{
    BatchScans, DayScans, ProductScans, ScanAppendError, ScanDay, ScanDays, ScanQuery, ScanStore,
    ScanStoreError, UnitScans,
};
use dpp_core::{BrandId, PageLimit, ProductId, Timestamp};

use super::flaw::Flaw;

#[derive(Debug)]
pub(crate) struct ToyScans {
    flaw: Flaw,
    rows: Mutex<Vec<ScanRecord>>,
    forgotten: Mutex<Vec<ScanRecord>>,
}

type Answer<T> = Result<T, ScanStoreError>;

fn fault() -> StoreFault {
    StoreFault::new("it is broken")
}

/// Lets others go on once.
async fn pause() {
    let mut waited = false;
    poll_fn(|context| match std::mem::replace(&mut waited, true) {
        true => Poll::Ready(()),
        false => {
            context.waker().wake_by_ref();
            Poll::Pending
        }
    })
    .await;
}

/// How often each of these comes, in the order in which they come first.
fn counted<K: PartialEq>(keys: impl Iterator<Item = K>) -> Vec<(K, u64)> {
    let mut counts: Vec<(K, u64)> = Vec::new();
    for key in keys {
        match counts.iter_mut().find(|(known, _)| *known == key) {
            Some((_, count)) => *count += 1,
            None => counts.push((key, 1)),
        }
    }
    counts
}

impl ToyScans {
    pub(crate) fn new(flaw: Flaw) -> Self {
        Self {
            flaw,
            rows: Mutex::default(),
            forgotten: Mutex::default(),
        }
    }

    fn is(&self, flaw: Flaw) -> bool {
        self.flaw == flaw
    }

    /// The scans that a question is about, but for its days.
    fn of(&self, brand: BrandId, days: ScanDays, of_all: Flaw) -> Answer<Vec<ScanRecord>> {
        let rows = self.rows.lock().unwrap();
        let is_known = rows.iter().any(|scan| scan.brand == brand);
        let refuses_range = self.is(Flaw::T10Range) && days.last < days.first;
        if refuses_range || (self.is(Flaw::T10Brand) && !is_known) {
            return Err(fault().into());
        }
        let of_brand = |scan: &&ScanRecord| scan.brand == brand || self.is(of_all);
        Ok(rows.iter().filter(of_brand).cloned().collect())
    }

    fn day(&self, at: Timestamp) -> ScanDay {
        let later = if self.is(Flaw::T04Zone) { 3_600_000 } else { 0 };
        ScanDay::of(Timestamp::from_unix_millis(at.unix_millis() + later))
    }

    fn has_day(&self, days: ScanDays, day: ScanDay) -> bool {
        let [first, last] = [days.first, days.last].map(|end| end == day);
        let left_out = (self.is(Flaw::T04First) && first) || (self.is(Flaw::T04Last) && last);
        days.contains(day) && !left_out
    }

    fn most<K: Ord + Copy>(&self, mut counts: Vec<(K, u64)>, limit: PageLimit) -> Vec<(K, u64)> {
        if self.is(Flaw::T06Limit) {
            counts.truncate(limit.get());
        }
        match self.flaw {
            Flaw::T06Ties => counts.sort_by_key(|(_, count)| Reverse(*count)),
            Flaw::T07Least => counts.sort_by_key(|(key, count)| (*count, *key)),
            _ => counts.sort_by_key(|(key, count)| (Reverse(*count), *key)),
        }
        if !self.is(Flaw::T06Endless) {
            counts.truncate(limit.get());
        }
        counts
    }

    fn asks_for(&self, query: &ScanQuery) -> ScanQuery {
        let mut query = *query;
        let both = self.is(Flaw::T05Both) && query.batch.is_some();
        if self.is(Flaw::T05Product) || both {
            query.product = None;
        }
        if self.is(Flaw::T05Batch) {
            query.batch = None;
        }
        query
    }

    fn refuses(&self, scans: &[ScanRecord]) -> bool {
        let closed = self.forgotten.lock().unwrap();
        match self.flaw {
            Flaw::T03Large => scans.len() > 5_000,
            Flaw::T03Long => scans.iter().any(|scan| scan.path.as_str().len() > 2_000),
            Flaw::T03None => scans.is_empty(),
            Flaw::T12Closed => scans.iter().any(|scan| closed.contains(scan)),
            _ => false,
        }
    }
}

#[async_trait]
impl ScanStore for ToyScans {
    async fn append(&self, scans: &[ScanRecord]) -> Result<(), ScanAppendError> {
        if self.refuses(scans) {
            return Err(ScanAppendError::NotAppended(fault()));
        }
        let first = scans.first().map(|scan| scan.brand);
        let half = match self.flaw {
            Flaw::T02Halves => scans.len() / 2,
            Flaw::T02Brands => scans.len(),
            _ => 0,
        };
        for (number, scan) in scans.iter().enumerate() {
            let is_later = self.is(Flaw::T02Brands) && Some(scan.brand) != first;
            if number < half && !is_later {
                self.rows.lock().unwrap().push(scan.clone());
            }
        }
        if half > 0 {
            pause().await;
        }
        let mut rows = self.rows.lock().unwrap();
        for (number, scan) in scans.iter().enumerate() {
            let is_later = self.is(Flaw::T02Brands) && Some(scan.brand) != first;
            let is_wanted = match self.flaw {
                Flaw::T01Alike => !rows.contains(scan),
                Flaw::T01First => Some(scan.brand) == first,
                _ => number >= half || is_later,
            };
            if is_wanted {
                rows.push(scan.clone());
            }
        }
        Ok(())
    }

    async fn by_day(
        &self,
        brand: BrandId,
        query: &ScanQuery,
        days: ScanDays,
    ) -> Answer<Vec<DayScans>> {
        let query = self.asks_for(query);
        let mut scans = self.of(brand, days, Flaw::T09Days)?;
        scans.retain(|scan| query.matches(&scan.scanned));
        let of_days = scans.iter().map(|scan| self.day(scan.at));
        let mut counts = counted(of_days.filter(|day| self.has_day(days, *day)));
        let (first, last) = (days.first.unix_days(), days.last.unix_days());
        if self.is(Flaw::T04Empty) && last - first < 10 {
            let all = (first..=last).map(ScanDay::from_unix_days);
            let known: Vec<_> = counts.iter().map(|(day, _)| *day).collect();
            counts.extend(all.filter(|day| !known.contains(day)).map(|day| (day, 0)));
        }
        if !self.is(Flaw::T04Order) {
            counts.sort();
        }
        let rows = counts.into_iter();
        Ok(rows.map(|(day, scans)| DayScans { day, scans }).collect())
    }

    async fn by_product(
        &self,
        brand: BrandId,
        days: ScanDays,
        limit: PageLimit,
    ) -> Answer<Vec<ProductScans>> {
        let mut scans = self.of(brand, days, Flaw::T09Products)?;
        scans.retain(|scan| days.contains(ScanDay::of(scan.at)) || self.is(Flaw::T06Days));
        if self.is(Flaw::T06AsSuch) {
            scans.retain(|scan| scan.scanned.batch().is_some());
        }
        let counts = counted(scans.iter().map(|scan| scan.scanned.product()));
        let rows = match self.flaw {
            Flaw::T07Least => ToyScans::new(Flaw::None).most(counts, limit),
            _ => self.most(counts, limit),
        };
        let rows = rows.into_iter();
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
    ) -> Answer<Vec<BatchScans>> {
        let mut scans = self.of(brand, days, Flaw::T09Batches)?;
        scans.retain(|scan| days.contains(ScanDay::of(scan.at)));
        let product = product.filter(|_| !self.is(Flaw::T07Product));
        scans.retain(|scan| product.is_none_or(|product| scan.scanned.product() == product));
        if self.is(Flaw::T07Units) {
            scans.retain(|scan| scan.scanned.unit().is_some());
        }
        let counts = counted(scans.iter().filter_map(|scan| scan.scanned.batch()));
        let rows = match self.flaw {
            Flaw::T07Least => self.most(counts, limit),
            _ => ToyScans::new(Flaw::None).most(counts, limit),
        };
        let rows = rows.into_iter();
        Ok(rows
            .map(|(batch, scans)| BatchScans { batch, scans })
            .collect())
    }

    async fn of_unit(
        &self,
        brand: BrandId,
        batch: MintBatchId,
        index: u32,
    ) -> Answer<Option<UnitScans>> {
        let mut scans = self.of(brand, ScanDays::ALL, Flaw::T09Units)?;
        if self.is(Flaw::T11Units) {
            let forgotten = self.forgotten.lock().unwrap();
            scans.extend(forgotten.iter().filter(|scan| scan.brand == brand).cloned());
        }
        scans.retain(|scan| match scan.scanned {
            Scanned::Lot { lot, batch: of, .. } if self.is(Flaw::T08Lots) => {
                (of, lot) == (batch, index)
            }
            Scanned::Unit { index: it, .. } if self.is(Flaw::T08Batch) => it == index,
            scanned => scanned.unit() == Some((batch, index)),
        });
        let [early, late] = [scans.first(), scans.last()].map(|scan| scan.map(|scan| scan.at));
        let times = || scans.iter().map(|scan| scan.at);
        let some = UnitScans {
            first: Timestamp::from_unix_millis(0),
            last: Timestamp::from_unix_millis(0),
            scans: 0,
        };
        let (Some(first), Some(last)) = (times().min(), times().max()) else {
            return Ok(Some(some).filter(|_| self.is(Flaw::T10Unit)));
        };
        Ok(Some(UnitScans {
            first: early.filter(|_| self.is(Flaw::T08First)).unwrap_or(first),
            last: late.filter(|_| self.is(Flaw::T08Last)).unwrap_or(last),
            scans: scans.len() as u64,
        }))
    }

    async fn forget_before(&self, day: ScanDay) -> Answer<u64> {
        let mut rows = self.rows.lock().unwrap();
        let brand = rows.first().map(|scan| scan.brand);
        let is_old = |scan: &ScanRecord| {
            let of = ScanDay::of(scan.at);
            match self.flaw {
                Flaw::T11Named => of <= day,
                Flaw::T11Months => of.month().last < day,
                Flaw::T11Brand => of < day && Some(scan.brand) == brand,
                _ => of < day,
            }
        };
        let old = rows.iter().filter(|scan| is_old(scan)).cloned();
        let old: Vec<_> = old.collect();
        rows.retain(|scan| !is_old(scan));
        let told = if self.is(Flaw::T11Count) {
            rows.len()
        } else {
            old.len()
        };
        self.forgotten.lock().unwrap().extend(old);
        Ok(told as u64)
    }
}
