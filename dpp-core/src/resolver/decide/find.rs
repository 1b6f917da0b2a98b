//! From what was asked for to what it is.

use crate::gs1::{Gtin, LotCode, Serial};
use crate::identity::{DecodeError, LotId, MintBatchId, MintUnitId};
use crate::ids::ProductId;
use crate::resolver::facts::{Facts, Need, Place, ScannedBatch};
use crate::resolver::record::Scanned;
use crate::resolver::request::Target;
use crate::unit::UnitStatus;

/// What was scanned, and what of it a first scan makes active.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) scanned: Scanned,
    /// Where it stands; none of a batch or a product.
    pub(super) status: Option<UnitStatus>,
    pub(super) activate: Vec<Activation>,
}

/// What a first scan makes active.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Activation {
    /// A unit; where it lies in its batch.
    Unit {
        /// Its id.
        id: MintUnitId,
        /// Its batch.
        batch: MintBatchId,
        /// Its index in the batch.
        index: u32,
    },
    /// A lot with all of its units.
    Lot {
        /// Its id.
        id: LotId,
        /// Its batch.
        batch: MintBatchId,
        /// Its number in the batch.
        number: u32,
    },
}

impl Activation {
    /// Where it lies.
    pub const fn place(&self) -> (MintBatchId, Place) {
        match self {
            Self::Unit { batch, index, .. } => (*batch, Place::Unit(*index)),
            Self::Lot { batch, number, .. } => (*batch, Place::Lot(*number)),
        }
    }
}

/// Why nothing was found. A stranger is not told: each is answered with status 404, and in the
/// same words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum NotFound {
    /// No brand has the host.
    #[error("no brand has the host")]
    Brand,
    /// No product of the brand has or had the GTIN.
    #[error("no product of the brand has the GTIN")]
    Gtin,
    /// Nothing that the product's serials were ever taken from has this one.
    #[error("the serial was never handed out")]
    Serial,
    /// No batch of the brand has the id, or its identities are not fixed yet.
    #[error("the brand has no such batch")]
    Batch,
    /// No batch of the brand has the lot.
    #[error("the brand has no such lot")]
    Lot,
    /// The id or serial names a place beyond the batch: it was made up.
    #[error("the id or serial names a place beyond its batch")]
    Beyond,
    /// The tag is wrong: the id or serial was made up or altered.
    #[error("the tag of the id or serial is wrong")]
    WrongTag,
    /// The serial is that of a product under another GTIN.
    #[error("the serial belongs to another GTIN")]
    OtherGtin,
    /// The unit or the lot will be, or would have been, but was not made.
    #[error("the unit or the lot was not made")]
    NotMade,
    /// There is no link of the type that was asked for.
    #[error("there is no link of the type")]
    LinkType,
}

impl NotFound {
    /// Every reason there is.
    pub const ALL: [Self; 10] = [
        Self::Brand,
        Self::Gtin,
        Self::Serial,
        Self::Batch,
        Self::Lot,
        Self::Beyond,
        Self::WrongTag,
        Self::OtherGtin,
        Self::NotMade,
        Self::LinkType,
    ];

    /// Whether somebody made the code up, or changed it: what was never handed out.
    pub const fn is_forged(self) -> bool {
        matches!(self, Self::Beyond | Self::WrongTag | Self::OtherGtin)
    }
}

impl From<DecodeError> for NotFound {
    fn from(error: DecodeError) -> Self {
        match error {
            DecodeError::UnknownBlock => Self::Serial,
            DecodeError::IndexBeyondBatch { .. } => Self::Beyond,
            DecodeError::WrongTag => Self::WrongTag,
        }
    }
}

/// Why the search stops here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    Needs(Need),
    Nothing(NotFound),
}

impl From<Need> for Stop {
    fn from(need: Need) -> Self {
        Self::Needs(need)
    }
}

impl From<NotFound> for Stop {
    fn from(reason: NotFound) -> Self {
        Self::Nothing(reason)
    }
}

pub(super) fn find(target: &Target, facts: &Facts) -> Result<Found, Stop> {
    match target {
        Target::Unit(id) => {
            let batch = facts.batch(id.batch_prefix())?.ok_or(NotFound::Batch)?;
            let index = batch.codes.identity().decode_unit_id(*id);
            unit(batch, index.map_err(NotFound::from)?, facts)
        }
        Target::Lot(id) => {
            let batch = facts.batch(id.batch_prefix())?.ok_or(NotFound::Batch)?;
            let number = batch.codes.lot_ids().iter().position(|own| own == id);
            let number = number.and_then(|number| u32::try_from(number).ok());
            lot(batch, number.ok_or(NotFound::WrongTag)?, facts)?.ok_or(NotFound::NotMade.into())
        }
        Target::Batch(id) => {
            let batch = facts.batch(id.prefix())?;
            let own = batch.filter(|batch| batch.facts.mint_batch_id == *id);
            let batch = own.ok_or(NotFound::Batch)?;
            Ok(thing(Scanned::Batch {
                product: batch.facts.product_id,
                batch: *id,
            }))
        }
        Target::Link(link) => match (link.serial(), link.lot()) {
            (Some(serial), _) => item(link.gtin(), serial, facts),
            (None, Some(code)) => lots(link.gtin(), code, facts),
            (None, None) => {
                let products = facts.products(link.gtin())?;
                let product = products.product().ok_or(NotFound::Gtin)?;
                Ok(thing(Scanned::Product { product }))
            }
        },
        Target::Description => Err(NotFound::Batch.into()),
    }
}

const fn thing(scanned: Scanned) -> Found {
    Found {
        scanned,
        status: None,
        activate: Vec::new(),
    }
}

