//! What a decision has to know of the world, one question at a time.

mod site;

use std::sync::Arc;

use crate::gs1::{Gtin, LotCode, Serial};
use crate::identity::{BatchPrefix, MintBatchId};
use crate::ids::ProductId;
use crate::mint::{BatchCodes, BatchFacts};
use crate::unit::UnitStatus;

pub use site::{
    Conformance, GtinOwner, PageOf, PageUrl, PageUrlError, ProductPage, ScannedProduct, Site,
};

/// A question about the world. All but the first are about the brand of the site: what belongs to
/// another brand is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// What stands behind the scan's host: answer with [`Facts::set_site`].
    Site,
    /// Which products have or had this GTIN: [`Facts::set_products`].
    Products(Gtin),
    /// What the product's serial pool says of this serial: [`Facts::add_owner`].
    Owner(ProductId, Serial),
    /// Whose this provided serial is: [`Facts::add_claim`].
    Claim(ProductId, Serial),
    /// The batches of this product that have a lot with this code: [`Facts::add_lots`].
    Lots(ProductId, LotCode),
    /// The batch whose id begins so: [`Facts::add_batch`].
    Batch(BatchPrefix),
    /// Where a unit or a lot of this batch stands: [`Facts::add_status`].
    Status(MintBatchId, Place),
    /// How the product is shown: [`Facts::set_product`].
    Product(ProductId),
}

/// A unit or a lot inside a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// The unit with this index.
    Unit(u32),
    /// The lot with this number, from 0.
    Lot(u32),
}

/// Which products a GTIN leads to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GtinProducts {
    /// Who has or had it, by the catalogue.
    pub owners: Vec<GtinOwner>,
    /// The products that batches with it were accepted for. Their codes are printed, whatever
    /// the catalogue says today.
    pub minted: Vec<ProductId>,
}

impl GtinProducts {
    /// The product that has it now, else the one that gave it up last, else one that it was
    /// minted for.
    pub fn product(&self) -> Option<ProductId> {
        let rank = |owner: &&GtinOwner| (owner.retired_at.is_none(), owner.retired_at);
        // Of equal ones the first, lest the answer hang on what comes after.
        let best = self.owners.iter().rev().max_by_key(rank);
        best.map(|owner| owner.product)
            .or_else(|| self.minted.first().copied())
    }
}

/// What a product's pool says of a serial.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SerialOwner {
    /// The batch that it would belong to if it was derived.
    pub batch: Option<MintBatchId>,
    /// Whether the brand brought serials of its own for this product.
    pub brings_own: bool,
}

/// A batch as far as it never changes.
#[derive(Debug, Clone)]
pub struct ScannedBatch {
    /// What was fixed when its job was accepted.
    pub facts: Arc<BatchFacts>,
    /// How its units and lots are decoded.
    pub codes: Arc<BatchCodes>,
}

/// What is known so far.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    site: Option<Option<Arc<Site>>>,
    products: Option<Arc<GtinProducts>>,
    owners: Vec<(ProductId, SerialOwner)>,
    claims: Vec<(ProductId, Option<(MintBatchId, u32)>)>,
    lots: Vec<(ProductId, Arc<[MintBatchId]>)>,
    batches: Vec<(BatchPrefix, Option<ScannedBatch>)>,
    statuses: Vec<(MintBatchId, Place, Option<UnitStatus>)>,
    product: Option<Option<Arc<ScannedProduct>>>,
}

/// What is answered.
impl Facts {
    /// The site of the host; none if there is none.
    pub fn set_site(&mut self, site: Option<Arc<Site>>) {
        self.site = Some(site);
    }

    /// The products of the GTIN.
    pub fn set_products(&mut self, products: Arc<GtinProducts>) {
        self.products = Some(products);
    }

    /// What the pool of a product says of the serial.
    pub fn add_owner(&mut self, product: ProductId, owner: SerialOwner) {
        self.owners.push((product, owner));
    }

    /// The batch and the index that a provided serial was claimed for; none if it was not.
    pub fn add_claim(&mut self, product: ProductId, claim: Option<(MintBatchId, u32)>) {
        self.claims.push((product, claim));
    }

    /// The batches of a product with the lot, newest first.
    pub fn add_lots(&mut self, product: ProductId, batches: Arc<[MintBatchId]>) {
        self.lots.push((product, batches));
    }

    /// The batch with the prefix; none if the brand has no such, or its identities are not fixed
    /// yet.
    pub fn add_batch(&mut self, prefix: BatchPrefix, batch: Option<ScannedBatch>) {
        self.batches.push((prefix, batch));
    }

    /// Where a unit or a lot stands; none if not one was made.
    pub fn add_status(&mut self, batch: MintBatchId, place: Place, status: Option<UnitStatus>) {
        self.statuses.push((batch, place, status));
    }

    /// The product; none if the catalogue does not have it any more.
    pub fn set_product(&mut self, product: Option<Arc<ScannedProduct>>) {
        self.product = Some(product);
    }
}

/// What is asked, while deciding.
impl Facts {
    /// The brand's site, once it is known that there is one.
    pub fn site(&self) -> Option<&Arc<Site>> {
        self.site.as_ref().and_then(Option::as_ref)
    }

    pub(super) fn known_site(&self) -> Result<Option<&Site>, Need> {
        let site = self.site.as_ref().ok_or(Need::Site)?;
        Ok(site.as_deref())
    }

    pub(super) fn products(&self, gtin: Gtin) -> Result<&GtinProducts, Need> {
        self.products.as_deref().ok_or(Need::Products(gtin))
    }

    pub(super) fn owner(&self, product: ProductId, serial: Serial) -> Result<SerialOwner, Need> {
        let mut known = self.owners.iter();
        let found = known.find(|(of, _)| *of == product);
        found
            .map(|(_, owner)| *owner)
            .ok_or(Need::Owner(product, serial))
    }

    pub(super) fn claim(
        &self,
        product: ProductId,
        serial: Serial,
    ) -> Result<Option<(MintBatchId, u32)>, Need> {
        let mut known = self.claims.iter();
        let found = known.find(|(of, _)| *of == product);
        found
            .map(|(_, claim)| *claim)
            .ok_or(Need::Claim(product, serial))
    }

    pub(super) fn lots(&self, product: ProductId, code: LotCode) -> Result<&[MintBatchId], Need> {
        let mut known = self.lots.iter();
        let found = known.find(|(of, _)| *of == product);
        found
            .map(|(_, batches)| batches.as_ref())
            .ok_or(Need::Lots(product, code))
    }

    pub(super) fn batch(&self, prefix: BatchPrefix) -> Result<Option<&ScannedBatch>, Need> {
        let mut known = self.batches.iter();
        let found = known.find(|(of, _)| *of == prefix);
        found
            .map(|(_, batch)| batch.as_ref())
            .ok_or(Need::Batch(prefix))
    }

    pub(super) fn status(
        &self,
        batch: MintBatchId,
        place: Place,
    ) -> Result<Option<UnitStatus>, Need> {
        let mut known = self.statuses.iter();
        let found = known.find(|(of, at, _)| *of == batch && *at == place);
        found
            .map(|(_, _, status)| *status)
            .ok_or(Need::Status(batch, place))
    }

    pub(super) fn product(&self, id: ProductId) -> Result<Option<&ScannedProduct>, Need> {
        let product = self.product.as_ref().ok_or(Need::Product(id))?;
        Ok(product.as_deref())
    }
}
