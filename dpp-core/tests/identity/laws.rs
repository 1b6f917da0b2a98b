//! What holds for the identities of every batch.

use dpp_core::gs1::{ResolverBase, is_cset82};
use dpp_core::identity::serial::{NumberOrder, SerialAllocation};
use dpp_core::identity::{
    BatchIdentity, BatchPrefix, BatchSeed, MAX_UNITS, MintBatchId, MintJobId, PoolSeed, Scrambler,
    UnitUrls, UnitsDigest,
};
use dpp_core::testing::strategies;
use proptest::prelude::*;
use uuid::Uuid;

/// A batch of any size and scheme, with one of its indexes.
fn batch_and_index() -> impl Strategy<Value = (BatchIdentity, SerialAllocation, u32)> {
    strategies::quantity().prop_flat_map(|quantity| {
        let parts = (
            strategies::mint_batch_id(),
            strategies::identity_facts(quantity),
            0..quantity,
        );
        parts.prop_map(move |(batch, facts, index)| {
            let identity = BatchIdentity::new(batch, quantity, &facts);
            (identity, facts.serials, index)
        })
    })
}

#[test]
fn scrambling_is_a_bijection_of_all_indexes() {
    for seed in [
        [0; 32],
        [1; 32],
        [0xff; 32],
        *b"any other seed will do just fine",
    ] {
        let order = Scrambler::of_units(&BatchSeed::from_bytes(seed));
        let mut seen = vec![false; Scrambler::DOMAIN as usize];
        for index in 0..Scrambler::DOMAIN {
            let place = order.scramble(index);
            assert!(!std::mem::replace(&mut seen[place as usize], true));
            assert_eq!(order.unscramble(place), index);
        }
    }
}

#[test]
fn scrambling_moves_neighbours_apart() {
    let order = Scrambler::of_units(&BatchSeed::from_bytes([9; 32]));
    let near = (0..10_000).filter(|&index| {
        let distance = order.scramble(index).abs_diff(order.scramble(index + 1));
        distance < 1_000
    });
    // By chance 2 * 1,000 / 2^20 of 10,000 are near: 19.
    assert!(near.count() < 60);
}

#[test]
fn the_first_numbers_of_a_pool_are_all_different_and_within_38_bits() {
    let order = NumberOrder::of_pool(&PoolSeed::from_bytes([3; 32]));
    let mut numbers: Vec<_> = (0..1_000_000).map(|n| order.permute(n)).collect();
    numbers.sort_unstable();
    assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]));
    assert!(numbers.iter().all(|number| *number < NumberOrder::DOMAIN));
}

#[test]
fn a_batch_id_with_its_last_bit_set_is_its_job_and_no_batch() {
    let text = "01a3ae2d-2400-7707-8707-070707070707";
    assert!(text.parse::<MintBatchId>().is_err());
    let job: MintJobId = text.parse().unwrap();
    assert_eq!(
        job.batch().to_string(),
        "01a3ae2d-2400-7707-8707-070707070706"
    );
}

