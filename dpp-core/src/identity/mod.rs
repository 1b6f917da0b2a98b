//! How a unit's id and serial are derived from its batch and its index, and decoded back.
//!
//! This room must not know stores, events or jobs. Everything here is fixed by golden
//! vectors: codes that were printed live for decades, so nothing of scheme version 1 may
//! ever change; a later scheme stands beside it under its own [`SchemeVersion`].
//!
//! # What each part hides, and how likely a guess hits
//!
//! All secrets come from the batch's [`BatchSeed`]: 32 random bytes, drawn once, kept in the
//! log. Whoever can read the log can derive the units, as whoever can read a table of units
//! could read them.
//!
//! - **The scrambled index** (20 bits) hides in which order units were made, and how many:
//!   the indexes of a batch lie scattered over 2^20 places. It is a bijection with an exact
//!   inverse ([`Scrambler`]), not a secret that anything rests on.
//! - **A unit id** has 60 bits of its batch's id, the scrambled index, and a tag of 42 bits.
//!   Who knows a whole batch id and guesses an index and a tag hits one of `n` units with
//!   chance `n / 2^20 * 2^-42`, at most 2^-42 or 1 in 4,398,046,511,104. It does not hide
//!   when its batch was accepted: a batch's id begins with that millisecond (the time of a
//!   version 7 UUID), so that every unit id and every `/mu/` URL tells it.
//! - **A randomised serial** has a block (20 bits), the scrambled index (20 bits) and a tag
//!   of `t` characters (5t bits, t from 4 to 12). Who knows a block that is in use hits one
//!   of `n` units with chance `n / 2^20 * 2^-5t`: for t = 4 at most 2^-20, or 1 in
//!   1,048,576. Who does not know one has to guess that too: with `b` full blocks in use,
//!   `b * n / 2^(40 + 5t)`. Blocks are handed out in a secret order, so that a serial does
//!   not tell how many jobs came before.
//! - **A numeric serial** (`numeric38`) has no tag: what protects it is that few of the 2^38
//!   numbers are in use, at places that a keyed bijection picks. With `n` in use a guess hits
//!   with chance `n / 2^38`. The pool keeps it at or under 1 in 10,000 unless told otherwise:
//!   2^38 / 10,000 = 27,487,790 serials a product. Its permutation is the one part that a
//!   guess's chance rests on, so its rounds use a keyed pseudo-random function (SipHash-2-4).
//! - **A sequential serial** hides nothing: who knows one knows its neighbours. Take it only
//!   where that is wanted.
//! - **A provided serial** hides what its brand made it hide.
//!
//! ## What decoding tells
//!
//! [`DecodeError`] has three answers, for whoever may know the batch. A resolver, or
//! whatever else answers strangers, must merge them into one:
//! [`IndexBeyondBatch`](DecodeError::IndexBeyondBatch) is told before the tag is looked at,
//! so that who asks for made-up codes and counts how often it comes could estimate a batch's
//! size without a single right tag.
//!
//! For sequential and `numeric38` serials a number that the batch does not have belongs to no
//! part of it, and the answer is [`UnknownBlock`](DecodeError::UnknownBlock);
//! `IndexBeyondBatch` then only comes from tampered facts.

mod batch_identity;
mod decode;
mod digest;
mod find;
mod ids;
mod lots;
mod provided;
mod scramble;
mod seed;
pub mod serial;
mod urls;

pub use batch_identity::{BatchIdentity, IdentityFacts, SchemeVersion, Unit, Units};
pub use decode::DecodeError;
pub use digest::{DigestError, UnitsDigest};
pub use find::{Found, IdPrefix, Search};
pub(crate) use find::{NumberPrefix, PERMUTATION};
pub use ids::{BatchPrefix, LotId, MintBatchId, MintJobId, MintUnitId};
pub use lots::{Lot, Lots, LotsError};
pub use provided::ProvidedSerials;
pub use scramble::Scrambler;
pub use seed::{BatchSeed, PoolSeed, SeedError};
pub use urls::{UnitUrls, lot_url, unit_url};

/// The most units that a batch may have, and the most that one request may ask for.
pub const MAX_UNITS: u32 = 1_000_000;
