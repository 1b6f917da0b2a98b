//! Search by prefix, beside a plain loop over everything.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use dpp_core::identity::serial::SerialScheme;
use dpp_core::read::{
    Cursor, CursorError, PageRequest, ReadsError, SEARCH_PAGE, SearchHit, UnitFilter,
};
use dpp_core::unit::UnitStatus;
use dpp_store_memory::MemoryCatalogue;
use futures::executor::block_on;

use crate::search::world::*;
use crate::support::*;

/// The world, which nothing changes, with what is in it.
pub(crate) fn world() -> &'static (World, Things) {
    static WORLD: OnceLock<(World, Things)> = OnceLock::new();
    WORLD.get_or_init(|| {
        let world = World::full();
        let things = world.things();
        (world, things)
    })
}

/// All hits of all pages.
pub(crate) fn all(world: &World, text: &str) -> Vec<SearchHit> {
    all_with(world, text, |_| {})
}

fn all_with(world: &World, text: &str, between: impl Fn(usize)) -> Vec<SearchHit> {
    let mut hits = Vec::new();
    let mut cursor = None;
    for page in 0.. {
        let found = world.search(text, cursor.as_ref()).unwrap();
        assert!(found.rows.len() <= SEARCH_PAGE);
        let product = |hit: &SearchHit| matches!(hit, SearchHit::Product(_));
        assert!(
            page == 0 || !found.rows.iter().any(product),
            "products behind the first page"
        );
        let budgeted = text.trim().bytes().all(|byte| byte.is_ascii_digit());
        let more = found.has_more();
        assert!(
            budgeted || !more || found.rows.len() == SEARCH_PAGE,
            "a gap in `{text}`"
        );
        assert!(
            budgeted || page == 0 || !found.rows.is_empty(),
            "an empty end of `{text}`"
        );
        assert!(page < 5_000, "`{text}` does not end");
        hits.extend(found.rows);
        cursor = found.next_cursor;
        if cursor.is_none() {
            break;
        }
        between(page);
    }
    hits
}

pub(crate) fn check(world: &World, things: &Things, text: &str) {
    let hits = all(world, text);
    let names: BTreeSet<_> = hits.iter().map(name).collect();
    assert_eq!(names.len(), hits.len(), "`{text}` finds something twice");
    assert_eq!(names, world.looped(things, text), "`{text}`");
}

#[test]
fn every_beginning_of_every_kind_of_thing_finds_just_what_begins_so() {
    let (world, things) = world();
    let mut texts: BTreeSet<String> = BTreeSet::new();
    let mut add = |text: &str| {
        for (end, _) in text.char_indices().skip(2) {
            texts.insert(text[..end].to_owned());
        }
        texts.insert(text.to_owned());
    };
    let mut of_batch = std::collections::HashMap::new();
    for unit in &things.units {
        let seen = of_batch.entry(unit.mint_batch_id).or_insert(0);
        *seen += 1;
        let numeric = unit
            .serial
            .is_some_and(|serial| serial.as_str().bytes().all(|byte| byte.is_ascii_digit()));
        if *seen <= 2 || (*seen % 11 == 0 && !numeric) || *seen % 1_999 == 0 {
            add(&unit.mint_unit_id.to_string());
            unit.serial.iter().for_each(|serial| add(serial.as_str()));
        }
    }
    things
        .batches
        .iter()
        .for_each(|batch| add(&batch.to_string()));
    world
        .exports
        .iter()
        .step_by(4)
        .for_each(|export| add(&export.to_string()));
    for product in &world.products {
        add(&product.sku);
        product.gtin.iter().for_each(|gtin| add(gtin.as_str()));
    }
    PROVIDED.iter().for_each(|text| add(text));
    texts.extend(
        [
            "01-u",
            "SN-u",
            "9506000134352",
            "012345678905",
            "12345678905",
        ]
        .map(str::to_owned),
    );
    assert!(texts.len() > 1_000);
    // The whole GTIN with its AI names the product; that is another test.
    for text in texts {
        check(world, things, &text);
    }
}

#[test]
fn upper_case_finds_the_same_ids_and_skus_and_only_serials_written_so() {
    let (world, things) = world();
    for text in [
        "01A3",
        "01A3AE",
        "NL-TEE",
        "nl-tee-1002",
        "Nl-TeE-1",
        "sn-",
        "ÜRÜN",
        "Ürün",
    ] {
        check(world, things, text);
    }
    let id = things.units[100].mint_unit_id.to_string();
    check(world, things, &id.to_uppercase());
    check(world, things, &id[..23].to_uppercase());
    assert_eq!(all(world, &id.to_uppercase()).len(), 1);
}

