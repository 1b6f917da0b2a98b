//! A search by prefix, stage by stage.

use std::collections::HashMap;
use std::sync::Arc;

use uuid::Uuid;

use super::place::{Behind, Place, Stage};
use super::units::Pools;
use crate::access::BrandScope;
use crate::identity::{IdPrefix, MintBatchId, NumberPrefix, Unit};
use crate::ids::ExportId;
use crate::read::reads::{Reads, ReadsError};
use crate::store::log::PageLimit;
use crate::store::{BatchQuery, BatchRecord, ExportQuery, ExportRecord, JobKey, Order};

/// How many steps one search may take: two to four milliseconds at about ten nanoseconds each.
/// The bench `search` measures what each kind of step costs.
const STEPS: u32 = 250_000;

/// What it costs, in steps, to look at a batch whose codes have to be made first.
pub(super) const BATCH: u32 = 300;

/// What it costs, in steps, to pass over a batch of many.
const PASSED: u32 = 25;

/// How many rows are asked for at once.
const AT_ONCE: PageLimit = PageLimit::new(64);

pub(super) enum Row {
    Batch(Arc<BatchRecord>),
    Export(ExportRecord),
    Unit(Arc<BatchRecord>, Unit),
}

/// A search on its way to a page.
pub(super) struct Walk<'a> {
    pub(super) reads: &'a Reads,
    pub(super) scope: &'a BrandScope,
    pub(super) text: &'a str,
    pub(super) id: Option<IdPrefix>,
    pub(super) numbers: Option<Arc<NumberPrefix>>,
    pub(super) most: usize,
    pub(super) steps: u32,
    pub(super) rows: Vec<Row>,
    pub(super) pools: Pools,
    known: HashMap<MintBatchId, Option<Arc<BatchRecord>>>,
}

/// How a stage ended.
pub(super) enum End {
    /// There is nothing more.
    Done,
    /// There is room for nothing more, or no time: go on from there.
    Stopped(Behind),
}

impl<'a> Walk<'a> {
    pub(super) fn new(reads: &'a Reads, scope: &'a BrandScope, text: &'a str, most: usize) -> Self {
        Self {
            reads,
            scope,
            text,
            id: IdPrefix::parse(text),
            numbers: NumberPrefix::parse(text).map(Arc::new),
            most,
            steps: STEPS,
            rows: Vec::new(),
            pools: Pools::default(),
            known: HashMap::new(),
        }
    }

    /// Finds what there is room for; gives where to go on, unless that is the end.
    pub(super) async fn go_on(&mut self, from: Place) -> Result<Option<Place>, ReadsError> {
        let mut place = Some(from);
        while let Some(Place { stage, behind }) = place {
            let end = match stage {
                Stage::Serials | Stage::UnitIds => self.units(stage, behind).await?,
                Stage::Provided => self.provided(behind).await?,
                Stage::Batches => self.batches(behind).await?,
                Stage::Exports => self.exports(behind).await?,
            };
            if let End::Stopped(behind) = end {
                return Ok(Some(Place { stage, behind }));
            }
            let behind = Behind::Nothing;
            place = stage.next().map(|stage| Place { stage, behind });
        }
        Ok(None)
    }

    pub(super) fn room(&self) -> usize {
        self.most.saturating_sub(self.rows.len())
    }

    /// One more than there is room for: by it shows whether anything follows.
    fn limit(&self) -> PageLimit {
        PageLimit::new(u32::try_from(self.room() + 1).unwrap_or(1))
    }

    async fn batches(&mut self, behind: Behind) -> Result<End, ReadsError> {
        let Some((id, ids)) = self.id.and_then(|id| Some((id, id.batches()?))) else {
            return Ok(End::Done);
        };
        let query = BatchQuery {
            ids: Some(ids),
            ..BatchQuery::default()
        };
        let mut last = behind.batch();
        loop {
            let records = self.records(&query, last).await?;
            let full = records.len() == AT_ONCE.get();
            for record in records {
                let key = record.key();
                if id.matches(record.batch.facts.mint_batch_id.as_uuid()) {
                    if self.room() == 0 {
                        return Ok(End::Stopped(last.into()));
                    }
                    self.rows.push(Row::Batch(record));
                }
                last = Some(key);
            }
            if !full {
                return Ok(End::Done);
            }
        }
    }

