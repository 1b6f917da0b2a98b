//! Bringing the facts that a decision asks for.

mod kept;
mod read;
mod recall;

use std::future::Future;
use std::hash::Hash;

use super::{Resolver, ResolverError};
use crate::gs1::Serial;
use crate::identity::serial::SerialDirectory;
use crate::resolver::{Facts, Need, Scan, SerialOwner};
use crate::time::Timestamp;
use kept::Asked;

pub(super) use kept::Brought;

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
