//! The answers as each flaw makes them: jobs, batches, serials.

use std::collections::HashSet;
use std::sync::Arc;

use dpp_core::gs1::{Gtin, Serial};
use dpp_core::identity::MintBatchId;
use dpp_core::identity::serial::{SerialAllocation, SerialDirectory};
use dpp_core::mint::{BatchStatus, JobStatus};
use dpp_core::read::ReadFold;
use dpp_core::store::{
    BatchQuery, BatchRecord, JobKey, Order, ProvidedSerial, ReadStore, RunnableJob, RunnableJobs,
};
use dpp_core::unit::{UnitExceptions, UnitStatus, UnitsOfBatch};
use dpp_core::{BrandId, PageLimit, ProductId, Timestamp};

use super::flaw::Flaw;
use super::reads::{Answer, BrokenReads, refused};

type Records = Vec<Arc<BatchRecord>>;

impl BrokenReads {
    pub(super) async fn all_batches(&self, brand: BrandId) -> Answer<Records> {
        let (query, order) = (BatchQuery::default(), Order::OldestFirst);
        let sound: &ReadFold = &self.sound;
        sound
            .batches(brand, &query, order, None, PageLimit::MAX)
            .await
    }

    pub(super) async fn wrong_jobs(
        &self,
        now: Timestamp,
        limit: PageLimit,
    ) -> Answer<RunnableJobs> {
        let earlier = Timestamp::from_unix_millis(now.unix_millis() - 1);
        let (now, asked) = match self.flaw {
            Flaw::B05Held => (Timestamp::from_unix_millis(i64::MAX), limit),
            Flaw::B05End => (earlier, limit),
            Flaw::A02Runnable | Flaw::A04Runnable | Flaw::B05Newest => (now, PageLimit::MAX),
            _ => (now, limit),
        };
        let mut answer = self.sound.runnable_jobs(now, asked).await?;
        let jobs = &mut answer.jobs;
        match self.flaw {
            Flaw::A02Runnable => {
                let mut seen = HashSet::new();
                jobs.retain(|job| seen.insert(job.job));
            }
            Flaw::B05Newest => jobs.reverse(),
            Flaw::B05Over => jobs.extend(self.jobs(JobStatus::is_over).await?),
            Flaw::B05Draft => {
                jobs.extend(self.jobs(|job| job == JobStatus::Preflighted).await?);
            }
            _ => (),
        }
        if matches!(self.flaw, Flaw::B05Over | Flaw::B05Draft) {
            jobs.sort_by_key(|job| (job.accepted_at, job.job));
        }
        if !self.is(Flaw::A04Runnable) {
            jobs.truncate(limit.get());
        }
        Ok(answer)
    }

    async fn jobs(&self, wanted: fn(JobStatus) -> bool) -> Answer<Vec<RunnableJob>> {
        let mut jobs = Vec::new();
        for brand in self.brands().await? {
            let records = self.all_batches(brand).await?;
            let records = records.iter().filter(|record| wanted(record.job()));
            jobs.extend(records.map(|record| RunnableJob {
                brand,
                job: record.batch.facts.mint_job_id,
                accepted_at: record.accepted_at,
            }));
        }
        Ok(jobs)
    }

    /// What stands where there is no such batch.
    pub(super) async fn wrong_batch(&self, batch: MintBatchId) -> Answer<Option<Arc<BatchRecord>>> {
        if self.is(Flaw::A02Batch) {
            for brand in self.brands().await? {
                if let Some(found) = self.sound.batch(brand, batch).await? {
                    return Ok(Some(found));
                }
            }
        }
        Ok(None)
    }

    pub(super) fn has_prefix(&self, record: &BatchRecord) -> bool {
        record.batch.status != BatchStatus::Draft || !self.is(Flaw::B02Prefix)
    }

