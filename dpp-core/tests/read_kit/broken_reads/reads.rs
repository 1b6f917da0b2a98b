//! The fold with switches: each flaw changes one thing that a real read side could get wrong.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use dpp_core::gs1::Gtin;
use dpp_core::identity::serial::SerialDirectory;
use dpp_core::identity::{BatchPrefix, MintBatchId};
use dpp_core::read::ReadFold;
use dpp_core::store::log::{Position, ReadError, RecordedEvent, StoreFault};
use dpp_core::store::{
    BatchFold, BatchQuery, BatchRecord, BrandCounters, DueExports, EventQuery, EventStore,
    ExportQuery, ExportRecord, JobKey, Order, ProvidedSerial, ReadStore, ReadStoreError,
    RunnableJobs,
};
use dpp_core::unit::UnitExceptions;
use dpp_core::{BrandId, ExportId, PageLimit, ProductId, Timestamp};

use super::flaw::Flaw;
use super::lag::{Horizon, LaggingLog};

pub(super) type Answer<T> = Result<T, ReadStoreError>;

#[derive(Debug)]
pub(crate) struct BrokenReads {
    pub(super) flaw: Flaw,
    pub(super) log: Arc<dyn EventStore>,
    pub(super) sound: ReadFold,
    late: ReadFold,
    horizon: Horizon,
    pub(super) kept: Mutex<HashMap<MintBatchId, Arc<BatchRecord>>>,
    pub(super) failures: Mutex<HashMap<MintBatchId, String>>,
}

impl BrokenReads {
    pub(crate) fn new(log: Arc<dyn EventStore>, flaw: Flaw) -> Self {
        let horizon = Horizon::default();
        let lagging = LaggingLog {
            inner: Arc::clone(&log),
            horizon: Arc::clone(&horizon),
        };
        Self {
            flaw,
            sound: ReadFold::new(Arc::clone(&log)),
            late: ReadFold::new(Arc::new(lagging)),
            log,
            horizon,
            kept: Mutex::default(),
            failures: Mutex::default(),
        }
    }

    pub(super) fn is(&self, flaw: Flaw) -> bool {
        self.flaw == flaw
    }

    /// The fold that answers: one that reads on only after it has answered, or the sound one.
    pub(super) fn fold(&self, late: Flaw) -> &ReadFold {
        match self.is(late) {
            true => &self.late,
            false => &self.sound,
        }
    }

    /// Reads on once a question was answered.
    async fn read_on<T>(&self, brand: BrandId, answer: Answer<T>) -> Answer<T> {
        self.sound.catch_up_brand(brand).await?;
        if let Some(position) = self.sound.position(brand) {
            self.horizon.lock().unwrap().insert(brand, position);
        }
        answer
    }

    pub(super) async fn brands(&self) -> Answer<Vec<BrandId>> {
        let heads = self.log.heads(None, PageLimit::MAX).await?.heads;
        Ok(heads.iter().map(|head| head.brand).collect())
    }
}

pub(super) fn refused() -> ReadStoreError {
    ReadStoreError::Read(ReadError::Unavailable(StoreFault::new("no rows")))
}

#[async_trait]
impl ReadStore for BrokenReads {
    async fn runnable_jobs(&self, now: Timestamp, limit: PageLimit) -> Answer<RunnableJobs> {
        self.wrong_jobs(now, limit).await
    }

    async fn batch(&self, brand: BrandId, batch: MintBatchId) -> Answer<Option<Arc<BatchRecord>>> {
        let found = self.sound.batch(brand, batch).await?;
        let answer = match found {
            Some(record) => Ok(Some(self.wrong_record(brand, record).await?)),
            None => self.wrong_batch(batch).await,
        };
        self.read_on(brand, answer).await
    }

    async fn batch_by_prefix(
        &self,
        brand: BrandId,
        prefix: BatchPrefix,
    ) -> Answer<Option<Arc<BatchRecord>>> {
        let fold = self.fold(Flaw::A01Prefix);
        let answer = fold.batch_by_prefix(brand, prefix).await;
        let answer = answer.map(|found| found.filter(|record| self.has_prefix(record)));
        self.read_on(brand, answer).await
    }

    async fn batches(
        &self,
        brand: BrandId,
        query: &BatchQuery,
        order: Order,
        after: Option<JobKey>,
        limit: PageLimit,
    ) -> Answer<Vec<Arc<BatchRecord>>> {
        let answer = self.wrong_batches(brand, query, order, after, limit).await;
        self.read_on(brand, answer).await
    }

