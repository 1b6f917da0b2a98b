//! Units by the beginning of an id or a serial, beside a plain loop over all of them.

use dpp_core::identity::serial::{NumberRanges, SequentialFormat, SerialAllocation};
use dpp_core::identity::{
    BatchIdentity, BatchPrefix, BatchSeed, Found, IdPrefix, IdentityFacts, MintBatchId, MintUnitId,
    PoolSeed, SchemeVersion, Search, Unit,
};
use dpp_core::testing::strategies;
use proptest::collection::btree_set;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use uuid::Uuid;

#[derive(Debug, Clone, Copy, PartialEq)]
enum By {
    Id,
    Serial,
}

impl By {
    fn text(self, unit: &Unit) -> String {
        match self {
            Self::Id => unit.id.to_string(),
            Self::Serial => unit.serial.unwrap().to_string(),
        }
    }

    fn find(self, identity: &BatchIdentity, prefix: &str, search: Search<'_>) -> Found {
        match self {
            Self::Id => match IdPrefix::parse(prefix) {
                Some(prefix) => identity.find_by_id(&prefix, search),
                None => Found::default(),
            },
            Self::Serial => identity.find_by_serial(prefix, search),
        }
    }
}

/// What a plain loop finds among the units that were made.
fn looped(identity: &BatchIdentity, by: By, made: u32, prefix: &str) -> Vec<u32> {
    let begins_so = |unit: &Unit| match by {
        By::Id => unit.id.to_string().starts_with(&prefix.to_lowercase()),
        By::Serial => by.text(unit).starts_with(prefix),
    };
    identity
        .units(0..made)
        .filter(begins_so)
        .map(|unit| unit.index)
        .collect()
}

/// How the pages are asked for.
#[derive(Debug, Clone, Copy)]
struct Pages {
    most: usize,
    steps: u32,
    /// How many units are made between two pages.
    grows: u32,
    /// After how many units of an answer the next question goes on.
    used: usize,
}

/// All units of all pages, in their order; every page has to move on.
fn paged(
    identity: &BatchIdentity,
    by: By,
    made: u32,
    prefix: &str,
    pages: Pages,
) -> Vec<(u32, Unit)> {
    let (mut made, mut from) = (made, 0);
    let mut all = Vec::new();
    loop {
        let mut steps = pages.steps;
        let search = Search {
            made,
            from,
            most: pages.most,
            steps: &mut steps,
        };
        let found = by.find(identity, prefix, search);
        assert!(found.units.len() <= pages.most);
        assert!(steps <= pages.steps);
        assert!(found.stopped_at.is_none_or(|at| at >= from), "back");
        let stands = found.units.is_empty() && found.stopped_at == Some(from);
        assert!(!stands, "a search that stands still at {from}");
        let used = pages.used.min(found.units.len());
        let next = match found.units.get(used.wrapping_sub(1)) {
            Some((_, behind)) if used < found.units.len() => Some(*behind),
            _ => found.stopped_at,
        };
        all.extend(
            found
                .units
                .into_iter()
                .take(used.max(1))
                .map(|(unit, _)| (unit.index, unit)),
        );
        match next {
            Some(next) => from = next,
            None => return all,
        }
        made = made.saturating_add(pages.grows).min(identity.quantity());
    }
}

fn check(identity: &BatchIdentity, by: By, made: u32, prefix: &str, pages: Pages) {
    let there = looped(identity, by, made, prefix);
    let all = paged(identity, by, made, prefix, pages);
    let mut found: Vec<_> = all.iter().map(|(index, _)| *index).collect();
    found.sort_unstable();
    let count = found.len();
    found.dedup();
    assert_eq!(found.len(), count, "a unit came twice");
    for (index, unit) in &all {
        assert_eq!(Some(unit), identity.unit(*index).as_ref());
    }
    match pages.grows {
        0 => assert_eq!(found, there, "{by:?} `{prefix}`"),
        _ => {
            assert!(there.iter().all(|index| found.binary_search(index).is_ok()));
            let in_the_end = looped(identity, by, identity.quantity(), prefix);
            assert!(
                found
                    .iter()
                    .all(|index| in_the_end.binary_search(index).is_ok())
            );
        }
    }
}

