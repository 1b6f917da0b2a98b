//! Bringing the facts that a decision asks for.

use std::future::Future;
use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use super::budget::Budget;
use super::cache::Cache;
use super::index::{Indexed, Indexes};
use super::settings::ResolverSettings;
use super::{Resolver, ResolverError};
use crate::gs1::{Gtin, LotCode, Serial};
use crate::identity::serial::SerialDirectory;
use crate::identity::{BatchPrefix, MintBatchId};
use crate::ids::{BrandId, ProductId};
use crate::resolver::{
    Facts, GtinProducts, Host, MAX_USER_AGENT, Need, Place, Scan, ScannedBatch, ScannedProduct,
    SerialOwner, Site, Visitor,
};
use crate::store::BatchQuery;
use crate::store::Order;
use crate::store::log::{ClaimSpace, PageLimit};
use crate::time::Timestamp;
use crate::unit::UnitStatus;

/// How many batches of a product with the same lot are looked at.
const BATCHES_OF_A_LOT: PageLimit = PageLimit::new(100);

/// What was brought last.
#[derive(Debug)]
pub(super) struct Brought {
    sites: Cache<Host, Option<Arc<Site>>>,
    products: Cache<(BrandId, Gtin), Arc<GtinProducts>>,
    directories: Cache<(BrandId, ProductId), Option<Arc<SerialDirectory>>>,
    claims: Cache<(BrandId, ProductId, Serial), Option<(MintBatchId, u32)>>,
    lots: Cache<(BrandId, ProductId, LotCode), Arc<[MintBatchId]>>,
    batches: Cache<(BrandId, BatchPrefix), Option<ScannedBatch>>,
    statuses: Cache<(BrandId, MintBatchId, Place), Option<UnitStatus>>,
    shown: Cache<(BrandId, ProductId), Option<Arc<ScannedProduct>>>,
    visitors: Cache<Box<[u8]>, Visitor>,
    indexes: Indexes,
    unknown_hosts: Budget,
    unknown_gtins: Budget,
    unknown_batches: Budget,
    unknown_serials: Budget,
}

impl Brought {
    pub(super) fn new(settings: &ResolverSettings) -> Self {
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
    pub(super) fn visitor(&self, user_agent: Option<&[u8]>, now: Timestamp) -> Visitor {
        let agent = user_agent.unwrap_or_default();
        let agent = agent.get(..MAX_USER_AGENT).unwrap_or(agent);
        if let Some(held) = self.visitors.get(agent) {
            return held.value;
        }
        let visitor = Visitor::of(Some(agent));
        self.visitors.put(agent.into(), visitor, now);
        visitor
    }

    pub(super) fn note_status(
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
struct Asked<'a, K, V> {
    cache: &'a Cache<K, V>,
    key: K,
    /// Whether there is something.
    is_known: fn(&V) -> bool,
    /// What limits questions that strangers can make up; none for those that they cannot.
    budget: Option<&'a Budget>,
    /// How long an answer holds that there is something.
    fresh: Duration,
}

impl<K: Eq + Hash + Clone, V: Clone> Asked<'_, K, V> {
    /// The answer that was given last, while it holds.
    fn fresh(&self, now: Timestamp, unknown: Duration) -> Option<V> {
        let held = self.cache.get(&self.key)?;
        let life = match (self.is_known)(&held.value) {
            true => self.fresh,
            false => unknown,
        };
        (now.since(held.at) < life).then_some(held.value)
    }
}

/// What is asked, and of whom the answer is known.
impl Resolver {
    fn asked_site(&self, host: &Host) -> Asked<'_, Host, Option<Arc<Site>>> {
        Asked {
            cache: &self.brought().sites,
            key: host.clone(),
            is_known: Option::is_some,
            budget: Some(&self.brought().unknown_hosts),
            fresh: self.settings().fresh,
        }
    }

