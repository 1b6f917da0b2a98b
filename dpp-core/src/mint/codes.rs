//! Everything that follows from a batch's facts: the identities, and what is printed.

use std::ops::Range;

use super::job::BatchFacts;
use super::request::IdentityMode;
use crate::identity::{
    BatchIdentity, IdentityFacts, LotId, ProvidedSerials, UnitUrls, Units, UnitsDigest,
};

/// The identities and resolver URLs of one batch.
///
/// Making one takes some microseconds; keep it for as long as the batch is in use.
#[derive(Debug, Clone)]
pub struct BatchCodes {
    identity: BatchIdentity,
    urls: UnitUrls,
    lot_ids: Vec<LotId>,
}

impl BatchCodes {
    /// The codes that follow from these facts.
    pub fn of(facts: &BatchFacts, fixed: &IdentityFacts) -> Self {
        let identity = BatchIdentity::new(facts.mint_batch_id, facts.requested_quantity, fixed);
        let lot_ids = identity.lot_ids(&facts.lots);
        let (base, gtin) = (&facts.resolver_base, facts.gtin.as_ref());
        let urls = match facts.identity_mode {
            IdentityMode::Serial => UnitUrls::of_serials(base, gtin),
            IdentityMode::Batch => {
                UnitUrls::of_lots(base, gtin, &facts.lots, lot_ids.iter().copied())
            }
        };
        Self {
            identity,
            urls,
            lot_ids,
        }
    }

    /// How its units are derived and decoded.
    pub const fn identity(&self) -> &BatchIdentity {
        &self.identity
    }

    /// How its resolver URLs are written.
    pub const fn urls(&self) -> &UnitUrls {
        &self.urls
    }

    /// The ids of its lots, in order.
    pub fn lot_ids(&self) -> &[LotId] {
        &self.lot_ids
    }

    /// The units with these indexes; `provided` are the brand's own serials of them, for a
    /// batch that has such.
    pub fn units(&self, indexes: Range<u32>, provided: Option<ProvidedSerials>) -> Units<'_> {
        let units = self.identity.units(indexes);
        match provided {
            Some(serials) => units.with_serials(serials),
            None => units,
        }
    }

    /// The digest over these units.
    pub fn digest(&self, indexes: Range<u32>, provided: Option<ProvidedSerials>) -> UnitsDigest {
        let units = self.units(indexes, provided);
        UnitsDigest::of_runs(self.identity.batch(), &self.urls, units)
    }
}