fn pages() -> impl Strategy<Value = Pages> {
    let most = select(vec![1, 2, 7, 21, usize::MAX]);
    let steps = select(vec![1_000, 20_000, 200_000, u32::MAX]);
    let grows = prop_oneof![2 => Just(0), 1 => 1..500_u32];
    (most, steps, grows, select(vec![1, 3, usize::MAX])).prop_map(|(most, steps, grows, used)| {
        Pages {
            most,
            steps,
            grows,
            used,
        }
    })
}

/// Batches of every scheme, with how many units are made.
fn batch() -> impl Strategy<Value = (BatchIdentity, u32)> {
    let sizes = prop_oneof![
        3 => 1..=300_u32,
        1 => select(vec![1_u32, 100, 2_047, 2_048, 2_049, 5_000]),
    ];
    sizes.prop_flat_map(|quantity| {
        let made = prop_oneof![2 => Just(quantity), 1 => 0..=quantity];
        let parts = (
            strategies::mint_batch_id(),
            strategies::identity_facts(quantity),
            made,
        );
        parts.prop_map(move |(batch, facts, made)| {
            (BatchIdentity::new(batch, quantity, &facts), made)
        })
    })
}

/// The beginning of a unit's id or serial, altered or not, or any text.
fn prefix_of(identity: &BatchIdentity, by: By, which: &Prefix) -> String {
    let unit = |at: &Index| identity.unit(at.index(identity.quantity() as usize) as u32);
    match which {
        Prefix::Real(at, length) => {
            let text = by.text(&unit(at).unwrap());
            text[..length.index(text.len()) + 1].to_owned()
        }
        Prefix::Altered(at, place, other) => {
            let mut text = by.text(&unit(at).unwrap()).into_bytes();
            let place = place.index(text.len());
            text[place] = *other;
            String::from_utf8(text[..=place].to_vec()).unwrap()
        }
        Prefix::Any(text) => text.clone(),
    }
}

#[derive(Debug, Clone)]
enum Prefix {
    Real(Index, Index),
    Altered(Index, Index, u8),
    Any(String),
}

