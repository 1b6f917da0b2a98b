//! What is no unit of a batch: the three different answers, and altered texts.

use dpp_core::gs1::Serial;
use dpp_core::identity::serial::{NumberRanges, SequentialFormat, SerialAllocation};
use dpp_core::identity::{
    BatchIdentity, BatchSeed, DecodeError, IdentityFacts, LotId, Lots, MAX_UNITS, MintBatchId,
    MintUnitId, PoolSeed, SchemeVersion,
};
use uuid::Uuid;

const CROCKFORD: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

fn batch(quantity: u32, seed: u8, serials: SerialAllocation) -> BatchIdentity {
    let batch: MintBatchId = "01a3ae2d-2400-7707-8707-070707070706".parse().unwrap();
    let facts = IdentityFacts {
        version: SchemeVersion::V1,
        seed: BatchSeed::from_bytes([seed; 32]),
        serials,
    };
    BatchIdentity::new(batch, quantity, &facts)
}

fn randomised(quantity: u32, seed: u8) -> BatchIdentity {
    batch(
        quantity,
        seed,
        SerialAllocation::Randomised {
            block: "K7M4".to_owned().try_into().unwrap(),
            tag_length: Default::default(),
        },
    )
}

fn numbers(first: u64, count: u32) -> NumberRanges {
    NumberRanges::stepping_over(first, count, &Default::default())
}

fn sequential(quantity: u32, first: u64, count: u32) -> BatchIdentity {
    let format = SequentialFormat::new("SN-", 8).unwrap();
    let ranges = numbers(first, count);
    batch(quantity, 1, SerialAllocation::Sequential { format, ranges })
}

fn serial(text: &str) -> Serial {
    text.parse().unwrap()
}

fn serial_of(identity: &BatchIdentity, index: u32) -> Serial {
    identity.unit(index).unwrap().serial.unwrap()
}

/// The serial with each other character of the set in each of its places.
fn altered<'a>(text: &'a str, set: &'a str) -> impl Iterator<Item = String> + 'a {
    (0..text.len()).flat_map(move |at| {
        let others = set.chars().filter(move |c| !text[at..].starts_with(*c));
        others.map(move |c| format!("{}{c}{}", &text[..at], &text[at + 1..]))
    })
}

fn is_beyond<T>(answer: Result<T, DecodeError>, quantity: u32) -> bool {
    matches!(answer, Err(DecodeError::IndexBeyondBatch { index, quantity: of })
        if of == quantity && index >= quantity)
}

#[test]
fn a_serial_of_another_block_is_in_an_unknown_block() {
    let identity = randomised(MAX_UNITS, 1);
    for text in [
        "K7M5000000AB",
        "A000000000AB",
        "K7M4",
        "K7M4000000ABC",
        "k7m4000000ab",
        "7",
    ] {
        let answer = identity.decode_serial(&serial(text));
        assert_eq!(answer, Err(DecodeError::UnknownBlock), "{text}");
    }
}

#[test]
fn a_serial_whose_index_the_batch_does_not_reach_is_beyond_it() {
    let (whole, small) = (randomised(MAX_UNITS, 1), randomised(1_000, 1));
    let answer = small.decode_serial(&serial_of(&whole, 1_000));
    let beyond = DecodeError::IndexBeyondBatch {
        index: 1_000,
        quantity: 1_000,
    };
    assert_eq!(answer, Err(beyond));
    assert_eq!(small.decode_serial(&serial_of(&whole, 999)), Ok(999));
}

#[test]
fn a_serial_with_another_tag_has_the_wrong_tag() {
    let identity = randomised(MAX_UNITS, 1);
    let right = serial_of(&identity, 123_456);
    for tag in altered(&right.as_str()[8..], CROCKFORD) {
        let made_up = serial(&format!("{}{tag}", &right.as_str()[..8]));
        assert_eq!(
            identity.decode_serial(&made_up),
            Err(DecodeError::WrongTag),
            "{made_up}"
        );
    }
}

#[test]
fn a_unit_id_of_another_batch_is_in_an_unknown_block() {
    let identity = randomised(1_000, 1);
    let id = identity.unit(7).unwrap().id.to_string();
    let other: MintUnitId = id.replacen("01a3", "01a4", 1).parse().unwrap();
    assert_eq!(
        identity.decode_unit_id(other),
        Err(DecodeError::UnknownBlock)
    );
}

#[test]
fn a_unit_id_whose_index_the_batch_does_not_reach_is_beyond_it() {
    let id = randomised(MAX_UNITS, 1).unit(1_000).unwrap().id;
    assert!(is_beyond(randomised(1_000, 1).decode_unit_id(id), 1_000));
}

#[test]
fn a_unit_id_of_another_seed_has_the_wrong_tag() {
    let (one, two) = (randomised(MAX_UNITS, 1), randomised(MAX_UNITS, 2));
    let answers = one.units(0..1_000).map(|unit| two.decode_unit_id(unit.id));
    for answer in answers {
        assert!(answer == Err(DecodeError::WrongTag) || is_beyond(answer, MAX_UNITS));
    }
}

