//! The fold as the read port: it reads on from the log, then answers.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use async_trait::async_trait;

use super::ReadFold;
use crate::gs1::Gtin;
use crate::identity::serial::SerialDirectory;
use crate::identity::{BatchPrefix, MintBatchId};
use crate::ids::{BrandId, ExportId, ProductId};
use crate::store::log::{PageLimit, Position, RecordedEvent};
use crate::store::{
    BatchFold, BatchQuery, BatchRecord, BrandCounters, DueExports, EventQuery, ExportQuery,
    ExportRecord, JobKey, Order, ProvidedSerial, ReadStore, ReadStoreError, RunnableJobs,
};
use crate::time::Timestamp;
use crate::unit::UnitExceptions;

#[async_trait]
impl ReadStore for ReadFold {
    async fn runnable_jobs(
        &self,
        now: Timestamp,
        limit: PageLimit,
    ) -> Result<RunnableJobs, ReadStoreError> {
        let unreadable = self.catch_up_all().await?;
        Ok(RunnableJobs {
            jobs: self.read().runnable(now, limit, &brands(&unreadable)),
            unreadable,
        })
    }

    async fn batch(
        &self,
        brand: BrandId,
        batch: MintBatchId,
    ) -> Result<Option<Arc<BatchRecord>>, ReadStoreError> {
        self.catch_up_brand(brand).await?;
        Ok(self.read().batch(brand, batch))
    }

    async fn batches_with_ids(
        &self,
        brand: BrandId,
        batches: &[MintBatchId],
    ) -> Result<Vec<Arc<BatchRecord>>, ReadStoreError> {
        self.catch_up_brand(brand).await?;
        let (known, asked) = (self.read(), batches.iter().collect::<BTreeSet<_>>());
        let found = asked.into_iter().filter_map(|id| known.batch(brand, *id));
        Ok(found.collect())
    }

    async fn batch_with_units(
        &self,
        brand: BrandId,
        prefix: BatchPrefix,
        _units: Range<u32>,
    ) -> Result<Option<BatchFold>, ReadStoreError> {
        self.catch_up_brand(brand).await?;
        let known = self.read();
        let found = known.by_prefix(brand, prefix);
        Ok(found.map(|record| BatchFold {
            exceptions: known.exceptions(brand, record.batch.facts.mint_batch_id),
            record,
        }))
    }

    async fn batch_by_prefix(
        &self,
        brand: BrandId,
        prefix: BatchPrefix,
    ) -> Result<Option<Arc<BatchRecord>>, ReadStoreError> {
        self.catch_up_brand(brand).await?;
        Ok(self.read().by_prefix(brand, prefix))
    }

    async fn batches(
        &self,
        brand: BrandId,
        query: &BatchQuery,
        order: Order,
        after: Option<JobKey>,
        limit: PageLimit,
    ) -> Result<Vec<Arc<BatchRecord>>, ReadStoreError> {
        self.catch_up_brand(brand).await?;
        Ok(self.read().batches(brand, query, order, after, limit))
    }

    async fn products_with_gtin(
        &self,
        brand: BrandId,
        gtin: Gtin,
    ) -> Result<Vec<ProductId>, ReadStoreError> {
        self.catch_up_brand(brand).await?;
        Ok(self.read().products_with_gtin(brand, gtin))
    }

    async fn serial_directory(
        &self,
        brand: BrandId,
        product: ProductId,
    ) -> Result<Option<Arc<SerialDirectory>>, ReadStoreError> {
        self.catch_up_brand(brand).await?;
        Ok(self.read().directory(brand, product))
    }

    async fn provided_serials(
        &self,
        brand: BrandId,
        prefix: &str,
        after: Option<ProvidedSerial>,
        limit: PageLimit,
    ) -> Result<Vec<ProvidedSerial>, ReadStoreError> {
        self.catch_up_brand(brand).await?;
        Ok(self.read().provided(brand, prefix, after, limit))
    }

    async fn unit_exceptions(
        &self,
        brand: BrandId,
        batch: MintBatchId,
    ) -> Result<Arc<UnitExceptions>, ReadStoreError> {
        self.catch_up_brand(brand).await?;
        Ok(self.read().exceptions(brand, batch))
    }

    async fn exceptions_within(
        &self,
        brand: BrandId,
        batch: MintBatchId,
        _units: Range<u32>,
    ) -> Result<Arc<UnitExceptions>, ReadStoreError> {
        self.unit_exceptions(brand, batch).await
    }

    async fn exports(
        &self,
        brand: BrandId,
        query: &ExportQuery,
        order: Order,
        after: Option<ExportId>,
        limit: PageLimit,
    ) -> Result<Vec<ExportRecord>, ReadStoreError> {
        self.catch_up_brand(brand).await?;
        Ok(self.read().exports(brand, query, order, after, limit))
    }

    async fn runnable_exports(
        &self,
        now: Timestamp,
        limit: PageLimit,
    ) -> Result<DueExports, ReadStoreError> {
        let unreadable = self.catch_up_all().await?;
        let left_out = brands(&unreadable);
        Ok(DueExports {
            exports: self.read().runnable_exports(now, limit, &left_out),
            unreadable,
        })
    }

    async fn expiring_exports(
        &self,
        now: Timestamp,
        limit: PageLimit,
    ) -> Result<DueExports, ReadStoreError> {
        let unreadable = self.catch_up_all().await?;
        let left_out = brands(&unreadable);
        Ok(DueExports {
            exports: self.read().expiring_exports(now, limit, &left_out),
            unreadable,
        })
    }

    async fn events(
        &self,
        brand: BrandId,
        query: &EventQuery,
        order: Order,
        after: Option<Position>,
        limit: PageLimit,
    ) -> Result<Vec<RecordedEvent>, ReadStoreError> {
        self.catch_up_brand(brand).await?;
        self.page_of_events(brand, query, order, after, limit).await
    }

    async fn counters(&self, brand: BrandId) -> Result<BrandCounters, ReadStoreError> {
        self.catch_up_brand(brand).await?;
        Ok(self.read().counters(brand))
    }
}

/// The brands that cannot be read.
fn brands(unreadable: &[ReadStoreError]) -> Vec<BrandId> {
    unreadable
        .iter()
        .filter_map(ReadStoreError::brand)
        .collect()
}
