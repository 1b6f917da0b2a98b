//! Pages of batches, jobs and units: by each filter, in both orders, of every size.

use dpp_core::gs1::LotCode;
use dpp_core::identity::MintBatchId;
use dpp_core::mint::{BatchStatus, JobStatus};
use dpp_core::read::{BatchFilter, BatchUnits, JobFilter, PageRequest, UnitFilter, UnitRow};
use dpp_core::store::Order;
use dpp_core::unit::UnitStatus;
use dpp_core::{ProductId, Timestamp};
use futures::executor::block_on;

use crate::listing::world::*;
use crate::support::*;

pub const SIZES: [u32; 5] = [1, 2, 3, 7, 50];

const BATCH_STATUSES: [BatchStatus; 9] = [
    BatchStatus::Draft,
    BatchStatus::Queued,
    BatchStatus::Processing,
    BatchStatus::Failed,
    BatchStatus::Minted,
    BatchStatus::Exported,
    BatchStatus::Printed,
    BatchStatus::Applied,
    BatchStatus::Voided,
];

const JOB_STATUSES: [JobStatus; 7] = [
    JobStatus::Preflighted,
    JobStatus::Queued,
    JobStatus::Reserved,
    JobStatus::Processing,
    JobStatus::Completed,
    JobStatus::Failed,
    JobStatus::Cancelled,
];

fn or_none<T: Copy>(some: impl IntoIterator<Item = T>) -> Vec<Option<T>> {
    let some = some.into_iter().map(Some);
    std::iter::once(None).chain(some).collect()
}

#[test]
fn the_world_stands_everywhere_that_a_batch_can_stand() {
    let world = many_batches();
    let records = world.batches.iter().map(|batch| world.record(*batch));
    let stand: Vec<_> = records
        .map(|record| (record.batch.status, record.batch.job, record.batch.minted))
        .collect();
    let minted = |units| (BatchStatus::Minted, JobStatus::Completed, units);
    let expected = [
        minted(25),
        minted(15),
        minted(10),
        minted(13),
        minted(12),
        (BatchStatus::Failed, JobStatus::Failed, 10),
        (BatchStatus::Minted, JobStatus::Cancelled, 10),
        (BatchStatus::Failed, JobStatus::Cancelled, 0),
        (BatchStatus::Voided, JobStatus::Completed, 6),
        minted(10),
        (BatchStatus::Draft, JobStatus::Preflighted, 0),
        (BatchStatus::Processing, JobStatus::Processing, 10),
        (BatchStatus::Queued, JobStatus::Queued, 0),
    ];
    assert_eq!(stand, expected);
}

#[test]
fn pages_of_batches_joined_are_the_plain_list_by_every_filter() {
    let world = many_batches();
    let codes = ["A", "Y", "Z", "NONE"].map(code);
    for status in or_none(BATCH_STATUSES) {
        for product_id in or_none([1, 2, 3, 9].map(product)) {
            for lot_code in or_none(codes) {
                let filter = BatchFilter {
                    status,
                    product_id,
                    lot_code,
                };
                compare_batches(&world, &filter);
            }
        }
    }
}

fn compare_batches(world: &World, filter: &BatchFilter) {
    let records = world.batches.iter().map(|batch| world.record(*batch));
    let wanted = records.filter(|record| {
        let facts = &record.batch.facts;
        let mut codes = facts.lots.as_slice().iter().map(|lot| lot.lot_code);
        filter
            .status
            .is_none_or(|wanted| record.batch.status == wanted)
            && filter
                .product_id
                .is_none_or(|wanted| facts.product_id == wanted)
            && filter
                .lot_code
                .is_none_or(|wanted| codes.any(|code| code == wanted))
    });
    let wanted: Vec<_> = wanted
        .map(|record| record.batch.facts.mint_batch_id)
        .collect();
    for order in BOTH {
        let expected = in_order(wanted.clone(), order);
        for size in SIZES {
            let rows = walk(pages_of(size, order), |request| {
                block_on(world.reads.list_mint_batches(&scope(1), filter, request))
            });
            let found: Vec<_> = rows.iter().map(|row| row.mint_batch_id).collect();
            assert_eq!(found, expected, "{filter:?} {order:?} {size}");
        }
    }
}

#[test]
fn pages_of_jobs_joined_are_the_plain_list_by_every_filter() {
    let world = many_batches();
    for status in or_none(JOB_STATUSES) {
        for product_id in or_none([1, 2, 3, 9].map(product)) {
            let filter = JobFilter { status, product_id };
            let records = world.batches.iter().map(|batch| world.record(*batch));
            let wanted = records.filter(|record| {
                let product = record.batch.facts.product_id;
                status.is_none_or(|status| record.batch.job == status)
                    && product_id.is_none_or(|wanted| product == wanted)
            });
            let wanted: Vec<_> = wanted
                .map(|record| record.batch.facts.mint_job_id)
                .collect();
            for (order, size) in BOTH.into_iter().flat_map(|o| SIZES.map(|s| (o, s))) {
                let rows = walk(pages_of(size, order), |request| {
                    block_on(world.reads.list_jobs(&scope(1), &filter, request))
                });
                let found: Vec<_> = rows.iter().map(|row| row.mint_job_id).collect();
                assert_eq!(found, in_order(wanted.clone(), order), "{filter:?}");
            }
        }
    }
}

