//! The units of one batch, or of one pool, that begin with a text.

use std::collections::HashMap;
use std::sync::Arc;

use super::place::Stage;
use super::walk::{BATCH, Row, Walk};
use crate::gs1::Serial;
use crate::identity::serial::{SerialAllocation, SerialDirectory};
use crate::identity::{IdPrefix, MintBatchId, NumberPrefix, PERMUTATION, Search};
use crate::ids::ProductId;
use crate::mint::PROVIDED_ROWS_PER_EVENT;
use crate::read::reads::ReadsError;
use crate::read::units::BatchUnits;
use crate::store::BatchRecord;

/// What the pools of products have handed out, as far as it was asked for.
pub(super) type Pools = HashMap<ProductId, Option<Pool>>;

/// A pool whose `numeric38` serials are looked for by number.
#[derive(Clone)]
pub(super) struct Pool {
    directory: Arc<SerialDirectory>,
    /// The batch at which the search of the whole pool takes place.
    at: MintBatchId,
}

/// Of the serials that the brand brought, those that stand in the log together are read to get
/// at one: so many in one step.
const PROVIDED: u32 = 2;

impl Walk<'_> {
    /// The units of one batch; gives where it stopped, if that is not the batch's end.
    pub(super) async fn within(
        &mut self,
        stage: Stage,
        record: &Arc<BatchRecord>,
        from: u64,
    ) -> Result<Option<u64>, ReadsError> {
        match (stage, self.id) {
            (Stage::UnitIds, Some(id)) => self.by_id(&id, record, from).await,
            (Stage::UnitIds, None) => Ok(None),
            _ => self.by_serial(record, from).await,
        }
    }

    async fn by_serial(
        &mut self,
        record: &Arc<BatchRecord>,
        from: u64,
    ) -> Result<Option<u64>, ReadsError> {
        let Some(serials) = record.batch.identity.as_ref().map(|fixed| &fixed.serials) else {
            return Ok(None);
        };
        if let Some(numbers) = self.by_number(serials) {
            return self.in_pool(&numbers, record, from).await;
        }
        if record.batch.minted == 0 || !serials.may_begin_with(self.text) {
            return Ok(None);
        }
        let Some(units) = self.open(record) else {
            return Ok(None);
        };
        let search = Search {
            made: record.batch.minted,
            from,
            most: self.room() + 1,
            steps: &mut self.steps,
        };
        let found = units.identity().find_by_serial(self.text, search);
        let mut from = from;
        for (unit, next) in found.units {
            if self.room() == 0 {
                return Ok(Some(from));
            }
            self.rows.push(Row::Unit(record.clone(), unit));
            from = next;
        }
        Ok(found.stopped_at)
    }

    /// The numbers to look for, if a batch with these serials is not looked at by itself.
    fn by_number(&self, serials: &SerialAllocation) -> Option<Arc<NumberPrefix>> {
        let SerialAllocation::Numeric38 { ranges, .. } = serials else {
            return None;
        };
        let numbers = self.numbers.as_ref()?;
        numbers.is_few_for(ranges.count()).then(|| numbers.clone())
    }

    /// All units of a pool that are looked for by number, if this batch is where that takes
    /// place.
    async fn in_pool(
        &mut self,
        numbers: &NumberPrefix,
        record: &Arc<BatchRecord>,
        from: u64,
    ) -> Result<Option<u64>, ReadsError> {
        let pool = self.pool(record.batch.facts.product_id, numbers).await?;
        let batch = record.batch.facts.mint_batch_id;
        let Some(pool) = pool.filter(|pool| pool.at == batch) else {
            return Ok(None);
        };
        for number in numbers.from(from) {
            if !self.take(PERMUTATION) && number != from {
                return Ok(Some(number));
            }
            let Some((owner, place)) = pool.directory.owner_of_number(number) else {
                continue;
            };
            self.take(BATCH);
            let record = self.record(owner).await?;
            let index = record
                .as_ref()
                .and_then(|record| self.index_in(record, place));
            let Some((record, unit)) = index.and_then(|index| self.unit_at(record, index)) else {
                continue;
            };
            if self.room() == 0 {
                return Ok(Some(number));
            }
            self.rows.push(Row::Unit(record, unit));
        }
        Ok(None)
    }

    /// The index of the unit with this place in its pool, unless its batch is looked at by
    /// itself.
    fn index_in(&self, record: &BatchRecord, place: u64) -> Option<u32> {
        let serials = &record.batch.identity.as_ref()?.serials;
        self.by_number(serials)?;
        match serials {
            SerialAllocation::Numeric38 { ranges, .. } => ranges.index_of(place),
            _ => None,
        }
    }

    async fn pool(
        &mut self,
        product: ProductId,
        numbers: &NumberPrefix,
    ) -> Result<Option<Pool>, ReadsError> {
        if let Some(known) = self.pools.get(&product) {
            return Ok(known.clone());
        }
        let brand = self.scope.brand();
        let directory = self.reads.store.serial_directory(brand, product).await?;
        let pool = directory.and_then(|directory| {
            let at = directory.first_numeric(|serials| numbers.is_few_for(serials))?;
            Some(Pool { directory, at })
        });
        self.pools.insert(product, pool.clone());
        Ok(pool)
    }

    async fn by_id(
        &mut self,
        id: &IdPrefix,
        record: &Arc<BatchRecord>,
        from: u64,
    ) -> Result<Option<u64>, ReadsError> {
        let serials = record.batch.identity.as_ref().map(|fixed| &fixed.serials);
        let found_before = serials.is_none_or(|serials| serials.all_begin_with(self.text));
        if record.batch.minted == 0 || found_before {
            return Ok(None);
        }
        let Some(units) = self.open(record) else {
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
            let found = units.identity().find_by_id(id, search);
            for (mut unit, next) in found.units {
                if unit.serial.is_none() {
                    unit.serial = self.provided_to(&units, unit.index).await?;
                }
                let begins_so = |serial: &Serial| serial.as_str().starts_with(self.text);
                if !unit.serial.as_ref().is_some_and(begins_so) {
                    if self.room() == 0 {
                        return Ok(Some(from));
                    }
                    self.rows.push(Row::Unit(record.clone(), unit));
                }
                from = next;
                if self.steps == 0 {
                    return Ok(Some(from));
                }
            }
            match found.stopped_at {
                Some(stopped) if self.steps == 0 => return Ok(Some(stopped)),
                Some(stopped) => from = stopped,
                None => return Ok(None),
            }
        }
    }

    /// What the units of a batch are derived with.
    fn open(&mut self, record: &Arc<BatchRecord>) -> Option<BatchUnits> {
        self.take(BATCH);
        self.reads.units_of(record)
    }

    /// The serial that the brand brought for a unit, if it brings them for this batch.
    async fn provided_to(
        &mut self,
        units: &BatchUnits,
        index: u32,
    ) -> Result<Option<Serial>, ReadsError> {
        if !units.identity().needs_serials() {
            return Ok(None);
        }
        let first = index - index % PROVIDED_ROWS_PER_EVENT;
        let run = units.facts().requested_quantity.saturating_sub(first);
        self.take(run.min(PROVIDED_ROWS_PER_EVENT) / PROVIDED);
        let one = index..index.saturating_add(1);
        let read = self.reads.provided(self.scope, units, one).await?;
        Ok(read.and_then(|one| one.get(index)))
    }
}
