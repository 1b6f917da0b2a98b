//! Which rows events touch, and reading them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use dpp_core::identity::MintBatchId;
use dpp_core::store::{BatchFold, BatchRecord, ExportRecord, OfBatch, Told};
use dpp_core::unit::{UnitCounts, UnitEvent, UnitExceptions, UnitSet};
use dpp_core::{BrandId, ExportId};
use tokio_postgres::Row;
use uuid::Uuid;

use super::{chunk, exports};
use crate::fault::Failed;
use crate::pipeline::Step;

/// The rows that events touch.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    batches: BTreeSet<Uuid>,
    /// Those whose exceptions are needed as a whole.
    whole: BTreeSet<Uuid>,
    chunks: BTreeSet<(Uuid, i32)>,
    exports: BTreeSet<Uuid>,
}

impl Wanted {
    /// A batch, with what happened to the units of a range.
    pub(crate) fn units(batch: MintBatchId, units: Range<u32>) -> Self {
        let id = *batch.as_uuid();
        let last = units.end.max(units.start + 1) - 1;
        let chunks = chunk::of(units.start)..=chunk::of(last);
        Self {
            batches: BTreeSet::from([id]),
            chunks: chunks.map(|chunk| (id, chunk)).collect(),
            ..Self::default()
        }
    }

    pub(crate) fn add(&mut self, told: &Told) {
        match told {
            Told::OfBatch(batch, told) => self.add_of_batch(*batch.as_uuid(), told),
            Told::OfExport(export, _) => {
                self.exports.insert(*export.as_uuid());
            }
            _ => {}
        }
    }

    fn add_of_batch(&mut self, batch: Uuid, told: &OfBatch) {
        self.batches.insert(batch);
        match told {
            OfBatch::Unit(UnitEvent::Activated(event)) => {
                self.chunks.insert((batch, chunk::of(event.index)));
            }
            OfBatch::Unit(UnitEvent::Revoked(event)) => {
                self.chunks.insert((batch, chunk::of(event.index)));
            }
            OfBatch::Mint(_) | OfBatch::Lot(_) | OfBatch::Units(_) => {
                self.whole.insert(batch);
            }
        }
    }

    /// The statements that read these rows. They are as many whatever is wanted, but for the
    /// exports.
    pub(crate) fn steps(&self, brand: BrandId) -> Vec<Step<'static>> {
        if self.batches.is_empty() && self.exports.is_empty() {
            return Vec::new();
        }
        let brand = *brand.as_uuid();
        let batches: Vec<Uuid> = self.batches.iter().copied().collect();
        let whole: Vec<Uuid> = self.whole.iter().copied().collect();
        let single = self
            .chunks
            .iter()
            .filter(|(batch, _)| !self.whole.contains(batch));
        let (of, chunks): (Vec<Uuid>, Vec<i32>) = single.copied().unzip();
        let exports_asked: Vec<Uuid> = self.exports.iter().copied().collect();
        let mut steps = vec![
            Step::With(BATCHES, vec![Box::new(brand), Box::new(batches)]),
            Step::With(WHOLE, vec![Box::new(brand), Box::new(whole)]),
            Step::With(
                CHUNKS,
                vec![Box::new(brand), Box::new(of), Box::new(chunks)],
            ),
        ];
        steps.extend(exports::load(brand, exports_asked));
        steps
    }
}

// With `OFFSET 0` the planner looks each row up by itself. If there are more indexes than the key,
// it could go through another for a brand that it takes to be small: so it is asked for an order
// that only the key has.

const BATCHES: &str = "SELECT b.batch_id, b.record, u.made, u.active, u.revoked, u.active_lots
      FROM unnest($2::uuid[]) AS asked (batch_id)
     CROSS JOIN LATERAL (
           SELECT * FROM batch b
            WHERE b.brand_id = $1 AND b.batch_id BETWEEN asked.batch_id AND asked.batch_id
            ORDER BY b.batch_id
           OFFSET 0) b
      LEFT JOIN LATERAL (
           SELECT * FROM batch_units u
            WHERE u.brand_id = $1 AND u.batch_id = asked.batch_id
           OFFSET 0) u ON true";

