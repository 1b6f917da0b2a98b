//! Packs of exports, page by page.

mod made;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use dpp_core::export::{ExportFormat, PackStatus};
use dpp_core::read::{
    CursorError, Listing, PackFilter, PackRow, Page, PageRequest, ReadFold, Reads, ReadsError,
    UnitFilter,
};
use dpp_core::store::Order;
use dpp_core::{ExportId, Timestamp, WorkerName};
use dpp_store_memory::MemoryCatalogue;
use futures::executor::block_on;
use serde_json::{json, to_value};

use crate::listing::rows::Careless;
use crate::listing::world::*;
use crate::support::*;
use crate::watched::Watched;
use made::*;

const SIZES: [u32; 8] = [1, 2, 3, 4, 5, 7, 50, 1_000];
fn places(rows: &[PackRow]) -> Vec<(ExportId, u32)> {
    rows.iter()
        .map(|row| (row.export_id, row.pack.get()))
        .collect()
}

fn each_pack(exports: impl IntoIterator<Item = (ExportId, u32)>) -> Vec<(ExportId, u32)> {
    let packs = |(id, packs)| (1..=packs).map(move |pack| (id, pack));
    exports.into_iter().flat_map(packs).collect()
}

#[test]
fn pages_of_packs_joined_are_the_plain_list_by_every_filter() {
    let packs = packs();
    let ids = packs.all.iter().map(|(id, _)| *id);
    let exports: Vec<_> = std::iter::once(None).chain(ids.map(Some)).collect();
    let batches = packs.world.batches.iter().copied().map(Some);
    let batches: Vec<_> = std::iter::once(None).chain(batches).collect();
    for (mint_batch_id, export_id) in batches
        .iter()
        .flat_map(|batch| exports.iter().map(|export| (*batch, *export)))
    {
        let filter = PackFilter {
            mint_batch_id,
            export_id,
        };
        let wanted = packs.all.iter().copied().filter(|(id, _)| {
            let batch = packs.rows(*id, LAST)[0].mint_batch_id;
            export_id.is_none_or(|export| export == *id)
                && mint_batch_id.is_none_or(|wanted| wanted == batch)
        });
        let expected = each_pack(wanted);
        for (order, size) in BOTH.into_iter().flat_map(|o| SIZES.map(|s| (o, s))) {
            let rows = walk(pages_of(size, order), |page| packs.page(&filter, page));
            let expected = in_order(expected.clone(), order);
            assert_eq!(places(&rows), expected, "{filter:?} {order:?} {size}");
        }
    }
}

#[test]
fn nothing_of_another_brand_is_listed() {
    let packs = packs();
    let all = pages_of(1_000, Order::NewestFirst);
    let own = packs.page(&PackFilter::default(), &all).unwrap();
    assert_eq!(own.rows.len(), 12);
    let reads = &packs.world.reads;
    let list = |filter: &PackFilter| {
        let (scope, now) = (scope(2), at(LAST));
        block_on(reads.list_payload_packs(&scope, filter, &all, now))
            .unwrap()
            .rows
    };
    let foreign = list(&PackFilter::default());
    assert_eq!(foreign.len(), 1);
    assert!(
        places(&own.rows)
            .iter()
            .all(|place| *place != places(&foreign)[0])
    );
    for (id, _) in &packs.all {
        assert!(list(&of_export(*id)).is_empty());
        let export = block_on(reads.export(&scope(2), *id)).unwrap();
        assert_eq!(export, None);
    }
}

/// After each page something is asked for, made, or downloaded.
#[test]
fn every_pack_comes_once_while_exports_are_added_and_made() {
    for (order, size) in BOTH.into_iter().flat_map(|o| [1, 2, 4].map(|s| (o, s))) {
        let mut packs = packs();
        let there = each_pack(packs.all.clone());
        let pending = packs.all[4].0;
        let batch = packs.world.batches[1];
        let mut pages = 0_u64;
        let mut request = pages_of(size, order);
        let mut found = Vec::new();
        loop {
            let page = packs.page(&PackFilter::default(), &request).unwrap();
            found.extend(places(&page.rows));
            let Some(cursor) = page.next_cursor else {
                break;
            };
            request = request.after(cursor);
            pages += 1;
            match pages {
                1 => drop(packs.make(pending, 0, LAST)),
                2..=4 => {
                    let formats = [
                        ExportFormat::Manifest,
                        ExportFormat::QrManifest,
                        ExportFormat::QrBundle,
                    ];
                    let format = formats[pages as usize - 2];
                    packs.of(batch, format, LAST + pages);
                }
                _ => {}
            }
        }
        let expected = match order {
            Order::NewestFirst => in_order(there, order),
            Order::OldestFirst => each_pack(packs.all.clone()),
        };
        assert_eq!(found, expected, "{order:?} {size}");
    }
}