#[test]
fn pages_of_units_joined_are_the_plain_list_by_every_filter() {
    let world = many_batches();
    let all: Vec<_> = world.batches.iter().map(|id| world.rows(*id)).collect();
    let all = all.concat();
    for mint_batch_id in or_none(world.batches.iter().copied()) {
        let sizes = match mint_batch_id {
            None => &SIZES[..],
            Some(_) => &[2, 7],
        };
        for status in or_none(UnitStatus::ALL) {
            for lot_code in or_none(["A", "Y", "Z", "NONE"].map(code)) {
                for product_id in or_none([1, 2, 3, 9].map(product)) {
                    let filter = UnitFilter {
                        mint_batch_id,
                        product_id,
                        status,
                        lot_code,
                    };
                    compare_units(&world, &all, &filter, sizes);
                }
            }
        }
    }
}

fn compare_units(world: &World, all: &[UnitRow], filter: &UnitFilter, sizes: &[u32]) {
    let wanted = all.iter().filter(|row| {
        let lot_of = row.lot_code;
        filter
            .mint_batch_id
            .is_none_or(|wanted| row.mint_batch_id == wanted)
            && filter
                .product_id
                .is_none_or(|wanted| row.product_id == wanted)
            && filter.status.is_none_or(|wanted| row.status == wanted)
            && (filter.lot_code.is_none() || filter.lot_code == lot_of)
    });
    let wanted: Vec<_> = wanted.cloned().collect();
    for order in BOTH {
        let expected = in_order(wanted.clone(), order);
        for size in sizes {
            let rows = walk(pages_of(*size, order), |request| {
                block_on(world.reads.list_mint_units(&scope(1), filter, request))
            });
            assert_eq!(rows, expected, "{filter:?} {order:?} {size}");
        }
    }
}

/// What the stream of units says is itself compared with what the library derives.
#[test]
fn the_rows_of_units_are_what_follows_from_facts_and_events() {
    let world = many_batches();
    for batch in &world.batches {
        let rows = world.rows(*batch);
        assert_eq!(rows.len(), world.record(*batch).batch.minted as usize);
        for (row, index) in rows.iter().zip(0..) {
            assert_eq!(row.index, index);
            compare_row(&world.units(*batch), row);
        }
    }
    let statuses = |number: usize| {
        let rows = world.rows(world.batches[number]);
        let letters = rows.iter().map(|row| match row.status {
            UnitStatus::Minted => 'm',
            UnitStatus::Active => 'a',
            UnitStatus::Revoked => 'r',
        });
        letters.collect::<String>()
    };
    assert_eq!(statuses(0), "mmmammmmmmmmrrmmmmmrrrmma");
    assert_eq!(statuses(1), "a".repeat(15));
    assert_eq!(statuses(2), "ammmaraaaa");
    assert_eq!(statuses(3), "rmmmrmmmmmmra");
    assert_eq!(statuses(8), "r".repeat(6));
    assert_eq!(statuses(9), "r".repeat(10));
}

fn compare_row(units: &BatchUnits, row: &UnitRow) {
    let facts = units.facts();
    let unit = units.identity().unit(row.index).unwrap();
    assert_eq!(row.mint_unit_id, unit.id);
    assert_eq!(row.product_id, facts.product_id);
    let number = facts.product_id.to_string().pop().unwrap();
    assert_eq!(row.product_sku, Some(format!("SKU-{number}")));
    assert_eq!(row.gtin, facts.gtin);
    let ends = facts.lots.as_slice().iter().scan(0, |end, lot| {
        *end += lot.qty;
        Some((*end, lot.lot_code))
    });
    let lot: Option<LotCode> = ends
        .filter(|(end, _)| row.index < *end)
        .map(|(_, code)| code)
        .next();
    assert_eq!(row.lot_code, lot);
    let brought = facts.serial_scheme.is_some() && unit.serial.is_none();
    match brought {
        true => assert_eq!(row.serial.unwrap().to_string(), format!("P/{}", row.index)),
        false => assert_eq!(row.serial, unit.serial),
    }
    assert_eq!(row.resolver_url, url_of(units, row));
    let accepted = units.record().accepted_at;
    let made: [Timestamp; 2] = [
        accepted,
        accepted.after(std::time::Duration::from_millis(500)),
    ];
    assert!(made.contains(&row.created_at), "{row:?}");
}

