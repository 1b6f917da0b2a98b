//! The serial pool of a product.

use std::collections::{BTreeSet, HashSet};

use dpp_core::TextRows;
use dpp_core::identity::serial::{
    Block, NumberOrder, NumberRanges, SequentialFormat, SerialAllocation, SerialScheme, TagLength,
};
use dpp_core::identity::{
    BatchIdentity, BatchSeed, IdentityFacts, MintBatchId, PoolSeed, SchemeVersion,
};
use dpp_core::mint::{
    GuessBound, PoolEvent, PoolOpened, PoolRejection, ProvidedSerialsClaimed, RowReason,
    SerialPool, SerialsReserved,
};
use dpp_core::testing::scenario::{Given, given};
use dpp_core::testing::strategies;
use proptest::prelude::*;

fn batch() -> MintBatchId {
    "01a3ae2d-2400-7707-8707-070707070706".parse().unwrap()
}

fn seed() -> PoolSeed {
    PoolSeed::from_bytes([1; 32])
}

fn pool(events: impl IntoIterator<Item = PoolEvent>) -> Given<SerialPool> {
    given(events, SerialPool::evolve)
}

type Decision = Result<Vec<PoolEvent>, PoolRejection>;

fn reserve(pool: &SerialPool, quantity: u32, scheme: &SerialScheme, taken: &[u64]) -> Decision {
    let taken = taken.iter().copied().collect();
    pool.reserve(
        batch(),
        quantity,
        scheme,
        seed(),
        GuessBound::default(),
        &taken,
    )
}

fn opened() -> PoolEvent {
    PoolEvent::Opened(PoolOpened { seed: seed() })
}

fn reserved(serials: SerialAllocation) -> PoolEvent {
    PoolEvent::Reserved(SerialsReserved {
        mint_batch_id: batch(),
        serials,
    })
}

fn numbers(first: u64, count: u32) -> NumberRanges {
    NumberRanges::stepping_over(first, count, &BTreeSet::new())
}

fn numeric(first: u64, count: u32) -> SerialAllocation {
    SerialAllocation::Numeric38 {
        pool_seed: seed(),
        ranges: numbers(first, count),
    }
}

fn format(prefix: &str, digits: u8) -> SequentialFormat {
    SequentialFormat::new(prefix, digits).unwrap()
}

fn sequential(format: &SequentialFormat, first: u64, count: u32) -> SerialAllocation {
    SerialAllocation::Sequential {
        format: format.clone(),
        ranges: numbers(first, count),
    }
}

fn first_block() -> SerialAllocation {
    let events = reserve(&SerialPool::default(), 1, &SerialScheme::default(), &[]).unwrap();
    allocation(&events)
}

/// A serial of the block that the pool would hand out next.
fn of_next_block() -> String {
    let used = pool([opened(), reserved(first_block())]);
    let scheme = SerialScheme::default();
    let next = used.when(|pool| reserve(pool, 1, &scheme, &[])).answer;
    serials_of(&allocation(&next.unwrap()), 1).remove(0)
}

fn allocation(events: &[PoolEvent]) -> SerialAllocation {
    match events.last().unwrap() {
        PoolEvent::Reserved(event) => event.serials.clone(),
        other => panic!("{other:?}"),
    }
}

fn serials_of(allocation: &SerialAllocation, quantity: u32) -> Vec<String> {
    let facts = IdentityFacts {
        version: SchemeVersion::V1,
        seed: BatchSeed::from_bytes([9; 32]),
        serials: allocation.clone(),
    };
    let identity = BatchIdentity::new(batch(), quantity, &facts);
    let units = identity.units(0..quantity);
    units.map(|unit| unit.serial.unwrap().to_string()).collect()
}

#[test]
fn a_pool_gets_its_secret_when_it_is_first_used_and_keeps_it() {
    pool([])
        .when(|pool| reserve(pool, 5, &SerialScheme::Numeric38, &[]))
        .then([opened(), reserved(numeric(0, 5))]);
    let other = PoolSeed::from_bytes([2; 32]);
    let scheme = SerialScheme::Numeric38;
    pool([opened(), reserved(numeric(0, 5))])
        .when(|pool| {
            let bound = GuessBound::default();
            pool.reserve(batch(), 7, &scheme, other, bound, &BTreeSet::new())
        })
        .then([reserved(numeric(5, 7))]);
}

#[test]
fn each_job_gets_a_block_of_its_own() {
    let mut blocks = HashSet::new();
    let mut all = SerialPool::default();
    for _ in 0..2_000 {
        let events = reserve(&all, 1_000_000, &SerialScheme::default(), &[]).unwrap();
        let SerialAllocation::Randomised { block, tag_length } = allocation(&events) else {
            panic!("{events:?}");
        };
        assert_eq!(tag_length, TagLength::default());
        assert!(blocks.insert(block), "{block:?}");
        all = events.iter().fold(all, SerialPool::evolve);
    }
}