#[test]
fn each_pack_stands_where_its_export_says() {
    let packs = packs();
    let told = |number: usize, second: u64| -> Vec<_> {
        let rows = packs.rows(packs.all[number].0, second).into_iter();
        rows.map(|row| (row.status, row.rows, row.path.map(|path| path.to_string())))
            .collect()
    };
    let path = |pack: u32| Some(format!("x/{pack:03}.csv"));
    use PackStatus::{Completed, Expired, Failed, Generating, Pending};
    let completed = [
        (Completed, 10_000, path(1)),
        (Completed, 10_000, path(2)),
        (Completed, 5_000, path(3)),
    ];
    assert_eq!(told(0, LAST), completed);
    let generating = (Generating, 5_000, None);
    let [first, second, _] = completed;
    assert_eq!(told(1, LAST), [first, second, generating]);
    assert_eq!(told(2, LAST), [(Failed, 12, None)]);
    assert_eq!(told(3, LAST), [(Pending, 15, None)]);
    let over = 101 + 30 * DAY;
    assert_eq!(told(0, over - 1)[2].0, Completed);
    let gone = [path(1), path(2), path(3)].map(|path| (Expired, path));
    let expired = |second| told(0, second).into_iter().map(|(s, _, path)| (s, path));
    assert!(expired(over).eq(gone.clone()));
    assert_eq!(told(1, 102 + 30 * DAY)[2], (Expired, 5_000, None));
    let worker = WorkerName::parse("sweeper").unwrap();
    let noted = packs
        .exports
        .expire(&worker, brand(1), packs.all[0].0, at(over));
    block_on(noted).unwrap();
    assert!(expired(LAST).eq(gone));
}

#[test]
fn a_failed_pack_says_why_until_it_is_tried_again() {
    let packs = packs();
    let id = packs.all[2].0;
    let failure = || packs.rows(id, LAST)[0].failure.clone();
    assert_eq!(failure(), Some("the disk is full".parse().unwrap()));
    let held = packs.hold(brand(1), id, LAST);
    assert_eq!(packs.rows(id, LAST)[0].status, PackStatus::Failed);
    block_on(packs.exports.release(held, at(LAST))).unwrap();
    packs.make(id, 1, LAST);
    assert_eq!(failure(), None);
    assert_eq!(packs.rows(id, LAST)[0].status, PackStatus::Completed);
}

#[test]
fn a_page_is_in_the_words_of_the_wire() {
    let packs = packs();
    let two = pages_of(2, Order::OldestFirst);
    let page = packs.page(&PackFilter::default(), &two).unwrap();
    let row = |pack: u32| {
        json!({
            "export_id": packs.all[0].0,
            "mint_batch_id": packs.world.batches[0],
            "product_id": product(1),
            "product_sku": "SKU-1",
            "format": "manifest",
            "profile": null,
            "pack": pack,
            "status": "completed",
            "rows": 10_000,
            "path": format!("x/{pack:03}.csv"),
            "bytes": 77,
            "sha256": format!("{pack:02x}").repeat(32),
            "failure": null,
            "requested_at": at(101),
            "expires_at": at(101 + 30 * DAY),
        })
    };
    let expected = json!({
        "ok": true,
        "packs": [row(1), row(2)],
        "has_more": true,
        "next_cursor": page.next_cursor.clone().unwrap(),
    });
    assert_eq!(to_value(&page).unwrap(), expected);
    let failed = packs.page(&of_export(packs.all[2].0), &two).unwrap();
    let wire = to_value(failed).unwrap();
    assert_eq!(wire["has_more"], false);
    assert_eq!(wire["next_cursor"], json!(null));
    assert_eq!(wire["packs"][0]["failure"], "the disk is full");
    assert_eq!(wire["packs"][0]["path"], json!(null));
    let zebra = packs.page(&of_export(packs.all[4].0), &two).unwrap();
    let profile = json!({"name": "zebra", "version": 2});
    assert_eq!(to_value(zebra).unwrap()["packs"][0]["profile"], profile);
}

#[test]
fn a_product_that_is_gone_has_no_sku_and_keeps_its_id() {
    let packs = packs();
    let reads = reads_of(
        packs.world.log.clone(),
        Arc::new(MemoryCatalogue::default()),
    );
    let all = pages_of(1_000, Order::NewestFirst);
    let filter = PackFilter::default();
    let page = block_on(reads.list_payload_packs(&scope(1), &filter, &all, at(LAST)));
    let rows = page.unwrap().rows;
    assert_eq!(rows.len(), 12);
    assert!(rows.iter().all(|row| row.product_sku.is_none()));
    assert!(rows.iter().all(|row| row.product_id.is_some()));
}

