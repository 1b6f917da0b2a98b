//! Golden vectors of identity scheme version 1.
//!
//! The files in `golden/identity` must never change: codes that were printed live for
//! decades. A later scheme gets files of its own.

use std::path::Path;

use crate::reference;

use dpp_core::TextRows;
use dpp_core::gs1::{Gtin, ResolverBase};
use dpp_core::identity::serial::{Block, NumberOrder, NumberRanges, SerialAllocation};
use dpp_core::identity::{
    BatchIdentity, BatchSeed, IdentityFacts, Lots, MintBatchId, PoolSeed, ProvidedSerials,
    SchemeVersion, Scrambler, Unit, UnitUrls, UnitsDigest,
};
use dpp_core::mint::{GuessBound, PoolEvent, PoolOpened, SerialPool, SerialsReserved};
use serde::Deserialize;

/// A batch with some of its units, as they were fixed.
#[derive(Deserialize)]
struct GoldenBatch {
    batch_id: MintBatchId,
    batch_seed: String,
    quantity: u32,
    serials: SerialAllocation,
    resolver_base: ResolverBase,
    gtin: Option<Gtin>,
    #[serde(default)]
    lots: Lots,
    #[serde(default)]
    lot_ids: Vec<String>,
    #[serde(default)]
    provided: TextRows,
    units: Vec<GoldenUnit>,
    digests: Vec<GoldenDigest>,
}

#[derive(Deserialize)]
struct GoldenUnit {
    index: u32,
    unit_id: String,
    serial: Option<String>,
    url: String,
}

#[derive(Deserialize)]
struct GoldenDigest {
    from: u32,
    count: u32,
    digest: String,
}

impl GoldenBatch {
    fn identity(&self) -> BatchIdentity {
        let facts = IdentityFacts {
            version: SchemeVersion::V1,
            seed: self.batch_seed.parse().unwrap(),
            serials: self.serials.clone(),
        };
        BatchIdentity::new(self.batch_id, self.quantity, &facts)
    }

    fn units(&self, from: u32, count: u32) -> Vec<Unit> {
        let identity = self.identity();
        let units = identity.units(from..from + count);
        match identity.needs_serials() {
            true => {
                let rows = self.provided.clone();
                let serials = ProvidedSerials::new(self.batch_id, 0, rows).unwrap();
                units.with_serials(serials).collect()
            }
            false => units.collect(),
        }
    }

    fn urls(&self) -> UnitUrls {
        let (base, gtin) = (&self.resolver_base, self.gtin.as_ref());
        match self.lots.is_empty() {
            true => UnitUrls::of_serials(base, gtin),
            false => {
                let ids = self.identity().lot_ids(&self.lots);
                UnitUrls::of_lots(base, gtin, &self.lots, ids)
            }
        }
    }
}

/// The second derivation, from the documentation.
mod by_the_book {
    use super::*;

    pub(super) fn seed(golden: &GoldenBatch) -> [u8; 32] {
        bytes(&golden.batch_seed)
    }

    pub(super) fn bytes(hex: &str) -> [u8; 32] {
        reference::unhex(hex).try_into().unwrap()
    }

    pub(super) fn serial(golden: &GoldenBatch, index: u32) -> String {
        match &golden.serials {
            SerialAllocation::None => String::new(),
            SerialAllocation::Provided => golden.provided.get(index as usize).unwrap().to_owned(),
            SerialAllocation::Randomised { block, tag_length } => {
                let block = String::from(*block);
                let length = u32::from(tag_length.get());
                reference::randomised(&seed(golden), &block, length, index)
            }
            SerialAllocation::Sequential { format, ranges } => {
                let number = place(ranges, index);
                let digits = usize::from(format.digits());
                format!("{}{number:0digits$}", format.prefix())
            }
            SerialAllocation::Numeric38 { pool_seed, ranges } => {
                let counter = place(ranges, index);
                reference::number_order(pool_seed.as_bytes(), counter).to_string()
            }
        }
    }

    fn place(ranges: &NumberRanges, index: u32) -> u64 {
        let ranges = ranges.as_slice().iter();
        let mut numbers =
            ranges.flat_map(|range| range.first..range.first + u64::from(range.count));
        numbers.nth(index as usize).unwrap()
    }

