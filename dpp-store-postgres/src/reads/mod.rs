//! The read port over the read tables.
//!
//! Each question is one statement, and so one moment. It begins at the head of its brand, which
//! says whether the brand's log has an event that could not be read, and goes by an index from
//! key to key. [`answer`] has what all questions share, and [`all_brands`] what those do that are
//! about no single brand.
//!
//! This room must not know how the tables come to be.

mod all_brands;
mod answer;
mod batches;
mod directories;
mod events;
mod events_asked;
mod exports;
mod listings;
mod runnable;
mod units;
mod unreadable;

use std::ops::Range;
use std::sync::Arc;

use async_trait::async_trait;
use dpp_core::gs1::Gtin;
use dpp_core::identity::serial::SerialDirectory;
use dpp_core::identity::{BatchPrefix, MintBatchId};
use dpp_core::store::log::{Position, RecordedEvent};
use dpp_core::store::{
    BatchFold, BatchQuery, BatchRecord, BrandCounters, DueExports, EventQuery, ExportQuery,
    ExportRecord, JobKey, Order, ProvidedSerial, ReadStore, ReadStoreError, RunnableJobs,
};
use dpp_core::unit::UnitExceptions;
use dpp_core::{BrandId, ExportId, PageLimit, ProductId, Timestamp};

use crate::store::PostgresStore;
use answer::Asking;
pub(crate) use directories::Directories;

impl PostgresStore {
    fn asking(&self, brand: BrandId) -> Asking<'_> {
        Asking {
            shared: &self.shared,
            brand,
        }
    }
}

#[async_trait]
impl ReadStore for PostgresStore {
    async fn runnable_jobs(
        &self,
        now: Timestamp,
        limit: PageLimit,
    ) -> Result<RunnableJobs, ReadStoreError> {
        runnable::jobs(&self.shared, now, limit).await
    }

    async fn batch(
        &self,
        brand: BrandId,
        batch: MintBatchId,
    ) -> Result<Option<Arc<BatchRecord>>, ReadStoreError> {
        batches::by_id(self.asking(brand), batch).await
    }

    async fn batches_with_ids(
        &self,
        brand: BrandId,
        batches: &[MintBatchId],
    ) -> Result<Vec<Arc<BatchRecord>>, ReadStoreError> {
        batches::by_ids(self.asking(brand), batches).await
    }

    async fn batch_with_units(
        &self,
        brand: BrandId,
        prefix: BatchPrefix,
        units: Range<u32>,
    ) -> Result<Option<BatchFold>, ReadStoreError> {
        units::with_batch(self.asking(brand), prefix, units).await
    }

    async fn batch_by_prefix(
        &self,
        brand: BrandId,
        prefix: BatchPrefix,
    ) -> Result<Option<Arc<BatchRecord>>, ReadStoreError> {
        batches::by_prefix(self.asking(brand), prefix).await
    }

    async fn batches(
        &self,
        brand: BrandId,
        query: &BatchQuery,
        order: Order,
        after: Option<JobKey>,
        limit: PageLimit,
    ) -> Result<Vec<Arc<BatchRecord>>, ReadStoreError> {
        batches::page(self.asking(brand), query, order, after, limit).await
    }

    async fn products_with_gtin(
        &self,
        brand: BrandId,
        gtin: Gtin,
    ) -> Result<Vec<ProductId>, ReadStoreError> {
        listings::products(self.asking(brand), gtin).await
    }

    async fn serial_directory(
        &self,
        brand: BrandId,
        product: ProductId,
    ) -> Result<Option<Arc<SerialDirectory>>, ReadStoreError> {
        directories::of(self.asking(brand), product).await
    }

    async fn provided_serials(
        &self,
        brand: BrandId,
        prefix: &str,
        after: Option<ProvidedSerial>,
        limit: PageLimit,
    ) -> Result<Vec<ProvidedSerial>, ReadStoreError> {
        listings::provided(self.asking(brand), prefix, after, limit).await
    }

    async fn unit_exceptions(
        &self,
        brand: BrandId,
        batch: MintBatchId,
    ) -> Result<Arc<UnitExceptions>, ReadStoreError> {
        units::all(self.asking(brand), batch).await
    }

    async fn exceptions_within(
        &self,
        brand: BrandId,
        batch: MintBatchId,
        units: Range<u32>,
    ) -> Result<Arc<UnitExceptions>, ReadStoreError> {
        units::within(self.asking(brand), batch, units).await
    }

    async fn exports(
        &self,
        brand: BrandId,
        query: &ExportQuery,
        order: Order,
        after: Option<ExportId>,
        limit: PageLimit,
    ) -> Result<Vec<ExportRecord>, ReadStoreError> {
        exports::listing(self.asking(brand), query, order, after, limit).await
    }

    async fn runnable_exports(
        &self,
        now: Timestamp,
        limit: PageLimit,
    ) -> Result<DueExports, ReadStoreError> {
        exports::runnable(&self.shared, now, limit).await
    }

    async fn expiring_exports(
        &self,
        now: Timestamp,
        limit: PageLimit,
    ) -> Result<DueExports, ReadStoreError> {
        exports::expiring(&self.shared, now, limit).await
    }

    async fn events(
        &self,
        brand: BrandId,
        query: &EventQuery,
        order: Order,
        after: Option<Position>,
        limit: PageLimit,
    ) -> Result<Vec<RecordedEvent>, ReadStoreError> {
        events::page(self.asking(brand), query, order, after, limit).await
    }

    async fn counters(&self, brand: BrandId) -> Result<BrandCounters, ReadStoreError> {
        listings::counters(self.asking(brand)).await
    }
}
