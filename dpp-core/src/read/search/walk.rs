//! A search by prefix, stage by stage and batch by batch.

use std::sync::Arc;

use uuid::Uuid;

use super::hit::SearchHit;
use crate::access::BrandScope;
use crate::gs1::Serial;
use crate::identity::{Found, IdPrefix, MintBatchId, Search};
use crate::ids::ExportId;
use crate::read::listing::{BatchRow, CursorKey};
use crate::read::reads::{Reads, ReadsError};
use crate::read::unit_rows::Picked;
use crate::store::log::PageLimit;
use crate::store::{BatchQuery, BatchRecord, ExportRecord, JobKey, Order, ProvidedSerial};

/// How many steps one search may take: some milliseconds at about ten nanoseconds each.
const STEPS: u32 = 200_000;

/// What it costs, in steps, to look at a batch whose codes have to be made first.
const BATCH: u32 = 1_000;

/// How many batches are asked for at once.
const BATCHES: PageLimit = PageLimit::new(64);

/// The stages of a search, in their order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Stage {
    #[default]
    Serials,
    Provided,
    Batches,
    Exports,
    UnitIds,
}

impl Stage {
    const ALL: [Self; 5] = [
        Self::Serials,
        Self::Provided,
        Self::Batches,
        Self::Exports,
        Self::UnitIds,
    ];

    fn next(self) -> Option<Self> {
        let at = Self::ALL.iter().position(|stage| *stage == self)?;
        Self::ALL.get(at + 1).copied()
    }
}

/// Where a search goes on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Place {
    stage: Stage,
    behind: Behind,
}

/// Behind what of its stage.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Behind {
    #[default]
    Nothing,
    /// Behind a batch.
    Batch(JobKey),
    /// Inside a batch, from there on.
    Within(JobKey, u64),
    Provided(ProvidedSerial),
    Export(ExportId),
}

enum Row {
    Batch(Arc<BatchRecord>),
    Export(ExportRecord),
    Unit(Arc<BatchRecord>, u32),
}

pub(super) struct Walk<'a> {
    reads: &'a Reads,
    scope: &'a BrandScope,
    text: &'a str,
    id: Option<IdPrefix>,
    most: usize,
    steps: u32,
    rows: Vec<Row>,
}