    fn asked_products(
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

    fn asked_directory(
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

    fn asked_batch<'a>(
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

    fn asked_status(
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

    fn asked_shown(
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

    /// Adds the fact that is needed if it is at hand; whether it was. Most scans take this way
    /// alone, which never waits.
    pub(super) fn recall(&self, scan: &Scan, facts: &mut Facts, need: Need) -> bool {
        let brand = facts.site().map(|site| site.brand);
        let recalled = match (need, brand) {
            (Need::Site, _) => self.recall_site(scan, facts),
            (need, Some(brand)) => self.recall_of(brand, scan.at, facts, need),
            (_, None) => None,
        };
        recalled.is_some()
    }

    fn recall_site(&self, scan: &Scan, facts: &mut Facts) -> Option<()> {
        let site = self
            .asked_site(&scan.host)
            .fresh(scan.at, self.settings().unknown)?;
        facts.set_site(site);
        Some(())
    }

    fn recall_of(
        &self,
        brand: BrandId,
        now: Timestamp,
        facts: &mut Facts,
        need: Need,
    ) -> Option<()> {
        let unknown = self.settings().unknown;
        match need {
            Need::Products(gtin) => {
                facts.set_products(self.asked_products(brand, gtin).fresh(now, unknown)?);
            }
            Need::Owner(product, serial) => {
                let asked = self.asked_directory(brand, product, self.settings().fresh);
                let owner = owner_of(asked.fresh(now, unknown)?.as_deref(), &serial);
                owner.batch?;
                facts.add_owner(product, owner);
            }
            Need::Batch(prefix) => {
                let asked = self.asked_batch(brand, prefix, None);
                facts.add_batch(prefix, asked.fresh(now, unknown)?);
            }
            Need::Status(batch, place) => {
                let asked = self.asked_status(brand, batch, place);
                facts.add_status(batch, place, asked.fresh(now, unknown)?);
            }
            Need::Product(product) => {
                facts.set_product(self.asked_shown(brand, product).fresh(now, unknown)?);
            }
            Need::Site | Need::Claim(..) | Need::Lots(..) => return None,
        }
        Some(())
    }
}

impl Resolver {
    /// Adds the fact that is needed.
    pub(super) async fn bring(
        &self,
        scan: &Scan,
        facts: &mut Facts,
        need: Need,
    ) -> Result<(), ResolverError> {
        let now = scan.at;
        if need == Need::Site {
            facts.set_site(self.site(&scan.host, now).await?);
            return Ok(());
        }
        let Some(brand) = facts.site().map(|site| site.brand) else {
            return Ok(());
        };
        match need {
            Need::Site => {}
            Need::Products(gtin) => facts.set_products(self.products(brand, gtin, now).await?),
            Need::Owner(product, serial) => {
                let owner = self.owner(brand, product, &serial, now).await?;
                facts.add_owner(product, owner);
            }
            Need::Claim(product, serial) => {
                let claim = self.claim(brand, product, serial, now).await?;
                facts.add_claim(product, claim);
            }
            Need::Lots(product, code) => {
                facts.add_lots(product, self.lots(brand, product, code, now).await?);
            }
            Need::Batch(prefix) => facts.add_batch(prefix, self.batch(brand, prefix, now).await?),
            Need::Status(batch, place) => {
                let status = self.status(brand, batch, place, now).await?;
                facts.add_status(batch, place, status);
            }
            Need::Product(product) => facts.set_product(self.shown(brand, product, now).await?),
        }
        Ok(())
    }

    /// The answer that was given last, while it holds; else a new one. If that cannot be had, the
    /// last one holds on: a store that is down must not stop codes from resolving.
    async fn ask<K, V, A>(
        &self,
        asked: Asked<'_, K, V>,
        now: Timestamp,
        ask: A,
    ) -> Result<V, ResolverError>
    where
        K: Eq + Hash + Clone,
        V: Clone,
        A: Future<Output = Result<V, ResolverError>>,
    {
        if let Some(known) = asked.fresh(now, self.settings().unknown) {
            return Ok(known);
        }
        let held = asked.cache.get(&asked.key);
        let last = held.filter(|held| (asked.is_known)(&held.value));
        if last.is_none() && asked.budget.is_some_and(|budget| !budget.take(now)) {
            return Err(ResolverError::Busy);
        }
        match (ask.await, last) {
            (Ok(value), _) => {
                asked.cache.put(asked.key, value.clone(), now);
                Ok(value)
            }
            (Err(error), Some(last)) => {
                self.counts().note_stale(&error);
                Ok(last.value)
            }
            (Err(error), None) => Err(error),
        }
    }

    async fn site(&self, host: &Host, now: Timestamp) -> Result<Option<Arc<Site>>, ResolverError> {
        let asked = self.asked_site(host);
        let ask = async { Ok(self.sites().site(host).await?.map(Arc::new)) };
        self.ask(asked, now, ask).await
    }

    async fn products(
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

    async fn owner(
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

    async fn claim(
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

    async fn lots(
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

    async fn batch(
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

    async fn status(
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

    async fn shown(
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

fn owner_of(directory: Option<&SerialDirectory>, serial: &Serial) -> SerialOwner {
    match directory {
        Some(directory) => SerialOwner {
            batch: directory.batch_of(serial),
            brings_own: directory.brings_own(),
        },
        None => SerialOwner::default(),
    }
}
