//! Searching a brand of a thousand million units by the beginning of serials and ids.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a bench stops where something is wrong"
)]

use std::collections::BTreeSet;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion};
use dpp_benches::{MILLION, criterion};
use dpp_core::gs1::Gtin;
use dpp_core::identity::serial::{
    NumberOrder, NumberRanges, SequentialFormat, SerialAllocation, SerialScheme, TagLength,
};
use dpp_core::identity::{
    BatchIdentity, BatchSeed, IdentityFacts, Lots, MintBatchId, PoolSeed, SchemeVersion, Scrambler,
    UnitsDigest,
};
use dpp_core::mint::{
    ActivationMode, BatchFacts, CycleMinted, IdentityMode, JobCompleted, JobQueued, JobReserved,
    JobStarted, MintEvent, SerialsProvided,
};
use dpp_core::passport::Product;
use dpp_core::read::{Cursor, ReadFold, Reads, UnitFilter};
use dpp_core::read::{ListLimit, PageRequest, UnitRow};
use dpp_core::store::log::{Commit, Expected, StreamId, StreamKind};
use dpp_core::store::{Codec, EventStore};
use dpp_core::{
    Actor, BrandId, BrandScope, Caller, CommitId, CorrelationId, ProductId, Read, Role, Timestamp,
    UserId, WorkerName,
};
use dpp_store_memory::{MemoryCatalogue, MemoryStore};
use futures::executor::block_on;
use uuid::Uuid;

const PRODUCTS: u128 = 10;
const NOON: i64 = 1_800_000_000_000;

#[derive(Clone, Copy, PartialEq)]
enum Scheme {
    Randomised,
    Sequential,
    Numeric38,
    Provided,
}

/// A brand of so many batches of so many units each.
struct World {
    reads: Reads,
    scope: BrandScope<Read>,
}

impl World {
    /// The events are written straight to the log, in which a million units are some fifty of
    /// them; not one unit is derived.
    fn new(scheme: Scheme, batches: u32, quantity: u32) -> Self {
        let brand = BrandId::from_uuid(Uuid::from_u128(0xb0 << 96 | 1));
        let user = UserId::from_uuid(Uuid::from_u128(5));
        let log = Arc::new(MemoryStore::default());
        let products = (0..PRODUCTS).map(|number| {
            let product = Product::new(product(number), brand, &format!("NL-{number:04}"), "Tee");
            product.with_gtin(gtin(number))
        });
        let catalogue = products.fold(MemoryCatalogue::default(), MemoryCatalogue::with_product);
        let written = (0..batches).map(|number| batch(brand, scheme, number, quantity));
        written.for_each(|commit| drop(block_on(log.commit(&commit)).unwrap()));
        let fold = Arc::new(ReadFold::new(log.clone()));
        let world = Self {
            reads: Reads::new(log, fold, Arc::new(catalogue)),
            scope: Caller::user(user)
                .with_role(brand, Role::Owner)
                .to_read(brand)
                .unwrap(),
        };
        world.page("NL", None);
        world
    }

    fn page(&self, text: &str, cursor: Option<&Cursor>) -> (usize, Option<Cursor>) {
        let page = block_on(self.reads.search(&self.scope, text, cursor)).unwrap();
        (page.rows.len(), page.next_cursor)
    }

    /// A unit from the middle of the brand.
    fn some_unit(&self) -> UnitRow {
        let limit = ListLimit::new(1_000).unwrap();
        let request = PageRequest::oldest_first().of(limit);
        let filter = UnitFilter::default();
        let rows = self.reads.list_mint_units(&self.scope, &filter, &request);
        block_on(rows).unwrap().rows.pop().unwrap()
    }
}

fn product(number: u128) -> ProductId {
    ProductId::from_uuid(Uuid::from_u128(0xa0 << 96 | number))
}

fn gtin(number: u128) -> Gtin {
    let digits = format!("0950600013{number:03}");
    let right = (0..10).find_map(|check| Gtin::parse(&format!("{digits}{check}")).ok());
    right.unwrap()
}

