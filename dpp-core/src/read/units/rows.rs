//! From chosen units to the rows that show them.

use std::sync::Arc;

use super::batch_units::BatchUnits;
use crate::access::BrandScope;
use crate::identity::{ProvidedSerials, Unit};
use crate::mint::PROVIDED_ROWS_PER_EVENT;
use crate::read::listing::UnitRow;
use crate::read::products::Products;
use crate::read::reads::{Reads, ReadsError};
use crate::store::{BatchRecord, JobKey};
use crate::unit::UnitExceptions;

/// Units of one batch that were chosen for a page, in its order.
#[derive(Debug)]
pub(in crate::read) struct Picked {
    pub(in crate::read) record: Arc<BatchRecord>,
    pub(in crate::read) exceptions: Arc<UnitExceptions>,
    pub(in crate::read) indexes: Vec<u32>,
}

impl Reads {
    /// The rows of chosen units, in their order, each with its batch's place; the catalogue is
    /// asked once.
    pub(in crate::read) async fn unit_rows(
        &self,
        scope: &BrandScope,
        picked: &[Picked],
    ) -> Result<Vec<(JobKey, UnitRow)>, ReadsError> {
        let ids = picked.iter().map(|some| some.record.batch.facts.product_id);
        let products = self.products(scope, ids).await?;
        let count = picked.iter().map(|some| some.indexes.len()).sum();
        let mut rows = Vec::with_capacity(count);
        for some in picked {
            self.rows_of(scope, some, &products, &mut rows).await?;
        }
        Ok(rows)
    }

    async fn rows_of(
        &self,
        scope: &BrandScope,
        some: &Picked,
        products: &Products,
        rows: &mut Vec<(JobKey, UnitRow)>,
    ) -> Result<(), ReadsError> {
        let Some(units) = self.units_of(&some.record) else {
            return Ok(());
        };
        // Serials that the brand brought are read run by run, as they stand in the log.
        let run = |index: &u32| index / PROVIDED_ROWS_PER_EVENT;
        for indexes in some.indexes.chunk_by(|a, b| run(a) == run(b)) {
            let (Some(least), Some(most)) = (indexes.iter().min(), indexes.iter().max()) else {
                continue;
            };
            let provided = self.provided(scope, &units, *least..most + 1).await?;
            let derived = indexes
                .iter()
                .filter_map(|index| unit(&units, *index, provided.as_ref()));
            let shown = derived.filter_map(|unit| row(&units, &unit, &some.exceptions, products));
            rows.extend(shown.map(|row| (some.record.key(), row)));
        }
        Ok(())
    }
}

fn unit(units: &BatchUnits, index: u32, provided: Option<&ProvidedSerials>) -> Option<Unit> {
    let mut unit = units.identity().unit(index)?;
    if let Some(provided) = provided {
        unit.serial = provided.get(index);
    }
    Some(unit)
}

/// A unit as a listing shows it; none if it was not made.
pub(in crate::read) fn row(
    units: &BatchUnits,
    unit: &Unit,
    exceptions: &UnitExceptions,
    products: &Products,
) -> Option<UnitRow> {
    let facts = units.facts();
    Some(UnitRow {
        mint_unit_id: unit.id,
        mint_batch_id: facts.mint_batch_id,
        index: unit.index,
        product_id: facts.product_id,
        product_sku: products.sku(facts.product_id),
        serial: unit.serial,
        gtin: facts.gtin,
        resolver_url: units.urls().url(unit),
        lot_code: facts.lots.lot_of(unit.index).map(|lot| lot.lot_code),
        status: units.record().of_units().status(exceptions, unit.index),
        created_at: units.made_at(unit.index)?,
    })
}