const WHOLE: &str = "SELECT e.batch_id, e.chunk, e.activated, e.revoked
      FROM unnest($2::uuid[]) AS asked (batch_id)
     CROSS JOIN LATERAL (
           SELECT * FROM unit_exceptions e
            WHERE e.brand_id = $1 AND e.batch_id = asked.batch_id
           OFFSET 0) e";

const CHUNKS: &str = "SELECT e.batch_id, e.chunk, e.activated, e.revoked
      FROM unnest($2::uuid[], $3::integer[]) AS asked (batch_id, chunk)
     CROSS JOIN LATERAL (
           SELECT * FROM unit_exceptions e
            WHERE e.brand_id = $1 AND e.batch_id = asked.batch_id AND e.chunk = asked.chunk
           OFFSET 0) e";

/// The rows that were read.
#[derive(Debug, Default)]
pub(crate) struct Loaded {
    pub(super) batches: BTreeMap<MintBatchId, BatchFold>,
    pub(super) exports: BTreeMap<ExportId, ExportRecord>,
}

impl Loaded {
    /// A batch that was read.
    pub(crate) fn batch(&mut self, batch: MintBatchId) -> Option<BatchFold> {
        self.batches.remove(&batch)
    }
}

impl Loaded {
    /// The rows that the [steps](Wanted::steps) gave.
    pub(crate) fn of(answers: &[Vec<Row>]) -> Result<Self, Failed> {
        let mut loaded = Self::default();
        let [batches, whole, chunks, rest @ ..] = answers else {
            return Ok(loaded);
        };
        let mut exceptions: BTreeMap<Uuid, UnitExceptions> = BTreeMap::new();
        for row in whole.iter().chain(chunks) {
            let of_batch = exceptions.entry(row.try_get(0)?).or_default();
            add_chunk(of_batch, row, 1)?;
        }
        for row in batches {
            let id: Uuid = row.try_get(0)?;
            let mut exceptions = exceptions.remove(&id).unwrap_or_default();
            exceptions.lots = lots(row, 5)?;
            let record = record(row, 1)?;
            let batch = record.batch.facts.mint_batch_id;
            let fold = BatchFold {
                record: Arc::new(record),
                exceptions: Arc::new(exceptions),
            };
            loaded.batches.insert(batch, fold);
        }
        if let Some(rows) = rest.first() {
            loaded.exports = exports::loaded(rows)?;
        }
        Ok(loaded)
    }
}

/// A record out of the columns `record, made, active, revoked`.
pub(crate) fn record(row: &Row, from: usize) -> Result<BatchRecord, Failed> {
    let json: &[u8] = row.try_get(from)?;
    let count = |at: usize| -> Result<u64, Failed> {
        let count: Option<i64> = row.try_get(at)?;
        Ok(u64::try_from(count.unwrap_or(0)).unwrap_or(0))
    };
    let units = UnitCounts {
        made: count(from + 1)?,
        active: count(from + 2)?,
        revoked: count(from + 3)?,
    };
    BatchRecord::from_stored_json(json, units)
        .map_err(|error| Failed::damaged(format_args!("the record of a batch: {error}")))
}

/// The lots out of the column `active_lots`.
pub(crate) fn lots(row: &Row, at: usize) -> Result<UnitSet, Failed> {
    let lots: Option<Vec<i32>> = row.try_get(at)?;
    let lots = lots.unwrap_or_default().into_iter();
    Ok(lots.filter_map(|lot| u32::try_from(lot).ok()).collect())
}

/// Adds the units out of the columns `chunk, activated, revoked`.
pub(crate) fn add_chunk(to: &mut UnitExceptions, row: &Row, from: usize) -> Result<(), Failed> {
    let chunk: i32 = row.try_get(from)?;
    let added = chunk::add(to, chunk, row.try_get(from + 1)?, row.try_get(from + 2)?);
    added.ok_or_else(|| Failed::damaged(format_args!("units of chunk {chunk} of a batch")))
}