/// The whole stream of one batch.
fn batch(brand: BrandId, scheme: Scheme, number: u32, quantity: u32) -> Commit {
    let at = Timestamp::from_unix_millis(NOON + i64::from(number) * 3_600_000);
    let mut entropy = [0; 10];
    getrandom::fill(&mut entropy).unwrap();
    let id = MintBatchId::new(at, entropy);
    let of = u128::from(number) % PRODUCTS;
    let (asked, serials) = allocation(scheme, number, quantity);
    let lease_until = Timestamp::from_unix_millis(NOON * 2);
    let brought = (0..quantity).step_by(20_000).map(|from| {
        let rows = from..quantity.min(from + 20_000);
        let serials: Vec<_> = rows
            .map(|index| format!("P-{number:05}-{index:07}"))
            .collect();
        let serials = serials.join(" ");
        MintEvent::SerialsProvided(SerialsProvided { from, serials })
    });
    let mut events = vec![
        MintEvent::Queued(JobQueued {
            facts: BatchFacts {
                brand_id: brand,
                mint_job_id: id.job(),
                mint_batch_id: id,
                product_id: product(of),
                product_batch_id: None,
                requested_quantity: quantity,
                identity_mode: IdentityMode::Serial,
                activation_mode: ActivationMode::FirstScan,
                lots: Lots::default(),
                serial_scheme: Some(asked),
                gtin: Some(gtin(of)),
                resolver_base: "https://id.nordlin.example".parse().unwrap(),
                idempotency_key: None,
            },
        }),
        MintEvent::Reserved(JobReserved {
            worker: WorkerName::parse("bench").unwrap(),
            lease_until,
            identity: IdentityFacts {
                version: SchemeVersion::V1,
                seed: BatchSeed::from_bytes(*seed(number)),
                serials,
            },
        }),
        MintEvent::Started(JobStarted {
            worker: WorkerName::parse("bench").unwrap(),
        }),
    ];
    if scheme == Scheme::Provided {
        events.splice(1..1, brought);
    }
    let digest: UnitsDigest = serde_json::from_value("0".repeat(64).into()).unwrap();
    let cycles = (0..quantity).step_by(20_000).zip(1..);
    events.extend(cycles.map(|(from, cycle)| {
        MintEvent::CycleMinted(CycleMinted {
            cycle,
            from,
            count: (quantity - from).min(20_000),
            digest,
            lease_until: Some(lease_until),
        })
    }));
    events.push(MintEvent::Completed(JobCompleted { minted: quantity }));
    let codec = Codec::new();
    let events = events.iter().map(|event| codec.encode(event).unwrap());
    let stream = StreamId::new(StreamKind::MintBatch, *id.as_uuid());
    let commit_id = CommitId::from_uuid(*id.as_uuid());
    let correlation = CorrelationId::from_uuid(*id.as_uuid());
    Commit::builder(brand, commit_id, at, Actor::Scan, correlation)
        .write(stream, Expected::NoStream, events)
        .build()
        .unwrap()
}

fn seed(number: u32) -> Box<[u8; 32]> {
    let mut seed = Box::new([7; 32]);
    seed.iter_mut()
        .zip(number.to_be_bytes())
        .for_each(|(byte, other)| *byte = other);
    seed
}

/// What a pool would have given to the batch: one product has every tenth.
fn allocation(scheme: Scheme, number: u32, quantity: u32) -> (SerialScheme, SerialAllocation) {
    let first = u64::from(number) / PRODUCTS as u64 * u64::from(quantity);
    let ranges = NumberRanges::stepping_over(first, quantity, &BTreeSet::new());
    match scheme {
        Scheme::Randomised => {
            let tag_length = TagLength::default();
            let block = block(number).try_into().unwrap();
            let asked = SerialScheme::Randomised { tag_length };
            (asked, SerialAllocation::Randomised { block, tag_length })
        }
        Scheme::Sequential => {
            let format = SequentialFormat::new("SN-", 9).unwrap();
            let asked = SerialScheme::Sequential(format.clone());
            (asked, SerialAllocation::Sequential { format, ranges })
        }
        Scheme::Numeric38 => {
            let pool_seed = PoolSeed::from_bytes([(number % 10) as u8; 32]);
            (
                SerialScheme::Numeric38,
                SerialAllocation::Numeric38 { pool_seed, ranges },
            )
        }
        Scheme::Provided => (SerialScheme::Provided, SerialAllocation::Provided),
    }
}

/// Blocks all over the place, as a pool's order scatters them.
fn block(number: u32) -> String {
    let place = number.wrapping_mul(2_654_435_769) % (22 << 15);
    let character = |shift: u32, least: u32| {
        let digit = (place >> shift & 31) + least;
        let mut digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".chars();
        digits.nth(digit as usize % 32).unwrap_or('0')
    };
    [
        character(15, 10),
        character(10, 0),
        character(5, 0),
        character(0, 0),
    ]
    .iter()
    .collect()
}

