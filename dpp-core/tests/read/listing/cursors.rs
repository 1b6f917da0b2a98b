//! Cursors: what they are good for, and how they are refused.

use dpp_core::read::{
    BatchFilter, Cursor, CursorError, EventFilter, JobFilter, ListLimit, ListLimitError, Listing,
    PageRequest, ReadsError, UnitFilter,
};
use dpp_core::store::Order;
use dpp_core::unit::UnitStatus;
use futures::executor::block_on;
use serde_json::{from_value, json, to_value};

use crate::listing::world::*;
use crate::support::*;

fn a_world() -> World {
    let mut world = World::empty();
    for _ in 0..3 {
        world.mint(serials(1, 3));
    }
    world
}

fn one() -> PageRequest {
    pages_of(1, Order::NewestFirst)
}

/// The same question of any listing, for what it says of the cursor only.
fn ask(
    world: &World,
    listing: Listing,
    brand: u128,
    request: &PageRequest,
) -> Result<Option<Cursor>, ReadsError> {
    let scope = scope(brand);
    let reads = &world.reads;
    block_on(async {
        Ok(match listing {
            Listing::Batches => {
                let filter = BatchFilter::default();
                let page = reads.list_mint_batches(&scope, &filter, request).await?;
                page.next_cursor
            }
            Listing::Jobs => {
                let filter = JobFilter::default();
                reads.list_jobs(&scope, &filter, request).await?.next_cursor
            }
            Listing::Units => {
                let filter = UnitFilter::default();
                let page = reads.list_mint_units(&scope, &filter, request).await?;
                page.next_cursor
            }
            Listing::Events => {
                let filter = EventFilter::default();
                let page = reads.list_mint_events(&scope, &filter, request).await?;
                page.next_cursor
            }
            other => panic!("{other} is asked elsewhere"),
        })
    })
}

const LISTINGS: [Listing; 4] = [
    Listing::Batches,
    Listing::Jobs,
    Listing::Units,
    Listing::Events,
];

fn refused(
    world: &World,
    listing: Listing,
    brand: u128,
    request: &PageRequest,
) -> Option<CursorError> {
    match ask(world, listing, brand, request) {
        Ok(_) => None,
        Err(ReadsError::Cursor(error)) => Some(error),
        Err(other) => panic!("{other}"),
    }
}

fn with(text: &str) -> PageRequest {
    one().after(Cursor::of_text(text))
}

#[test]
fn a_cursor_goes_round_as_text_and_as_json() {
    let world = a_world();
    for listing in LISTINGS {
        let cursor = ask(&world, listing, 1, &one()).unwrap().unwrap();
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        assert!(cursor.as_str().chars().all(plain), "{cursor}");
        assert_eq!(Cursor::of_text(cursor.to_string()), cursor);
        let wire = to_value(&cursor).unwrap();
        assert_eq!(wire, json!(cursor.as_str()));
        assert_eq!(from_value::<Cursor>(wire).unwrap(), cursor);
        assert_eq!(refused(&world, listing, 1, &with(cursor.as_str())), None);
    }
}

#[test]
fn the_same_question_gives_the_same_cursor() {
    let world = a_world();
    for listing in LISTINGS {
        let ask = || ask(&world, listing, 1, &one()).unwrap().unwrap();
        assert_eq!(ask(), ask());
    }
}

#[test]
fn a_cursor_that_was_cut_is_garbled_at_every_length() {
    let world = a_world();
    for listing in LISTINGS {
        let cursor = ask(&world, listing, 1, &one()).unwrap().unwrap();
        for end in 0..cursor.as_str().len() {
            assert_garbled(&world, listing, &cursor.as_str()[..end]);
            assert_garbled(&world, listing, &cursor.as_str()[end + 1..]);
        }
        assert_garbled(&world, listing, &format!("{cursor}A"));
        assert_garbled(&world, listing, &format!("{cursor}{cursor}"));
    }
}

#[test]
fn a_cursor_with_any_character_altered_is_garbled() {
    let world = a_world();
    for listing in LISTINGS {
        let cursor = ask(&world, listing, 1, &one()).unwrap().unwrap();
        for place in 0..cursor.as_str().len() {
            let others = "AZaz09-_+/= \0é".chars();
            for other in others.filter(|other| !cursor.as_str()[place..].starts_with(*other)) {
                let mut altered = cursor.to_string();
                altered.replace_range(place..=place, &other.to_string());
                assert_garbled(&world, listing, &altered);
            }
        }
    }
}

