//! What a URL, an element string or a whole id names.

use std::sync::Arc;

use super::SEARCH_PAGE;
use super::hit::{LotHit, SearchHit};
use super::query::Thing;
use crate::access::BrandScope;
use crate::gs1::{Gtin, LotCode, Serial};
use crate::identity::{LotId, MintBatchId, MintUnitId};
use crate::read::listing::BatchRow;
use crate::read::locate::Located;
use crate::read::products::Products;
use crate::read::reads::{Reads, ReadsError};
use crate::store::log::PageLimit;
use crate::store::{BatchQuery, BatchRecord, Order};

/// How many batches with a lot code are asked for at once.
const BATCHES: PageLimit = PageLimit::new(64);

impl Reads {
    pub(super) async fn search_exactly(
        &self,
        scope: &BrandScope,
        thing: &Thing,
    ) -> Result<Vec<SearchHit>, ReadsError> {
        Ok(match thing {
            Thing::Product(gtin) => self.products_of(scope, *gtin).await?,
            Thing::Item(gtin, serial) => self.items(scope, *gtin, serial).await?,
            Thing::LotOf(gtin, code) => self.lots(scope, *gtin, *code).await?,
            Thing::Unit(unit) => {
                let row = self.get_mint_unit_by_id(scope, *unit).await?;
                row.into_iter().map(SearchHit::Token).collect()
            }
            Thing::Batch(batch) => self.one_batch(scope, *batch).await?,
            Thing::Lot(lot) => self.one_coded(scope, *lot).await?,
        })
    }

    async fn products_of(
        &self,
        scope: &BrandScope,
        gtin: Gtin,
    ) -> Result<Vec<SearchHit>, ReadsError> {
        let mut found = self.find_products(scope, gtin.as_str()).await?;
        found
            .retain(|hit| matches!(hit, SearchHit::Product(product) if product.gtin == Some(gtin)));
        Ok(found)
    }

    /// Products may share a GTIN over time; each has serials of its own.
    async fn items(
        &self,
        scope: &BrandScope,
        gtin: Gtin,
        serial: &Serial,
    ) -> Result<Vec<SearchHit>, ReadsError> {
        let mut hits = Vec::new();
        for product in self.store.products_with_gtin(scope.brand(), gtin).await? {
            let located = self.locate_serial(scope, product, serial).await?;
            let Located::Unit { batch, index } = located else {
                continue;
            };
            let row = self.unit_at(scope, batch, index).await?;
            hits.extend(
                row.filter(|row| row.gtin == Some(gtin))
                    .map(SearchHit::Token),
            );
        }
        Ok(hits)
    }

    async fn lots(
        &self,
        scope: &BrandScope,
        gtin: Gtin,
        code: LotCode,
    ) -> Result<Vec<SearchHit>, ReadsError> {
        let query = BatchQuery {
            lot: Some(code),
            ..BatchQuery::default()
        };
        let (brand, order) = (scope.brand(), Order::NewestFirst);
        let (mut found, mut last) = (Vec::new(), None);
        loop {
            let page = self.store.batches(brand, &query, order, last, BATCHES);
            let records = page.await?;
            let (full, end) = (records.len() == BATCHES.get(), records.last());
            last = end.map(|record| record.key());
            let same = records
                .into_iter()
                .filter(|record| record.batch.facts.gtin == Some(gtin));
            found.extend(same.filter_map(|record| {
                let mut lots = record.batch.facts.lots.as_slice().iter();
                let number = lots.position(|lot| lot.lot_code == code)?;
                Some((record, number))
            }));
            if !full || found.len() >= SEARCH_PAGE {
                found.truncate(SEARCH_PAGE);
                return self.lot_hits(scope, &found).await;
            }
        }
    }

    async fn lot_hits(
        &self,
        scope: &BrandScope,
        lots: &[(Arc<BatchRecord>, usize)],
    ) -> Result<Vec<SearchHit>, ReadsError> {
        let ids = lots.iter().map(|(record, _)| record.batch.facts.product_id);
        let products = self.products(scope, ids).await?;
        let hits = lots
            .iter()
            .filter_map(|(record, number)| self.lot_hit(record, *number, &products));
        Ok(hits.collect())
    }

    fn lot_hit(
        &self,
        record: &Arc<BatchRecord>,
        number: usize,
        products: &Products,
    ) -> Option<SearchHit> {
        let units = self.units_of(record)?;
        let facts = &record.batch.facts;
        let lot = facts.lots.as_slice().get(number)?;
        Some(SearchHit::Lot(LotHit {
            lot_id: *units.lot_ids().get(number)?,
            lot_code: lot.lot_code,
            mint_batch_id: facts.mint_batch_id,
            product_id: facts.product_id,
            product_sku: products.sku(facts.product_id),
            qty: lot.qty,
            resolver_url: units.lot_url(number)?,
        }))
    }

    async fn one_batch(
        &self,
        scope: &BrandScope,
        batch: MintBatchId,
    ) -> Result<Vec<SearchHit>, ReadsError> {
        let Some(record) = self.store.batch(scope.brand(), batch).await? else {
            return Ok(Vec::new());
        };
        let products = self
            .products(scope, [record.batch.facts.product_id])
            .await?;
        Ok(vec![SearchHit::Batch(BatchRow::of(&record, &products))])
    }

    /// The ids of lots and of units have the same form: it is whichever it is.
    async fn one_coded(
        &self,
        scope: &BrandScope,
        lot: LotId,
    ) -> Result<Vec<SearchHit>, ReadsError> {
        let record = self
            .store
            .batch_by_prefix(scope.brand(), lot.batch_prefix())
            .await?;
        let found = record.and_then(|record| {
            let units = self.units_of(&record)?;
            let lots = record.batch.facts.lots.as_slice().len();
            let number = units.identity().decode_lot_id(lot, lots).ok()?;
            Some((record, number))
        });
        if let Some(found) = found {
            return self.lot_hits(scope, &[found]).await;
        }
        let unit = MintUnitId::try_from(*lot.as_uuid()).ok();
        let row = match unit {
            Some(unit) => self.get_mint_unit_by_id(scope, unit).await?,
            None => None,
        };
        Ok(row.into_iter().map(SearchHit::Token).collect())
    }
}
