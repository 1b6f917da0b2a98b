//! The states of streams: where each kind of thing has its stream, and its fold, read on from
//! where it was left.

use super::{Folded, JournalError};
use crate::identity::{LotId, MintBatchId, MintUnitId};
use crate::ids::{BrandId, ExportId, ProductBatchId, ProductId};
use crate::mint::{MintBatch, Quota, SerialPool};
use crate::service::MintService;
use crate::store::log::{StreamId, StreamKind};
use crate::unit::RevokedTogether;

pub(in crate::service) const fn batch_stream(batch: MintBatchId) -> StreamId {
    StreamId::new(StreamKind::MintBatch, *batch.as_uuid())
}

pub(in crate::service) const fn pool_stream(product: ProductId) -> StreamId {
    StreamId::new(StreamKind::SerialPool, *product.as_uuid())
}

pub(in crate::service) const fn quota_stream(batch: ProductBatchId) -> StreamId {
    StreamId::new(StreamKind::ProductBatch, *batch.as_uuid())
}

pub(in crate::service) const fn unit_stream(unit: MintUnitId) -> StreamId {
    StreamId::new(StreamKind::MintUnit, *unit.as_uuid())
}

pub(in crate::service) const fn export_stream(export: ExportId) -> StreamId {
    StreamId::new(StreamKind::Export, *export.as_uuid())
}

pub(in crate::service) const fn lot_stream(lot: LotId) -> StreamId {
    StreamId::new(StreamKind::MintLot, *lot.as_uuid())
}

pub(in crate::service) const fn revocations_stream(batch: MintBatchId) -> StreamId {
    StreamId::new(StreamKind::UnitRevocations, *batch.as_uuid())
}

impl MintService {
    pub(in crate::service) async fn load_batch(
        &self,
        brand: BrandId,
        batch: MintBatchId,
    ) -> Result<Folded<Option<MintBatch>>, JournalError> {
        let stream = batch_stream(batch);
        let known = self.inner.batches.get(brand, stream);
        let folded = self
            .journal()
            .read_on(brand, stream, known, crate::mint::evolve)
            .await?;
        match folded
            .state
            .as_ref()
            .is_none_or(|batch| batch.job.is_over())
        {
            true => self.inner.batches.forget(brand, stream),
            false => self.inner.batches.put(brand, stream, folded.clone()),
        }
        Ok(folded)
    }

    pub(in crate::service) async fn load_pool(
        &self,
        brand: BrandId,
        product: ProductId,
    ) -> Result<Folded<SerialPool>, JournalError> {
        let stream = pool_stream(product);
        let known = self.inner.pools.get(brand, stream);
        let folded = self
            .journal()
            .read_on(brand, stream, known, SerialPool::evolve)
            .await?;
        self.inner.pools.put(brand, stream, folded.clone());
        Ok(folded)
    }

    pub(in crate::service) async fn load_quota(
        &self,
        brand: BrandId,
        batch: ProductBatchId,
    ) -> Result<Folded<Quota>, JournalError> {
        let stream = quota_stream(batch);
        let known = self.inner.quotas.get(brand, stream);
        let folded = self
            .journal()
            .read_on(brand, stream, known, Quota::evolve)
            .await?;
        self.inner.quotas.put(brand, stream, folded.clone());
        Ok(folded)
    }

    pub(in crate::service) async fn load_revocations(
        &self,
        brand: BrandId,
        batch: MintBatchId,
    ) -> Result<Folded<RevokedTogether>, JournalError> {
        let stream = revocations_stream(batch);
        let known = self.inner.revocations.get(brand, stream);
        let folded = self
            .journal()
            .read_on(brand, stream, known, RevokedTogether::evolve)
            .await?;
        self.inner.revocations.put(brand, stream, folded.clone());
        Ok(folded)
    }
}
