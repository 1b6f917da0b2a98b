//! A whole million: no two units have the same id or the same serial.

use dpp_core::identity::serial::{NumberRanges, SequentialFormat, SerialAllocation};
use dpp_core::identity::{
    BatchIdentity, BatchSeed, IdentityFacts, MAX_UNITS, MintBatchId, PoolSeed, SchemeVersion,
};

fn million(seed: u8, serials: SerialAllocation) -> BatchIdentity {
    let batch: MintBatchId = "01a3ae2d-2400-7707-8707-070707070706".parse().unwrap();
    let facts = IdentityFacts {
        version: SchemeVersion::V1,
        seed: BatchSeed::from_bytes([seed; 32]),
        serials,
    };
    BatchIdentity::new(batch, MAX_UNITS, &facts)
}

fn first_million() -> NumberRanges {
    NumberRanges::stepping_over(1, MAX_UNITS, &Default::default())
}

fn assert_all_different<T: Ord>(mut all: Vec<T>) {
    assert_eq!(all.len(), MAX_UNITS as usize);
    all.sort_unstable();
    assert!(all.windows(2).all(|pair| pair[0] != pair[1]));
}

fn assert_serials_differ(identity: &BatchIdentity) {
    let units = identity.units(0..MAX_UNITS);
    assert_all_different(units.map(|unit| unit.serial.unwrap()).collect());
}

fn randomised() -> BatchIdentity {
    million(
        1,
        SerialAllocation::Randomised {
            block: "K7M4".to_owned().try_into().unwrap(),
            tag_length: Default::default(),
        },
    )
}

#[test]
fn a_million_unit_ids_are_all_different() {
    let identity = million(7, SerialAllocation::None);
    let units = identity.units(0..MAX_UNITS);
    assert_all_different(units.map(|unit| unit.id.as_uuid().as_u128()).collect());
}

#[test]
fn a_million_randomised_serials_are_all_different() {
    assert_serials_differ(&randomised());
}

/// The block and the scrambled index alone tell units apart: the tag is not what does it.
#[test]
fn a_million_randomised_serials_are_all_different_without_their_tags() {
    let identity = randomised();
    let heads = identity.units(0..MAX_UNITS).map(|unit| {
        let serial = unit.serial.unwrap();
        <[u8; 8]>::try_from(&serial.as_bytes()[..8]).unwrap()
    });
    assert_all_different(heads.collect());
}

#[test]
fn a_million_sequential_serials_are_all_different() {
    let identity = million(
        3,
        SerialAllocation::Sequential {
            format: SequentialFormat::new("SN-", 7).unwrap(),
            ranges: first_million(),
        },
    );
    assert_serials_differ(&identity);
}

#[test]
fn a_million_numeric_serials_are_all_different() {
    let identity = million(
        4,
        SerialAllocation::Numeric38 {
            pool_seed: PoolSeed::from_bytes([5; 32]),
            ranges: first_million(),
        },
    );
    assert_serials_differ(&identity);
}

#[test]
fn a_million_units_are_decoded_each_to_its_own_index() {
    let identity = randomised();
    for unit in identity.units(0..MAX_UNITS).step_by(37) {
        assert_eq!(identity.decode_unit_id(unit.id), Ok(unit.index));
        assert_eq!(
            identity.decode_serial(&unit.serial.unwrap()),
            Ok(unit.index)
        );
    }
}