#[test]
fn a_unit_whose_id_and_serial_both_begin_so_comes_once() {
    let (world, things) = world();
    let both = things.units.iter().filter(|unit| {
        let serial = unit
            .serial
            .map(|serial| serial.to_string())
            .unwrap_or_default();
        serial.starts_with("01") && unit.mint_unit_id.to_string().starts_with("01")
    });
    assert!(both.count() > 80);
    for text in ["01", "01a3", "010", "0100000", "01A3", "01a30"] {
        check(world, things, text);
    }
}

#[test]
fn products_come_first_then_serials_batches_exports_and_ids() {
    let (world, _) = world();
    let rank = |hit: &SearchHit| match hit {
        SearchHit::Product(_) => 0,
        SearchHit::Token(unit) if unit.serial.is_some_and(|s| s.as_str().starts_with("01a3")) => 1,
        SearchHit::Batch(_) => 2,
        SearchHit::Export(_) => 3,
        _ => 4,
    };
    let ranks: Vec<_> = all(world, "01a3").iter().map(rank).collect();
    assert!(ranks.is_sorted());
    for rank in 0..=4 {
        assert!(ranks.contains(&rank), "nothing of rank {rank}");
    }
}

#[test]
fn what_is_not_made_and_what_is_of_another_brand_is_not_found() {
    let (world, things) = world();
    assert!(all(world, "01-unmade").is_empty());
    assert!(all(world, "SN-unmade").is_empty());
    let stranger = owner(brand(2)).to_read(brand(2)).unwrap();
    for text in [
        "01",
        "SN-",
        "NL-TEE",
        &things.units[0].mint_unit_id.to_string(),
    ] {
        let page = block_on(world.reads().search(&stranger, text, None)).unwrap();
        assert!(page.rows.is_empty() && !page.has_more(), "`{text}`");
    }
}

#[test]
fn hits_show_where_units_stand() {
    let (world, things) = world();
    let mut seen = BTreeSet::new();
    for unit in things.units.iter().step_by(7) {
        let serial = unit.serial.map(|serial| serial.to_string());
        let text = serial.unwrap_or_else(|| unit.mint_unit_id.to_string());
        let hits = all(world, &text);
        let found = hits.iter().find_map(|hit| match hit {
            SearchHit::Token(found) if found.mint_unit_id == unit.mint_unit_id => Some(found),
            _ => None,
        });
        if text.len() < 2 {
            continue;
        }
        assert_eq!(found, Some(unit), "`{text}`");
        seen.insert(unit.status.to_string());
    }
    let all = [UnitStatus::Minted, UnitStatus::Active, UnitStatus::Revoked];
    assert_eq!(seen, all.map(|status| status.to_string()).into());
}

#[test]
fn a_page_that_just_holds_all_says_that_nothing_follows() {
    for quantity in [19, 20, 21, 39, 40, 41] {
        let mut world = World::of(Vec::new());
        world.products.push(a_product(1, 1, None));
        let mut world = World::of(world.products);
        world.mint(1, quantity, sequential("Q-", 4));
        world.work_off();
        let first = world.search("Q-", None).unwrap();
        assert_eq!(first.has_more(), quantity > 20, "{quantity}");
        assert_eq!(all(&world, "Q-").len() as u64, quantity);
    }
    for (products, units) in [(20, 0), (20, 1), (19, 1), (25, 3)] {
        let product = |number| dpp_core::passport::Product {
            sku: format!("Q-{number:03}"),
            ..a_product(1, number, None)
        };
        let mut world = World::of((1..=products).map(product).collect());
        if units > 0 {
            world.mint(1, units, sequential("Q-", 4));
            world.work_off();
        }
        let first = world.search("Q-", None).unwrap();
        let shown = (products as u64).min(20);
        assert_eq!(first.rows.len() as u64, (shown + units).min(20));
        assert_eq!(
            first.has_more(),
            shown + units > 20,
            "{products} and {units}"
        );
        assert_eq!(all(&world, "Q-").len() as u64, shown + units);
    }
}