    pub(super) async fn wrong_record(
        &self,
        brand: BrandId,
        record: Arc<BatchRecord>,
    ) -> Answer<Arc<BatchRecord>> {
        let id = record.batch.facts.mint_batch_id;
        if self.is(Flaw::A01Kept) {
            let mut kept = self.kept.lock().unwrap();
            let known = kept.get(&id).filter(|known| known.batch == record.batch);
            let known = known.unwrap_or(&record).clone();
            kept.insert(id, known.clone());
            return Ok(known);
        }
        let mut wrong = (*record).clone();
        match self.flaw {
            Flaw::B01Cycles => wrong.cycles.clear(),
            Flaw::B01Changed => wrong.changed_at = wrong.accepted_at,
            Flaw::B01Failure => {
                let mut failures = self.failures.lock().unwrap();
                failures.extend(wrong.failure.take().map(|failure| (id, failure)));
                wrong.failure = failures.get(&id).cloned();
            }
            Flaw::U05Voided | Flaw::U05Lots | Flaw::U05Twice | Flaw::U05Born => {
                let exceptions = self.sound.unit_exceptions(brand, id).await?;
                self.miscount(&mut wrong, &exceptions);
            }
            _ => (),
        }
        Ok(Arc::new(wrong))
    }

    fn miscount(&self, record: &mut BatchRecord, exceptions: &UnitExceptions) {
        let mut exceptions = exceptions.clone();
        let mut units = record.of_units();
        match self.flaw {
            Flaw::U05Voided => units.voided = false,
            Flaw::U05Born => units.born = UnitStatus::Minted,
            Flaw::U05Lots => exceptions.lots = Default::default(),
            _ => (),
        }
        let mut counts = units.count(&exceptions);
        if self.is(Flaw::U05Twice) {
            exceptions.revoked = Default::default();
            let unvoided = UnitsOfBatch {
                voided: false,
                ..units
            };
            counts.active = unvoided.count(&exceptions).active;
        }
        record.units = counts;
    }

    fn ignoring(&self, query: &BatchQuery) -> BatchQuery {
        let mut query = query.clone();
        match self.flaw {
            Flaw::B04Status => query.status = None,
            Flaw::B04Job => query.job_status = None,
            Flaw::B04Product => query.product = None,
            Flaw::B04Lot | Flaw::B04LotCase => query.lot = None,
            Flaw::B04Holding => query.holding = None,
            Flaw::B04Ids => query.ids = None,
            Flaw::B04Serials => query.serials = None,
            _ => (),
        }
        query
    }

    pub(super) async fn wrong_batches(
        &self,
        brand: BrandId,
        query: &BatchQuery,
        order: Order,
        after: Option<JobKey>,
        limit: PageLimit,
    ) -> Answer<Records> {
        let asked = self.ignoring(query);
        let from = after.filter(|_| !matches!(self.flaw, Flaw::B03Order | Flaw::B03Repeats));
        let all = match self.flaw {
            Flaw::A04Filter => BatchQuery::default(),
            _ => asked,
        };
        let rows = match self.flaw {
            Flaw::A04Filter => limit,
            _ => PageLimit::MAX,
        };
        let mut page = self.sound.batches(brand, &all, order, from, rows).await?;
        let key = |record: &Arc<BatchRecord>| record.key();
        match self.flaw {
            Flaw::A04Filter => page.retain(|record| query.matches(record)),
            Flaw::B03Order => {
                page.sort_by_key(|record| key(record).batch);
                if order == Order::NewestFirst {
                    page.reverse();
                }
                page.retain(|record| {
                    after.is_none_or(|after| match order {
                        Order::NewestFirst => key(record).batch < after.batch,
                        Order::OldestFirst => key(record).batch > after.batch,
                    })
                });
            }
            Flaw::B03Repeats => page.retain(|record| {
                after.is_none_or(|after| match order {
                    Order::NewestFirst => key(record) <= after,
                    Order::OldestFirst => key(record) >= after,
                })
            }),
            Flaw::B03Time => page
                .retain(|record| after.is_none_or(|after| after.accepted_at != record.accepted_at)),
            Flaw::B04LotCase => page.retain(|record| {
                let mut lots = record.batch.facts.lots.as_slice().iter();
                query.lot.is_none_or(|code| {
                    lots.any(|lot| lot.lot_code.as_str().eq_ignore_ascii_case(code.as_str()))
                })
            }),
            _ => (),
        }
        page.truncate(limit.get() + usize::from(self.is(Flaw::A04Batches)));
        Ok(page)
    }

