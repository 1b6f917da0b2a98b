//! What the stores and the catalogue are asked.

use std::sync::Arc;

use super::super::index::Indexed;
use super::super::{Resolver, ResolverError};
use super::kept::Asked;
use super::owner_of;
use crate::gs1::{Gtin, LotCode, Serial};
use crate::identity::{BatchPrefix, MintBatchId};
use crate::ids::{BrandId, ProductId};
use crate::resolver::{GtinProducts, Host, Place, ScannedBatch, ScannedProduct, SerialOwner, Site};
use crate::store::log::{ClaimSpace, PageLimit};
use crate::store::{BatchQuery, Order};
use crate::time::Timestamp;
use crate::unit::UnitStatus;

/// How many batches of a product with the same lot are looked at.
const BATCHES_OF_A_LOT: PageLimit = PageLimit::new(100);

impl Resolver {
    pub(super) async fn site(
        &self,
        host: &Host,
        now: Timestamp,
    ) -> Result<Option<Arc<Site>>, ResolverError> {
        let asked = self.asked_site(host);
        let ask = async { Ok(self.sites().site(host).await?.map(Arc::new)) };
        self.ask(asked, now, ask).await
    }

    pub(super) async fn products(
        &self,
        brand: BrandId,
        gtin: Gtin,
        now: Timestamp,
    ) -> Result<Arc<GtinProducts>, ResolverError> {
        let asked = self.asked_products(brand, gtin);
        let ask = async {
            let owners = self.sites().gtin_owners(brand, gtin).await?;
            let minted = self.reads().products_with_gtin(brand, gtin).await?;
            Ok(Arc::new(GtinProducts { owners, minted }))
        };
        self.ask(asked, now, ask).await
    }

    pub(super) async fn owner(
        &self,
        brand: BrandId,
        product: ProductId,
        serial: &Serial,
        now: Timestamp,
    ) -> Result<SerialOwner, ResolverError> {
        let asked = |fresh| self.asked_directory(brand, product, fresh);
        let ask = || async { Ok(self.reads().serial_directory(brand, product).await?) };
        let found = self.ask(asked(self.settings().fresh), now, ask()).await?;
        let owner = owner_of(found.as_deref(), serial);
        if owner.batch.is_some() {
            return Ok(owner);
        }
        // A serial that was handed out a moment ago: once in a while it is worth another look.
        let later = self.ask(asked(self.settings().unknown), now, ask()).await?;
        Ok(owner_of(later.as_deref(), serial))
    }

    pub(super) async fn claim(
        &self,
        brand: BrandId,
        product: ProductId,
        serial: Serial,
        now: Timestamp,
    ) -> Result<Option<(MintBatchId, u32)>, ResolverError> {
        let asked = Asked {
            cache: &self.brought().claims,
            key: (brand, product, serial),
            is_known: Option::is_some,
            budget: Some(&self.brought().unknown_serials),
            fresh: self.settings().fresh,
        };
        let ask = async {
            let keys = std::iter::once(serial.as_str()).collect();
            let space = ClaimSpace::serials_of(product);
            let claimed = self.log().claimed(brand, space, &keys).await?;
            let value = claimed.into_iter().flatten().next();
            let owner = value.and_then(|value| value.numbered());
            Ok(owner.and_then(|(batch, index)| Some((MintBatchId::try_from(batch).ok()?, index))))
        };
        self.ask(asked, now, ask).await
    }

    pub(super) async fn lots(
        &self,
        brand: BrandId,
        product: ProductId,
        code: LotCode,
        now: Timestamp,
    ) -> Result<Arc<[MintBatchId]>, ResolverError> {
        let asked = Asked {
            cache: &self.brought().lots,
            key: (brand, product, code),
            is_known: |batches: &Arc<[MintBatchId]>| !batches.is_empty(),
            budget: Some(&self.brought().unknown_serials),
            fresh: self.settings().fresh,
        };
        let ask = async {
            let query = BatchQuery {
                product: Some(product),
                lot: Some(code),
                ..BatchQuery::default()
            };
            let page = self
                .reads()
                .batches(brand, &query, Order::NewestFirst, None, BATCHES_OF_A_LOT)
                .await?;
            let ids = page.iter().map(|record| record.batch.facts.mint_batch_id);
            Ok(ids.collect())
        };
        self.ask(asked, now, ask).await
    }

    pub(super) async fn batch(
        &self,
        brand: BrandId,
        prefix: BatchPrefix,
        now: Timestamp,
    ) -> Result<Option<ScannedBatch>, ResolverError> {
        let brought = self.brought();
        let asked = |budget| self.asked_batch(brand, prefix, budget);
        let ask = || async { self.read_batch(brand, prefix).await };
        match self
            .ask(asked(Some(&brought.unknown_batches)), now, ask())
            .await
        {
            Err(ResolverError::Busy) => {}
            answered => return answered,
        }
        let unknown = self.settings().unknown;
        let index = &brought.indexes;
        match index
            .find(self.reads(), brand, prefix, unknown, now)
            .await?
        {
            Indexed::There => self.ask(asked(None), now, ask()).await,
            Indexed::NotThere => Ok(None),
            Indexed::NotYet => Err(ResolverError::Busy),
        }
    }

    async fn read_batch(
        &self,
        brand: BrandId,
        prefix: BatchPrefix,
    ) -> Result<Option<ScannedBatch>, ResolverError> {
        let record = self.reads().batch_by_prefix(brand, prefix).await?;
        let units = record.and_then(|record| self.service().reads().units_of(&record));
        Ok(units.map(|units| ScannedBatch {
            facts: units.record().batch.facts.clone(),
            codes: units.codes(),
        }))
    }

    pub(super) async fn status(
        &self,
        brand: BrandId,
        batch: MintBatchId,
        place: Place,
        now: Timestamp,
    ) -> Result<Option<UnitStatus>, ResolverError> {
        let asked = self.asked_status(brand, batch, place);
        let ask = async { self.read_status(brand, batch, place).await };
        self.ask(asked, now, ask).await
    }

    async fn read_status(
        &self,
        brand: BrandId,
        batch: MintBatchId,
        place: Place,
    ) -> Result<Option<UnitStatus>, ResolverError> {
        let range = match place {
            Place::Unit(index) => index..index.saturating_add(1),
            Place::Lot(number) => {
                let held = self.brought().batches.get(&(brand, batch.prefix()));
                let known = held.and_then(|held| held.value);
                let lots = known.as_ref().map(|batch| &batch.facts.lots);
                let units = lots.and_then(|lots| lots.units_of(number as usize));
                units.unwrap_or(0..u32::MAX)
            }
        };
        let found = self
            .reads()
            .batch_with_units(brand, batch.prefix(), range)
            .await?;
        let Some(fold) = found else {
            return Ok(None);
        };
        let (of_units, exceptions) = (fold.record.of_units(), &fold.exceptions);
        Ok(match place {
            Place::Unit(index) => {
                (index < fold.record.batch.minted).then(|| of_units.status(exceptions, index))
            }
            Place::Lot(number) => of_units.lot_status(exceptions, number),
        })
    }

    pub(super) async fn shown(
        &self,
        brand: BrandId,
        product: ProductId,
        now: Timestamp,
    ) -> Result<Option<Arc<ScannedProduct>>, ResolverError> {
        let asked = self.asked_shown(brand, product);
        let ask = async {
            Ok(self
                .sites()
                .scanned_product(brand, product)
                .await?
                .map(Arc::new))
        };
        self.ask(asked, now, ask).await
    }
}
