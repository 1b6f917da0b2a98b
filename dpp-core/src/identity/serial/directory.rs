//! Which batch of a product a serial would belong to.

use std::collections::{BTreeMap, HashMap};

use super::allocation::SerialAllocation;
use super::block::Block;
use super::numbers::NumberOrder;
use super::ranges::NumberRanges;
use super::scheme::SequentialFormat;
use crate::gs1::Serial;
use crate::identity::ids::MintBatchId;

/// Everything that a product's pool has handed out, by serial.
///
/// It answers which batch to ask; whether the serial is one of that batch's, tag and all,
/// [`BatchIdentity::decode_serial`](crate::identity::BatchIdentity::decode_serial) tells.
#[derive(Debug, Clone, Default)]
pub struct SerialDirectory {
    blocks: HashMap<Block, MintBatchId>,
    numeric: Option<(NumberOrder, Owners)>,
    sequential: BTreeMap<SequentialFormat, Owners>,
    brings_own: bool,
}

/// The first number of each range, with how many follow and whose they are.
#[derive(Debug, Clone, Default)]
struct Owners(BTreeMap<u64, (u32, MintBatchId)>);

impl SerialDirectory {
    /// Adds what was handed out to a batch.
    pub fn insert(&mut self, batch: MintBatchId, allocation: &SerialAllocation) {
        match allocation {
            SerialAllocation::None => {}
            SerialAllocation::Provided => self.brings_own = true,
            SerialAllocation::Randomised { block, .. } => {
                self.blocks.insert(*block, batch);
            }
            SerialAllocation::Sequential { format, ranges } => {
                let owners = self.sequential.entry(format.clone()).or_default();
                owners.insert(batch, ranges);
            }
            SerialAllocation::Numeric38 { pool_seed, ranges } => {
                let (_, owners) = self
                    .numeric
                    .get_or_insert_with(|| (NumberOrder::of_pool(pool_seed), Owners::default()));
                owners.insert(batch, ranges);
            }
        }
    }

    /// The batch that the serial would belong to; none when it lies in nothing that was
    /// handed out. Provided serials are not in here: they are claims of the log.
    pub fn batch_of(&self, serial: &Serial) -> Option<MintBatchId> {
        let block = Block::of(serial).and_then(|block| self.blocks.get(&block).copied());
        block
            .or_else(|| self.numeric_owner(serial))
            .or_else(|| self.sequential_owner(serial))
    }

    /// Whether the brand brought serials of its own for a batch of this product. While it did
    /// not, a serial that lies in nothing that was handed out need not be looked up anywhere.
    pub const fn brings_own(&self) -> bool {
        self.brings_own
    }

    fn numeric_owner(&self, serial: &Serial) -> Option<MintBatchId> {
        let number = NumberOrder::number_of(serial.as_bytes())?;
        self.owner_of_number(number).map(|(batch, _)| batch)
    }

    /// The batch that has this number as its `numeric38` serial, and the place of the number in
    /// the pool's permutation.
    pub(crate) fn owner_of_number(&self, number: u64) -> Option<(MintBatchId, u64)> {
        let (order, owners) = self.numeric.as_ref()?;
        let place = order.invert(number);
        owners.owner_of(place).map(|batch| (batch, place))
    }

    /// The first batch with `numeric38` serials that has as many of them as are wanted. Since a
    /// pool only counts up, it stays the first for ever.
    pub(crate) fn first_numeric(&self, is_wanted: impl Fn(u64) -> bool) -> Option<MintBatchId> {
        let (_, owners) = self.numeric.as_ref()?;
        owners.first_with(is_wanted)
    }

    fn sequential_owner(&self, serial: &Serial) -> Option<MintBatchId> {
        self.sequential
            .iter()
            .find_map(|(format, owners)| owners.owner_of(format.number_of(serial.as_bytes())?))
    }
}

impl Owners {
    fn insert(&mut self, batch: MintBatchId, ranges: &NumberRanges) {
        let ranges = ranges.as_slice().iter();
        self.0
            .extend(ranges.map(|range| (range.first, (range.count, batch))));
    }

    /// The ranges of one batch follow one another.
    fn first_with(&self, is_wanted: impl Fn(u64) -> bool) -> Option<MintBatchId> {
        let mut summed = None;
        for (count, batch) in self.0.values() {
            let before = summed
                .filter(|(_, of)| of == batch)
                .map_or(0, |(sum, _)| sum);
            let sum = before + u64::from(*count);
            if is_wanted(sum) {
                return Some(*batch);
            }
            summed = Some((sum, *batch));
        }
        None
    }

    fn owner_of(&self, number: u64) -> Option<MintBatchId> {
        let (first, (count, batch)) = self.0.range(..=number).next_back()?;
        (number - first < u64::from(*count)).then_some(*batch)
    }
}