fn prefix() -> impl Strategy<Value = Prefix> {
    prop_oneof![
        4 => any::<(Index, Index)>().prop_map(|(at, length)| Prefix::Real(at, length)),
        2 => (any::<(Index, Index)>(), 0x20..0x7f_u8)
            .prop_map(|((at, place), other)| Prefix::Altered(at, place, other)),
        1 => "[0-9]{1,13}".prop_map(Prefix::Any),
        1 => "[0-9A-Za-z%_-]{1,20}".prop_map(Prefix::Any),
        1 => "\\PC{1,20}".prop_map(Prefix::Any),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_scheme_finds_just_the_serials_that_begin_so(
        (identity, made) in batch(),
        which in prefix(),
        pages in pages(),
    ) {
        let prefix = prefix_of(&identity, By::Serial, &which);
        check(&identity, By::Serial, made, &prefix, pages);
    }

    #[test]
    fn ids_are_found_by_every_beginning_in_either_case(
        (identity, made) in batch(),
        which in prefix(),
        pages in pages(),
        upper in any::<bool>(),
    ) {
        let prefix = prefix_of(&identity, By::Id, &which);
        let prefix = if upper { prefix.to_ascii_uppercase() } else { prefix };
        check(&identity, By::Id, made, &prefix, pages);
    }

    #[test]
    fn a_search_with_hardly_a_step_comes_to_its_end(
        (identity, made) in batch(),
        which in prefix(),
        by in select(vec![By::Id, By::Serial]),
        steps in 0..40_u32,
    ) {
        let made = made.min(200);
        let prefix = prefix_of(&identity, by, &which);
        let numbers = prefix.bytes().all(|byte| byte.is_ascii_digit());
        // Of a number with few digits every single unit is a page, which takes too long here.
        prop_assume!(!numbers || made < 60);
        let pages = Pages { most: 3, steps, grows: 0, used: usize::MAX };
        check(&identity, by, made, &prefix, pages);
    }

    #[test]
    fn a_prefix_is_read_if_and_only_if_some_uuid_begins_so(
        uuid in any::<u128>(),
        length in 0..=36_usize,
        place in 0..36_usize,
        other in any::<char>(),
        upper in any::<bool>(),
    ) {
        let whole = Uuid::from_u128(uuid).to_string();
        let whole = if upper { whole.to_uppercase() } else { whole };
        let beginning = &whole[..length];
        let read = IdPrefix::parse(beginning);
        prop_assert_eq!(read.is_some(), length > 0);
        if let Some(read) = read {
            prop_assert!(read.matches(&Uuid::from_u128(uuid)));
            prop_assert!(read.ids().contains(&Uuid::from_u128(uuid)));
        }
        let mut altered: Vec<char> = whole.chars().collect();
        altered[place] = other;
        let altered: String = altered.into_iter().collect();
        let fits = match [8, 13, 18, 23].contains(&place) {
            true => other == '-',
            false => other.is_ascii_hexdigit(),
        };
        prop_assert_eq!(IdPrefix::parse(&altered).is_some(), fits);
    }

    #[test]
    fn a_prefix_matches_an_id_if_and_only_if_its_text_begins_so(
        a in strategies::mint_batch_id(),
        b in strategies::mint_batch_id(),
        place in 0..1_u32 << 20,
        length in 1..=36_usize,
    ) {
        for of in [a, b] {
            for id in [*of.as_uuid(), unit_id(of, place), Uuid::from_u128(u128::from(place))] {
                let text = id.to_string();
                let prefix = IdPrefix::parse(&text[..length]).unwrap();
                for other in [a, b] {
                    let begins_so = |id: &Uuid| id.to_string().starts_with(&text[..length]);
                    let unit = unit_id(other, place);
                    prop_assert_eq!(prefix.matches(other.as_uuid()), begins_so(other.as_uuid()));
                    prop_assert_eq!(prefix.ids().contains(&unit), begins_so(&unit));
                    if begins_so(other.as_uuid()) {
                        prop_assert!(within(prefix.batches(), other));
                    }
                    if begins_so(&unit) {
                        prop_assert!(within(prefix.batches_of_units(), other));
                    }
                }
            }
        }
    }
}

fn unit_id(of: MintBatchId, place: u32) -> Uuid {
    let high = of.as_uuid().as_u128() >> 64 & !0xf000 | 0x8000;
    Uuid::from_u128(high << 64 | 1 << 63 | u128::from(place) << 42 | 0x1_2345)
}

fn within(range: Option<std::ops::RangeInclusive<BatchPrefix>>, batch: MintBatchId) -> bool {
    range.is_some_and(|range| range.contains(&batch.prefix()))
}

#[test]
fn the_version_digit_tells_batches_from_units() {
    let bits = |range: Option<std::ops::RangeInclusive<BatchPrefix>>| {
        range.map(|range| (range.start().to_bits(), range.end().to_bits()))
    };
    let read = |text: &str| IdPrefix::parse(text).unwrap();
    let open = read("01a3ae2d-2400");
    let all = Some((0x001a_3ae2_d240_0000, 0x001a_3ae2_d240_0fff));
    assert_eq!(bits(open.batches()), all);
    assert_eq!(bits(open.batches_of_units()), all);
    assert_eq!(bits(read("01a3ae2d-2400-").batches()), all);
    assert_eq!(bits(read("01a3ae2d-2400-7").batches()), all);
    assert_eq!(bits(read("01a3ae2d-2400-7").batches_of_units()), None);
    assert_eq!(bits(read("01a3ae2d-2400-8").batches()), None);
    assert_eq!(bits(read("01a3ae2d-2400-8").batches_of_units()), all);
    assert_eq!(bits(read("01a3ae2d-2400-4").batches()), None);
    let one = Some((0x001a_3ae2_d240_0707, 0x001a_3ae2_d240_0707));
    assert_eq!(bits(read("01a3ae2d-2400-7707-8").batches()), one);
    assert_eq!(bits(read("01a3ae2d-2400-8707-b").batches_of_units()), one);
    let everything = Some((0, 0x0fff_ffff_ffff_ffff));
    assert_eq!(bits(read("0").batches()).map(|(low, _)| low), Some(0));
    let f = bits(read("f").batches()).map(|(_, high)| high);
    assert_eq!(f, everything.map(|(_, high)| high));
}

#[test]
fn the_variant_bits_narrow_down_the_places_and_other_variants_find_nothing() {
    let identity = of(300, randomised());
    let batch = identity.batch().to_string();
    for digit in "0123456789abcdef".chars() {
        let prefix = format!("{}8{}-{digit}", &batch[..14], &batch[15..18]);
        let pages = Pages {
            most: 21,
            steps: 100_000,
            grows: 0,
            used: usize::MAX,
        };
        check(&identity, By::Id, 300, &prefix, pages);
        let some = !looped(&identity, By::Id, 300, &prefix).is_empty();
        assert_eq!(some, "89ab".contains(digit));
    }
}

fn randomised() -> SerialAllocation {
    SerialAllocation::Randomised {
        block: "K7QX".to_owned().try_into().unwrap(),
        tag_length: 4.try_into().unwrap(),
    }
}

fn of(quantity: u32, serials: SerialAllocation) -> BatchIdentity {
    let facts = IdentityFacts {
        version: SchemeVersion::V1,
        seed: BatchSeed::from_bytes([9; 32]),
        serials,
    };
    let at = dpp_core::Timestamp::from_unix_millis(1_800_000_000_000);
    BatchIdentity::new(MintBatchId::new(at, [5; 10]), quantity, &facts)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn numbers_that_were_stepped_over_are_not_found(
        taken in btree_set(0..400_u64, 0..60),
        digits in "[0-9]{0,4}",
        numeric in any::<bool>(),
        pages in pages(),
    ) {
        let ranges = NumberRanges::stepping_over(3, 250, &taken);
        let serials = match numeric {
            true => SerialAllocation::Numeric38 { pool_seed: PoolSeed::from_bytes([7; 32]), ranges },
            false => {
                let format = SequentialFormat::new("S-", 4).unwrap();
                SerialAllocation::Sequential { format, ranges }
            }
        };
        let prefix = if numeric { digits } else { format!("S-{digits}") };
        prop_assume!(!prefix.is_empty());
        check(&of(250, serials), By::Serial, 200, &prefix, pages);
    }
}

#[test]
fn a_serial_with_nine_digits_or_more_of_a_large_numeric_batch_is_found_at_once() {
    let ranges = NumberRanges::stepping_over(0, 1_000_000, &std::collections::BTreeSet::new());
    let pool_seed = PoolSeed::from_bytes([7; 32]);
    let identity = of(1_000_000, SerialAllocation::Numeric38 { pool_seed, ranges });
    for index in [0, 1, 77_777, 999_999] {
        let serial = identity.unit(index).unwrap().serial.unwrap();
        let Some(prefix) = serial.as_str().get(..9) else {
            continue;
        };
        let mut steps = 200_000;
        let search = Search {
            made: 1_000_000,
            from: 0,
            most: 21,
            steps: &mut steps,
        };
        let found = identity.find_by_serial(prefix, search);
        assert!(found.units.iter().any(|(unit, _)| unit.index == index));
        assert_eq!(found.stopped_at, None);
    }
}

#[test]
fn a_large_batch_is_found_in_by_every_length_of_a_serial_and_of_an_id() {
    let identity = of(1_000_000, randomised());
    for index in [0, 5, 555_555, 999_999] {
        let unit = identity.unit(index).unwrap();
        for by in [By::Serial, By::Id] {
            let text = by.text(&unit);
            // From the end of the batch's own part on, where few enough begin so.
            let least = if by == By::Id { 21 } else { 7 };
            for length in least..=text.len() {
                let pages = Pages {
                    most: 21,
                    steps: 20_000,
                    grows: 0,
                    used: usize::MAX,
                };
                let found = paged(&identity, by, 1_000_000, &text[..length], pages);
                assert!(found.iter().any(|(index, _)| *index == unit.index));
                let right = |(_, unit): &(u32, Unit)| by.text(unit).starts_with(&text[..length]);
                assert!(found.iter().all(right));
            }
        }
    }
    let unit = identity.unit(5).unwrap().id;
    assert_eq!(MintUnitId::parse(&unit.to_string()), Ok(unit));
}
