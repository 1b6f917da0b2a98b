//! Batches and jobs, as listings show them.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::page::{Listed, Page, PageRequest};
use super::{Asked, Listing};
use crate::access::BrandScope;
use crate::gs1::{Gtin, LotCode, ResolverBase};
use crate::identity::serial::SerialScheme;
use crate::identity::{LotId, MintBatchId, MintJobId};
use crate::ids::{ProductBatchId, ProductId};
use crate::mint::{ActivationMode, BatchStatus, IdentityMode, JobStatus};
use crate::read::products::Products;
use crate::read::reads::{Reads, ReadsError};
use crate::store::{BatchQuery, BatchRecord, JobKey};
use crate::time::Timestamp;

/// Which batches to list: those for which all that is given holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BatchFilter {
    /// Where they stand.
    pub status: Option<BatchStatus>,
    /// Their product.
    pub product_id: Option<ProductId>,
    /// A lot that they have.
    pub lot_code: Option<LotCode>,
}

/// Which jobs to list: those for which all that is given holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct JobFilter {
    /// Where they stand.
    pub status: Option<JobStatus>,
    /// Their product.
    pub product_id: Option<ProductId>,
}

/// A batch, as a listing shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BatchRow {
    /// Its id.
    pub mint_batch_id: MintBatchId,
    /// Its job.
    pub mint_job_id: MintJobId,
    /// Its product.
    pub product_id: ProductId,
    /// The product's SKU as it is now; none if the product is gone.
    pub product_sku: Option<String>,
    /// Its production batch.
    pub product_batch_id: Option<ProductBatchId>,
    /// The product's GTIN when the job was accepted.
    pub gtin: Option<Gtin>,
    /// Where it stands.
    pub status: BatchStatus,
    /// Where its job stands.
    pub job_status: JobStatus,
    /// What tells its units apart.
    pub identity_mode: IdentityMode,
    /// Whether its units are born active.
    pub activation_mode: ActivationMode,
    /// How many units were asked for.
    pub requested_quantity: u32,
    /// How many were made.
    pub minted: u32,
    /// How many of these are active.
    pub active: u64,
    /// How many of these are revoked.
    pub revoked: u64,
    /// When its job was accepted.
    pub created_at: Timestamp,
    /// When something last happened to it, or to its job.
    pub changed_at: Timestamp,
}

/// A batch with all that is told of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BatchDetail {
    /// What a listing shows.
    #[serde(flatten)]
    pub row: BatchRow,
    /// The product's name as it is now; none if the product is gone.
    pub product_name: Option<String>,
    /// What its resolver URLs begin with.
    pub resolver_base: ResolverBase,
    /// How its serials come about; none in lot mode.
    pub serial_scheme: Option<SerialScheme>,
    /// Its lots, in order.
    pub lots: Vec<LotRow>,
    /// Why its job failed, or its last cycle.
    pub failure: Option<String>,
}

/// A lot of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LotRow {
    /// Its id; none before its job was reserved.
    pub lot_id: Option<LotId>,
    /// Its code.
    pub lot_code: LotCode,
    /// How many units it has when it is whole.
    pub qty: u32,
    /// What is printed on all of its items; none before its job was reserved.
    pub resolver_url: Option<String>,
    /// Whether its code was scanned.
    pub activated: bool,
}

/// A job, as a listing shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct JobRow {
    /// Its id.
    pub mint_job_id: MintJobId,
    /// Its batch.
    pub mint_batch_id: MintBatchId,
    /// Its product.
    pub product_id: ProductId,
    /// The product's SKU as it is now; none if the product is gone.
    pub product_sku: Option<String>,
    /// Where it stands.
    pub status: JobStatus,
    /// How many units were asked for.
    pub requested_quantity: u32,
    /// How many were made.
    pub minted: u32,
    /// Why it failed, or its last cycle.
    pub failure: Option<String>,
    /// When it was accepted.
    pub created_at: Timestamp,
    /// When something last happened to it, or to its batch.
    pub changed_at: Timestamp,
}

impl Listed for BatchRow {
    const NAME: &'static str = "batches";
}

impl Listed for JobRow {
    const NAME: &'static str = "jobs";
}

impl BatchRow {
    pub(in crate::read) fn of(record: &BatchRecord, products: &Products) -> Self {
        let (batch, facts) = (&record.batch, &record.batch.facts);
        Self {
            mint_batch_id: facts.mint_batch_id,
            mint_job_id: facts.mint_job_id,
            product_id: facts.product_id,
            product_sku: products.sku(facts.product_id),
            product_batch_id: facts.product_batch_id,
            gtin: facts.gtin,
            status: batch.status,
            job_status: batch.job,
            identity_mode: facts.identity_mode,
            activation_mode: facts.activation_mode,
            requested_quantity: facts.requested_quantity,
            minted: batch.minted,
            active: record.units.active,
            revoked: record.units.revoked,
            created_at: record.accepted_at,
            changed_at: record.changed_at,
        }
    }
}

