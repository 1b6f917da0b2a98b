//! The places of rows, as the bytes that cursors hold.

use crate::identity::MintBatchId;
use crate::store::JobKey;
use crate::store::log::Position;
use crate::time::Timestamp;

/// The place of a row among those of its listing, as bytes.
pub(in crate::read) trait CursorKey: Sized {
    fn push_to(&self, bytes: &mut Vec<u8>);

    fn take_from(bytes: &mut &[u8]) -> Option<Self>;
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(*taken)
}

impl<const N: usize> CursorKey for [u8; N] {
    fn push_to(&self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(self);
    }

    fn take_from(bytes: &mut &[u8]) -> Option<Self> {
        take(bytes)
    }
}

impl CursorKey for u64 {
    fn push_to(&self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(&self.to_be_bytes());
    }

    fn take_from(bytes: &mut &[u8]) -> Option<Self> {
        take(bytes).map(Self::from_be_bytes)
    }
}

impl CursorKey for u32 {
    fn push_to(&self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(&self.to_be_bytes());
    }

    fn take_from(bytes: &mut &[u8]) -> Option<Self> {
        take(bytes).map(Self::from_be_bytes)
    }
}

impl CursorKey for Position {
    fn push_to(&self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(&self.to_bytes());
    }

    fn take_from(bytes: &mut &[u8]) -> Option<Self> {
        take(bytes).map(Self::from_bytes)
    }
}

impl CursorKey for JobKey {
    fn push_to(&self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(&self.accepted_at.unix_millis().to_be_bytes());
        bytes.extend_from_slice(self.batch.as_uuid().as_bytes());
    }

    fn take_from(bytes: &mut &[u8]) -> Option<Self> {
        let millis = take(bytes).map(i64::from_be_bytes)?;
        let batch = uuid::Uuid::from_bytes(take(bytes)?);
        Some(Self {
            accepted_at: Timestamp::from_unix_millis(millis),
            batch: MintBatchId::try_from(batch).ok()?,
        })
    }
}

impl<A: CursorKey, B: CursorKey> CursorKey for (A, B) {
    fn push_to(&self, bytes: &mut Vec<u8>) {
        self.0.push_to(bytes);
        self.1.push_to(bytes);
    }

    fn take_from(bytes: &mut &[u8]) -> Option<Self> {
        Some((A::take_from(bytes)?, B::take_from(bytes)?))
    }
}
