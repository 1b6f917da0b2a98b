//! Which units of a batch are meant.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::gs1::{LotCode, Serial};
use crate::identity::serial::SerialScheme;
use crate::identity::{BatchIdentity, MintBatchId, MintUnitId};
use crate::ids::{BrandId, ProductId};
use crate::mint::MintBatch;
use crate::service::MintService;
use crate::service::errors::UnitError;
use crate::store::log::{ClaimSpace, ReadError};
use crate::text_rows::TextRows;
use crate::unit::{UnitSet, UnitsRejection};

/// How many keys are looked up at once.
const KEYS_AT_ONCE: usize = 20_000;

/// Some units of one batch, all of them made, named in one way. What is named twice counts
/// once.
///
/// ```
/// use dpp_core::service::UnitSelection;
///
/// let json = r#"{"range": {"start": 0, "end": 500}}"#;
/// let selection: UnitSelection = serde_json::from_str(json)?;
/// assert_eq!(selection, UnitSelection::Range(0..500));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitSelection {
    /// Those whose indexes lie in this range.
    Range(Range<u32>),
    /// Those with these indexes.
    Indexes(Vec<u32>),
    /// Those with these ids.
    Ids(Vec<MintUnitId>),
    /// All those of the lot with this code. While the job goes on, the lot has to be whole, so
    /// that no unit of it turns up afterwards; once it is over, those that were made are meant.
    Lot(LotCode),
    /// Those with these serials, derived or the brand's own.
    Serials(Vec<Serial>),
}

impl MintService {
    /// The indexes of the units that are meant; an error names the first that is none.
    pub(super) async fn select(
        &self,
        brand: BrandId,
        batch: &MintBatch,
        selection: &UnitSelection,
    ) -> Result<UnitSet, UnitError> {
        let made = batch.minted;
        match selection {
            UnitSelection::Range(indexes) => Ok(in_range(indexes.clone(), made)?),
            UnitSelection::Indexes(indexes) => Ok(by_index(indexes, made)?),
            UnitSelection::Ids(ids) => by_id(batch, ids),
            UnitSelection::Lot(code) => of_lot(batch, *code),
            UnitSelection::Serials(serials) => match batch.facts.serial_scheme {
                Some(SerialScheme::Provided) => self.by_claim(brand, batch, serials).await,
                _ => by_serial(batch, serials),
            },
        }
    }

    async fn by_claim(
        &self,
        brand: BrandId,
        batch: &MintBatch,
        serials: &[Serial],
    ) -> Result<UnitSet, UnitError> {
        let facts = &batch.facts;
        let mut units = UnitSet::default();
        for some in serials.chunks(KEYS_AT_ONCE) {
            let indexes = self
                .claimed_indexes(brand, facts.product_id, facts.mint_batch_id, some)
                .await?;
            for (serial, index) in some.iter().zip(indexes) {
                let made = index.filter(|index| *index < batch.minted);
                units.insert(made.ok_or(UnitError::NoSuchSerial(*serial))?);
            }
        }
        Ok(units)
    }

    /// The indexes under which a batch has claimed serials; none for one that it has not.
    async fn claimed_indexes(
        &self,
        brand: BrandId,
        product: ProductId,
        batch: MintBatchId,
        serials: &[Serial],
    ) -> Result<Vec<Option<u32>>, ReadError> {
        let keys: TextRows = serials.iter().map(Serial::as_str).collect();
        let space = ClaimSpace::serials_of(product);
        let claimed = self.journal().store().claimed(brand, space, &keys).await?;
        let indexes = claimed.into_iter().map(|value| {
            let (owner, index) = value?.numbered()?;
            (owner == *batch.as_uuid()).then_some(index)
        });
        Ok(indexes.collect())
    }
}

/// What lies outside is found before the set is made: a range may be as long as it likes.
fn in_range(indexes: Range<u32>, made: u32) -> Result<UnitSet, UnitsRejection> {
    match indexes.end > made && !indexes.is_empty() {
        true => Err(UnitsRejection::OutsideBatch {
            index: indexes.start.max(made),
            made,
        }),
        false => Ok(UnitSet::of_range(indexes)),
    }
}

fn by_index(indexes: &[u32], made: u32) -> Result<UnitSet, UnitsRejection> {
    let inside = |index: &u32| match *index < made {
        true => Ok(*index),
        false => Err(UnitsRejection::OutsideBatch {
            index: *index,
            made,
        }),
    };
    indexes.iter().map(inside).collect()
}

fn by_id(batch: &MintBatch, ids: &[MintUnitId]) -> Result<UnitSet, UnitError> {
    let identity = identity_of(batch);
    let index = |id: &MintUnitId| {
        let index = identity.as_ref()?.decode_unit_id(*id).ok()?;
        (index < batch.minted).then_some(index)
    };
    ids.iter()
        .map(|id| index(id).ok_or(UnitError::NoSuchUnit(*id)))
        .collect()
}

fn by_serial(batch: &MintBatch, serials: &[Serial]) -> Result<UnitSet, UnitError> {
    let identity = identity_of(batch);
    let index = |serial: &Serial| {
        let index = identity.as_ref()?.decode_serial(serial).ok()?;
        (index < batch.minted).then_some(index)
    };
    serials
        .iter()
        .map(|serial| index(serial).ok_or(UnitError::NoSuchSerial(*serial)))
        .collect()
}

fn of_lot(batch: &MintBatch, code: LotCode) -> Result<UnitSet, UnitError> {
    let lots = &batch.facts.lots;
    let number = lots.as_slice().iter().position(|lot| lot.lot_code == code);
    let units = number.and_then(|number| lots.units_of(number));
    let made = units.map(|units| match batch.job.is_over() {
        true => units.start..units.end.min(batch.minted),
        false => units,
    });
    match made.filter(|units| !units.is_empty()) {
        Some(units) => Ok(in_range(units, batch.minted)?),
        None => Err(UnitError::NoSuchLotCode(code)),
    }
}

/// How the units of a batch are decoded; none before its job was reserved.
fn identity_of(batch: &MintBatch) -> Option<BatchIdentity> {
    let (facts, fixed) = (&batch.facts, batch.identity.as_ref()?);
    let quantity = facts.requested_quantity;
    Some(BatchIdentity::new(facts.mint_batch_id, quantity, fixed))
}
