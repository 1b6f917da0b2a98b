//! One clause being checked: a log with its read side, and the usual questions.

use std::fmt;
use std::ops::{Deref, Range};
use std::sync::Arc;

use super::fixture::ReadFixture;
use super::history::History;
use crate::gs1::Gtin;
use crate::identity::serial::SerialDirectory;
use crate::identity::{BatchPrefix, MintBatchId};
use crate::store::log::{Position, RecordedEvent};
use crate::store::{
    BatchFold, BatchQuery, BatchRecord, BrandCounters, DueExport, DueExports, EventQuery,
    EventStore, ExportQuery, ExportRecord, JobKey, Order, ProvidedSerial, ReadStore,
    ReadStoreError, RunnableJob,
};
use crate::testing::kit::{Checked, Trial};
use crate::unit::UnitExceptions;
use crate::{BrandId, ExportId, PageLimit, ProductId, Timestamp};

pub(super) const ORDERS: [Order; 2] = [Order::NewestFirst, Order::OldestFirst];

const NOON: i64 = 1_800_000_000_000;

#[derive(Debug)]
pub(super) struct ReadCase {
    trial: Trial,
    pub(super) log: Arc<dyn EventStore>,
    pub(super) reads: Arc<dyn ReadStore>,
    /// A brand without events.
    pub(super) brand: BrandId,
}

impl Deref for ReadCase {
    type Target = Trial;

    fn deref(&self) -> &Trial {
        &self.trial
    }
}

impl ReadCase {
    pub(super) async fn open(fixture: &ReadFixture, clause: &'static str) -> Self {
        let trial = fixture.run.trial(clause);
        let (log, reads) = fixture.open().await;
        Self {
            brand: trial.brand(0),
            trial,
            log,
            reads,
        }
    }

    /// The beginning of the brand's history.
    pub(super) fn history(&self) -> History<'_> {
        self.history_of(self.brand)
    }

    pub(super) fn history_of(&self, brand: BrandId) -> History<'_> {
        History::new(self, brand, Timestamp::from_unix_millis(NOON))
    }

    /// The same long ago, at a time of its own: jobs of others that may run come later.
    pub(super) fn early_history_of(&self, brand: BrandId) -> History<'_> {
        let second = u32::from_be_bytes(self.bytes("early", 0)) >> 2;
        let now = Timestamp::from_unix_millis(i64::from(second) * 1_000);
        History::new(self, brand, now)
    }

    pub(super) fn export(&self, number: u64) -> ExportId {
        ExportId::from_uuid(self.uuid("export", number))
    }

    fn answered<T>(&self, what: &str, answer: Result<T, ReadStoreError>) -> Checked<T> {
        answer.map_err(|error| self.violation(format!("{what} gave the error `{error}`")))
    }
}

/// Questions.
impl ReadCase {
    pub(super) async fn batch(
        &self,
        brand: BrandId,
        batch: MintBatchId,
    ) -> Checked<Option<Arc<BatchRecord>>> {
        self.answered("a batch", self.reads.batch(brand, batch).await)
    }

    /// A batch that has to be there.
    pub(super) async fn record(
        &self,
        brand: BrandId,
        batch: MintBatchId,
    ) -> Checked<Arc<BatchRecord>> {
        let found = self.batch(brand, batch).await?;
        found.ok_or_else(|| self.violation("a batch is not found by its id"))
    }

    pub(super) async fn by_prefix(
        &self,
        brand: BrandId,
        prefix: BatchPrefix,
    ) -> Checked<Option<Arc<BatchRecord>>> {
        let found = self.reads.batch_by_prefix(brand, prefix).await;
        self.answered("a batch by its prefix", found)
    }

    pub(super) async fn batches(
        &self,
        brand: BrandId,
        query: &BatchQuery,
        order: Order,
        after: Option<JobKey>,
        limit: PageLimit,
    ) -> Checked<Vec<Arc<BatchRecord>>> {
        let page = self.reads.batches(brand, query, order, after, limit).await;
        self.answered("a page of batches", page)
    }

