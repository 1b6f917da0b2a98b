//! Snapshots of the fold: what it keeps, as bytes, so that the next need not read the log from
//! its beginning.
//!
//! A snapshot is a magic text and the number of its format, then for each brand the chunks that
//! [`brand`] writes, then a checksum over all of that. What follows from the records of the
//! batches is not in it: it is made anew.
//!
//! INVARIANT: whatever changes what a fold keeps of the same events, or how it is written,
//! raises [`FORMAT`]; a test holds the bytes of one history fast.

mod brand;
mod chunks;
mod feed;
mod rows;

use std::sync::Arc;

use super::ReadFold;
use super::brand::BrandFold;
use crate::ids::BrandId;
use crate::store::EventStore;
use crate::store::log::{PageLimit, ReadError, StoreFault};
use chunks::Chunks;

const MAGIC: &[u8] = b"dpp fold";
const FORMAT: u32 = 2;

/// Why a fold cannot begin with a snapshot.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// The bytes are something else. Pass a snapshot, or begin with an empty fold.
    #[error("the bytes are no snapshot of a fold")]
    NotASnapshot,
    /// Bytes were changed, are missing, or were added. Begin with an empty fold.
    #[error("the snapshot is damaged")]
    Damaged,
    /// A newer release wrote it. Update, or begin with an empty fold.
    #[error("the snapshot has format {found}, and this release reads up to {newest}")]
    NewerFormat {
        /// Its format.
        found: u32,
        /// The newest that this release reads.
        newest: u32,
    },
    /// It was made of another log, or of one that has since been put back to what it was
    /// before. Begin with an empty fold.
    #[error("the snapshot does not fit the log: brand `{brand}` has another feed there")]
    DoesNotFit {
        /// The first brand whose feed is another.
        brand: BrandId,
    },
    /// The log could not be asked whether the snapshot fits. Try again.
    #[error("the log cannot tell whether the snapshot fits: {0}")]
    Unavailable(#[from] StoreFault),
}

impl ReadFold {
    /// What the fold keeps, as bytes: [loaded](Self::load) over the same log, they give the
    /// same answers as a fold that reads the log from its beginning. Each brand is in it as far
    /// as it was read when its turn came; reading on is not stopped for longer than one brand
    /// takes. The same state gives the same bytes.
    ///
    /// It holds the seeds of batches, which their units follow from: keep it as secret as the
    /// log.
    ///
    /// # Errors
    /// What serialisation says; the library's own records always serialise.
    pub fn snapshot(&self) -> serde_json::Result<Vec<u8>> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&FORMAT.to_be_bytes());
        let mut brands: Vec<_> = self.read().brands.keys().copied().collect();
        brands.sort_unstable();
        for brand in brands {
            if let Some(fold) = self.read().brands.get(&brand) {
                brand::write(&mut bytes, brand, fold)?;
            }
        }
        let checksum = blake3::hash(&bytes);
        bytes.extend_from_slice(checksum.as_bytes());
        Ok(bytes)
    }

    /// A fold that begins where a snapshot was made, and reads on from there. The log is asked
    /// whether it still has the last event that the snapshot knows of each brand, at the same
    /// position.
    ///
    /// # Errors
    /// [`SnapshotError`] when the bytes are no snapshot, were damaged, are of a newer release or
    /// do not fit the log, and when the log cannot be read.
    pub async fn load(store: Arc<dyn EventStore>, bytes: &[u8]) -> Result<Self, SnapshotError> {
        let brands = read_brands(bytes)?;
        for (brand, fold) in &brands {
            check_fits(store.as_ref(), *brand, fold).await?;
        }
        let loaded = Self::new(store);
        let mut projection = loaded.write();
        for (brand, fold) in brands {
            projection.adopt(brand, fold);
        }
        drop(projection);
        Ok(loaded)
    }
}

fn read_brands(bytes: &[u8]) -> Result<Vec<(BrandId, BrandFold)>, SnapshotError> {
    let mut chunks = Chunks::of(content(bytes)?);
    let mut brands: Vec<(BrandId, BrandFold)> = Vec::new();
    while !chunks.is_empty() {
        let (brand, fold) = brand::read(&mut chunks).ok_or(SnapshotError::Damaged)?;
        if brands.last().is_some_and(|(last, _)| *last >= brand) {
            return Err(SnapshotError::Damaged);
        }
        brands.push((brand, fold));
    }
    Ok(brands)
}

/// What is between the head and the checksum. These two stay as they are in every format.
fn content(bytes: &[u8]) -> Result<&[u8], SnapshotError> {
    if !bytes.starts_with(MAGIC) {
        return Err(SnapshotError::NotASnapshot);
    }
    let (sealed, checksum) = bytes.split_last_chunk().ok_or(SnapshotError::Damaged)?;
    if blake3::hash(sealed) != blake3::Hash::from_bytes(*checksum) {
        return Err(SnapshotError::Damaged);
    }
    let head = sealed.strip_prefix(MAGIC).unwrap_or_default();
    let (found, content) = head.split_first_chunk().ok_or(SnapshotError::Damaged)?;
    match u32::from_be_bytes(*found) {
        FORMAT => Ok(content),
        found if found > FORMAT => Err(SnapshotError::NewerFormat {
            found,
            newest: FORMAT,
        }),
        _ => Err(SnapshotError::Damaged),
    }
}

/// # Errors
/// [`SnapshotError`] when the log does not have the last event that the fold has taken in where
/// the fold has it.
async fn check_fits(
    log: &dyn EventStore,
    brand: BrandId,
    fold: &BrandFold,
) -> Result<(), SnapshotError> {
    let misfit = SnapshotError::DoesNotFit { brand };
    let mut after = fold.before;
    loop {
        let page = match log.read_feed(brand, after, PageLimit::new(1)).await {
            Ok(page) => page,
            Err(ReadError::ForeignPosition { .. }) => return Err(misfit),
            Err(ReadError::Unavailable(fault)) => return Err(fault.into()),
        };
        if let Some(next) = page.events.first() {
            let found = (Some(next.position), Some(next.event.metadata.event_id));
            let fits = found == (fold.position, fold.event_id);
            return if fits { Ok(()) } else { Err(misfit) };
        }
        if !page.more {
            return Err(misfit);
        }
        after = page.upto;
    }
}
