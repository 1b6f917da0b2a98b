//! The scan port: one table with a partition for each month.
//!
//! Each call takes a connection for itself. What is appended is one statement, and so all or
//! nothing; what is counted is one statement, and so of one moment.
//!
//! This room must not know the log and the read tables.

mod append;
mod count;
mod forget;
mod months;

use async_trait::async_trait;
use dpp_core::identity::MintBatchId;
use dpp_core::resolver::ScanRecord;
use dpp_core::store::{
    BatchScans, DayScans, ProductScans, ScanAppendError, ScanDay, ScanDays, ScanQuery, ScanStore,
    ScanStoreError, UnitScans,
};
use dpp_core::{BrandId, PageLimit, ProductId};

pub(crate) use months::Months;

use crate::store::PostgresStore;

/// Scans in the database of a [`PostgresStore`], from which it [comes](PostgresStore::scans).
///
/// What was appended is durable when the call returns. Months that are wholly to be forgotten are
/// dropped as a whole, which needs every other use of the table to end for a moment: while it
/// waits for that, a quarter of a second at a time, scans wait, too; after half a minute it is
/// given up. Forgetting up to the first of a month is cheapest; of the month that a day is in,
/// rows are deleted.
///
/// A clone is another handle of the same store.
#[derive(Debug, Clone)]
pub struct PostgresScans {
    store: PostgresStore,
}

impl PostgresScans {
    pub(crate) const fn new(store: PostgresStore) -> Self {
        Self { store }
    }
}

#[async_trait]
impl ScanStore for PostgresScans {
    async fn append(&self, scans: &[ScanRecord]) -> Result<(), ScanAppendError> {
        append::all(&self.store.shared, scans).await
    }

    async fn by_day(
        &self,
        brand: BrandId,
        query: &ScanQuery,
        days: ScanDays,
    ) -> Result<Vec<DayScans>, ScanStoreError> {
        Ok(count::by_day(&self.store.shared.pool, brand, query, days).await?)
    }

    async fn by_product(
        &self,
        brand: BrandId,
        days: ScanDays,
        limit: PageLimit,
    ) -> Result<Vec<ProductScans>, ScanStoreError> {
        Ok(count::by_product(&self.store.shared.pool, brand, days, limit).await?)
    }

    async fn by_batch(
        &self,
        brand: BrandId,
        product: Option<ProductId>,
        days: ScanDays,
        limit: PageLimit,
    ) -> Result<Vec<BatchScans>, ScanStoreError> {
        Ok(count::by_batch(&self.store.shared.pool, brand, product, days, limit).await?)
    }

    async fn of_unit(
        &self,
        brand: BrandId,
        batch: MintBatchId,
        index: u32,
    ) -> Result<Option<UnitScans>, ScanStoreError> {
        Ok(count::of_unit(&self.store.shared.pool, brand, batch, index).await?)
    }

    async fn forget_before(&self, day: ScanDay) -> Result<u64, ScanStoreError> {
        Ok(forget::before(&self.store.shared.pool, day).await?)
    }
}
