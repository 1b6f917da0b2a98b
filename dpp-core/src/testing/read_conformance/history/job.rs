//! What a job of a history asks for.

use crate::BrandId;
use crate::identity::serial::{SequentialFormat, SerialScheme};
use crate::identity::{Lot, Lots, MintBatchId};
use crate::mint::{ActivationMode, BatchFacts, IdentityMode};
use crate::testing::kit::{Checked, Trial};
use crate::{ProductBatchId, ProductId, Timestamp};

/// What a job asks for. Its number is that of its batch: batches with greater numbers have
/// greater ids.
#[derive(Debug, Clone)]
pub(crate) struct Job {
    number: u32,
    product: ProductId,
    production: Option<ProductBatchId>,
    quantity: u32,
    mode: ActivationMode,
    gtin: Option<&'static str>,
    lots: Vec<(&'static str, u32)>,
    scheme: Option<SerialScheme>,
    pub(super) provided: Vec<String>,
}

/// The batch with this number. No two share a prefix: they begin with different times.
pub(crate) fn batch_id(trial: &Trial, number: u32) -> MintBatchId {
    let at = Timestamp::from_unix_millis(1_700_000_000_000 + i64::from(number) * 1_000_003);
    MintBatchId::new(at, trial.bytes("batch", number.into()))
}

impl Job {
    /// A job for units with randomised serials, of product 0.
    pub(crate) fn of(trial: &Trial, number: u32, quantity: u32) -> Self {
        Self {
            number,
            product: trial.product(0),
            production: None,
            quantity,
            mode: ActivationMode::FirstScan,
            gtin: None,
            lots: Vec::new(),
            scheme: Some(SerialScheme::default()),
            provided: Vec::new(),
        }
    }

    pub(crate) fn product(self, product: ProductId) -> Self {
        Self { product, ..self }
    }

    pub(crate) fn production(self, batch: ProductBatchId) -> Self {
        Self {
            production: Some(batch),
            ..self
        }
    }

    pub(crate) fn gtin(self, gtin: &'static str) -> Self {
        Self {
            gtin: Some(gtin),
            ..self
        }
    }

    pub(crate) fn born_active(self) -> Self {
        Self {
            mode: ActivationMode::ActiveAtMint,
            ..self
        }
    }

    /// Lots instead of serials; they make the quantity.
    pub(crate) fn lots(self, lots: &[(&'static str, u32)]) -> Self {
        Self {
            quantity: lots.iter().map(|(_, qty)| qty).sum(),
            lots: lots.to_vec(),
            scheme: None,
            ..self
        }
    }

    pub(crate) fn numeric(self) -> Self {
        Self {
            scheme: Some(SerialScheme::Numeric38),
            ..self
        }
    }

    pub(crate) fn sequential(self, format: SequentialFormat) -> Self {
        Self {
            scheme: Some(SerialScheme::Sequential(format)),
            ..self
        }
    }

    /// Serials that the brand brings; they make the quantity.
    pub(crate) fn provided(self, serials: &[&str]) -> Self {
        Self {
            quantity: u32::try_from(serials.len()).unwrap_or(u32::MAX),
            scheme: Some(SerialScheme::Provided),
            provided: serials.iter().map(|serial| (*serial).to_owned()).collect(),
            ..self
        }
    }

    pub(super) fn facts(&self, trial: &Trial, brand: BrandId) -> Checked<BatchFacts> {
        let id = batch_id(trial, self.number);
        let lots = self.lots.iter().map(|(code, qty)| {
            let lot_code = trial.read(code)?;
            Ok(Lot {
                lot_code,
                qty: *qty,
            })
        });
        let lots = Lots::new(lots.collect::<Checked<_>>()?);
        Ok(BatchFacts {
            brand_id: brand,
            mint_job_id: id.job(),
            mint_batch_id: id,
            product_id: self.product,
            product_batch_id: self.production,
            requested_quantity: self.quantity,
            identity_mode: match self.scheme {
                Some(_) => IdentityMode::Serial,
                None => IdentityMode::Batch,
            },
            activation_mode: self.mode,
            lots: lots.map_err(|error| trial.violation(format!("the kit's lots: {error}")))?,
            serial_scheme: self.scheme.clone(),
            gtin: self.gtin.map(|gtin| trial.read(gtin)).transpose()?,
            resolver_base: trial.read("https://id.example.com")?,
            idempotency_key: None,
        })
    }
}
