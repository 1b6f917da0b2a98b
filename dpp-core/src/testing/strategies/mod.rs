//! Proptest strategies of identities and of what happens to jobs and exports, for the tests of
//! whoever uses them. Those of GS1 values are in [`testing::strategies::gs1`](crate::testing::strategies::gs1).

mod export;
pub mod gs1;
mod mint;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

pub use export::{
    carrier_profile, export_event, export_facts, export_format, export_options, pack_file,
    pack_number, pack_path,
};
pub use mint::{batch_facts, batch_status, mint_event, worker_name};

use crate::Timestamp;
use crate::identity::serial::{
    Block, NumberRanges, SequentialFormat, SerialAllocation, SerialScheme, TagLength,
};
use crate::identity::{
    BatchSeed, IdentityFacts, Lot, Lots, MAX_UNITS, MintBatchId, PoolSeed, SchemeVersion,
};

/// Any moment between 2020 and 2120.
pub fn timestamp() -> impl Strategy<Value = Timestamp> {
    (1_577_836_800_000_i64..4_733_510_400_000).prop_map(Timestamp::from_unix_millis)
}

/// Any batch id of those years.
pub fn mint_batch_id() -> impl Strategy<Value = MintBatchId> {
    (timestamp(), any::<[u8; 10]>()).prop_map(|(at, entropy)| MintBatchId::new(at, entropy))
}

/// Any seed of a batch.
pub fn batch_seed() -> impl Strategy<Value = BatchSeed> {
    any::<[u8; 32]>().prop_map(BatchSeed::from_bytes)
}

/// Any seed of a pool.
pub fn pool_seed() -> impl Strategy<Value = PoolSeed> {
    any::<[u8; 32]>().prop_map(PoolSeed::from_bytes)
}

/// Any length of a tag.
pub fn tag_length() -> impl Strategy<Value = TagLength> {
    TagLength::RANGE.prop_filter_map("a length", |length| TagLength::new(length).ok())
}

/// Any form of sequential serials, those that come close to other schemes' among them.
pub fn sequential_format() -> impl Strategy<Value = SequentialFormat> {
    let prefix = prop_oneof![
        2 => crate::testing::strategies::gs1::cset82(19),
        1 => "[0-9A-HJKMNP-TV-Z]{0,18}",
        1 => "[0-9]{0,18}",
        1 => Just(String::new()),
    ];
    (prefix, 1_u8..=18).prop_filter_map("a form", |(prefix, digits)| {
        SequentialFormat::new(&prefix, digits).ok()
    })
}

/// Any scheme of those whose serials are derived.
pub fn derived_scheme() -> impl Strategy<Value = SerialScheme> {
    prop_oneof![
        tag_length().prop_map(|tag_length| SerialScheme::Randomised { tag_length }),
        sequential_format().prop_map(SerialScheme::Sequential),
        Just(SerialScheme::Numeric38),
    ]
}

/// Any block.
pub fn block() -> impl Strategy<Value = Block> {
    "[A-HJKMNP-TV-Z][0-9A-HJKMNP-TV-Z]{3}"
        .prop_filter_map("a block", |text| Block::try_from(text).ok())
}

/// `quantity` numbers under `limit`, in 1 to 3 runs.
fn ranges(quantity: u32, limit: u64) -> impl Strategy<Value = NumberRanges> {
    let room = limit.saturating_sub(u64::from(quantity) + 2);
    (0..=room, vec(any::<u32>(), 0..=2)).prop_map(move |(first, gaps)| {
        let gaps = gaps
            .into_iter()
            .map(|gap| first + u64::from(gap % quantity.max(1)));
        NumberRanges::stepping_over(first, quantity, &gaps.collect())
    })
}

/// Any allocation of so many derived serials.
pub fn derived_allocation(quantity: u32) -> impl Strategy<Value = SerialAllocation> {
    let randomised = (block(), tag_length())
        .prop_map(|(block, tag_length)| SerialAllocation::Randomised { block, tag_length });
    let sequential = sequential_format()
        .prop_filter("room for the numbers", move |format| {
            format.last() > u64::from(quantity) + 2
        })
        .prop_flat_map(move |format| {
            ranges(quantity, format.last()).prop_map(move |ranges| SerialAllocation::Sequential {
                format: format.clone(),
                ranges,
            })
        });
    let numeric = (pool_seed(), ranges(quantity, 27_487_790))
        .prop_map(|(pool_seed, ranges)| SerialAllocation::Numeric38 { pool_seed, ranges });
    prop_oneof![randomised, sequential, numeric]
}

/// What the identities of so many units with derived serials may follow from.
pub fn identity_facts(quantity: u32) -> impl Strategy<Value = IdentityFacts> {
    (batch_seed(), derived_allocation(quantity)).prop_map(|(seed, serials)| IdentityFacts {
        version: SchemeVersion::V1,
        seed,
        serials,
    })
}

/// How many units a batch may have: the smallest and the largest more often than others.
pub fn quantity() -> impl Strategy<Value = u32> {
    prop_oneof![
        2 => 1..=1_000_u32,
        2 => 1..=MAX_UNITS,
        1 => select(vec![1, 19_999, 20_000, 20_001, MAX_UNITS]),
    ]
}

/// 1 to 100 lots.
pub fn lots() -> impl Strategy<Value = Lots> {
    vec(
        (crate::testing::strategies::gs1::lot_code(), 1..=10_000_u32),
        1..=100,
    )
    .prop_filter_map("distinct codes", |mut lots| {
        lots.sort();
        lots.dedup_by_key(|(code, _)| *code);
        let lots = lots
            .into_iter()
            .map(|(lot_code, qty)| Lot { lot_code, qty });
        Lots::new(lots.collect()).ok()
    })
}