#[test]
fn any_text_is_garbled() {
    let world = a_world();
    let random = &mut fastrand::Rng::with_seed(3);
    let mut texts = vec![String::new(), "null".to_owned(), "0".to_owned()];
    for _ in 0..500 {
        let length = random.usize(0..120);
        let any = (0..length).map(|_| random.char(..)).collect();
        let plain = (0..length).map(|_| random.alphanumeric()).collect();
        texts.extend::<[String; 2]>([any, plain]);
    }
    for text in texts {
        assert_garbled(&world, Listing::Units, &text);
    }
}

fn assert_garbled(world: &World, listing: Listing, text: &str) {
    let error = refused(world, listing, 1, &with(text));
    assert!(
        matches!(error, Some(CursorError::Garbled { .. })),
        "{text}: {error:?}"
    );
}

#[test]
fn a_cursor_of_another_listing_is_refused_by_name() {
    let world = a_world();
    for made_for in LISTINGS {
        let cursor = ask(&world, made_for, 1, &one()).unwrap().unwrap();
        for used_for in LISTINGS.into_iter().filter(|other| *other != made_for) {
            let error = refused(&world, used_for, 1, &one().after(cursor.clone()));
            let expected = CursorError::OtherListing {
                cursor: cursor.to_string(),
                made_for,
                used_for,
            };
            assert_eq!(error, Some(expected));
        }
    }
    let cursor = ask(&world, Listing::Jobs, 1, &one()).unwrap().unwrap();
    let error = refused(&world, Listing::Units, 1, &one().after(cursor.clone())).unwrap();
    let message = format!("cursor `{cursor}` is one of jobs, and was used for units");
    assert_eq!(error.to_string(), message);
}

#[test]
fn a_cursor_of_another_brand_is_refused_by_name() {
    let world = a_world();
    for listing in LISTINGS {
        let cursor = ask(&world, listing, 1, &one()).unwrap().unwrap();
        let error = refused(&world, listing, 2, &one().after(cursor.clone()));
        let cursor = cursor.to_string();
        assert_eq!(error, Some(CursorError::OtherBrand { cursor }));
    }
}

#[test]
fn a_cursor_of_another_order_is_refused_and_another_page_size_is_not() {
    let world = a_world();
    for listing in LISTINGS {
        let cursor = ask(&world, listing, 1, &one()).unwrap().unwrap();
        let turned = pages_of(1, Order::OldestFirst).after(cursor.clone());
        let larger = pages_of(50, Order::NewestFirst).after(cursor.clone());
        assert_eq!(refused(&world, listing, 1, &larger), None);
        let cursor = cursor.to_string();
        let error = refused(&world, listing, 1, &turned);
        assert_eq!(error, Some(CursorError::OtherFilter { cursor }));
    }
}

#[test]
fn a_cursor_of_another_filter_is_refused_whichever_part_differs() {
    let world = a_world();
    let filter = |json| from_value::<UnitFilter>(json).unwrap();
    let filters = [
        filter(json!({})),
        filter(json!({"status": "minted"})),
        filter(json!({"status": "active"})),
        filter(json!({"product_id": product(1)})),
        filter(json!({"lot_code": "A"})),
        filter(json!({"mint_batch_id": world.batches[0]})),
        filter(json!({"mint_batch_id": world.batches[1]})),
        filter(json!({"mint_batch_id": world.batches[1], "status": "minted"})),
    ];
    for made_for in &filters {
        let page = block_on(world.reads.list_mint_units(&scope(1), made_for, &one()));
        let Some(cursor) = page.unwrap().next_cursor else {
            continue;
        };
        for used_for in &filters {
            let request = one().after(cursor.clone());
            let page = block_on(world.reads.list_mint_units(&scope(1), used_for, &request));
            match page {
                Ok(_) => assert_eq!(made_for, used_for),
                Err(error) => {
                    assert_ne!(made_for, used_for);
                    let expected =
                        format!("cursor `{cursor}` was made for another filter or order");
                    assert_eq!(error.to_string(), expected);
                }
            }
        }
    }
}