proptest! {
    #[test]
    fn numbers_are_permuted_by_a_bijection(
        seed in strategies::pool_seed(),
        number in 0..NumberOrder::DOMAIN,
        other in 0..NumberOrder::DOMAIN,
    ) {
        let order = NumberOrder::of_pool(&seed);
        prop_assert!(order.permute(number) < NumberOrder::DOMAIN);
        prop_assert_eq!(order.invert(order.permute(number)), number);
        prop_assert_eq!(order.permute(order.invert(number)), number);
        prop_assert_eq!(order.permute(number) == order.permute(other), number == other);
    }

    #[test]
    fn what_was_derived_is_decoded((identity, _, index) in batch_and_index()) {
        let unit = identity.unit(index).unwrap();
        prop_assert_eq!(unit.index, index);
        prop_assert_eq!(identity.decode_unit_id(unit.id), Ok(index));
        prop_assert_eq!(identity.decode_serial(&unit.serial.unwrap()), Ok(index));
    }

    #[test]
    fn a_unit_id_is_a_version_8_uuid_with_its_batchs_prefix(
        (identity, _, index) in batch_and_index()
    ) {
        let id = identity.unit(index).unwrap().id;
        prop_assert_eq!(id.batch_prefix(), identity.batch().prefix());
        prop_assert_eq!(id.as_uuid().get_version_num(), 8);
        prop_assert_eq!(id.as_uuid().get_variant(), uuid::Variant::RFC4122);
        let (id, batch) = (id.to_string(), identity.batch().to_string());
        prop_assert_eq!(&id[..14], &batch[..14]);
        prop_assert_eq!(&id[15..18], &batch[15..18]);
    }

    #[test]
    fn a_serial_has_the_characters_and_the_length_of_its_scheme(
        (identity, allocation, index) in batch_and_index()
    ) {
        let serial = identity.unit(index).unwrap().serial.unwrap();
        prop_assert!(serial.as_bytes().iter().all(|byte| is_cset82(*byte)));
        prop_assert!((1..=20).contains(&serial.len()));
        match allocation {
            SerialAllocation::Randomised { block, tag_length } => {
                prop_assert_eq!(serial.len(), 8 + usize::from(tag_length.get()));
                prop_assert!(serial.as_str().starts_with(&String::from(block)));
                prop_assert!(serial.as_str().chars().all(is_crockford));
                prop_assert!(serial.as_bytes()[0].is_ascii_uppercase());
            }
            SerialAllocation::Sequential { format, .. } => {
                let number = serial.as_str().strip_prefix(format.prefix()).unwrap();
                prop_assert_eq!(number.len(), usize::from(format.digits()));
                prop_assert!(number.bytes().all(|byte| byte.is_ascii_digit()));
            }
            SerialAllocation::Numeric38 { .. } => {
                let number: u64 = serial.as_str().parse().unwrap();
                prop_assert!(number < 1 << 38);
                prop_assert_eq!(number.to_string(), serial.as_str());
            }
            other => prop_assert!(false, "{:?}", other),
        }
    }

    #[test]
    fn units_in_a_row_are_the_units_one_by_one(
        (identity, _, start) in batch_and_index(),
        count in 0..1_200_u32,
    ) {
        let end = start.saturating_add(count);
        let row = identity.units(start..end);
        let expected = (start..end.min(identity.quantity())).map(|i| identity.unit(i).unwrap());
        prop_assert_eq!(row.len(), expected.len());
        prop_assert!(row.eq(expected));
    }

    #[test]
    fn units_in_runs_are_the_units_in_a_row(
        (identity, _, start) in batch_and_index(),
        (count, taken) in (0..600_u32, 0..200_usize),
    ) {
        let end = start.saturating_add(count);
        let mut runs = identity.units(start..end);
        let mut units: Vec<_> = runs.by_ref().take(taken).collect();
        while let Some(run) = runs.next_run() {
            prop_assert!(!run.is_empty());
            units.extend_from_slice(run);
        }
        prop_assert_eq!(runs.next(), None);
        prop_assert!(identity.units(start..end).eq(units));
    }

    #[test]
    fn digests_over_runs_are_digests_over_units(
        (identity, _, start) in batch_and_index(),
        count in 0..2_000_u32,
    ) {
        let urls = UnitUrls::of_serials(&ResolverBase::gs1(), None);
        let units = identity.units(start..start.saturating_add(count));
        let one_by_one = UnitsDigest::of(identity.batch(), &urls, units.clone());
        prop_assert_eq!(UnitsDigest::of_runs(identity.batch(), &urls, units), one_by_one);
    }

    #[test]
    fn there_is_no_unit_beyond_the_batch((identity, _, _) in batch_and_index(), by in 0..9_u32) {
        prop_assert_eq!(identity.unit(identity.quantity() + by), None);
        prop_assert_eq!(identity.units(identity.quantity() + by..u32::MAX).count(), 0);
    }

    #[test]
    fn a_job_and_its_batch_tell_each_other(batch in strategies::mint_batch_id()) {
        prop_assert_eq!(batch.job().batch(), batch);
        prop_assert_ne!(Uuid::from(batch), Uuid::from(batch.job()));
        prop_assert_eq!(batch.to_string().parse(), Ok(batch));
        prop_assert!(batch.to_string().parse::<MintJobId>().is_err());
        prop_assert!(batch.job().to_string().parse::<MintBatchId>().is_err());
    }

    #[test]
    fn batches_have_one_prefix_only_if_their_first_60_bits_are_the_same(
        first in strategies::mint_batch_id(),
        second in strategies::mint_batch_id(),
    ) {
        let bits = |batch: MintBatchId| {
            let text = batch.to_string().replace('-', "");
            u64::from_str_radix(&(text[..12].to_owned() + &text[13..16]), 16).unwrap()
        };
        prop_assert_eq!(first.prefix().to_bits(), bits(first));
        let same = |prefix: BatchPrefix| prefix == second.prefix();
        prop_assert_eq!(same(first.prefix()), bits(first) == bits(second));
    }

    #[test]
    fn lot_ids_are_decoded_to_their_lots_and_are_no_units(
        batch in strategies::mint_batch_id(),
        facts in strategies::identity_facts(MAX_UNITS),
        lots in strategies::lots(),
    ) {
        let identity = BatchIdentity::new(batch, MAX_UNITS, &facts);
        for (number, id) in identity.lot_ids(&lots).into_iter().enumerate() {
            prop_assert_eq!(identity.decode_lot_id(id, lots.as_slice().len()), Ok(number));
            prop_assert_eq!(id.batch_prefix(), batch.prefix());
            let as_unit = Uuid::from(id).try_into().unwrap();
            prop_assert!(identity.decode_unit_id(as_unit).is_err());
        }
    }

    #[test]
    fn every_unit_of_lots_is_in_exactly_one(lots in strategies::lots()) {
        let mut next = 0;
        for (number, lot) in lots.as_slice().iter().enumerate() {
            let units = lots.units_of(number).unwrap();
            prop_assert_eq!((units.start, units.len()), (next, lot.qty as usize));
            prop_assert_eq!(lots.number_of(units.start), Some(number));
            prop_assert_eq!(lots.number_of(units.end - 1), Some(number));
            prop_assert_eq!(lots.lot_of(units.start), Some(lot));
            next = units.end;
        }
        prop_assert_eq!(lots.total(), next);
        prop_assert_eq!(lots.number_of(next), None);
    }
}

fn is_crockford(character: char) -> bool {
    "0123456789ABCDEFGHJKMNPQRSTVWXYZ".contains(character)
}
