//! What the claims of keys say.

use crate::identity::MintBatchId;
use crate::mint::RequestDigest;
use crate::store::log::ClaimValue;

/// What an idempotency key's claim says: the batch, and the digest of the request.
pub(in crate::service) struct KeyValue<'a> {
    pub(in crate::service) batch: MintBatchId,
    pub(in crate::service) digest: &'a [u8],
}

impl<'a> KeyValue<'a> {
    pub(in crate::service) fn read(value: &'a ClaimValue) -> Option<Self> {
        let (batch, digest) = value.as_bytes().split_first_chunk::<16>()?;
        let batch = MintBatchId::try_from(uuid::Uuid::from_bytes(*batch)).ok()?;
        Some(Self { batch, digest })
    }

    pub(in crate::service) fn of_key(batch: MintBatchId, digest: RequestDigest) -> ClaimValue {
        ClaimValue::of_parts(batch.as_uuid().as_bytes(), digest.as_bytes())
    }

    pub(in crate::service) fn of_prefix(batch: MintBatchId) -> ClaimValue {
        ClaimValue::of_parts(batch.as_uuid().as_bytes(), &[0; 16])
    }
}
