//! What names one thing finds that thing.

use std::sync::OnceLock;

use dpp_core::read::SearchHit;
use futures::executor::block_on;

use crate::search::world::*;
use crate::support::*;

fn world() -> &'static (World, Things) {
    static WORLD: OnceLock<(World, Things)> = OnceLock::new();
    WORLD.get_or_init(|| {
        let world = World::full();
        let things = world.things();
        (world, things)
    })
}

/// Two products with one GTIN may each have a serial: both are meant then, the product with the
/// least id first.
fn named_alike(unit: &dpp_core::read::UnitRow) -> Vec<String> {
    let mut alike: Vec<_> = world().1.units.iter().collect();
    alike.retain(|other| other.resolver_url == unit.resolver_url);
    alike.sort_by_key(|other| other.product_id);
    let names = alike
        .into_iter()
        .map(|unit| format!("token {}", unit.mint_unit_id));
    names.collect()
}

fn found(text: &str) -> Vec<String> {
    let page = world().0.search(text, None).unwrap();
    assert!(!page.has_more(), "`{text}` has more");
    page.rows.iter().map(name).collect()
}

/// A unit of each batch that has such.
fn some_units() -> Vec<dpp_core::read::UnitRow> {
    let (_, things) = world();
    let mut units = things.units.clone();
    units.dedup_by_key(|unit| unit.mint_batch_id);
    assert!(units.len() >= 14);
    units
}

#[test]
fn the_resolver_url_of_a_unit_finds_it_however_it_is_written() {
    for unit in some_units() {
        let url = unit.resolver_url.as_str();
        if unit.lot_code.is_some() {
            continue;
        }
        let (base, path) = url.split_at("https://id1.example.com".len());
        let one = named_alike(&unit);
        for written in [
            url.to_owned(),
            path.to_owned(),
            format!("  {url}\n"),
            format!("{url}/"),
            format!("{url}?linkType=gs1:dpp&x=https://a.example/b"),
            format!("{path}?x=https://a.example/b"),
            format!("{url}#top"),
            format!("{}{path}", base.to_uppercase()),
            format!("http://other.example/stem{path}"),
        ] {
            if unit.gtin.is_none() || path.starts_with("/01/") || path.starts_with("/m") {
                assert_eq!(found(&written), one, "`{written}`");
            }
        }
    }
}

#[test]
fn ids_of_units_batches_jobs_lots_and_exports_find_them_in_either_case() {
    let (world, things) = world();
    let either = |id: String, finds: String| {
        assert_eq!(found(&id), [finds.as_str()], "`{id}`");
        assert_eq!(found(&id.to_uppercase()), [finds.as_str()], "`{id}`");
    };
    for unit in some_units() {
        let id = unit.mint_unit_id.to_string();
        either(id.clone(), format!("token {id}"));
        assert_eq!(found(&format!("/mu/{id}")), [format!("token {id}")]);
    }
    for batch in &things.batches {
        either(batch.to_string(), format!("batch {batch}"));
        either(batch.job().to_string(), format!("batch {batch}"));
        assert_eq!(
            found(&format!("https://id1.example.com/mb/{batch}?a#b")),
            [format!("batch {batch}")]
        );
    }
    assert!(things.lots.len() >= 4);
    for (lot, _, url) in &things.lots {
        either(lot.to_string(), format!("lot {lot}"));
        assert_eq!(
            found(&format!("https://x.example/ml/{lot}/")),
            [format!("lot {lot}")]
        );
        assert!(found(url).contains(&format!("lot {lot}")));
        let (alike, all) = (found(url), &things.lots);
        assert_eq!(alike.len(), all.iter().filter(|(.., of)| of == url).count());
    }
    for export in &world.exports {
        either(export.to_string(), format!("export {export}"));
    }
    let odd = |export: &&dpp_core::ExportId| export.as_uuid().as_u128() & 1 == 1;
    assert!(world.exports.iter().filter(odd).count() > 10);
}

#[test]
fn a_job_that_is_only_queued_is_found_by_its_id_and_that_of_its_batch() {
    let (world, _) = world();
    let job = world.jobs.last().unwrap();
    let batch = format!("batch {}", job.batch());
    assert_eq!(found(&job.to_string()), [batch.as_str()]);
    assert_eq!(found(&job.batch().to_string()), [batch.as_str()]);
}

