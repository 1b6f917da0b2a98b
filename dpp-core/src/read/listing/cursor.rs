//! Where a listing goes on, as text that a host hands out and takes back.
//!
//! A cursor says for which listing, brand and filter it was made, so that it cannot be used
//! with others by mistake. It is no secret and no proof: what it points to is looked for
//! inside the caller's own brand only.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::key::CursorKey;
use crate::gs1::quote::quote;
use crate::ids::BrandId;

/// Where a listing goes on: opaque text of `A-Z a-z 0-9 - _`. What a caller gives is looked
/// at when it is used.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(String);

impl Cursor {
    /// The cursor with this text, as a caller gave it.
    pub fn of_text(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The listings that have cursors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Listing {
    /// Batches.
    Batches,
    /// Jobs.
    Jobs,
    /// Units.
    Units,
    /// Events.
    Events,
    /// What a search found.
    Search,
    /// Packs of exports.
    Packs,
}

impl Listing {
    const ALL: [Self; 6] = [
        Self::Batches,
        Self::Jobs,
        Self::Units,
        Self::Events,
        Self::Search,
        Self::Packs,
    ];

    const fn code(self) -> u8 {
        match self {
            Self::Batches => 1,
            Self::Jobs => 2,
            Self::Units => 3,
            Self::Events => 4,
            Self::Search => 5,
            Self::Packs => 6,
        }
    }

    fn of_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

impl fmt::Display for Listing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Batches => "batches",
            Self::Jobs => "jobs",
            Self::Units => "units",
            Self::Events => "events",
            Self::Search => "search",
            Self::Packs => "packs",
        })
    }
}

/// Why a cursor cannot be used. Begin with the first page.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CursorError {
    /// It was cut, altered or made up.
    #[error("cursor `{cursor}` is garbled: it was cut, altered or made up")]
    Garbled {
        /// The cursor, or its beginning.
        cursor: String,
    },
    /// Another release made it.
    #[error("cursor `{cursor}` has version {found}, which this release does not read")]
    OtherVersion {
        /// The cursor, or its beginning.
        cursor: String,
        /// Its version.
        found: u8,
    },
    /// It was made for another listing.
    #[error("cursor `{cursor}` is one of {made_for}, and was used for {used_for}")]
    OtherListing {
        /// The cursor, or its beginning.
        cursor: String,
        /// What it was made for.
        made_for: Listing,
        /// What it was used for.
        used_for: Listing,
    },
    /// It was made for another brand.
    #[error("cursor `{cursor}` was made for another brand")]
    OtherBrand {
        /// The cursor, or its beginning.
        cursor: String,
    },
    /// It was made for another filter or order.
    #[error("cursor `{cursor}` was made for another filter or order")]
    OtherFilter {
        /// The cursor, or its beginning.
        cursor: String,
    },
}

const VERSION: u8 = 1;
const DIGEST: usize = 8;

/// What a cursor is good for.
#[derive(Debug, Clone, Copy)]
pub(in crate::read) struct CursorScope {
    listing: Listing,
    brand: [u8; DIGEST],
    filter: [u8; DIGEST],
}

impl CursorScope {
    /// A listing of a brand by a filter; the filter's JSON is what tells it from others.
    pub(in crate::read) fn new(listing: Listing, brand: BrandId, filter: &impl Serialize) -> Self {
        // Filters are plain structs of the library, which always serialise.
        let filter = serde_json::to_vec(filter).unwrap_or_default();
        Self {
            listing,
            brand: digest("brand", brand.as_uuid().as_bytes()),
            filter: digest("filter", &filter),
        }
    }