/// Reads of the log of these, with what is read counted.
fn watched(packs: &Packs, catalogue: Arc<Careless>) -> (Reads, Arc<Watched>) {
    let log = Arc::new(Watched::new(packs.world.log.clone(), |_| false));
    let fold = Arc::new(ReadFold::new(packs.world.log.clone()));
    (Reads::new(log.clone(), fold, catalogue), log)
}

#[test]
fn a_page_reads_the_exports_that_it_shows_and_names_their_products_only() {
    let packs = packs();
    for (order, size) in BOTH.into_iter().flat_map(|o| SIZES.map(|s| (o, s))) {
        let catalogue = Careless::with([]);
        let (reads, log) = watched(&packs, catalogue.clone());
        let filter = PackFilter::default();
        let mut pages = 0;
        walk(pages_of(size, order), |request| {
            let before = log.streams_read();
            let (scope, now) = (scope(1), at(LAST));
            let page = block_on(reads.list_payload_packs(&scope, &filter, request, now))?;
            let mut shown: Vec<_> = page.rows.iter().map(|row| row.export_id).collect();
            shown.dedup();
            let read = log.streams_read() - before;
            assert_eq!(read, shown.len() as u64, "{order:?} {size}");
            pages += 1;
            assert_eq!(catalogue.asked.load(Ordering::Relaxed), pages);
            Ok(page)
        });
        let most = catalogue.most_ids.load(Ordering::Relaxed);
        assert!(most <= size as usize, "{most} of {size}");
    }
}

#[test]
fn an_empty_page_asks_for_no_product() {
    let packs = packs();
    let catalogue = Careless::with([]);
    let (reads, log) = watched(&packs, catalogue.clone());
    let nothing = of_export(ExportId::from_uuid(uuid::Uuid::from_u128(7)));
    let request = PageRequest::default();
    let page = block_on(reads.list_payload_packs(&scope(1), &nothing, &request, at(LAST)));
    let page = page.unwrap();
    assert!(page.rows.is_empty() && !page.has_more());
    assert_eq!(catalogue.asked.load(Ordering::Relaxed), 0);
    assert_eq!(log.streams_read(), 0);
}

fn refused(page: Result<Page<PackRow>, ReadsError>) -> CursorError {
    match page {
        Err(ReadsError::Cursor(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_cursor_of_another_listing_brand_filter_or_order_is_refused() {
    let packs = packs();
    let one = pages_of(1, Order::NewestFirst);
    let all = PackFilter::default();
    let cursor = packs.page(&all, &one).unwrap().next_cursor.unwrap();
    assert!(packs.page(&all, &one.clone().after(cursor.clone())).is_ok());
    let batch = PackFilter {
        mint_batch_id: Some(packs.world.batches[0]),
        ..all.clone()
    };
    let other_order = pages_of(1, Order::OldestFirst).after(cursor.clone());
    for page in [
        packs.page(&batch, &one.clone().after(cursor.clone())),
        packs.page(
            &of_export(packs.all[0].0),
            &one.clone().after(cursor.clone()),
        ),
        packs.page(&all, &other_order),
    ] {
        assert!(matches!(refused(page), CursorError::OtherFilter { .. }));
    }
    let reads = &packs.world.reads;
    let request = one.clone().after(cursor.clone());
    let foreign = scope(2);
    let foreign = reads.list_payload_packs(&foreign, &all, &request, at(LAST));
    let error = refused(block_on(foreign));
    assert!(matches!(error, CursorError::OtherBrand { .. }));
    let units = UnitFilter::default();
    let page = block_on(reads.list_mint_units(&scope(1), &units, &one)).unwrap();
    let of_units = one.clone().after(page.next_cursor.unwrap());
    let CursorError::OtherListing {
        made_for, used_for, ..
    } = refused(packs.page(&all, &of_units))
    else {
        panic!("it was taken for another");
    };
    assert_eq!((made_for, used_for), (Listing::Units, Listing::Packs));
    let page = block_on(reads.list_mint_units(&scope(1), &units, &one.after(cursor)));
    let error = page.unwrap_err();
    assert!(matches!(
        error,
        ReadsError::Cursor(CursorError::OtherListing { .. })
    ));
}

#[test]
fn an_export_stands_as_its_worker_sees_it() {
    let packs = packs();
    for (id, _) in &packs.all {
        let read = block_on(packs.world.reads.export(&scope(1), *id)).unwrap();
        let held = block_on(packs.exports.of_worker(brand(1), *id)).unwrap();
        assert_eq!(read, held);
        assert!(read.is_some());
    }
}

#[test]
fn the_times_of_a_row_are_those_of_its_export() {
    let packs = packs();
    let row = |number: usize| packs.rows(packs.all[number].0, LAST).remove(0);
    let times = |row: PackRow| (row.requested_at, row.expires_at);
    let days = |from: u64| -> Timestamp { at(from + 30 * DAY) };
    assert_eq!(times(row(0)), (at(101), days(101)));
    assert_eq!(times(row(3)), (at(104), days(104)));
}