#[test]
fn element_strings_find_items_lots_and_products() {
    let separator = '\u{1d}';
    for unit in some_units() {
        let (Some(gtin), Some(serial)) = (unit.gtin, unit.serial) else {
            continue;
        };
        let one = named_alike(&unit);
        assert_eq!(found(&format!("(01){gtin}(21){serial}")), one);
        assert_eq!(found(&format!("01{gtin}21{serial}")), one);
        assert_eq!(found(&format!("(01){gtin}(10)ANY(21){serial}")), one);
        assert_eq!(found(&format!("01{gtin}10ANY{separator}21{serial}")), one);
        assert_eq!(
            found(&format!(
                "https://a.example/01/{gtin}/10/ANY/21/{}",
                encoded(serial.as_str())
            )),
            one
        );
    }
    let (world, things) = world();
    let same = world
        .products
        .iter()
        .filter(|product| product.gtin == Some(gtin()));
    let products: Vec<_> = same
        .map(|product| format!("product {}", product.id))
        .collect();
    assert_eq!(products.len(), 2);
    for text in [
        format!("(01){GTIN}"),
        format!("01{GTIN}"),
        format!("https://id.example.com/01/{GTIN}"),
        format!("HTTPS://ID.EXAMPLE.COM/01/{GTIN}?a=b"),
        format!("/01/{GTIN}"),
    ] {
        assert_eq!(found(&text), products, "`{text}`");
    }
    let of_code: Vec<_> = things
        .lots
        .iter()
        .filter(|(_, code, url)| code.as_str() == "L%1" && url.contains(GTIN))
        .map(|(id, ..)| format!("lot {id}"))
        .collect();
    assert_eq!(of_code.len(), 2);
    for text in [
        format!("(01){GTIN}(10)L%1"),
        format!("01{GTIN}10L%1"),
        format!("https://id.example.com/01/{GTIN}/10/L%251"),
    ] {
        let mut lots = found(&text);
        lots.sort();
        let mut expected = of_code.clone();
        expected.sort();
        assert_eq!(lots, expected, "`{text}`");
    }
}

fn encoded(text: &str) -> String {
    let mut bytes = Vec::new();
    dpp_core::gs1::percent::push_encoded(&mut bytes, text.as_bytes());
    String::from_utf8(bytes).unwrap()
}

#[test]
fn what_is_unknown_forged_or_of_another_brand_finds_nothing() {
    let (world, _) = world();
    for unit in some_units() {
        let uuid = unit.mint_unit_id.as_uuid().as_u128();
        for bit in [0, 7, 41, 42, 61] {
            let forged = uuid::Uuid::from_u128(uuid ^ 1 << bit).to_string();
            assert!(found(&forged).is_empty(), "{forged}");
            assert!(found(&format!("https://id1.example.com/mu/{forged}")).is_empty());
        }
        let (Some(gtin), Some(serial)) = (unit.gtin, unit.serial) else {
            continue;
        };
        assert!(found(&format!("(01){gtin}(21){serial}Z")).is_empty());
        assert!(found(&format!("(01)00614141123452(21){serial}")).is_empty());
        let text = unit.resolver_url.replace(gtin.as_str(), "00614141123452");
        assert!(text == unit.resolver_url || found(&text).is_empty());
    }
    for text in [
        "https://id1.example.com/",
        "https://id1.example.com/mu/none",
        "https://id1.example.com/ml/01a3ae2d-2400-7707-8707-070707070706",
        "ftp://x/y/z",
        "://",
        "/mu/01a3ae2d-2400-8707-8707-070707070706",
        "(01)09506000134353(21)A",
        "(01)09506000134352(99)A",
        "01095060001343522",
        "(01)09506000134352(10)none",
        "(01)00614141123452",
    ] {
        assert!(found(text).is_empty(), "`{text}`");
    }
    let stranger = owner(brand(2)).to_read(brand(2)).unwrap();
    let unit = &some_units()[0];
    for text in [
        unit.resolver_url.clone(),
        unit.mint_unit_id.to_string(),
        unit.mint_batch_id.to_string(),
        unit.mint_batch_id.job().to_string(),
        world.exports[0].to_string(),
        world.exports[1].to_string(),
        world_lot(),
    ] {
        let page = block_on(world.reads().search(&stranger, &text, None)).unwrap();
        assert!(page.rows.is_empty(), "`{text}`");
    }
}

fn world_lot() -> String {
    world().1.lots[0].0.to_string()
}

#[test]
fn a_serial_that_looks_like_a_url_or_an_element_string_is_found_by_its_beginning() {
    for (text, count) in [
        ("A:", 2),
        ("A://", 2),
        ("A://BC", 1),
        ("/m", 1),
        ("/mu/x", 1),
        ("/01/", 1),
        ("(01", 1),
    ] {
        assert_eq!(found(text).len(), count, "`{text}`");
    }
}

#[test]
fn a_lot_is_found_however_many_batches_have_a_lot_of_its_name() {
    let mut world = World::empty();
    let wanted = world.submit(lots(4, &[("SAME", 2)]));
    for _ in 0..70 {
        world.submit(lots(1, &[("SAME", 1)]));
    }
    for _ in 0..30 {
        world.submit(lots(3, &[("SAME", 1)]));
    }
    world.work_off();
    let page = world.search("(01)04012345987652(10)SAME", None).unwrap();
    let [SearchHit::Lot(lot)] = page.rows.as_slice() else {
        panic!("{:?}", page.rows);
    };
    assert_eq!((lot.mint_batch_id, lot.qty), (wanted.batch(), 2));
    assert!(lot.product_sku.is_some(), "{lot:?}");
    let many = world.search(&format!("(01){GTIN}(10)SAME"), None).unwrap();
    assert_eq!(many.rows.len(), 20);
}