    /// The cursor that goes on behind a key.
    pub(in crate::read) fn cursor(&self, key: &impl CursorKey) -> Cursor {
        let mut bytes = vec![VERSION, self.listing.code()];
        bytes.extend_from_slice(&self.brand);
        bytes.extend_from_slice(&self.filter);
        key.push_to(&mut bytes);
        bytes.extend_from_slice(&digest("checksum", &bytes));
        Cursor(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The key behind which a cursor goes on.
    pub(in crate::read) fn key<K: CursorKey>(
        &self,
        cursor: Option<&Cursor>,
    ) -> Result<Option<K>, CursorError> {
        cursor.map(|cursor| self.read(cursor)).transpose()
    }

    fn read<K: CursorKey>(&self, given: &Cursor) -> Result<K, CursorError> {
        let cursor = quote(given.as_str());
        let garbled = || CursorError::Garbled {
            cursor: cursor.clone(),
        };
        let content = content(given).ok_or_else(garbled)?;
        let (version, rest) = content.split_first().ok_or_else(garbled)?;
        if *version != VERSION {
            let found = *version;
            return Err(CursorError::OtherVersion { cursor, found });
        }
        let parts = Parts::read(rest).ok_or_else(garbled)?;
        self.check(&parts, &cursor)?;
        let mut rest = parts.key;
        let key = K::take_from(&mut rest).filter(|_| rest.is_empty());
        key.ok_or_else(garbled)
    }

    /// Whether a cursor was made for what it is used for.
    fn check(&self, parts: &Parts<'_>, cursor: &str) -> Result<(), CursorError> {
        let cursor = cursor.to_owned();
        if parts.listing != self.listing {
            return Err(CursorError::OtherListing {
                cursor,
                made_for: parts.listing,
                used_for: self.listing,
            });
        }
        if parts.brand != self.brand {
            return Err(CursorError::OtherBrand { cursor });
        }
        if parts.filter != self.filter {
            return Err(CursorError::OtherFilter { cursor });
        }
        Ok(())
    }
}

/// What a cursor holds, version first, if its checksum is right: so far cursors of all versions
/// are alike.
fn content(cursor: &Cursor) -> Option<Vec<u8>> {
    let mut bytes = URL_SAFE_NO_PAD.decode(cursor.as_str()).ok()?;
    let (content, checksum) = bytes.split_last_chunk::<DIGEST>()?;
    if digest("checksum", content) != *checksum {
        return None;
    }
    bytes.truncate(bytes.len() - DIGEST);
    Some(bytes)
}

/// The parts of a cursor of this version.
struct Parts<'a> {
    listing: Listing,
    brand: [u8; DIGEST],
    filter: [u8; DIGEST],
    key: &'a [u8],
}

impl<'a> Parts<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let ([listing], rest) = bytes.split_first_chunk()?;
        let (brand, rest) = rest.split_first_chunk()?;
        let (filter, key) = rest.split_first_chunk()?;
        Some(Self {
            listing: Listing::of_code(*listing)?,
            brand: *brand,
            filter: *filter,
            key,
        })
    }
}

fn digest(of: &str, bytes: &[u8]) -> [u8; DIGEST] {
    let mut hasher = blake3::Hasher::new_derive_key("dpp 1 cursor");
    hasher.update(of.as_bytes());
    hasher.update(bytes);
    let mut digest = [0; DIGEST];
    hasher.finalize_xof().fill(&mut digest);
    digest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::MintBatchId;
    use crate::store::JobKey;
    use crate::time::Timestamp;

    fn scope() -> CursorScope {
        let brand = BrandId::from_uuid(uuid::Uuid::from_u128(7));
        CursorScope::new(Listing::Units, brand, &"filter")
    }

    fn sealed(mut bytes: Vec<u8>) -> Cursor {
        bytes.extend_from_slice(&digest("checksum", &bytes));
        Cursor(URL_SAFE_NO_PAD.encode(bytes))
    }

    fn key(cursor: &Cursor) -> Result<Option<u32>, CursorError> {
        scope().key(Some(cursor))
    }

    #[test]
    fn a_key_goes_round() {
        for number in [0, 1, 7_000_000, u32::MAX] {
            assert_eq!(key(&scope().cursor(&number)), Ok(Some(number)));
        }
        assert_eq!(scope().key::<u32>(None), Ok(None));
    }

    #[test]
    fn a_cursor_of_a_later_release_is_refused_by_its_version_whatever_it_holds() {
        for content in [vec![2], vec![2, 99, 3], vec![2; 300]] {
            let cursor = sealed(content);
            let error = key(&cursor).unwrap_err();
            let other = matches!(error, CursorError::OtherVersion { found: 2, .. });
            assert!(other, "{error:?}");
        }
    }

    #[test]
    fn what_this_version_cannot_hold_is_garbled_also_with_the_right_checksum() {
        let whole = |listing: u8, key: &[u8]| {
            let scope = scope();
            sealed([&[VERSION, listing], &scope.brand[..], &scope.filter, key].concat())
        };
        let units = Listing::Units.code();
        assert_eq!(key(&whole(units, &[0, 0, 0, 9])), Ok(Some(9)));
        let wrong = [
            sealed(Vec::new()),
            sealed(vec![VERSION]),
            sealed(vec![VERSION, units, 0]),
            whole(0, &[0, 0, 0, 9]),
            whole(99, &[0, 0, 0, 9]),
            whole(units, &[0, 0, 9]),
            whole(units, &[0, 0, 0, 9, 0]),
        ];
        for cursor in wrong {
            let error = key(&cursor).unwrap_err();
            assert!(matches!(error, CursorError::Garbled { .. }), "{error:?}");
        }
    }

    #[test]
    fn a_place_of_a_unit_goes_round() {
        let batch: MintBatchId = "01a3ae2d-2400-7707-8707-070707070706".parse().unwrap();
        let accepted_at = Timestamp::from_unix_millis(-1);
        let place = (JobKey { accepted_at, batch }, 77_u32);
        let cursor = scope().cursor(&place);
        assert_eq!(scope().key(Some(&cursor)), Ok(Some(place)));
    }
}