#[test]
fn when_all_blocks_are_handed_out_there_is_none_left() {
    let events = std::iter::repeat_n(reserved(first_block()), Block::COUNT as usize);
    let mut events: Vec<_> = std::iter::once(opened()).chain(events).collect();
    let scheme = SerialScheme::default();
    pool(events.clone())
        .when(|pool| reserve(pool, 1, &scheme, &[]))
        .then_refused(PoolRejection::NoBlockLeft);
    events.pop();
    assert!(
        pool(events)
            .when(|pool| reserve(pool, 1, &scheme, &[]))
            .answer
            .is_ok()
    );
}

#[test]
fn sequential_numbers_begin_with_1_and_go_on_where_they_ended() {
    let format = format("SN-", 4);
    let scheme = SerialScheme::Sequential(format.clone());
    let first = sequential(&format, 1, 10);
    pool([])
        .when(|pool| reserve(pool, 10, &scheme, &[]))
        .then([opened(), reserved(first.clone())]);
    let second = sequential(&format, 11, 5);
    pool([opened(), reserved(first.clone())])
        .when(|pool| reserve(pool, 5, &scheme, &[]))
        .then([reserved(second.clone())]);
    assert_eq!(serials_of(&first, 10)[9], "SN-0010");
    assert_eq!(serials_of(&second, 5)[0], "SN-0011");
}

#[test]
fn the_forms_of_a_product_count_each_for_itself() {
    let (one, two) = (format("A-", 4), format("B-", 4));
    pool([opened(), reserved(sequential(&one, 1, 10))])
        .when(|pool| reserve(pool, 3, &SerialScheme::Sequential(two.clone()), &[]))
        .then([reserved(sequential(&two, 1, 3))]);
}

#[test]
fn sequential_numbers_run_out_exactly_at_the_last() {
    let format = format("SN-", 2);
    let scheme = SerialScheme::Sequential(format.clone());
    let used = pool([opened(), reserved(sequential(&format, 1, 90))]);
    used.when(|pool| reserve(pool, 9, &scheme, &[]))
        .then([reserved(sequential(&format, 91, 9))]);
    let exhausted = |left, requested| PoolRejection::SeriesExhausted {
        format: format.clone(),
        left,
        requested,
    };
    used.when(|pool| reserve(pool, 10, &scheme, &[]))
        .then_refused(exhausted(9, 10));
    used.when(|pool| reserve(pool, 9, &scheme, &[95]))
        .then_refused(exhausted(8, 9));
}

#[test]
fn a_form_whose_serials_could_equal_those_of_another_is_refused() {
    let used = format("SN1", 3);
    let used_pool = pool([opened(), reserved(sequential(&used, 1, 1))]);
    for (prefix, digits, overlaps) in [
        ("SN", 4, true),
        ("SN12", 2, true),
        ("SN2", 3, false),
        ("SN", 3, false),
        ("SN1", 4, false),
        ("SN1-", 2, false),
        ("SN1", 3, false),
    ] {
        let other = format(prefix, digits);
        let outcome =
            used_pool.when(|pool| reserve(pool, 1, &SerialScheme::Sequential(other.clone()), &[]));
        match overlaps {
            true => outcome.then_refused(PoolRejection::SeriesOverlap {
                format: other,
                other: used.clone(),
            }),
            false => assert!(outcome.answer.is_ok(), "{prefix}"),
        }
    }
}

#[test]
fn numeric_serials_stop_exactly_at_the_bound_of_guessing() {
    let bound = GuessBound::one_in(10_000);
    assert_eq!(bound.most_numbers(), 27_487_790);
    let used = pool([opened(), reserved(numeric(0, 27_487_690))]);
    let ask = |quantity| {
        used.when(|pool| {
            let scheme = SerialScheme::Numeric38;
            pool.reserve(batch(), quantity, &scheme, seed(), bound, &BTreeSet::new())
        })
    };
    ask(100).then([reserved(numeric(27_487_690, 100))]);
    let refused = PoolRejection::GuessBound {
        requested: 101,
        total: 27_487_791,
        most: 27_487_790,
    };
    ask(101).then_refused(refused.clone());
    let scheme = SerialScheme::Numeric38;
    assert_eq!(used.state.check(100, &scheme, bound), Ok(()));
    assert_eq!(used.state.check(101, &scheme, bound), Err(refused));
}

#[test]
fn a_bound_of_0_or_1_is_none_but_the_numbers_themselves() {
    assert_eq!(GuessBound::one_in(0).most_numbers(), NumberOrder::DOMAIN);
    assert_eq!(GuessBound::one_in(1).most_numbers(), NumberOrder::DOMAIN);
}

