//! The identities of one batch.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::ids::{CodedId, LotId, MintBatchId, MintUnitId};
use super::lots::Lots;
use super::provided::ProvidedSerials;
use super::scramble::Scrambler;
use super::seed::{BatchSeed, Domain, randomness_at, split};
use super::serial::{SerialAllocation, SerialWriter};
use crate::gs1::Serial;

/// Which rules a batch's identities follow. There is one so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
#[non_exhaustive]
pub enum SchemeVersion {
    /// The rules of this room.
    V1,
}

impl TryFrom<u8> for SchemeVersion {
    type Error = String;

    fn try_from(number: u8) -> Result<Self, String> {
        match number {
            1 => Ok(Self::V1),
            _ => Err(format!(
                "identity scheme version `{number}` is not known to this release"
            )),
        }
    }
}

impl From<SchemeVersion> for u8 {
    fn from(version: SchemeVersion) -> Self {
        match version {
            SchemeVersion::V1 => 1,
        }
    }
}

/// What a batch's identities follow from, as its events record it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityFacts {
    /// The rules.
    pub version: SchemeVersion,
    /// The secret.
    pub seed: BatchSeed,
    /// The serials.
    pub serials: SerialAllocation,
}

/// One item's permanent identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unit {
    /// Its place in its batch, from 0.
    pub index: u32,
    /// Its id.
    pub id: MintUnitId,
    /// Its serial; none in lot mode.
    pub serial: Option<Serial>,
}

/// Derives the units of one batch from their indexes, and the indexes from the units.
///
/// Making one fills its tables, which takes some microseconds and 12 KiB; keep it for as
/// long as the batch is in use.
///
/// ```
/// use dpp_core::identity::{BatchIdentity, BatchSeed, IdentityFacts, MintBatchId, SchemeVersion};
/// use dpp_core::identity::serial::SerialAllocation;
/// use dpp_core::Timestamp;
///
/// let batch = MintBatchId::new(Timestamp::from_unix_millis(1_800_000_000_000), [7; 10]);
/// let facts = IdentityFacts {
///     version: SchemeVersion::V1,
///     seed: BatchSeed::from_bytes([1; 32]), // 32 bytes of real entropy
///     serials: SerialAllocation::None,
/// };
/// let identity = BatchIdentity::new(batch, 1_000, &facts);
/// let unit = identity.unit(999).expect("the batch has 1,000 units");
/// assert_eq!(identity.decode_unit_id(unit.id), Ok(999));
/// assert!(identity.unit(1_000).is_none());
/// ```
#[derive(Debug, Clone)]
pub struct BatchIdentity {
    batch: MintBatchId,
    quantity: u32,
    seed: BatchSeed,
    randomness: blake3::OutputReader,
    order: Scrambler,
    serials: SerialWriter,
}

impl BatchIdentity {
    /// The identities of the batch with this id, so many units, and these facts.
    pub fn new(batch: MintBatchId, quantity: u32, facts: &IdentityFacts) -> Self {
        match facts.version {
            SchemeVersion::V1 => Self {
                batch,
                quantity,
                seed: facts.seed,
                randomness: facts.seed.stream(Domain::UnitRandomness),
                order: Scrambler::of_units(&facts.seed),
                serials: SerialWriter::new(&facts.serials),
            },
        }
    }

    /// The batch's id.
    pub const fn batch(&self) -> MintBatchId {
        self.batch
    }

    /// How many units the batch has when it is whole.
    pub const fn quantity(&self) -> u32 {
        self.quantity
    }

    pub(super) const fn randomness(&self) -> &blake3::OutputReader {
        &self.randomness
    }

    pub(super) const fn order(&self) -> &Scrambler {
        &self.order
    }

    pub(super) const fn serials(&self) -> &SerialWriter {
        &self.serials
    }

    /// Whether the units' serials are not derived but stand in the log: then
    /// [`Units::with_serials`] has to be given them.
    pub const fn needs_serials(&self) -> bool {
        matches!(self.serials, SerialWriter::Provided)
    }

    /// The unit with this index; none beyond the batch.
    pub fn unit(&self, index: u32) -> Option<Unit> {
        let random = randomness_at(&self.randomness, index);
        (index < self.quantity).then(|| self.derive(index, random))
    }