impl JobRow {
    fn of(record: &BatchRecord, products: &Products) -> Self {
        let facts = &record.batch.facts;
        Self {
            mint_job_id: facts.mint_job_id,
            mint_batch_id: facts.mint_batch_id,
            product_id: facts.product_id,
            product_sku: products.sku(facts.product_id),
            status: record.batch.job,
            requested_quantity: facts.requested_quantity,
            minted: record.batch.minted,
            failure: record.failure.clone(),
            created_at: record.accepted_at,
            changed_at: record.changed_at,
        }
    }
}

impl Reads {
    /// The batches of a brand, by when their jobs were accepted.
    ///
    /// # Errors
    /// [`ReadsError::Cursor`] for a cursor of another listing; [`ReadsError::Store`] and
    /// [`ReadsError::Catalogue`] when either fails.
    pub async fn list_mint_batches(
        &self,
        scope: &BrandScope,
        filter: &BatchFilter,
        request: &PageRequest,
    ) -> Result<Page<BatchRow>, ReadsError> {
        let asked = Asked::read(Listing::Batches, scope, filter, request)?;
        let query = BatchQuery {
            status: filter.status,
            product: filter.product_id,
            lot: filter.lot_code,
            ..BatchQuery::default()
        };
        let (records, products) = self.records(scope, &query, &asked).await?;
        Ok(asked.page(
            records,
            |record| record.key(),
            |record| BatchRow::of(&record, &products),
        ))
    }

    /// The jobs of a brand, by when they were accepted.
    ///
    /// # Errors
    /// As [`list_mint_batches`](Self::list_mint_batches).
    pub async fn list_jobs(
        &self,
        scope: &BrandScope,
        filter: &JobFilter,
        request: &PageRequest,
    ) -> Result<Page<JobRow>, ReadsError> {
        let asked = Asked::read(Listing::Jobs, scope, filter, request)?;
        let query = BatchQuery {
            job_status: filter.status,
            product: filter.product_id,
            ..BatchQuery::default()
        };
        let (records, products) = self.records(scope, &query, &asked).await?;
        Ok(asked.page(
            records,
            |record| record.key(),
            |record| JobRow::of(&record, &products),
        ))
    }

    async fn records(
        &self,
        scope: &BrandScope,
        query: &BatchQuery,
        asked: &Asked<JobKey>,
    ) -> Result<(Vec<Arc<BatchRecord>>, Products), ReadsError> {
        let PageRequest { limit, order, .. } = asked.request;
        let found = self
            .store
            .batches(scope.brand(), query, order, asked.after, limit.and_one());
        let records = found.await?;
        let ids = records.iter().map(|record| record.batch.facts.product_id);
        let products = self.products(scope, ids).await?;
        Ok((records, products))
    }

    /// A batch with all that is told of it; none if the brand has no such.
    ///
    /// # Errors
    /// [`ReadsError::Store`] and [`ReadsError::Catalogue`] when either fails.
    pub async fn get_mint_batch_by_id(
        &self,
        scope: &BrandScope,
        batch: MintBatchId,
    ) -> Result<Option<BatchDetail>, ReadsError> {
        let Some(record) = self.store.batch(scope.brand(), batch).await? else {
            return Ok(None);
        };
        let facts = record.batch.facts.clone();
        let products = self.products(scope, [facts.product_id]).await?;
        let exceptions = self.store.unit_exceptions(scope.brand(), batch).await?;
        let units = self.units_of(&record);
        let lots = facts.lots.as_slice().iter().zip(0_u32..);
        let lots = lots.map(|(lot, number)| LotRow {
            lot_id: units
                .as_ref()
                .and_then(|units| units.lot_ids().get(number as usize).copied()),
            lot_code: lot.lot_code,
            qty: lot.qty,
            resolver_url: units
                .as_ref()
                .and_then(|units| units.lot_url(number as usize)),
            activated: exceptions.lots.contains(number),
        });
        Ok(Some(BatchDetail {
            lots: lots.collect(),
            row: BatchRow::of(&record, &products),
            product_name: products.name(facts.product_id),
            resolver_base: facts.resolver_base.clone(),
            serial_scheme: facts.serial_scheme.clone(),
            failure: record.failure.clone(),
        }))
    }
}