fn searching(criterion: &mut Criterion) {
    let schemes = [
        ("randomised", Scheme::Randomised),
        ("sequential", Scheme::Sequential),
        ("numeric38", Scheme::Numeric38),
    ];
    for (name, scheme) in schemes {
        let world = World::new(scheme, 1_000, MILLION);
        search_in(criterion, &format!("search 10^9 units, {name}"), &world);
    }
    let world = World::new(Scheme::Randomised, 20_000, 100);
    search_in(
        criterion,
        "search 20,000 batches of 100 units, randomised",
        &world,
    );
    let world = World::new(Scheme::Provided, 50, 20_000);
    search_in(
        criterion,
        "search 50 batches of 20,000 units, provided",
        &world,
    );
    let world = World::new(Scheme::Numeric38, 20_000, 100);
    search_in(
        criterion,
        "search 20,000 batches of 100 units, numeric38",
        &world,
    );
}

fn search_in(criterion: &mut Criterion, name: &str, world: &World) {
    let unit = world.some_unit();
    let (serial, id) = (unit.serial.unwrap(), unit.mint_unit_id.to_string());
    let serial = serial.as_str();
    let mut texts: Vec<(String, String)> = Vec::new();
    for length in [2, 3, 4, 5, 6, 7, 8, 9, 10, 12] {
        if let Some(text) = serial.get(..length) {
            texts.push((format!("serial, {length}"), text.to_owned()));
        }
    }
    for length in [2, 3, 4, 5, 6, 8, 12, 20, 36] {
        texts.push((format!("id, {length}"), id[..length].to_owned()));
    }
    let misses = [
        "zz",
        "ZZZ!",
        "SN-9999",
        "ffff",
        "01a3-",
        "99999999999",
        "010000000",
    ];
    texts.extend(misses.map(|text| (format!("miss, {text}"), text.to_owned())));
    texts.push(("GTIN".to_owned(), unit.gtin.unwrap().to_string()));
    texts.push(("URL".to_owned(), unit.resolver_url.clone()));
    let mut group = criterion.benchmark_group(name);
    for (name, text) in texts {
        let (hits, next) = world.page(&text, None);
        let more = if next.is_some() { "+" } else { "" };
        let shown = format!("{name}: {hits}{more}");
        group.bench_function(BenchmarkId::from_parameter(shown), |bencher| {
            bencher.iter(|| world.page(black_box(&text), None));
        });
        if hits == 0
            && let Some(next) = next
        {
            group.bench_function(
                BenchmarkId::from_parameter(format!("{name}, page 2")),
                |bencher| {
                    bencher.iter(|| world.page(&text, Some(&next)));
                },
            );
        }
    }
    group.finish();
}

/// What the steps of a search's budget stand for: about ten nanoseconds each.
fn costs(criterion: &mut Criterion) {
    let facts = |scheme| IdentityFacts {
        version: SchemeVersion::V1,
        seed: BatchSeed::from_bytes([1; 32]),
        serials: allocation(scheme, 7, MILLION).1,
    };
    let id = MintBatchId::new(Timestamp::from_unix_millis(NOON), [7; 10]);
    let random = facts(Scheme::Randomised);
    let identity = BatchIdentity::new(id, MILLION, &random);
    let places = Scrambler::of_units(&random.seed);
    let numbers = NumberOrder::of_pool(&PoolSeed::from_bytes([1; 32]));
    let mut group = criterion.benchmark_group("what steps cost");
    let mut next = 0_u32;
    let mut count = || {
        next = (next + 7_919) % MILLION;
        next
    };
    group.bench_function("1: a place", |bencher| {
        bencher.iter(|| places.unscramble(count()));
    });
    group.bench_function("UNIT: a unit", |bencher| {
        bencher.iter(|| identity.unit(count()));
    });
    group.bench_function("PERMUTATION: a number", |bencher| {
        bencher.iter(|| numbers.invert(u64::from(count())));
    });
    group.bench_function("BATCH: codes", |bencher| {
        bencher.iter(|| BatchIdentity::new(id, MILLION, &random));
    });
    let world = World::new(Scheme::Numeric38, 1_000, 100);
    group.bench_function("PASSED: a thousand batches passed over", |bencher| {
        // The zero in front says that no number begins so, and only then.
        bencher.iter(|| world.page("00", None));
    });
    let world = World::new(Scheme::Provided, 1, 20_000);
    let batch = world.some_unit().mint_batch_id;
    let units = block_on(world.reads.batch_units(&world.scope, batch)).unwrap();
    group.bench_function("PROVIDED: one of 20,000 serials read", |bencher| {
        bencher.iter(|| {
            let one = count() % 20_000;
            block_on(world.reads.provided(&world.scope, &units, one..one + 1)).unwrap()
        });
    });
    group.finish();
}

fn main() {
    let mut criterion = criterion()
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(800));
    costs(&mut criterion);
    searching(&mut criterion);
    criterion.final_summary();
}
