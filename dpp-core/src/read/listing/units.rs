//! Units, as listings show them.

use std::mem;
use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::page::{Listed, Page, PageRequest};
use super::{Asked, Listing};
use crate::access::BrandScope;
use crate::gs1::{Gtin, LotCode, Serial};
use crate::identity::{MintBatchId, MintUnitId};
use crate::ids::ProductId;
use crate::read::reads::{Reads, ReadsError};
use crate::read::units::Picked;
use crate::store::log::PageLimit;
use crate::store::{BatchQuery, BatchRecord, JobKey, Order};
use crate::time::Timestamp;
use crate::unit::{UnitExceptions, UnitStatus};

/// Which units to list: those for which all that is given holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UnitFilter {
    /// Their batch; all of the brand if none is given.
    pub mint_batch_id: Option<MintBatchId>,
    /// Their product.
    pub product_id: Option<ProductId>,
    /// Where they stand.
    pub status: Option<UnitStatus>,
    /// Their lot.
    pub lot_code: Option<LotCode>,
}

impl UnitFilter {
    /// The units of one batch.
    pub fn of_batch(batch: MintBatchId) -> Self {
        Self {
            mint_batch_id: Some(batch),
            ..Self::default()
        }
    }
}

/// One unit, as a listing shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnitRow {
    /// Its id.
    pub mint_unit_id: MintUnitId,
    /// Its batch.
    pub mint_batch_id: MintBatchId,
    /// Its place in its batch, from 0.
    pub index: u32,
    /// Its product.
    pub product_id: ProductId,
    /// The product's SKU as it is now; none if the product is gone.
    pub product_sku: Option<String>,
    /// Its serial; none in lot mode.
    pub serial: Option<Serial>,
    /// Its product's GTIN when its job was accepted.
    pub gtin: Option<Gtin>,
    /// What is printed on it.
    pub resolver_url: String,
    /// Its lot; none in serial mode.
    pub lot_code: Option<LotCode>,
    /// Where it stands.
    pub status: UnitStatus,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Listed for UnitRow {
    const NAME: &'static str = "units";
}

/// How many batches are looked at together for units.
const BATCHES_AT_ONCE: PageLimit = PageLimit::new(100);

impl Reads {
    /// The units of a brand or of a batch. The newest first: by when their jobs were accepted,
    /// those of one batch by index.
    ///
    /// A page stays right while units are made: no unit comes twice, and none is left out that
    /// was there when the first page was read. Of one batch, the oldest first, that holds for
    /// those that are made meanwhile, too.
    ///
    /// A unit whose state changes between two pages is listed, by a filter for states, as it
    /// stands when its page is read.
    ///
    /// # Errors
    /// [`ReadsError::Cursor`] for a cursor of another listing; [`ReadsError::Store`],
    /// [`ReadsError::Catalogue`] and [`ReadsError::Provided`] when one of them fails.
    pub async fn list_mint_units(
        &self,
        scope: &BrandScope,
        filter: &UnitFilter,
        request: &PageRequest,
    ) -> Result<Page<UnitRow>, ReadsError> {
        let asked: Asked<(JobKey, u32)> = Asked::read(Listing::Units, scope, filter, request)?;
        let picked = self.pick(scope, filter, &asked).await?;
        let rows = self.unit_rows(scope, &picked).await?;
        Ok(asked.page(rows, |(key, row)| (*key, row.index), |(_, row)| row))
    }

    /// The units of a page and one more, batch by batch.
    async fn pick(
        &self,
        scope: &BrandScope,
        filter: &UnitFilter,
        asked: &Asked<(JobKey, u32)>,
    ) -> Result<Vec<Picked>, ReadsError> {
        let order = asked.request.order;
        let mut missing = asked.request.limit.and_one().get();
        let mut picked = Vec::new();
        let begun = match (filter.mint_batch_id, asked.after) {
            (Some(batch), _) => Some(batch),
            (None, Some((key, _))) => Some(key.batch),
            (None, None) => None,
        };
        if let Some(begun) = begun {
            let record = self.store.batch(scope.brand(), begun).await?;
            let records = record.into_iter().collect();
            self.pick_of(scope, filter, asked, records, &mut missing, &mut picked)
                .await?;
        }
        let query = BatchQuery {
            product: filter.product_id,
            lot: filter.lot_code,
            holding: filter.status,
            ..BatchQuery::default()
        };
        let mut after = asked.after.map(|(key, _)| key);
        while missing > 0 && filter.mint_batch_id.is_none() {
            let brand = scope.brand();
            let records = self
                .store
                .batches(brand, &query, order, after, BATCHES_AT_ONCE);
            let records = records.await?;
            let Some(last) = records.last() else { break };
            after = Some(last.key());
            self.pick_of(scope, filter, asked, records, &mut missing, &mut picked)
                .await?;
        }
        Ok(picked)
    }

