//! From what was found to what is shown of it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use super::hit::SearchHit;
use super::walk::{Row, Walk};
use crate::read::listing::BatchRow;
use crate::read::reads::ReadsError;
use crate::read::units;
use crate::unit::UnitExceptions;

impl Walk<'_> {
    /// What was found, as it is shown. The catalogue is asked once, and once for each batch
    /// what happened to its units.
    pub(super) async fn show(self) -> Result<Vec<SearchHit>, ReadsError> {
        let named = self.rows.iter().filter_map(|row| match row {
            Row::Batch(record) | Row::Unit(record, _) => Some(record.batch.facts.product_id),
            Row::Export(_) => None,
        });
        let products = self.reads.products(self.scope, named).await?;
        let mut exceptions = HashMap::new();
        let mut hits = Vec::with_capacity(self.rows.len());
        for row in &self.rows {
            let (record, unit) = match row {
                Row::Batch(record) => {
                    hits.push(SearchHit::Batch(BatchRow::of(record, &products)));
                    continue;
                }
                Row::Export(export) => {
                    hits.push(SearchHit::of_export(export));
                    continue;
                }
                Row::Unit(record, unit) => (record, unit),
            };
            let batch = record.batch.facts.mint_batch_id;
            let exceptions: &Arc<UnitExceptions> = match exceptions.entry(batch) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(unknown) => {
                    let brand = self.scope.brand();
                    unknown.insert(self.reads.store.unit_exceptions(brand, batch).await?)
                }
            };
            let units = self.reads.units_of(record);
            let shown = units.and_then(|units| units::row(&units, unit, exceptions, &products));
            hits.extend(shown.map(SearchHit::Token));
        }
        Ok(hits)
    }
}
