//! From what was found to what is shown of it.

use std::collections::HashMap;

use super::hit::SearchHit;
use super::walk::{Row, Walk};
use crate::read::listing::BatchRow;
use crate::read::reads::ReadsError;
use crate::read::unit_rows;

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
            if !exceptions.contains_key(&batch) {
                let brand = self.scope.brand();
                let found = self.reads.store.unit_exceptions(brand, batch).await?;
                exceptions.insert(batch, found);
            }
            let units = self.reads.units_of(record).zip(exceptions.get(&batch));
            let shown = units.and_then(|(units, exceptions)| {
                unit_rows::row(&units, unit, exceptions, &products)
            });
            hits.extend(shown.map(SearchHit::Token));
        }
        Ok(hits)
    }
}
