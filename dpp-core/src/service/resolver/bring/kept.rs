//! What was brought last, and how it is asked for.

use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use super::super::Resolver;
use super::super::budget::Budget;
use super::super::cache::Cache;
use super::super::index::Indexes;
use super::super::settings::ResolverSettings;
use crate::gs1::{Gtin, LotCode, Serial};
use crate::identity::serial::SerialDirectory;
use crate::identity::{BatchPrefix, MintBatchId};
use crate::ids::{BrandId, ProductId};
use crate::resolver::{
    GtinProducts, Host, MAX_USER_AGENT, Place, ScannedBatch, ScannedProduct, Site, Visitor,
};
use crate::time::Timestamp;
use crate::unit::UnitStatus;

/// What was brought last.
#[derive(Debug)]
pub(in crate::service::resolver) struct Brought {
    pub(super) sites: Cache<Host, Option<Arc<Site>>>,
    pub(super) products: Cache<(BrandId, Gtin), Arc<GtinProducts>>,
    pub(super) directories: Cache<(BrandId, ProductId), Option<Arc<SerialDirectory>>>,
    pub(super) claims: Cache<(BrandId, ProductId, Serial), Option<(MintBatchId, u32)>>,
    pub(super) lots: Cache<(BrandId, ProductId, LotCode), Arc<[MintBatchId]>>,
    pub(super) batches: Cache<(BrandId, BatchPrefix), Option<ScannedBatch>>,
    pub(super) statuses: Cache<(BrandId, MintBatchId, Place), Option<UnitStatus>>,
    pub(super) shown: Cache<(BrandId, ProductId), Option<Arc<ScannedProduct>>>,
    pub(super) visitors: Cache<Box<[u8]>, Visitor>,
    pub(super) indexes: Indexes,
    pub(super) unknown_hosts: Budget,
    pub(super) unknown_gtins: Budget,
    pub(super) unknown_batches: Budget,
    pub(super) unknown_serials: Budget,
}

impl Brought {
    pub(in crate::service::resolver) fn new(settings: &ResolverSettings) -> Self {
        let budget = || Budget::new(settings.burst, settings.per_second);
        let (many, few) = (settings.kept, settings.kept / 16);
        Self {
            sites: Cache::of_most(few),
            products: Cache::of_most(few),
            directories: Cache::of_most(few),
            claims: Cache::of_most(many),
            lots: Cache::of_most(many),
            batches: Cache::of_most(few),
            statuses: Cache::of_most(many),
            shown: Cache::of_most(few),
            visitors: Cache::of_most(few),
            indexes: Indexes::default(),
            unknown_hosts: budget(),
            unknown_gtins: budget(),
            unknown_batches: budget(),
            unknown_serials: budget(),
        }
    }

    /// Who asks. The same agents come again and again, and to look one up is quicker than to
    /// read it.
    pub(in crate::service::resolver) fn visitor(
        &self,
        user_agent: Option<&[u8]>,
        now: Timestamp,
    ) -> Visitor {
        let agent = user_agent.unwrap_or_default();
        let agent = agent.get(..MAX_USER_AGENT).unwrap_or(agent);
        if let Some(held) = self.visitors.get(agent) {
            return held.value;
        }
        let visitor = Visitor::of(Some(agent));
        self.visitors.put(agent.into(), visitor, now);
        visitor
    }

    pub(in crate::service::resolver) fn note_status(
        &self,
        brand: BrandId,
        (batch, place): (MintBatchId, Place),
        status: UnitStatus,
        now: Timestamp,
    ) {
        self.statuses.put((brand, batch, place), Some(status), now);
    }
}

/// How one kind of question is asked.
pub(super) struct Asked<'a, K, V> {
    pub(super) cache: &'a Cache<K, V>,
    pub(super) key: K,
    /// Whether there is something.
    pub(super) is_known: fn(&V) -> bool,
    /// What limits questions that strangers can make up; none for those that they cannot.
    pub(super) budget: Option<&'a Budget>,
    /// How long an answer holds that there is something.
    pub(super) fresh: Duration,
}

impl<K: Eq + Hash + Clone, V: Clone> Asked<'_, K, V> {
    /// The answer that was given last, while it holds.
    pub(super) fn fresh(&self, now: Timestamp, unknown: Duration) -> Option<V> {
        let held = self.cache.get(&self.key)?;
        let life = match (self.is_known)(&held.value) {
            true => self.fresh,
            false => unknown,
        };
        (now.since(held.at) < life).then_some(held.value)
    }
}

/// What can be at hand.
impl Resolver {
    pub(super) fn asked_site(&self, host: &Host) -> Asked<'_, Host, Option<Arc<Site>>> {
        Asked {
            cache: &self.brought().sites,
            key: host.clone(),
            is_known: Option::is_some,
            budget: Some(&self.brought().unknown_hosts),
            fresh: self.settings().fresh,
        }
    }

    pub(super) fn asked_products(
        &self,
        brand: BrandId,
        gtin: Gtin,
    ) -> Asked<'_, (BrandId, Gtin), Arc<GtinProducts>> {
        Asked {
            cache: &self.brought().products,
            key: (brand, gtin),
            is_known: |products| products.product().is_some(),
            budget: Some(&self.brought().unknown_gtins),
            fresh: self.settings().fresh,
        }
    }

    pub(super) fn asked_directory(
        &self,
        brand: BrandId,
        product: ProductId,
        fresh: Duration,
    ) -> Asked<'_, (BrandId, ProductId), Option<Arc<SerialDirectory>>> {
        Asked {
            cache: &self.brought().directories,
            key: (brand, product),
            is_known: Option::is_some,
            budget: None,
            fresh,
        }
    }

    pub(super) fn asked_batch<'a>(
        &'a self,
        brand: BrandId,
        prefix: BatchPrefix,
        budget: Option<&'a Budget>,
    ) -> Asked<'a, (BrandId, BatchPrefix), Option<ScannedBatch>> {
        Asked {
            cache: &self.brought().batches,
            key: (brand, prefix),
            is_known: Option::is_some,
            budget,
            // What is kept of a batch never changes.
            fresh: Duration::MAX,
        }
    }

    pub(super) fn asked_status(
        &self,
        brand: BrandId,
        batch: MintBatchId,
        place: Place,
    ) -> Asked<'_, (BrandId, MintBatchId, Place), Option<UnitStatus>> {
        Asked {
            cache: &self.brought().statuses,
            key: (brand, batch, place),
            is_known: Option::is_some,
            budget: None,
            fresh: self.settings().fresh,
        }
    }

    pub(super) fn asked_shown(
        &self,
        brand: BrandId,
        product: ProductId,
    ) -> Asked<'_, (BrandId, ProductId), Option<Arc<ScannedProduct>>> {
        Asked {
            cache: &self.brought().shown,
            key: (brand, product),
            is_known: Option::is_some,
            budget: None,
            fresh: self.settings().fresh,
        }
    }
}