fn url_of(units: &BatchUnits, row: &UnitRow) -> String {
    let base = "https://id1.example.com";
    match (row.gtin, row.serial, row.lot_code) {
        (Some(gtin), Some(serial), None) => {
            let serial = serial.to_string().replace('/', "%2F");
            format!("{base}/01/{gtin}/21/{serial}")
        }
        (Some(gtin), None, Some(lot)) => format!("{base}/01/{gtin}/10/{lot}"),
        (None, Some(_), None) => format!("{base}/mu/{}", row.mint_unit_id),
        (None, None, Some(_)) => {
            let number = units.facts().lots.number_of(row.index).unwrap();
            format!("{base}/ml/{}", units.lot_ids()[number])
        }
        _ => panic!("{row:?}"),
    }
}

#[test]
fn a_page_that_ends_where_the_list_ends_says_that_nothing_follows() {
    let mut world = World::empty();
    let batch = world.mint(serials(1, 6));
    let filter = UnitFilter::of_batch(batch);
    for (limit, pages) in [(1, 6), (2, 3), (3, 2), (4, 2), (5, 2), (6, 1), (7, 1)] {
        for order in BOTH {
            let mut count = 0;
            walk(pages_of(limit, order), |request| {
                count += 1;
                block_on(world.reads.list_mint_units(&scope(1), &filter, request))
            });
            assert_eq!(count, pages, "{limit}");
        }
    }
}

#[test]
fn nothing_of_another_brand_is_listed() {
    let world = many_batches();
    let foreign = block_on(world.reads.list_mint_batches(
        &scope(2),
        &BatchFilter::default(),
        &PageRequest::default(),
    ))
    .unwrap();
    assert_eq!(foreign.rows.len(), 1);
    let foreign = foreign.rows[0].mint_batch_id;
    for (reader, batch) in [(1, foreign), (2, world.batches[0])] {
        for order in BOTH {
            let page = block_on(world.reads.list_mint_units(
                &scope(reader),
                &UnitFilter::of_batch(batch),
                &pages_of(50, order),
            ))
            .unwrap();
            assert!(page.rows.is_empty() && !page.has_more());
        }
        let detail = block_on(world.reads.get_mint_batch_by_id(&scope(reader), batch));
        assert_eq!(detail.unwrap(), None);
    }
    assert_eq!(units_of_all(&world, 2), 7);
}

fn units_of_all(world: &World, reader: u128) -> usize {
    let rows = walk(pages_of(3, Order::NewestFirst), |request| {
        let filter = UnitFilter::default();
        block_on(
            world
                .reads
                .list_mint_units(&scope(reader), &filter, request),
        )
    });
    rows.len()
}

#[test]
fn a_brand_without_anything_has_empty_lists_and_numbers() {
    let world = many_batches();
    let nobody = scope(3);
    let request = PageRequest::default();
    let batches = block_on(world.reads.list_mint_batches(
        &nobody,
        &BatchFilter::default(),
        &request,
    ));
    assert!(batches.unwrap().rows.is_empty());
    assert_eq!(units_of_all(&world, 3), 0);
    let kpis = block_on(world.reads.get_mint_kpis(&nobody)).unwrap();
    assert_eq!(kpis.total_tokens_minted + kpis.batches_created, 0);
}

#[test]
fn the_numbers_of_a_brand_are_those_of_its_lists() {
    let world = many_batches();
    let units: Vec<_> = world.batches.iter().map(|id| world.rows(*id)).collect();
    let units = units.concat();
    let active = units.iter().filter(|row| row.status == UnitStatus::Active);
    let kpis = block_on(world.reads.get_mint_kpis(&scope(1))).unwrap();
    let kpis = serde_json::to_value(kpis).unwrap();
    assert_eq!(kpis["total_tokens_minted"], units.len());
    assert_eq!(kpis["active_tokens"], active.count());
    assert_eq!(kpis["batches_created"], world.batches.len());
    assert_eq!(kpis["completed_exports"], 0);
}

/// Ids are compared as they are: what a filter names and does not exist finds nothing.
#[test]
fn a_filter_for_what_is_not_there_finds_nothing() {
    let world = many_batches();
    let gone: MintBatchId = "01a3ae2d-2400-7707-8707-070707070706".parse().unwrap();
    let gone_product: ProductId = product(77);
    let filters = [
        UnitFilter::of_batch(gone),
        UnitFilter {
            product_id: Some(gone_product),
            ..UnitFilter::default()
        },
    ];
    for filter in filters {
        let page = block_on(world.reads.list_mint_units(
            &scope(1),
            &filter,
            &PageRequest::default(),
        ));
        assert!(page.unwrap().rows.is_empty());
    }
}