/// The unit with this serial: of the first product under the GTIN that has it.
fn item(gtin: Gtin, serial: Serial, facts: &Facts) -> Result<Found, Stop> {
    let products = facts.products(gtin)?;
    if products.product().is_none() {
        return Err(NotFound::Gtin.into());
    }
    let mut reason = NotFound::Serial;
    for product in &products.minted {
        match item_of(*product, gtin, serial, facts) {
            Err(Stop::Nothing(NotFound::Serial)) => {}
            Err(Stop::Nothing(other)) => reason = other,
            settled => return settled,
        }
    }
    Err(reason.into())
}

fn item_of(product: ProductId, gtin: Gtin, serial: Serial, facts: &Facts) -> Result<Found, Stop> {
    let owner = facts.owner(product, serial)?;
    let derived = match owner.batch {
        Some(batch) => derived(batch, gtin, serial, facts),
        None => Err(NotFound::Serial.into()),
    };
    match derived {
        Err(Stop::Nothing(reason)) if owner.brings_own => {
            let claim = facts.claim(product, serial)?.ok_or(reason)?;
            let (id, index) = claim;
            unit(batch_under(id, gtin, facts)?, index, facts)
        }
        settled => settled,
    }
}

fn derived(id: MintBatchId, gtin: Gtin, serial: Serial, facts: &Facts) -> Result<Found, Stop> {
    let batch = batch_under(id, gtin, facts)?;
    let index = batch.codes.identity().decode_serial(&serial);
    unit(batch, index.map_err(NotFound::from)?, facts)
}

/// A batch that was accepted with this GTIN: what is printed on its items names no other.
fn batch_under(id: MintBatchId, gtin: Gtin, facts: &Facts) -> Result<&ScannedBatch, Stop> {
    let batch = facts.batch(id.prefix())?;
    let own = batch.filter(|batch| batch.facts.mint_batch_id == id);
    let batch = own.ok_or(NotFound::Batch)?;
    match batch.facts.gtin == Some(gtin) {
        true => Ok(batch),
        false => Err(NotFound::OtherGtin.into()),
    }
}

fn unit(batch: &ScannedBatch, index: u32, facts: &Facts) -> Result<Found, Stop> {
    let id = batch.facts.mint_batch_id;
    let status = facts.status(id, Place::Unit(index))?;
    let status = status.ok_or(NotFound::NotMade)?;
    let to_activate = (status == UnitStatus::Minted)
        .then(|| batch.codes.identity().unit(index))
        .flatten();
    let activate = to_activate.map(|unit| Activation::Unit {
        id: unit.id,
        batch: id,
        index,
    });
    Ok(Found {
        scanned: Scanned::Unit {
            product: batch.facts.product_id,
            batch: id,
            index,
        },
        status: Some(status),
        activate: activate.into_iter().collect(),
    })
}

/// The lots with this code: what is printed on the items of several batches may be the same. The
/// newest that is not revoked is shown; all that are still to be made active are.
fn lots(gtin: Gtin, code: LotCode, facts: &Facts) -> Result<Found, Stop> {
    let products = facts.products(gtin)?;
    if products.product().is_none() {
        return Err(NotFound::Gtin.into());
    }
    let mut found: Option<Found> = None;
    let mut reason = NotFound::Lot;
    for product in &products.minted {
        for id in facts.lots(*product, code)? {
            match lot_of(*id, gtin, code, facts) {
                Ok(one) => {
                    found = Some(match found {
                        Some(shown) => shown.beside(one),
                        None => one,
                    });
                }
                Err(Stop::Nothing(NotFound::NotMade)) => reason = NotFound::NotMade,
                Err(Stop::Nothing(_)) => {}
                Err(needs) => return Err(needs),
            }
        }
    }
    found.ok_or(reason.into())
}

fn lot_of(id: MintBatchId, gtin: Gtin, code: LotCode, facts: &Facts) -> Result<Found, Stop> {
    let batch = batch_under(id, gtin, facts)?;
    let lots = batch.facts.lots.as_slice().iter();
    let number = lots.zip(0..).find(|(lot, _)| lot.lot_code == code);
    let (_, number) = number.ok_or(NotFound::Lot)?;
    lot(batch, number, facts)?.ok_or(NotFound::NotMade.into())
}

impl Found {
    /// Of two that the same text is printed for, the first that is not revoked, with what there
    /// is to activate of both.
    fn beside(self, other: Self) -> Self {
        let is_revoked = |found: &Self| found.status == Some(UnitStatus::Revoked);
        let activate = [self.activate.as_slice(), &other.activate].concat();
        let shown = match is_revoked(&self) && !is_revoked(&other) {
            true => other,
            false => self,
        };
        Self { activate, ..shown }
    }
}

/// A lot of a batch; none if not one of its units was made.
fn lot(batch: &ScannedBatch, number: u32, facts: &Facts) -> Result<Option<Found>, Need> {
    let batch_id = batch.facts.mint_batch_id;
    let Some(status) = facts.status(batch_id, Place::Lot(number))? else {
        return Ok(None);
    };
    let id = batch.codes.lot_ids().get(number as usize);
    let to_activate = id.filter(|_| status == UnitStatus::Minted);
    let activate = to_activate.map(|id| Activation::Lot {
        id: *id,
        batch: batch_id,
        number,
    });
    Ok(Some(Found {
        scanned: Scanned::Lot {
            product: batch.facts.product_id,
            batch: batch_id,
            lot: number,
        },
        status: Some(status),
        activate: activate.into_iter().collect(),
    }))
}