    async fn products_with_gtin(&self, brand: BrandId, gtin: Gtin) -> Answer<Vec<ProductId>> {
        let answer = self.wrong_products(brand, gtin).await;
        self.read_on(brand, answer).await
    }

    async fn serial_directory(
        &self,
        brand: BrandId,
        product: ProductId,
    ) -> Answer<Option<Arc<SerialDirectory>>> {
        let answer = self.wrong_directory(brand, product).await;
        self.read_on(brand, answer).await
    }

    async fn provided_serials(
        &self,
        brand: BrandId,
        prefix: &str,
        after: Option<ProvidedSerial>,
        limit: PageLimit,
    ) -> Answer<Vec<ProvidedSerial>> {
        let answer = self.wrong_provided(brand, prefix, after, limit).await;
        self.read_on(brand, answer).await
    }

    async fn unit_exceptions(
        &self,
        brand: BrandId,
        batch: MintBatchId,
    ) -> Answer<Arc<UnitExceptions>> {
        let fold = self.fold(Flaw::A01Exceptions);
        let found = fold.unit_exceptions(brand, batch).await?;
        let answer = self.wrong_exceptions(brand, batch, (*found).clone()).await;
        self.read_on(brand, answer.map(Arc::new)).await
    }

    async fn batches_with_ids(
        &self,
        brand: BrandId,
        batches: &[MintBatchId],
    ) -> Answer<Vec<Arc<BatchRecord>>> {
        let wanted = match self.flaw {
            Flaw::B02Many => batches.get(2..).unwrap_or_default(),
            _ => batches,
        };
        let mut found = Vec::new();
        for batch in BTreeSet::from_iter(wanted) {
            found.extend(self.batch(brand, *batch).await?);
        }
        Ok(found)
    }

    async fn batch_with_units(
        &self,
        brand: BrandId,
        prefix: BatchPrefix,
        units: Range<u32>,
    ) -> Answer<Option<BatchFold>> {
        let Some(record) = self.batch_by_prefix(brand, prefix).await? else {
            return Ok(None);
        };
        let batch = record.batch.facts.mint_batch_id;
        let exceptions = match self.flaw {
            Flaw::U06Bare => Arc::default(),
            _ => self.exceptions_within(brand, batch, units).await?,
        };
        Ok(Some(BatchFold { record, exceptions }))
    }

    async fn exceptions_within(
        &self,
        brand: BrandId,
        batch: MintBatchId,
        units: Range<u32>,
    ) -> Answer<Arc<UnitExceptions>> {
        let whole = self.unit_exceptions(brand, batch).await?;
        let cut = match self.flaw {
            Flaw::U06Short => units.start..units.end.saturating_sub(1),
            _ => units,
        };
        Ok(Arc::new(UnitExceptions {
            activated: whole.activated.within(&cut),
            revoked: whole.revoked.within(&cut),
            lots: match self.flaw {
                Flaw::U06Lots => whole.lots.within(&cut),
                _ => whole.lots.clone(),
            },
        }))
    }

    async fn exports(
        &self,
        brand: BrandId,
        query: &ExportQuery,
        order: Order,
        after: Option<ExportId>,
        limit: PageLimit,
    ) -> Answer<Vec<ExportRecord>> {
        let fold = self.fold(Flaw::A01Exports);
        let answer = self.wrong_exports(fold, brand, query, order, after, limit);
        let answer = answer.await;
        self.read_on(brand, answer).await
    }

    async fn runnable_exports(&self, now: Timestamp, limit: PageLimit) -> Answer<DueExports> {
        self.wrong_runnable_exports(now, limit).await
    }

    async fn expiring_exports(&self, now: Timestamp, limit: PageLimit) -> Answer<DueExports> {
        self.wrong_expiring_exports(now, limit).await
    }

    async fn events(
        &self,
        brand: BrandId,
        query: &EventQuery,
        order: Order,
        after: Option<Position>,
        limit: PageLimit,
    ) -> Answer<Vec<RecordedEvent>> {
        let answer = self.wrong_events(brand, query, order, after, limit).await;
        self.read_on(brand, answer).await
    }

    async fn counters(&self, brand: BrandId) -> Answer<BrandCounters> {
        let answer = self.wrong_counters(brand).await;
        self.read_on(brand, answer).await
    }
}