    async fn pick_of(
        &self,
        scope: &BrandScope,
        filter: &UnitFilter,
        asked: &Asked<(JobKey, u32)>,
        records: Vec<Arc<BatchRecord>>,
        missing: &mut usize,
        picked: &mut Vec<Picked>,
    ) -> Result<(), ReadsError> {
        for record in records {
            let Some(range) = indexes(filter, &record, asked) else {
                continue;
            };
            if *missing == 0 {
                break;
            }
            let batch = record.batch.facts.mint_batch_id;
            let (brand, order) = (scope.brand(), asked.request.order);
            let (indexes, exceptions) = match filter.status {
                None => {
                    let indexes = take(range, order, *missing);
                    let within = self.store.exceptions_within(brand, batch, span(&indexes));
                    (indexes, within.await?)
                }
                Some(status) => {
                    let all = self.store.unit_exceptions(brand, batch).await?;
                    (choose(&record, &all, status, range, order, *missing), all)
                }
            };
            *missing -= indexes.len();
            picked.push(Picked {
                record,
                exceptions,
                indexes,
            });
        }
        Ok(())
    }
}

/// The indexes of a batch among which its units are that a page asks for; none if it has none.
fn indexes(
    filter: &UnitFilter,
    record: &BatchRecord,
    asked: &Asked<(JobKey, u32)>,
) -> Option<Range<u32>> {
    let facts = &record.batch.facts;
    if filter
        .product_id
        .is_some_and(|product| product != facts.product_id)
    {
        return None;
    }
    let all = match filter.lot_code {
        None => 0..record.batch.minted,
        Some(code) => {
            let number = facts
                .lots
                .as_slice()
                .iter()
                .position(|lot| lot.lot_code == code)?;
            let lot = facts.lots.units_of(number)?;
            lot.start..lot.end.min(record.batch.minted)
        }
    };
    let left = match (asked.after, asked.request.order) {
        (Some((key, index)), Order::NewestFirst) if key == record.key() => {
            all.start..all.end.min(index)
        }
        (Some((key, index)), Order::OldestFirst) if key == record.key() => {
            all.start.max(index.saturating_add(1))..all.end
        }
        _ => all,
    };
    (!left.is_empty()).then_some(left)
}

fn choose(
    record: &BatchRecord,
    exceptions: &UnitExceptions,
    status: UnitStatus,
    range: Range<u32>,
    order: Order,
    most: usize,
) -> Vec<u32> {
    let mut chosen = Vec::with_capacity(most);
    let mut rest = range;
    let mut width = FIRST_STRETCH;
    while chosen.len() < most && !rest.is_empty() {
        let stretch = cut_off(&mut rest, order, width);
        let standing = record.of_units().standing(exceptions, status, stretch);
        chosen.extend(take(standing.iter(), order, most - chosen.len()));
        width = width.saturating_mul(2);
    }
    chosen
}

/// The least range that has all of these.
fn span(indexes: &[u32]) -> Range<u32> {
    let (first, last) = (indexes.iter().min(), indexes.iter().max());
    first
        .zip(last)
        .map_or(0..0, |(first, last)| *first..last.saturating_add(1))
}

/// How many indexes are looked at first for units that stand somewhere; then twice as many each
/// time, so that neither many such units nor few make a page slow.
const FIRST_STRETCH: u32 = 1_024;

/// Cuts the indexes off that come first in the order of reading.
fn cut_off(rest: &mut Range<u32>, order: Order, width: u32) -> Range<u32> {
    match order {
        Order::NewestFirst => {
            let start = rest.end.saturating_sub(width).max(rest.start);
            start..mem::replace(&mut rest.end, start)
        }
        Order::OldestFirst => {
            let end = rest.start.saturating_add(width).min(rest.end);
            mem::replace(&mut rest.start, end)..end
        }
    }
}

fn take(indexes: impl DoubleEndedIterator<Item = u32>, order: Order, most: usize) -> Vec<u32> {
    match order {
        Order::NewestFirst => indexes.rev().take(most).collect(),
        Order::OldestFirst => indexes.take(most).collect(),
    }
}
