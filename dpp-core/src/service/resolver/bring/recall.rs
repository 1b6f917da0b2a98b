//! What is at hand.

use super::super::Resolver;
use super::owner_of;
use crate::ids::BrandId;
use crate::resolver::{Facts, Need, Scan};
use crate::time::Timestamp;

impl Resolver {
    /// Adds the fact that is needed if it is at hand; whether it was. Most scans take this way
    /// alone, which never waits.
    pub(in crate::service::resolver) fn recall(
        &self,
        scan: &Scan,
        facts: &mut Facts,
        need: Need,
    ) -> bool {
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
