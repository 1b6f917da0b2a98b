//! A request that was checked.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{ActivationMode, IdentityMode};
use crate::identity::Lots;
use crate::identity::serial::SerialScheme;
use crate::ids::{BrandId, ProductBatchId, ProductId};
use crate::text_rows::TextRows;

/// A mint request whose every field is right. Only
/// [`MintRequest::check`](super::MintRequest::check) makes one.
#[derive(Debug, Clone, PartialEq)]
pub struct MintOrder {
    pub(super) brand_id: BrandId,
    pub(super) product_id: ProductId,
    pub(super) product_batch_id: Option<ProductBatchId>,
    pub(super) quantity: u32,
    pub(super) activation_mode: ActivationMode,
    pub(super) lots: Lots,
    pub(super) serials: OrderedSerials,
    pub(super) idempotency_key: Option<IdempotencyKey>,
    pub(super) digest: RequestDigest,
}

/// The serials that an order asks for or brings.
#[derive(Debug, Clone, PartialEq)]
pub enum OrderedSerials {
    /// None: lot mode.
    None,
    /// Derived by this scheme.
    Derived(SerialScheme),
    /// The brand's own: valid and distinct, one for each unit, in unit order.
    Provided(TextRows),
}

impl MintOrder {
    /// The brand.
    pub const fn brand_id(&self) -> BrandId {
        self.brand_id
    }

    /// The product.
    pub const fn product_id(&self) -> ProductId {
        self.product_id
    }

    /// The production batch.
    pub const fn product_batch_id(&self) -> Option<ProductBatchId> {
        self.product_batch_id
    }

    /// How many units, 1 to 1,000,000.
    pub const fn quantity(&self) -> u32 {
        self.quantity
    }

    /// What tells its units apart on the outside.
    pub const fn identity_mode(&self) -> IdentityMode {
        match self.serials {
            OrderedSerials::None => IdentityMode::Batch,
            _ => IdentityMode::Serial,
        }
    }

    /// Whether units are born active.
    pub const fn activation_mode(&self) -> ActivationMode {
        self.activation_mode
    }

    /// The lots; none in serial mode.
    pub const fn lots(&self) -> &Lots {
        &self.lots
    }

    /// The serials.
    pub const fn serials(&self) -> &OrderedSerials {
        &self.serials
    }

    /// The scheme of its serials; none in lot mode.
    pub fn scheme(&self) -> Option<SerialScheme> {
        match &self.serials {
            OrderedSerials::None => None,
            OrderedSerials::Derived(scheme) => Some(scheme.clone()),
            OrderedSerials::Provided(_) => Some(SerialScheme::Provided),
        }
    }

    /// The serials that it brings, if it does.
    pub const fn provided(&self) -> Option<&TextRows> {
        match &self.serials {
            OrderedSerials::Provided(rows) => Some(rows),
            _ => None,
        }
    }

    /// The caller's key.
    pub const fn idempotency_key(&self) -> Option<&IdempotencyKey> {
        self.idempotency_key.as_ref()
    }

    /// A digest of everything in it but the key: equal requests have equal digests.
    pub const fn digest(&self) -> RequestDigest {
        self.digest
    }
}

/// A caller's key: 1 to 255 visible ASCII characters, unique for a brand.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// The key.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for IdempotencyKey {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let length = text.chars().count();
        if !(1..=255).contains(&length) {
            return Err(format!(
                "it has {length} characters, and 1 to 255 are right"
            ));
        }
        match text.chars().find(|character| !character.is_ascii_graphic()) {
            None => Ok(Self(text.to_owned())),
            Some(character) => Err(format!(
                "it has {character:?}, and only visible ASCII characters are right"
            )),
        }
    }
}

impl TryFrom<String> for IdempotencyKey {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<IdempotencyKey> for String {
    fn from(key: IdempotencyKey) -> Self {
        key.0
    }
}

impl fmt::Display for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// 16 bytes that tell requests apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RequestDigest([u8; 16]);

impl RequestDigest {
    pub(super) fn of(parts: &[u8], rows: Option<&TextRows>) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("dpp 1 mint request");
        hasher.update(parts);
        for row in rows.into_iter().flat_map(TextRows::iter) {
            hasher.update(b" ").update(row.as_bytes());
        }
        let mut digest = [0; 16];
        hasher.finalize_xof().fill(&mut digest);
        Self(digest)
    }

    /// The digest of the same request, made another way than by submitting it.
    pub(crate) fn made_by(self, way: &str) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("dpp 1 mint request made another way");
        hasher.update(&self.0).update(way.as_bytes());
        let mut digest = [0; 16];
        hasher.finalize_xof().fill(&mut digest);
        Self(digest)
    }

    /// The bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}