    /// What the digest says of the URLs.
    pub(super) fn urls(golden: &GoldenBatch) -> String {
        let base = golden.resolver_base.to_string();
        let mut end = 0;
        let lots = golden
            .lots
            .as_slice()
            .iter()
            .enumerate()
            .map(|(number, lot)| {
                end += lot.qty;
                format!("lot {end} {}\n", lot_url(golden, number))
            });
        match (golden.lots.is_empty(), golden.gtin) {
            (false, _) => lots.collect(),
            (true, Some(gtin)) => format!("serial {base}/01/{gtin}/21/\n"),
            (true, None) => format!("unit {base}/mu/\n"),
        }
    }

    fn lot_url(golden: &GoldenBatch, number: usize) -> String {
        let base = golden.resolver_base.to_string();
        let code = reference::encoded(golden.lots.as_slice()[number].lot_code.as_str());
        match golden.gtin {
            Some(gtin) => format!("{base}/01/{gtin}/10/{code}"),
            None => format!("{base}/ml/{}", golden.lot_ids[number]),
        }
    }

    pub(super) fn url(golden: &GoldenBatch, unit: &GoldenUnit) -> String {
        let base = golden.resolver_base.to_string();
        if let Some(number) = golden.lots.number_of(unit.index) {
            return lot_url(golden, number);
        }
        let serial = reference::encoded(&serial(golden, unit.index));
        match golden.gtin {
            Some(gtin) => format!("{base}/01/{gtin}/21/{serial}"),
            None => format!("{base}/mu/{}", unit.unit_id),
        }
    }
}

fn read<T: serde::de::DeserializeOwned>(name: &str) -> T {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/identity");
    let text = std::fs::read_to_string(folder.join(name)).unwrap();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

const BATCHES: [&str; 9] = [
    "lots_with_gtin.json",
    "lots_without_gtin.json",
    "numeric38.json",
    "numeric38_stepping_over.json",
    "provided.json",
    "randomised_tag_12.json",
    "randomised_tag_4.json",
    "randomised_without_gtin.json",
    "sequential.json",
];

fn batches() -> impl Iterator<Item = (&'static str, GoldenBatch)> {
    BATCHES.into_iter().map(|name| (name, read(name)))
}

#[test]
fn every_golden_file_is_tested() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/identity");
    let mut found: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    found.sort();
    let mut known: Vec<_> = BATCHES.into_iter().chain(["orders.json"]).collect();
    known.sort_unstable();
    assert_eq!(found, known);
}

#[test]
fn units_are_what_they_were_when_they_were_printed() {
    for (name, golden) in batches() {
        let (identity, urls) = (golden.identity(), golden.urls());
        for fixed in &golden.units {
            let derived = golden.units(fixed.index, 1)[0];
            let serial = derived.serial.map(|serial| serial.to_string());
            assert_eq!(derived.id.to_string(), fixed.unit_id, "{name}");
            assert_eq!(serial, fixed.serial, "{name}");
            assert_eq!(urls.url(&derived), fixed.url, "{name}");
            let id = fixed.unit_id.parse().unwrap();
            assert_eq!(identity.decode_unit_id(id), Ok(fixed.index), "{name}");
        }
    }
}

#[test]
fn serials_that_were_printed_are_decoded_to_their_units() {
    for (name, golden) in batches() {
        let identity = golden.identity();
        for fixed in golden.units.iter().filter(|_| !identity.needs_serials()) {
            if let Some(serial) = &fixed.serial {
                let decoded = identity.decode_serial(&serial.parse().unwrap());
                assert_eq!(decoded, Ok(fixed.index), "{name} {serial}");
            }
        }
    }
}

#[test]
fn digests_are_what_they_were_when_they_were_recorded() {
    for (name, golden) in batches() {
        for fixed in &golden.digests {
            let units = golden.units(fixed.from, fixed.count);
            let digest = UnitsDigest::of(golden.batch_id, &golden.urls(), units);
            assert_eq!(digest.to_string(), fixed.digest, "{name} {}", fixed.from);
        }
    }
}

#[test]
fn lot_ids_are_what_they_were_when_they_were_printed() {
    for (name, golden) in batches() {
        let identity = golden.identity();
        let ids = identity.lot_ids(&golden.lots);
        let texts: Vec<_> = ids.iter().map(ToString::to_string).collect();
        assert_eq!(texts, golden.lot_ids, "{name}");
        for (number, id) in ids.into_iter().enumerate() {
            let decoded = identity.decode_lot_id(id, golden.lot_ids.len());
            assert_eq!(decoded, Ok(number), "{name}");
        }
    }
}