    /// The units with these indexes, in order; what lies beyond the batch is left out.
    pub fn units(&self, indexes: Range<u32>) -> Units<'_> {
        let end = indexes.end.min(self.quantity);
        Units::new(self, indexes.start.min(end)..end)
    }

    fn derive(&self, index: u32, random: [u64; 2]) -> Unit {
        self.derive_with(index, random, |place, second| {
            self.serials.write(index, place, second)
        })
    }

    /// The units from `first` on. The usual scheme has a loop of its own, in which a serial is
    /// put together in registers and stored once.
    fn derive_run(&self, first: u32, randomness: &[[u8; 16]], out: &mut Vec<Unit>) {
        let run = (first..).zip(randomness);
        match self.serials.usual_block() {
            Some(block) => out.extend(run.map(|(index, random)| {
                let serial = |place, second| Some(SerialWriter::usual(block, place, second));
                self.derive_with(index, split(*random), serial)
            })),
            None => out.extend(run.map(|(index, random)| self.derive(index, split(*random)))),
        }
    }

    #[inline(always)]
    fn derive_with(
        &self,
        index: u32,
        [first, second]: [u64; 2],
        serial: impl FnOnce(u32, u64) -> Option<Serial>,
    ) -> Unit {
        let place = self.order.scramble(index);
        Unit {
            index,
            id: MintUnitId::pack(CodedId {
                prefix: self.batch.prefix(),
                place,
                tag: CodedId::tag_of(first),
            }),
            serial: serial(place, second),
        }
    }

    /// The ids of the batch's lots, in order.
    pub fn lot_ids(&self, lots: &Lots) -> Vec<LotId> {
        let (order, randomness) = self.lot_secrets();
        let numbers = 0..u32::try_from(lots.as_slice().len()).unwrap_or(0);
        numbers
            .map(|number| {
                let [random, _] = randomness_at(&randomness, number);
                LotId::pack(CodedId {
                    prefix: self.batch.prefix(),
                    place: order.scramble(number),
                    tag: CodedId::tag_of(random),
                })
            })
            .collect()
    }

    pub(super) fn lot_secrets(&self) -> (Scrambler, blake3::OutputReader) {
        let order = Scrambler::new(self.seed.stream(Domain::LotOrder));
        (order, self.seed.stream(Domain::LotRandomness))
    }
}

/// How many units are derived at once. A unit that is used long after it was stored is loaded
/// without waiting for the narrower stores that made it; and so many fit into the first cache.
const UNITS_AT_ONCE: usize = 128;

/// Some units of a batch, one after the other.
#[derive(Debug, Clone)]
pub struct Units<'a> {
    identity: &'a BatchIdentity,
    underived: Range<u32>,
    derived: Vec<Unit>,
    given: usize,
    randomness: Randomness,
    provided: Option<ProvidedSerials>,
}

impl<'a> Units<'a> {
    fn new(identity: &'a BatchIdentity, indexes: Range<u32>) -> Self {
        let at_once = indexes.len().min(UNITS_AT_ONCE);
        Self {
            randomness: Randomness::from(&identity.randomness, indexes.start, at_once),
            identity,
            underived: indexes,
            derived: Vec::with_capacity(at_once),
            given: 0,
            provided: None,
        }
    }

    /// The same with the brand's own serials. A unit that they have none for has none; those
    /// of another batch are not used.
    #[must_use]
    pub fn with_serials(mut self, serials: ProvidedSerials) -> Self {
        self.provided = Some(serials).filter(|serials| serials.batch() == self.identity.batch);
        self
    }

    /// The next units, as many as were derived at once; none at the end. To use them where they
    /// lie is cheaper than to take each out.
    #[inline]
    pub fn next_run(&mut self) -> Option<&[Unit]> {
        if self.given == self.derived.len() {
            self.derive_more();
        }
        let run = self.derived.get(self.given..)?;
        self.given = self.derived.len();
        Some(run).filter(|run| !run.is_empty())
    }

    #[inline(never)]
    fn derive_more(&mut self) {
        let count = self.underived.len().min(UNITS_AT_ONCE);
        let first = self.underived.start;
        self.underived.start += count as u32;
        self.derived.clear();
        self.given = 0;
        self.identity
            .derive_run(first, self.randomness.draw(count), &mut self.derived);
        if let Some(provided) = &self.provided {
            for unit in &mut self.derived {
                unit.serial = provided.get(unit.index);
            }
        }
    }
}

impl Iterator for Units<'_> {
    type Item = Unit;

    #[inline]
    fn next(&mut self) -> Option<Unit> {
        if self.given == self.derived.len() {
            self.derive_more();
        }
        let unit = self.derived.get(self.given).copied()?;
        self.given += 1;
        Some(unit)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.underived.len() + self.derived.len() - self.given;
        (left, Some(left))
    }
}

impl ExactSizeIterator for Units<'_> {}

/// The units' random bytes in order, drawn many at once.
#[derive(Clone)]
struct Randomness {
    stream: blake3::OutputReader,
    drawn: Vec<[u8; 16]>,
}

impl Randomness {
    fn from(stream: &blake3::OutputReader, index: u32, at_once: usize) -> Self {
        let mut stream = stream.clone();
        stream.set_position(16 * u64::from(index));
        Self {
            stream,
            drawn: vec![[0; 16]; at_once],
        }
    }

    fn draw(&mut self, count: usize) -> &[[u8; 16]] {
        let drawn = self.drawn.get_mut(..count).unwrap_or_default();
        self.stream.fill(drawn.as_flattened_mut());
        drawn
    }
}

impl std::fmt::Debug for Randomness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Randomness(..)")
    }
}
