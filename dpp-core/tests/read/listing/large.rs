//! Pages inside large batches: over the borders of what is read and looked through at once.

use dpp_core::read::{UnitFilter, UnitRow};
use dpp_core::unit::{UnitSet, UnitStatus};
use futures::executor::block_on;

use crate::listing::listings::SIZES;
use crate::listing::world::*;
use crate::support::*;

/// Serials that a brand brought stand in runs of 20,000: pages that lie over their border, or
/// pick single units beside it, show each unit's own.
#[test]
fn provided_serials_are_shown_on_both_sides_of_a_border_between_runs() {
    let mut world = World::with(dpp_core::service::Settings::default());
    let all = 40_030;
    let batch = world.mint(own_serials(2, (0..all).map(|row| format!("P/{row}"))));
    let units = world.units(batch);
    let near = [19_998, 19_999, 20_000, 20_001, 39_999, 40_000, 40_029];
    for index in near {
        world.happen().activated(&units, index);
    }
    world
        .happen()
        .revoked_together(batch, UnitSet::of_range(20_000..20_001), "lost");
    let index_of = |row: &UnitRow| {
        let text = row.serial.unwrap().to_string();
        assert_eq!(text, format!("P/{}", row.index));
        assert!(
            row.resolver_url
                .ends_with(&format!("/21/P%2F{}", row.index))
        );
        row.index
    };
    for order in BOTH {
        let filter = UnitFilter::of_batch(batch);
        let rows = walk(pages_of(999, order), |request| {
            block_on(world.reads.list_mint_units(&scope(1), &filter, request))
        });
        let found: Vec<_> = rows.iter().map(index_of).collect();
        assert_eq!(found, in_order(0..all, order));
        let filter = UnitFilter {
            status: Some(UnitStatus::Active),
            ..filter
        };
        let active = near.into_iter().filter(|index| *index != 20_000);
        let active = in_order(active, order);
        for size in SIZES {
            let rows = walk(pages_of(size, order), |request| {
                block_on(world.reads.list_mint_units(&scope(1), &filter, request))
            });
            let found: Vec<_> = rows.iter().map(index_of).collect();
            assert_eq!(found, active);
        }
    }
}

/// Stretches that are looked through for a status grow, and the units in them lie anywhere.
#[test]
fn units_of_a_status_are_found_wherever_they_lie_in_a_large_batch() {
    let mut world = World::with(dpp_core::service::Settings::default());
    let made = 150_000;
    let batch = world.mint(serials(1, made));
    let random = &mut fastrand::Rng::with_seed(7);
    let mut active: Vec<u32> = (0..40).map(|_| random.u32(0..made as u32)).collect();
    active.extend([0, 1_023, 1_024, 3_071, 3_072, 65_535, 65_536, 149_999]);
    active.extend([148_975, 148_976, 146_927]);
    active.sort_unstable();
    active.dedup();
    let units = world.units(batch);
    active
        .iter()
        .for_each(|index| world.happen().activated(&units, *index));
    let revoked = 60_000..149_000;
    let set = UnitSet::of_range(revoked.clone());
    world.happen().revoked_together(batch, set, "stolen");
    let is = |index: &u32, status| match status {
        UnitStatus::Revoked => revoked.contains(index),
        UnitStatus::Active => active.contains(index) && !revoked.contains(index),
        UnitStatus::Minted => !active.contains(index) && !revoked.contains(index),
    };
    for (status, size) in [
        (UnitStatus::Active, 1),
        (UnitStatus::Active, 7),
        (UnitStatus::Revoked, 1_000),
        (UnitStatus::Minted, 1_000),
    ] {
        let filter = UnitFilter {
            status: Some(status),
            ..UnitFilter::of_batch(batch)
        };
        for order in BOTH {
            let rows = walk(pages_of(size, order), |request| {
                block_on(world.reads.list_mint_units(&scope(1), &filter, request))
            });
            let found: Vec<_> = rows.iter().map(|row| row.index).collect();
            let expected = (0..made as u32).filter(|index| is(index, status));
            assert!(found == in_order(expected, order), "{status} {order:?}");
            assert!(rows.iter().all(|row| row.status == status));
        }
    }
}