#[test]
fn the_documentation_leads_to_the_golden_vectors() {
    for (name, golden) in batches() {
        let (batch, seed) = (golden.batch_id.to_string(), by_the_book::seed(&golden));
        for fixed in &golden.units {
            let id = reference::unit_id(&batch, &seed, fixed.index);
            let serial = by_the_book::serial(&golden, fixed.index);
            assert_eq!(id, fixed.unit_id, "{name}");
            assert_eq!(serial, fixed.serial.clone().unwrap_or_default(), "{name}");
            assert_eq!(by_the_book::url(&golden, fixed), fixed.url, "{name}");
        }
        for (number, id) in (0..).zip(&golden.lot_ids) {
            assert_eq!(reference::lot_id(&batch, &seed, number), *id);
        }
    }
}

#[test]
fn the_documentation_leads_to_the_golden_digests() {
    for (name, golden) in batches() {
        let (batch, seed) = (golden.batch_id.to_string(), by_the_book::seed(&golden));
        for fixed in golden.digests.iter().filter(|fixed| fixed.count <= 100) {
            let units: Vec<_> = (fixed.from..fixed.from + fixed.count)
                .map(|index| {
                    let id = reference::unit_id(&batch, &seed, index);
                    (index, id, by_the_book::serial(&golden, index))
                })
                .collect();
            let digest = reference::digest(&batch, &by_the_book::urls(&golden), &units);
            assert_eq!(digest, fixed.digest, "{name} {}", fixed.from);
        }
    }
}

/// What the permutations answer, as it was fixed.
#[derive(Deserialize)]
struct GoldenOrders {
    batch_seed: BatchSeed,
    pool_seed: PoolSeed,
    unit_order: Vec<(u32, u32)>,
    number_order: Vec<(u64, u64)>,
    block_order: Vec<(u32, String)>,
}

#[test]
fn the_order_of_units_and_numbers_never_changes() {
    let golden: GoldenOrders = read("orders.json");
    let units = Scrambler::of_units(&golden.batch_seed);
    let book = reference::Feistel::units(golden.batch_seed.as_bytes());
    for (index, place) in golden.unit_order {
        assert_eq!(units.scramble(index), place);
        assert_eq!(units.unscramble(place), index);
        assert_eq!(book.permute(u64::from(index)), u64::from(place));
    }
    let numbers = NumberOrder::of_pool(&golden.pool_seed);
    for (counter, number) in golden.number_order {
        assert_eq!(numbers.permute(counter), number);
        assert_eq!(numbers.invert(number), counter);
        let by_the_book = reference::number_order(golden.pool_seed.as_bytes(), counter);
        assert_eq!(by_the_book, number);
    }
}

#[test]
fn the_order_of_blocks_never_changes() {
    let golden: GoldenOrders = read("orders.json");
    for (used, block) in golden.block_order {
        assert_eq!(block_after(used, golden.pool_seed), block);
        let by_the_book = reference::block(golden.pool_seed.as_bytes(), used.into());
        assert_eq!(by_the_book, block);
    }
}

fn block_after(used: u32, seed: PoolSeed) -> String {
    let batch: MintBatchId = "01a3ae2d-2400-7707-8707-070707070706".parse().unwrap();
    let opened = PoolEvent::Opened(PoolOpened { seed });
    let reserved = PoolEvent::Reserved(SerialsReserved {
        mint_batch_id: batch,
        serials: SerialAllocation::Randomised {
            block: Block::try_from("A000".to_owned()).unwrap(),
            tag_length: Default::default(),
        },
    });
    let pool = SerialPool::default().evolve(&opened);
    let pool = (0..used).fold(pool, |pool, _| pool.evolve(&reserved));
    let scheme = Default::default();
    let events = pool
        .reserve(
            batch,
            1,
            &scheme,
            seed,
            GuessBound::default(),
            &Default::default(),
        )
        .unwrap();
    let [PoolEvent::Reserved(SerialsReserved { serials, .. })] = events.as_slice() else {
        panic!("{events:?}");
    };
    let SerialAllocation::Randomised { block, .. } = serials else {
        panic!("{serials:?}");
    };
    String::from(*block)
}
