//! One clause being checked: a store of scans, what was appended to it, and the usual questions.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use super::fixture::ScanFixture;
use super::told::Told;
use crate::identity::MintBatchId;
use crate::resolver::{AgentClass, ScanRecord, ScanText, Scanned};
use crate::store::{DayScans, ScanDays, ScanQuery, ScanStore, ScanStoreError};
use crate::testing::kit::{Checked, Trial};
use crate::unit::UnitStatus;
use crate::{BrandId, PageLimit, ProductId, Timestamp};

const SOME: [PageLimit; 4] = [
    PageLimit::new(1),
    PageLimit::new(2),
    PageLimit::new(3),
    PageLimit::MAX,
];

#[derive(Debug)]
pub(super) struct ScanCase {
    trial: Trial,
    pub(super) store: Arc<dyn ScanStore>,
    /// A brand without scans.
    pub(super) brand: BrandId,
    /// What was appended and not forgotten.
    pub(super) told: Told,
}

impl Deref for ScanCase {
    type Target = Trial;

    fn deref(&self) -> &Trial {
        &self.trial
    }
}

impl ScanCase {
    pub(super) async fn open(fixture: &ScanFixture, clause: &'static str) -> Self {
        let trial = fixture.run.trial(clause);
        Self {
            store: fixture.open().await,
            brand: trial.brand(0),
            trial,
            told: Told::default(),
        }
    }

    pub(super) fn batch(&self, number: u64) -> MintBatchId {
        MintBatchId::new(Timestamp::from_unix_millis(0), self.bytes("batch", number))
    }

    /// A product as such.
    pub(super) fn product_as_such(&self, product: u64) -> Scanned {
        Scanned::Product {
            product: self.product(product),
        }
    }

    /// A batch as such; products and batches are named by number here and below.
    pub(super) fn batch_as_such(&self, product: u64, batch: u64) -> Scanned {
        Scanned::Batch {
            product: self.product(product),
            batch: self.batch(batch),
        }
    }

    pub(super) fn lot(&self, product: u64, batch: u64, lot: u32) -> Scanned {
        Scanned::Lot {
            product: self.product(product),
            batch: self.batch(batch),
            lot,
        }
    }

    pub(super) fn unit(&self, product: u64, batch: u64, index: u32) -> Scanned {
        Scanned::Unit {
            product: self.product(product),
            batch: self.batch(batch),
            index,
        }
    }

    /// The scan of a brand at a time such as `2027-02-18T09:30:00.000Z`.
    pub(super) fn scan(&self, brand: BrandId, at: &str, scanned: Scanned) -> Checked<ScanRecord> {
        let of_one = matches!(scanned, Scanned::Lot { .. } | Scanned::Unit { .. });
        Ok(ScanRecord {
            at: self.read(at)?,
            brand,
            scanned,
            status: of_one.then_some(UnitStatus::Minted),
            path: ScanText::of("/01/04012345987652/21/A1"),
            query: Some(ScanText::of("linkType=all")),
            agent: AgentClass::Iphone,
            location: Some(self.read("DE-BY")?),
            network: Some(self.read("203.0.113.0/24")?),
        })
    }

    /// Scans of the kit's brand, at these times.
    pub(super) fn scans(&self, scans: &[(&str, Scanned)]) -> Checked<Vec<ScanRecord>> {
        let scans = scans.iter();
        scans
            .map(|(at, scanned)| self.scan(self.brand, at, *scanned))
            .collect()
    }

    /// The same, each a millisecond later than it would be if it were the one before: no two are
    /// alike.
    pub(super) fn spread(&self, scans: &[(&str, Scanned)]) -> Checked<Vec<ScanRecord>> {
        let mut scans = self.scans(scans)?;
        for (scan, later) in scans.iter_mut().zip(0..) {
            scan.at = scan.at.after(Duration::from_millis(later));
        }
        Ok(scans)
    }

    /// Days such as `2027-02-18`.
    pub(super) fn days(&self, first: &str, last: &str) -> Checked<ScanDays> {
        Ok(ScanDays {
            first: self.read(first)?,
            last: self.read(last)?,
        })
    }

    pub(super) async fn append(&mut self, scans: &[ScanRecord]) -> Checked {
        let appended = self.store.append(scans).await;
        let count = scans.len();
        let failed =
            |error| self.violation(format!("appending {count} scans gave the error `{error}`"));
        appended.map_err(failed)?;
        self.told.0.extend_from_slice(scans);
        Ok(())
    }

    fn answered<T>(&self, what: &str, answer: Result<T, ScanStoreError>) -> Checked<T> {
        answer.map_err(|error| self.violation(format!("{what} gave the error `{error}`")))
    }

    pub(super) async fn by_day(
        &self,
        brand: BrandId,
        query: &ScanQuery,
        days: ScanDays,
    ) -> Checked<Vec<DayScans>> {
        let answer = self.store.by_day(brand, query, days).await;
        self.answered("scans by day", answer)
    }

    /// How many scans of a brand there are on these days.
    pub(super) async fn total(&self, brand: BrandId, days: ScanDays) -> Checked<u64> {
        let days = self.by_day(brand, &ScanQuery::ALL, days).await?;
        Ok(days.iter().map(|day| day.scans).sum())
    }
}

/// Compares answers with what follows from the scans that were appended.
impl ScanCase {
    pub(super) async fn days_agree(
        &self,
        brand: BrandId,
        query: &ScanQuery,
        days: ScanDays,
    ) -> Checked {
        let got = self.by_day(brand, query, days).await?;
        let due = self.told.by_day(brand, query, days);
        let (first, last) = (days.first, days.last);
        let what = format!("the scans by day from {first} to {last} for {query:?}");
        self.same(&what, &got, &due)
    }

    pub(super) async fn products_agree(&self, brand: BrandId, days: ScanDays) -> Checked {
        for limit in SOME {
            let got = self.store.by_product(brand, days, limit).await;
            let got = self.answered("scans by product", got)?;
            let due = self.told.by_product(brand, days, limit);
            let what = format!("the {} most scanned products", limit.get());
            self.same(&what, &got, &due)?;
        }
        Ok(())
    }

    pub(super) async fn batches_agree(
        &self,
        brand: BrandId,
        product: Option<ProductId>,
        days: ScanDays,
    ) -> Checked {
        for limit in SOME {
            let got = self.store.by_batch(brand, product, days, limit).await;
            let got = self.answered("scans by batch", got)?;
            let due = self.told.by_batch(brand, product, days, limit);
            let what = format!("the {} most scanned batches of {product:?}", limit.get());
            self.same(&what, &got, &due)?;
        }
        Ok(())
    }

    pub(super) async fn unit_agrees(
        &self,
        brand: BrandId,
        batch: MintBatchId,
        index: u32,
    ) -> Checked {
        let got = self.store.of_unit(brand, batch, index).await;
        let got = self.answered("the scans of a unit", got)?;
        let due = self.told.of_unit(brand, batch, index);
        self.same(&format!("what unit {index} of a batch tells"), &got, &due)
    }
}