/// How a stage ended.
enum End {
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
            most,
            steps: STEPS,
            rows: Vec::new(),
        }
    }

    /// Finds what there is room for; gives where to go on, unless that is the end.
    pub(super) async fn go_on(&mut self, from: Place) -> Result<Option<Place>, ReadsError> {
        let mut place = Some(from);
        while let Some(Place { stage, behind }) = place {
            let end = match stage {
                Stage::Serials => self.units(stage, behind).await?,
                Stage::Provided => self.provided(behind).await?,
                Stage::Batches => self.batches(behind).await?,
                Stage::Exports => self.exports(behind).await?,
                Stage::UnitIds => self.units(stage, behind).await?,
            };
            if let End::Stopped(behind) = end {
                return Ok(Some(Place { stage, behind }));
            }
            let behind = Behind::Nothing;
            place = stage.next().map(|stage| Place { stage, behind });
        }
        Ok(None)
    }

    fn room(&self) -> usize {
        self.most.saturating_sub(self.rows.len())
    }

    /// One more than there is room for: by it shows whether anything follows.
    fn limit(&self) -> PageLimit {
        PageLimit::new(u32::try_from(self.room() + 1).unwrap_or(1))
    }

    async fn batches(&mut self, behind: Behind) -> Result<End, ReadsError> {
        let Some(id) = self.id else {
            return Ok(End::Done);
        };
        let Some(ids) = id.batches() else {
            return Ok(End::Done);
        };
        let query = BatchQuery {
            ids: Some(ids),
            ..BatchQuery::default()
        };
        let mut last = behind.batch();
        loop {
            let records = self.records(&query, last, BATCHES).await?;
            let full = records.len() == BATCHES.get();
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
        let ids = of(id.ids().start())..=of(id.ids().end());
        let found = self
            .reads
            .store
            .exports(self.scope.brand(), ids, last, self.limit());
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
            let limit = self.limit();
            let found = self
                .reads
                .store
                .provided_serials(brand, self.text, last, limit);
            let found = found.await?;
            let full = found.len() == limit.get();
            for row in found {
                let record = self.reads.store.batch(brand, row.batch).await?;
                let made = record.filter(|record| row.index < record.batch.minted);
                if let Some(record) = made {
                    if self.room() == 0 {
                        return Ok(End::Stopped(last.map_or(Behind::Nothing, Behind::Provided)));
                    }
                    self.rows.push(Row::Unit(record, row.index));
                }
                last = Some(row);
                if !self.take(BATCH) {
                    return Ok(End::Stopped(Behind::Provided(row)));
                }
            }
            if !full {
                return Ok(End::Done);
            }
        }
    }

    /// Units by their derived serials, or by their ids.
    async fn units(&mut self, stage: Stage, behind: Behind) -> Result<End, ReadsError> {
        let Some(query) = self.query_of(stage) else {
            return Ok(End::Done);
        };
        if let Behind::Within(key, from) = behind {
            let begun = self
                .reads
                .store
                .batch(self.scope.brand(), key.batch)
                .await?;
            if let Some(stopped) = self.within(stage, begun, from).await? {
                return Ok(End::Stopped(Behind::Within(key, stopped)));
            }
        }
        let mut last = behind.batch();
        loop {
            let records = self.records(&query, last, BATCHES).await?;
            let full = records.len() == BATCHES.get();
            for record in records {
                let key = record.key();
                if record.batch.minted > 0 && !self.take(BATCH) {
                    return Ok(End::Stopped(last.into()));
                }
                if let Some(stopped) = self.within(stage, Some(record), 0).await? {
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
            _ => query.serials = Some(Serial::parse(self.text).ok()?.to_string()),
        }
        Some(query)
    }

    /// The units of one batch; gives where it stopped, if that is not the batch's end.
    async fn within(
        &mut self,
        stage: Stage,
        record: Option<Arc<BatchRecord>>,
        from: u64,
    ) -> Result<Option<u64>, ReadsError> {
        let Some(record) = record.filter(|record| record.batch.minted > 0) else {
            return Ok(None);
        };
        let Some(units) = self.reads.units_of(&record) else {
            return Ok(None);
        };
        let mut from = from;
        loop {
            let search = Search {
                made: record.batch.minted,
                from,
                most: self.room() + 1,
                steps: &mut self.steps,
            };
            let found = match (stage, &self.id) {
                (Stage::UnitIds, Some(id)) => units.identity().find_by_id(id, search),
                (Stage::UnitIds, None) => Found::default(),
                _ => units.identity().find_by_serial(self.text, search),
            };
            for (unit, next) in found.units {
                let batch = record.batch.facts.mint_batch_id;
                if stage == Stage::UnitIds
                    && self.has_serial(batch, unit.index, unit.serial).await?
                {
                    from = next;
                    continue;
                }
                if self.room() == 0 {
                    return Ok(Some(from));
                }
                self.rows.push(Row::Unit(record.clone(), unit.index));
                from = next;
            }
            match found.stopped_at {
                Some(stopped) if self.steps == 0 => return Ok(Some(stopped)),
                Some(stopped) => from = stopped,
                None => return Ok(None),
            }
        }
    }

    /// Whether a unit was found by its serial already.
    async fn has_serial(
        &self,
        batch: MintBatchId,
        index: u32,
        derived: Option<Serial>,
    ) -> Result<bool, ReadsError> {
        if let Some(serial) = derived {
            return Ok(serial.as_str().starts_with(self.text));
        }
        let one = PageLimit::new(1);
        let brand = self.scope.brand();
        let any = self
            .reads
            .store
            .provided_serials(brand, self.text, None, one);
        if any.await?.is_empty() {
            return Ok(false);
        }
        let row = self.reads.unit_at(self.scope, batch, index).await?;
        let serial = row.and_then(|row| row.serial);
        Ok(serial.is_some_and(|serial| serial.as_str().starts_with(self.text)))
    }

    async fn records(
        &self,
        query: &BatchQuery,
        after: Option<JobKey>,
        limit: PageLimit,
    ) -> Result<Vec<Arc<BatchRecord>>, ReadsError> {
        let (brand, order) = (self.scope.brand(), Order::NewestFirst);
        let found = self.reads.store.batches(brand, query, order, after, limit);
        Ok(found.await?)
    }

    fn take(&mut self, steps: u32) -> bool {
        let enough = self.steps >= steps;
        self.steps = self.steps.saturating_sub(steps);
        enough
    }

    /// What was found, as it is shown.
    pub(super) async fn show(self) -> Result<Vec<SearchHit>, ReadsError> {
        let of_batches = self.rows.iter().filter_map(|row| match row {
            Row::Batch(record) => Some(record.batch.facts.product_id),
            Row::Export(_) | Row::Unit(..) => None,
        });
        let products = self.reads.products(self.scope, of_batches).await?;
        let mut picked = Vec::new();
        for row in &self.rows {
            if let Row::Unit(record, index) = row {
                let batch = record.batch.facts.mint_batch_id;
                let brand = self.scope.brand();
                picked.push(Picked {
                    record: record.clone(),
                    exceptions: self.reads.store.unit_exceptions(brand, batch).await?,
                    indexes: vec![*index],
                });
            }
        }
        let units = self.reads.unit_rows(self.scope, &picked).await?;
        let mut units = units.into_iter().map(|(_, row)| row);
        let shown = self.rows.iter().filter_map(|row| match row {
            Row::Batch(record) => Some(SearchHit::Batch(BatchRow::of(record, &products))),
            Row::Export(export) => Some(SearchHit::of_export(export)),
            Row::Unit(..) => units.next().map(SearchHit::Token),
        });
        Ok(shown.collect())
    }
}

impl Behind {
    /// The batch behind which the next begins.
    const fn batch(self) -> Option<JobKey> {
        match self {
            Self::Batch(key) | Self::Within(key, _) => Some(key),
            _ => None,
        }
    }
}

impl From<Option<JobKey>> for Behind {
    fn from(last: Option<JobKey>) -> Self {
        last.map_or(Self::Nothing, Self::Batch)
    }
}

impl CursorKey for Place {
    fn push_to(&self, bytes: &mut Vec<u8>) {
        let stage = Stage::ALL.iter().position(|stage| *stage == self.stage);
        bytes.push(
            stage
                .and_then(|stage| u8::try_from(stage).ok())
                .unwrap_or(0),
        );
        match self.behind {
            Behind::Nothing => bytes.push(0),
            Behind::Batch(key) => {
                bytes.push(1);
                key.push_to(bytes);
            }
            Behind::Within(key, from) => {
                bytes.push(2);
                (key, from).push_to(bytes);
            }
            Behind::Provided(row) => {
                bytes.push(3);
                bytes.extend_from_slice(row.batch.as_uuid().as_bytes());
                row.index.push_to(bytes);
                bytes.extend_from_slice(row.serial.as_bytes());
            }
            Behind::Export(export) => {
                bytes.push(4);
                bytes.extend_from_slice(export.as_uuid().as_bytes());
            }
        }
    }

    fn take_from(bytes: &mut &[u8]) -> Option<Self> {
        let [stage, kind] = <[u8; 2]>::take_from(bytes)?;
        let uuid = |bytes: &mut &[u8]| <[u8; 16]>::take_from(bytes).map(Uuid::from_bytes);
        let behind = match kind {
            0 => Behind::Nothing,
            1 => Behind::Batch(JobKey::take_from(bytes)?),
            2 => {
                let (key, from) = <(JobKey, u64)>::take_from(bytes)?;
                Behind::Within(key, from)
            }
            3 => {
                let batch = MintBatchId::try_from(uuid(bytes)?).ok()?;
                let index = u32::take_from(bytes)?;
                let serial = std::str::from_utf8(std::mem::take(bytes)).ok()?;
                Behind::Provided(ProvidedSerial {
                    serial: serial.parse().ok()?,
                    batch,
                    index,
                })
            }
            4 => Behind::Export(ExportId::from_uuid(uuid(bytes)?)),
            _ => return None,
        };
        let stage = *Stage::ALL.get(usize::from(stage))?;
        Some(Self { stage, behind })
    }
}