    async fn exports(&mut self, behind: Behind) -> Result<End, ReadsError> {
        let Some(id) = self.id else {
            return Ok(End::Done);
        };
        let mut last = match behind {
            Behind::Export(export) => Some(export),
            _ => None,
        };
        let of = |id: &Uuid| ExportId::from_uuid(*id);
        let query = ExportQuery {
            ids: of(id.ids().start())..=of(id.ids().end()),
            batch: None,
        };
        let (brand, order) = (self.scope.brand(), Order::OldestFirst);
        let found = self
            .reads
            .store
            .exports(brand, &query, order, last, self.limit());
        for export in found.await? {
            if self.room() == 0 {
                return Ok(End::Stopped(last.map_or(Behind::Nothing, Behind::Export)));
            }
            last = Some(export.export_id);
            self.rows.push(Row::Export(export));
        }
        Ok(End::Done)
    }

    async fn provided(&mut self, behind: Behind) -> Result<End, ReadsError> {
        let mut last = match behind {
            Behind::Provided(row) => Some(row),
            _ => None,
        };
        loop {
            let brand = self.scope.brand();
            let found = self
                .reads
                .store
                .provided_serials(brand, self.text, last, AT_ONCE);
            let found = found.await?;
            let full = found.len() == AT_ONCE.get();
            for row in found {
                let here = last.map_or(Behind::Nothing, Behind::Provided);
                if !self.take(PASSED) {
                    return Ok(End::Stopped(here));
                }
                let record = self.record(row.batch).await?;
                if let Some((record, mut unit)) = self.unit_at(record, row.index) {
                    if self.room() == 0 {
                        return Ok(End::Stopped(here));
                    }
                    self.take(BATCH);
                    unit.serial = Some(row.serial);
                    self.rows.push(Row::Unit(record, unit));
                }
                last = Some(row);
            }
            if !full {
                return Ok(End::Done);
            }
        }
    }

    /// A batch as it was when this search first asked for it.
    pub(super) async fn record(
        &mut self,
        batch: MintBatchId,
    ) -> Result<Option<Arc<BatchRecord>>, ReadsError> {
        if let Some(known) = self.known.get(&batch) {
            return Ok(known.clone());
        }
        let record = self.reads.store.batch(self.scope.brand(), batch).await?;
        self.known.insert(batch, record.clone());
        Ok(record)
    }

    /// Units by their derived serials, or by their ids.
    async fn units(&mut self, stage: Stage, behind: Behind) -> Result<End, ReadsError> {
        let Some(query) = self.query_of(stage) else {
            return Ok(End::Done);
        };
        if let Behind::Within(key, from) = behind {
            let brand = self.scope.brand();
            if let Some(begun) = self.reads.store.batch(brand, key.batch).await?
                && let Some(stopped) = self.within(stage, &begun, from).await?
            {
                return Ok(End::Stopped(Behind::Within(key, stopped)));
            }
        }
        let mut last = behind.batch();
        loop {
            let records = self.records(&query, last).await?;
            let full = records.len() == AT_ONCE.get();
            for record in records {
                let key = record.key();
                if !self.take(PASSED) {
                    return Ok(End::Stopped(last.into()));
                }
                if let Some(stopped) = self.within(stage, &record, 0).await? {
                    return Ok(End::Stopped(Behind::Within(key, stopped)));
                }
                last = Some(key);
            }
            if !full {
                return Ok(End::Done);
            }
        }
    }

    fn query_of(&self, stage: Stage) -> Option<BatchQuery> {
        let mut query = BatchQuery::default();
        match stage {
            Stage::UnitIds => query.ids = Some(self.id?.batches_of_units()?),
            _ => query.serials = Some(crate::gs1::Serial::parse(self.text).ok()?.to_string()),
        }
        Some(query)
    }

    async fn records(
        &self,
        query: &BatchQuery,
        after: Option<JobKey>,
    ) -> Result<Vec<Arc<BatchRecord>>, ReadsError> {
        let (brand, order) = (self.scope.brand(), Order::NewestFirst);
        let found = self
            .reads
            .store
            .batches(brand, query, order, after, AT_ONCE);
        Ok(found.await?)
    }

    /// Takes steps; whether there were enough.
    pub(super) fn take(&mut self, steps: u32) -> bool {
        let enough = self.steps >= steps;
        self.steps = self.steps.saturating_sub(steps);
        enough
    }

    /// The unit of a batch at an index, without a serial that its brand brought; none if it is
    /// not made.
    pub(super) fn unit_at(
        &self,
        record: Option<Arc<BatchRecord>>,
        index: u32,
    ) -> Option<(Arc<BatchRecord>, Unit)> {
        let record = record.filter(|record| index < record.batch.minted)?;
        let unit = self.reads.units_of(&record)?.identity().unit(index)?;
        Some((record, unit))
    }
}