#[test]
fn every_altered_character_of_a_unit_id_makes_it_no_unit() {
    for seed in 0..20 {
        let identity = randomised(MAX_UNITS, seed);
        let id = identity.unit(u32::from(seed) * 31_337).unwrap().id;
        for text in altered(&id.to_string(), "0123456789abcdef") {
            if let Ok(id) = text.parse() {
                assert!(identity.decode_unit_id(id).is_err(), "{text}");
            }
        }
    }
}

/// Of the 12 places the block's and the tag's can never lead to a unit. An altered index
/// leads to one with chance 2^-20: here 20 * 4 * 31 are tried, so 0.24 % of all choices of
/// seeds would show one, and these seeds do not.
#[test]
fn every_altered_character_of_a_randomised_serial_makes_it_no_unit() {
    for seed in 0..20 {
        let identity = randomised(MAX_UNITS, seed);
        let right = serial_of(&identity, u32::from(seed) * 31_337);
        for text in altered(right.as_str(), &(CROCKFORD.to_owned() + "ILOUabcxyz-.!_")) {
            assert!(identity.decode_serial(&serial(&text)).is_err(), "{text}");
        }
    }
}

/// The stated chance, 2^-20 for a tag of 4 characters, made visible: every tag of one place.
#[test]
fn exactly_one_of_the_2_to_the_20_tags_of_a_place_is_right() {
    let identity = randomised(MAX_UNITS, 3);
    let right = serial_of(&identity, 4_711);
    let set = CROCKFORD.as_bytes();
    let hits = (0..1_usize << 20).filter(|bits| {
        let mut text = right.as_bytes().to_vec();
        for (at, shift) in [(8, 15), (9, 10), (10, 5), (11, 0)] {
            text[at] = set[bits >> shift & 31];
        }
        let guess = serial(std::str::from_utf8(&text).unwrap());
        identity.decode_serial(&guess).is_ok()
    });
    assert_eq!(hits.count(), 1);
}

#[test]
fn a_sequential_serial_outside_the_ranges_is_in_an_unknown_block() {
    let identity = sequential(1_000, 5, 1_000);
    assert_eq!(identity.decode_serial(&serial("SN-00000005")), Ok(0));
    assert_eq!(identity.decode_serial(&serial("SN-00001004")), Ok(999));
    for text in [
        "SN-00000004",
        "SN-00001005",
        "SN-5",
        "SN-000000005",
        "SM-00000005",
        "SN-0000000A",
    ] {
        let answer = identity.decode_serial(&serial(text));
        assert_eq!(answer, Err(DecodeError::UnknownBlock), "{text}");
    }
}

#[test]
fn a_sequential_serial_past_the_batchs_quantity_is_beyond_it() {
    let identity = sequential(10, 5, 1_000);
    assert!(is_beyond(
        identity.decode_serial(&serial("SN-00000015")),
        10
    ));
}

#[test]
fn a_number_that_was_not_handed_out_is_in_an_unknown_block() {
    let allocation = |count| SerialAllocation::Numeric38 {
        pool_seed: PoolSeed::from_bytes([5; 32]),
        ranges: numbers(100, count),
    };
    let (whole, small) = (
        batch(1_001, 1, allocation(1_001)),
        batch(1_000, 1, allocation(1_000)),
    );
    assert_eq!(
        small.decode_serial(&serial_of(&whole, 1_000)),
        Err(DecodeError::UnknownBlock)
    );
    let number = serial_of(&small, 0);
    for text in [
        format!("0{number}"),
        format!("{number} ").replace(' ', "A"),
        "274877906944".to_owned(),
    ] {
        let answer = small.decode_serial(&serial(&text));
        assert_eq!(answer, Err(DecodeError::UnknownBlock), "{text}");
    }
}

#[test]
fn batches_without_derived_serials_know_none() {
    for allocation in [SerialAllocation::None, SerialAllocation::Provided] {
        let answer = batch(10, 1, allocation).decode_serial(&serial("K7M4000000AB"));
        assert_eq!(answer, Err(DecodeError::UnknownBlock));
    }
}

#[test]
fn lot_ids_have_the_same_three_answers() {
    let lots: Lots = serde_json::from_str(
        r#"[{"lot_code": "A", "qty": 1}, {"lot_code": "B", "qty": 2}, {"lot_code": "C", "qty": 3}]"#,
    )
    .unwrap();
    let identity = batch(6, 1, SerialAllocation::None);
    let ids = identity.lot_ids(&lots);
    assert_eq!(identity.decode_lot_id(ids[2], 3), Ok(2));
    assert!(is_beyond(identity.decode_lot_id(ids[2], 2), 2));
    let altered = |mask: u128| LotId::try_from(Uuid::from_u128(ids[2].as_uuid().as_u128() ^ mask));
    let wrong_tag = identity.decode_lot_id(altered(1).unwrap(), 3);
    assert_eq!(wrong_tag, Err(DecodeError::WrongTag));
    let other_batch = identity.decode_lot_id(altered(1 << 100).unwrap(), 3);
    assert_eq!(other_batch, Err(DecodeError::UnknownBlock));
}