#[test]
fn exports_end_a_page_exactly_too() {
    for count in [19, 20, 21, 40] {
        let mut world = World::empty();
        world.mint(1, 1, SerialScheme::default());
        for number in 0..count {
            world.export(uuid::Uuid::from_u128(0xe << 124 | number));
        }
        assert_eq!(all(&world, "e0").len() as u128, count);
        assert_eq!(world.search("e0", None).unwrap().has_more(), count > 20);
    }
}

#[test]
fn a_cursor_of_another_query_brand_or_listing_is_refused() {
    let (world, _) = world();
    let cursor = world.search("01", None).unwrap().next_cursor.unwrap();
    let refused = |found: Result<_, ReadsError>| match found {
        Err(ReadsError::Cursor(error)) => error,
        other => panic!("{other:?}"),
    };
    let other = refused(world.search("SN", Some(&cursor)).map(drop));
    assert!(matches!(other, CursorError::OtherFilter { .. }));
    let other = refused(world.search("", Some(&cursor)).map(drop));
    assert!(matches!(other, CursorError::OtherFilter { .. }));
    let stranger = owner(brand(2)).to_read(brand(2)).unwrap();
    let found = block_on(world.reads().search(&stranger, "01", Some(&cursor)));
    assert!(matches!(
        refused(found.map(drop)),
        CursorError::OtherBrand { .. }
    ));
    let scope = owner(brand(1)).to_read(brand(1)).unwrap();
    let request = PageRequest::default().after(cursor.clone());
    let filter = UnitFilter::default();
    let found = world.reads().list_mint_units(&scope, &filter, &request);
    let error = refused(block_on(found).map(drop));
    assert!(matches!(error, CursorError::OtherListing { .. }));
    let garbled = Cursor::of_text(format!("{cursor}x"));
    let error = refused(world.search("01", Some(&garbled)).map(drop));
    assert!(matches!(error, CursorError::Garbled { .. }));
    assert!(world.search(" 01\t", Some(&cursor)).is_ok());
}

#[test]
fn what_was_there_at_the_first_page_comes_exactly_once_while_a_writer_mints() {
    for text in ["01", "01a3", "SN-", "SN-0000", "4", "42", "Q", "Q1"] {
        let mut world = World::empty();
        let schemes = [
            sequential("SN-", 8),
            SerialScheme::Numeric38,
            sequential("Q1", 6),
        ];
        let mut jobs: Vec<_> = (0..6)
            .map(|number| world.mint(1, 100, schemes[number % 3].clone()))
            .collect();
        jobs.push(world.bring(1, &["01a3-0", "01a3-1", "SN-0000-", "421"]));
        let small = dpp_core::service::Settings::default().units_per_cycle(15);
        let catalogue = world.products.iter().cloned().fold(
            MemoryCatalogue::default().with_brand(a_brand(1)),
            MemoryCatalogue::with_product,
        );
        let writer = service_for(world.log.clone(), host_with(2, catalogue), small);
        let cycle = |job| {
            let now = dpp_core::Timestamp::from_unix_millis(NOON * 2);
            let _done = block_on(writer.process(&owner(brand(1)), brand(1), job, now));
        };
        jobs.iter().for_each(|job| cycle(*job));
        jobs.iter().step_by(2).for_each(|job| cycle(*job));
        let before = world.looped(&world.things(), text);
        let hits = all_with(&world, text, |page| {
            cycle(jobs[page % jobs.len()]);
            let request = dpp_core::mint::MintRequest {
                serial_scheme: Some(schemes[page % 3].clone()),
                ..serials(1, 3)
            };
            let now = dpp_core::Timestamp::from_unix_millis(NOON + 1_000_000 + page as i64);
            let made = block_on(writer.submit(&owner(brand(1)), request, now)).unwrap();
            cycle(made.job().unwrap());
        });
        let names: BTreeSet<_> = hits.iter().map(name).collect();
        assert_eq!(names.len(), hits.len(), "`{text}` finds something twice");
        let missing: Vec<_> = before.difference(&names).collect();
        assert!(missing.is_empty(), "`{text}` misses {missing:?}");
        let after = world.looped(&world.things(), text);
        assert!(names.is_subset(&after), "`{text}` finds too much");
    }
}

#[test]
fn a_scope_is_what_a_search_is_within() {
    let (world, _) = world();
    let scope = owner(brand(1)).to_read(brand(1)).unwrap();
    assert!(
        block_on(world.reads().search(&scope, "SN-", None))
            .unwrap()
            .has_more()
    );
    assert!(someone().to_read(brand(1)).is_err());
}