#[test]
fn numbers_that_a_brand_brought_are_stepped_over() {
    let format = format("SN-", 4);
    let scheme = SerialScheme::Sequential(format);
    let events = reserve(&SerialPool::default(), 5, &scheme, &[1, 3, 4, 9]).unwrap();
    let serials = serials_of(&allocation(&events), 5);
    assert_eq!(
        serials,
        ["SN-0002", "SN-0005", "SN-0006", "SN-0007", "SN-0008"]
    );
    let after = pool(events);
    let next = after.when(|pool| reserve(pool, 2, &scheme, &[9]));
    let next = allocation(&next.answer.unwrap());
    assert_eq!(serials_of(&next, 2), ["SN-0010", "SN-0011"]);

    let events = reserve(&SerialPool::default(), 3, &SerialScheme::Numeric38, &[1]).unwrap();
    let SerialAllocation::Numeric38 { ranges, .. } = allocation(&events) else {
        panic!("{events:?}");
    };
    let places: Vec<_> = (0..3).map(|index| ranges.number_at(index)).collect();
    assert_eq!(places, [Some(0), Some(2), Some(3)]);
}

#[test]
fn provided_rows_that_were_generated_are_refused_row_by_row() {
    let format = format("SN-", 4);
    let events = [
        opened(),
        reserved(first_block()),
        reserved(sequential(&format, 1, 10)),
        reserved(numeric(0, 10)),
    ];
    let randomised = &serials_of(&first_block(), 1)[0];
    let number = &serials_of(&numeric(0, 10), 10)[9];
    let free = &serials_of(&numeric(0, 11), 11)[10];
    let other_tag = format!("{}0000000", &randomised[..8]);
    let of_next_block = of_next_block();
    let rows = [
        "BRAND-1",
        randomised,
        "SN-0010",
        "SN-0011",
        "SN-0000",
        number,
        free,
        &other_tag,
        &of_next_block,
    ];
    let rows: TextRows = rows.into_iter().collect();
    let refused = pool(events).when(|pool| pool.claim(batch(), &rows)).answer;
    let refused = refused.unwrap_err();
    let told: Vec<_> = refused
        .iter()
        .map(|error| (error.row, error.serial.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (2, randomised.as_str()),
            (3, "SN-0010"),
            (6, number.as_str())
        ]
    );
    assert!(
        refused
            .iter()
            .all(|error| error.reason == RowReason::Generated)
    );
}

#[test]
fn provided_serials_are_counted() {
    let rows: TextRows = ["1", "2", "03"].into_iter().collect();
    let claimed = PoolEvent::Claimed(ProvidedSerialsClaimed {
        mint_batch_id: batch(),
        quantity: 3,
        numbers: 2,
    });
    let empty = pool([]);
    empty
        .when(|pool| pool.claim(batch(), &rows))
        .then(claimed.clone());
    assert_eq!(pool([claimed.clone(), claimed]).state.provided(), 6);
}

proptest! {
    #[test]
    fn no_two_jobs_of_a_pool_get_the_same_serial(
        jobs in prop::collection::vec((strategies::derived_scheme(), 1..50_u32), 1..30),
        taken in prop::collection::btree_set(0..500_u64, 0..50),
    ) {
        let mut all = HashSet::new();
        let mut pool = SerialPool::default();
        for (scheme, quantity) in jobs {
            let bound = GuessBound::default();
            let events = pool.reserve(batch(), quantity, &scheme, seed(), bound, &taken);
            let Ok(events) = events else { continue };
            for serial in serials_of(&allocation(&events), quantity) {
                prop_assert!(all.insert(serial.clone()), "{}", serial);
            }
            pool = events.iter().fold(pool, SerialPool::evolve);
            let rows: TextRows = all.iter().map(String::as_str).collect();
            prop_assert_eq!(pool.generated_rows(&rows).len(), rows.len());
        }
    }
}

#[test]
fn numbers_that_the_brand_brought_count_towards_the_bound() {
    let bound = GuessBound::one_in(10_000);
    let most = bound.most_numbers();
    let brought = PoolEvent::Claimed(ProvidedSerialsClaimed {
        mint_batch_id: batch(),
        quantity: 10,
        numbers: 10,
    });
    let pool = (0..27).fold(SerialPool::default().evolve(&brought), |pool, _| {
        let events = pool.reserve(
            batch(),
            1_000_000,
            &SerialScheme::Numeric38,
            PoolSeed::from_bytes([1; 32]),
            bound,
            &BTreeSet::new(),
        );
        events.unwrap().iter().fold(pool, SerialPool::evolve)
    });
    let left = u32::try_from(most - 27_000_000 - 10).unwrap();
    assert!(pool.check(left, &SerialScheme::Numeric38, bound).is_ok());
    assert!(
        pool.check(left + 1, &SerialScheme::Numeric38, bound)
            .is_err()
    );
}