    /// The keys of all batches for which a query holds.
    pub(super) async fn keys(
        &self,
        brand: BrandId,
        query: &BatchQuery,
        order: Order,
    ) -> Checked<Vec<JobKey>> {
        let page = self
            .batches(brand, query, order, None, PageLimit::MAX)
            .await?;
        Ok(page.iter().map(|record| record.key()).collect())
    }

    /// The jobs of a brand that may run, as far as they are among the first of all brands.
    pub(super) async fn runnable(
        &self,
        brand: BrandId,
        now: Timestamp,
    ) -> Checked<Vec<RunnableJob>> {
        let answer = self.reads.runnable_jobs(now, PageLimit::MAX).await;
        let mut runnable = self.answered("the runnable jobs", answer)?;
        let of_brand = |error: &&ReadStoreError| error.brand() == Some(brand);
        if let Some(error) = runnable.unreadable.iter().find(of_brand) {
            return Err(self.violation(format!("a brand was left out of runnable jobs: {error}")));
        }
        runnable.jobs.retain(|job| job.brand == brand);
        Ok(runnable.jobs)
    }

    pub(super) async fn products(&self, brand: BrandId, gtin: Gtin) -> Checked<Vec<ProductId>> {
        let found = self.reads.products_with_gtin(brand, gtin).await;
        self.answered("the products of a GTIN", found)
    }

    pub(super) async fn directory(
        &self,
        brand: BrandId,
        product: ProductId,
    ) -> Checked<Option<Arc<SerialDirectory>>> {
        let found = self.reads.serial_directory(brand, product).await;
        self.answered("the directory of a product", found)
    }

    pub(super) async fn provided(
        &self,
        brand: BrandId,
        prefix: &str,
        after: Option<ProvidedSerial>,
        limit: PageLimit,
    ) -> Checked<Vec<ProvidedSerial>> {
        let page = self
            .reads
            .provided_serials(brand, prefix, after, limit)
            .await;
        self.answered(
            &format!("provided serials that begin with `{prefix}`"),
            page,
        )
    }

    pub(super) async fn exceptions(
        &self,
        brand: BrandId,
        batch: MintBatchId,
    ) -> Checked<Arc<UnitExceptions>> {
        let found = self.reads.unit_exceptions(brand, batch).await;
        self.answered("the exceptions of a batch", found)
    }

    pub(super) async fn many(
        &self,
        brand: BrandId,
        batches: &[MintBatchId],
    ) -> Checked<Vec<Arc<BatchRecord>>> {
        let found = self.reads.batches_with_ids(brand, batches).await;
        self.answered("many batches at once", found)
    }

    pub(super) async fn with_units(
        &self,
        brand: BrandId,
        prefix: BatchPrefix,
        units: Range<u32>,
    ) -> Checked<Option<BatchFold>> {
        let found = self.reads.batch_with_units(brand, prefix, units).await;
        self.answered("a batch with some of its units", found)
    }

    pub(super) async fn within(
        &self,
        brand: BrandId,
        batch: MintBatchId,
        units: Range<u32>,
    ) -> Checked<Arc<UnitExceptions>> {
        let found = self.reads.exceptions_within(brand, batch, units).await;
        self.answered("the exceptions of some units", found)
    }

    pub(super) async fn exports(
        &self,
        brand: BrandId,
        query: &ExportQuery,
        order: Order,
        after: Option<ExportId>,
        limit: PageLimit,
    ) -> Checked<Vec<ExportRecord>> {
        let page = self.reads.exports(brand, query, order, after, limit).await;
        self.answered("a page of exports", page)
    }

    /// All exports of a brand.
    pub(super) async fn all_exports(&self, brand: BrandId) -> Checked<Vec<ExportRecord>> {
        let (query, order) = (ExportQuery::ALL, Order::OldestFirst);
        self.exports(brand, &query, order, None, PageLimit::MAX)
            .await
    }

    /// The exports of a brand that may be taken, as far as they are among the first of all
    /// brands.
    pub(super) async fn runnable_exports(
        &self,
        brand: BrandId,
        now: Timestamp,
    ) -> Checked<Vec<DueExport>> {
        let answer = self.reads.runnable_exports(now, PageLimit::MAX).await;
        self.due_exports(brand, "the runnable exports", answer)
    }