    pub(super) async fn wrong_products(
        &self,
        brand: BrandId,
        gtin: Gtin,
    ) -> Answer<Vec<ProductId>> {
        let mut found = self.sound.products_with_gtin(brand, gtin).await?;
        match self.flaw {
            Flaw::A02Gtin => {
                for other in self.brands().await? {
                    found.extend(self.sound.products_with_gtin(other, gtin).await?);
                }
                found.sort_unstable();
                found.dedup();
            }
            Flaw::B06Order => found.reverse(),
            Flaw::B06Twice => {
                let records = self.all_batches(brand).await?;
                let with_gtin = records.iter().filter(|r| r.batch.facts.gtin == Some(gtin));
                found = with_gtin
                    .map(|record| record.batch.facts.product_id)
                    .collect();
                found.sort_unstable();
            }
            _ => (),
        }
        Ok(found)
    }

    pub(super) async fn wrong_directory(
        &self,
        brand: BrandId,
        product: ProductId,
    ) -> Answer<Option<Arc<SerialDirectory>>> {
        let found = self.sound.serial_directory(brand, product).await?;
        if found.is_none() || !matches!(self.flaw, Flaw::S01Over | Flaw::S01Numbers) {
            return Ok(found);
        }
        let mut directory = SerialDirectory::default();
        for record in self.all_batches(brand).await? {
            let serials = record.batch.identity.as_ref().map(|fixed| &fixed.serials);
            let number = matches!(serials, Some(SerialAllocation::Numeric38 { .. }));
            let lost = match self.flaw {
                Flaw::S01Over => record.job().is_over(),
                _ => number,
            };
            if let Some(serials) = serials.filter(|_| !lost)
                && record.batch.facts.product_id == product
            {
                directory.insert(record.batch.facts.mint_batch_id, serials);
            }
        }
        Ok(Some(Arc::new(directory)))
    }

    pub(super) async fn wrong_provided(
        &self,
        brand: BrandId,
        prefix: &str,
        after: Option<ProvidedSerial>,
        limit: PageLimit,
    ) -> Answer<Vec<ProvidedSerial>> {
        if self.is(Flaw::A03Prefix) && !prefix.is_empty() {
            Serial::parse(prefix).map_err(|_| refused())?;
        }
        let dictionary = |row: &ProvidedSerial| row.serial.as_str().to_lowercase();
        let begins = |row: &ProvidedSerial| {
            let text = row.serial.as_str();
            let head = text.get(..prefix.len()).unwrap_or_default();
            match self.flaw {
                Flaw::S02Case => head.eq_ignore_ascii_case(prefix),
                Flaw::S02Pattern => {
                    let mut pairs = head.chars().zip(prefix.chars());
                    head.len() == prefix.len() && pairs.all(|(c, p)| p == '_' || c == p)
                }
                _ => text.starts_with(prefix),
            }
        };
        let mut rows = self
            .sound
            .provided_serials(brand, "", None, PageLimit::MAX)
            .await?;
        rows.retain(begins);
        match (self.flaw, after) {
            (Flaw::S02After, _) | (_, None) => (),
            (Flaw::S02Order, Some(after)) => {
                rows.retain(|row| dictionary(row) > dictionary(&after));
            }
            (_, Some(after)) => rows.retain(|row| *row > after),
        }
        match self.flaw {
            Flaw::S02Order => rows.sort_by_key(dictionary),
            Flaw::S02Once => rows.dedup_by_key(|row| row.serial),
            _ => (),
        }
        rows.truncate(limit.get());
        Ok(rows)
    }
}