#[test]
fn a_page_has_1_to_1000_rows_and_50_if_nothing_is_said() {
    assert_eq!(ListLimit::default().get(), 50);
    assert_eq!(PageRequest::default().limit.get(), 50);
    for rows in [1, 50, 1_000] {
        assert_eq!(ListLimit::new(rows).unwrap().get(), rows as usize);
    }
    for asked in [0, 1_001, u32::MAX] {
        let error = ListLimit::new(asked).unwrap_err();
        assert_eq!(error, ListLimitError { asked });
        let expected = format!("limit `{asked}` was asked for, and a page has 1 to 1000 rows");
        assert_eq!(error.to_string(), expected);
    }
    let mut world = World::empty();
    let batch = world.mint(serials(1, 60));
    let page = |request| {
        let filter = UnitFilter::of_batch(batch);
        block_on(world.reads.list_mint_units(&scope(1), &filter, &request)).unwrap()
    };
    assert_eq!(page(PageRequest::default()).rows.len(), 50);
    assert_eq!(page(pages_of(1_000, Order::NewestFirst)).rows.len(), 60);
}

#[test]
fn what_a_request_leaves_out_is_as_usual() {
    let request: PageRequest = from_value(json!({})).unwrap();
    assert_eq!(request, PageRequest::default());
    assert_eq!(request.order, Order::NewestFirst);
    let request: PageRequest =
        from_value(json!({"limit": 7, "order": "oldest_first", "cursor": "AB"})).unwrap();
    let expected = pages_of(7, Order::OldestFirst).after(Cursor::of_text("AB"));
    assert_eq!(request, expected);
    let wire = json!({"limit": 7, "order": "oldest_first", "cursor": "AB"});
    assert_eq!(to_value(&expected).unwrap(), wire);
    let wire = json!({"limit": 50, "order": "newest_first", "cursor": null});
    assert_eq!(to_value(PageRequest::default()).unwrap(), wire);
}

#[test]
fn a_request_that_no_page_can_answer_is_refused() {
    for wrong in [
        json!({"limit": 0}),
        json!({"limit": 1001}),
        json!({"limit": -1}),
        json!({"limit": 1.5}),
        json!({"limit": "7"}),
        json!({"limit": 4_294_967_297_u64}),
        json!({"order": "sideways"}),
        json!({"cursor": 7}),
    ] {
        assert!(from_value::<PageRequest>(wrong.clone()).is_err(), "{wrong}");
    }
    let error = from_value::<PageRequest>(json!({"limit": 1001})).unwrap_err();
    assert!(error.to_string().starts_with("limit `1001` was asked for"));
}

#[test]
fn filters_are_read_field_by_field_and_empty_ones_ask_for_everything() {
    let empty = || json!({});
    let nothing: BatchFilter = from_value(empty()).unwrap();
    assert_eq!(nothing, BatchFilter::default());
    let nothing: JobFilter = from_value(empty()).unwrap();
    assert_eq!(nothing, JobFilter::default());
    let nothing: UnitFilter = from_value(empty()).unwrap();
    assert_eq!(nothing, UnitFilter::default());
    let nothing: EventFilter = from_value(empty()).unwrap();
    assert_eq!(nothing, EventFilter::default());

    let batch = "01a3ae2d-2400-7707-8707-070707070706";
    let wire = json!({
        "mint_batch_id": batch,
        "product_id": product(1),
        "status": "active",
        "lot_code": "A",
    });
    let filter: UnitFilter = from_value(wire.clone()).unwrap();
    assert_eq!(filter.status, Some(UnitStatus::Active));
    assert_eq!(to_value(&filter).unwrap(), wire);
    let wire = json!({
        "entity_kind": "mint_job",
        "entity": {"mint_batch": batch},
        "event_type": "mint_job_queued",
        "from": "2027-02-18T09:30:00.000Z",
        "until": null,
    });
    let filter: EventFilter = from_value(wire.clone()).unwrap();
    assert_eq!(to_value(&filter).unwrap(), wire);

    for wrong in [
        json!({"status": "sleeping"}),
        json!({"lot_code": ""}),
        json!({"mint_batch_id": "x"}),
    ] {
        assert!(from_value::<UnitFilter>(wrong.clone()).is_err(), "{wrong}");
    }
}