    /// The same of exports that can be expired.
    pub(super) async fn expiring_exports(
        &self,
        brand: BrandId,
        now: Timestamp,
    ) -> Checked<Vec<DueExport>> {
        let answer = self.reads.expiring_exports(now, PageLimit::MAX).await;
        self.due_exports(brand, "the expiring exports", answer)
    }

    fn due_exports(
        &self,
        brand: BrandId,
        what: &str,
        answer: Result<DueExports, ReadStoreError>,
    ) -> Checked<Vec<DueExport>> {
        let mut due = self.answered(what, answer)?;
        let of_brand = |error: &&ReadStoreError| error.brand() == Some(brand);
        if let Some(error) = due.unreadable.iter().find(of_brand) {
            return Err(self.violation(format!("a brand was left out of {what}: {error}")));
        }
        due.exports.retain(|export| export.brand == brand);
        Ok(due.exports)
    }

    pub(super) async fn events(
        &self,
        brand: BrandId,
        query: &EventQuery,
        order: Order,
        after: Option<Position>,
        limit: PageLimit,
    ) -> Checked<Vec<RecordedEvent>> {
        let page = self.reads.events(brand, query, order, after, limit).await;
        self.answered("a page of events", page)
    }

    pub(super) async fn counters(&self, brand: BrandId) -> Checked<BrandCounters> {
        self.answered("the counters", self.reads.counters(brand).await)
    }

    /// The brand's feed, as the log itself gives it.
    pub(super) async fn feed(&self, brand: BrandId) -> Checked<Vec<RecordedEvent>> {
        let mut events = Vec::new();
        let mut after = None;
        loop {
            let page = self.log.read_feed(brand, after, PageLimit::MAX).await;
            let failed = |error| self.violation(format!("the log gave the error `{error}`"));
            let page = page.map_err(failed)?;
            events.extend(page.events);
            after = page.upto;
            if !page.more {
                return Ok(events);
            }
        }
    }
}

/// Where two lists first differ; a longer message would help nobody.
pub(super) fn difference<T: PartialEq + fmt::Debug>(got: &[T], due: &[T]) -> Option<String> {
    let place = got.iter().zip(due).position(|(got, due)| got != due);
    match place {
        Some(place) => Some(format!(
            "number {place} is {:?}, but should be {:?}",
            got.get(place),
            due.get(place)
        )),
        None if got.len() != due.len() => {
            Some(format!("there are {} instead of {}", got.len(), due.len()))
        }
        None => None,
    }
}

impl ReadCase {
    /// Whether two lists are the same.
    pub(super) fn same_list<T: PartialEq + fmt::Debug>(
        &self,
        what: &str,
        got: &[T],
        due: &[T],
    ) -> Checked {
        match difference(got, due) {
            Some(difference) => Err(self.violation(format!("{what}: {difference}"))),
            None => Ok(()),
        }
    }
}

/// A listing that gives more rows than this has no end.
const MOST_ROWS: usize = 4_000;

/// A listing that is read page by page, each beyond the last row of the one before. A page
/// that is shorter than its limit is the last.
#[derive(Debug)]
pub(super) struct Pages<T> {
    pub(super) limit: PageLimit,
    pub(super) rows: Vec<T>,
    ended: bool,
}

impl<T> Pages<T> {
    pub(super) const fn of(limit: PageLimit) -> Self {
        Self {
            limit,
            rows: Vec::new(),
            ended: false,
        }
    }

    /// Whether another page is due.
    pub(super) fn go_on(&self, case: &ReadCase) -> Checked<bool> {
        let endless = format!("a listing does not end after {MOST_ROWS} rows");
        case.require(self.rows.len() < MOST_ROWS, endless)?;
        Ok(!self.ended)
    }

    pub(super) fn add(&mut self, page: Vec<T>) {
        self.ended = page.len() < self.limit.get();
        self.rows.extend(page);
    }
}
