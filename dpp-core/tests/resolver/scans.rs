//! Scans of what there is.

use dpp_core::gs1::DigitalLink;
use dpp_core::mint::{ActivationMode, BatchStatus, MintRequest};
use dpp_core::resolver::{AgentClass, Outcome, Scanned};
use dpp_core::service::ActivateAnswer;
use dpp_core::unit::UnitStatus;
use futures::executor::block_on;

use crate::support::*;
use crate::support_of_host::*;

fn passport(number: u128) -> String {
    format!("/p/{}", product(number))
}

#[test]
fn a_first_scan_activates_the_unit_and_is_not_kept_and_later_ones_are() {
    let door = Door::new();
    let units = door.units(serials(1, 10));
    let url = &units[7].resolver_url;
    assert!(
        url.starts_with("https://id1.example.com/01/09506000134352/21/"),
        "{url}"
    );
    let first = door.scan(url);
    assert_redirect(&first, &passport(1), NO_STORE, "minted");
    assert!(matches!(
        first.activated[..],
        [Ok(ActivateAnswer::Activated(_))]
    ));
    for _ in 0..3 {
        let later = door.scan(url);
        assert_redirect(&later, &passport(1), HOUR, "active");
        assert!(later.activated.is_empty());
    }
    assert_eq!(door.events_of(brand(1), "mint_unit_activated"), 1);
    assert_eq!(door.resolver.stats().activated, 1);
}

#[test]
fn a_unit_that_was_born_active_may_be_kept_from_the_first_scan_on() {
    let door = Door::new();
    let request = MintRequest {
        activation_mode: ActivationMode::ActiveAtMint,
        ..serials(1, 3)
    };
    let batch = door.mint(request);
    let url = &door.rows(brand(1), batch)[0].resolver_url;
    assert_redirect(&door.scan(url), &passport(1), HOUR, "active");
    assert_eq!(door.events_of(brand(1), "mint_unit_activated"), 0);
}

#[test]
fn a_query_is_passed_on_byte_for_byte() {
    let door = Door::new();
    let url = door.units(serials(1, 1))[0].resolver_url.clone();
    for query in [
        "",
        "a=1",
        "a=1;b=2",
        "flag",
        "a=1&a=2&a",
        "x=%2F%2f",
        "17=261231",
        "=",
        "&&",
        "?",
        "a=b=c",
        "picc_data=EF963FF7828658A599F3041510671E88&cmac=94EED9EE65337086",
        "to=https://evil.example",
        "a=%0d%0aSet-Cookie:x",
        "q=[1]",
        "linkType=gs1:pip",
    ] {
        let resolved = door.scan(&format!("{url}?{query}"));
        assert_eq!(told(&resolved).1, format!("{}?{query}", passport(1)));
    }
}

#[test]
fn scheme_and_host_may_have_either_case_and_the_host_a_port() {
    let door = Door::new();
    let units = door.units(serials(1, 4));
    let link = DigitalLink::parse(&units[0].resolver_url).unwrap();
    let upper = door.scan(&link.to_upper_case_string());
    assert_redirect(&upper, &passport(1), NO_STORE, "minted");
    for (unit, host) in units[1..].iter().zip([
        "Id1.Example.Com:443",
        "id1.example.com.",
        "id1.example.com:8080",
    ]) {
        let url = unit.resolver_url.replace("id1.example.com", host);
        assert_redirect(&door.scan(&url), &passport(1), NO_STORE, "minted");
    }
}

#[test]
fn a_unit_resolves_by_its_id_as_well() {
    let door = Door::new();
    let without_gtin = door.units(serials(3, 2));
    let url = &without_gtin[1].resolver_url;
    assert!(url.contains("/mu/"), "{url}");
    assert_redirect(&door.scan(url), &passport(3), NO_STORE, "minted");
    let with_gtin = door.units(serials(1, 2));
    let url = format!("https://id1.example.com/mu/{}", with_gtin[1].mint_unit_id);
    assert_redirect(&door.scan(&url), &passport(1), NO_STORE, "minted");
    assert_redirect(
        &door.scan(&with_gtin[1].resolver_url),
        &passport(1),
        HOUR,
        "active",
    );
}

#[test]
fn a_first_scan_of_a_lot_activates_all_of_its_units() {
    let door = Door::new();
    let request = lots(1, &[("L/1", 3), ("L2", 2)]);
    let units = door.units(request);
    let url = &units[0].resolver_url;
    assert!(url.ends_with("/10/L%2F1"), "{url}");
    let first = door.scan(url);
    assert_redirect(&first, &passport(1), NO_STORE, "minted");
    assert_redirect(&door.scan(url), &passport(1), HOUR, "active");
    assert_eq!(door.events_of(brand(1), "mint_lot_activated"), 1);
    let of = units[0].mint_batch_id;
    let statuses: Vec<_> = door
        .rows(brand(1), of)
        .iter()
        .map(|unit| unit.status)
        .collect();
    use UnitStatus::{Active, Minted};
    assert_eq!(statuses, [Active, Active, Active, Minted, Minted]);
}

#[test]
fn a_lot_resolves_by_its_id_as_well() {
    let door = Door::new();
    let units = door.units(lots(3, &[("A", 2), ("B", 1)]));
    let url = &units[2].resolver_url;
    assert!(url.contains("/ml/"), "{url}");
    assert_redirect(&door.scan(url), &passport(3), NO_STORE, "minted");
    assert_redirect(&door.scan(url), &passport(3), HOUR, "active");
    assert_eq!(door.events_of(brand(1), "mint_lot_activated"), 1);
}

#[test]
fn a_lot_code_of_two_batches_activates_both() {
    let door = Door::new();
    let old = door.units(lots(1, &[("A", 2)]));
    let new = door.units(lots(1, &[("A", 3), ("B", 1)]));
    assert_eq!(old[0].resolver_url, new[0].resolver_url);
    let first = door.scan(&old[0].resolver_url);
    assert_eq!(first.activated.len(), 2);
    assert_eq!(door.events_of(brand(1), "mint_lot_activated"), 2);
    assert_redirect(
        &door.scan(&old[0].resolver_url),
        &passport(1),
        HOUR,
        "active",
    );
}

#[test]
fn a_batch_resolves_to_its_product_and_activates_nothing() {
    let door = Door::new();
    let units = door.units(serials(1, 2));
    let url = format!("https://id1.example.com/mb/{}", units[0].mint_batch_id);
    assert_redirect(&door.scan(&url), &passport(1), HOUR, "");
    assert_eq!(door.events_of(brand(1), "mint_unit_activated"), 0);
}

#[test]
fn a_gtin_alone_goes_to_the_product_that_has_it_else_to_the_one_that_gave_it_up_last() {
    let (old, older) = ("09520123456788", "04012345987652");
    let later = noon().after(std::time::Duration::from_secs(60));
    let retired = |catalogue: dpp_store_memory::MemoryCatalogue, gtin: &str, of, at| {
        catalogue.with_retired_gtin(brand(1), gtin.parse().unwrap(), product(of), at)
    };
    let catalogue = retired(catalogue(), old, 3, noon());
    let catalogue = retired(catalogue, old, 1, later);
    // Product 2 has it.
    let catalogue = retired(catalogue, older, 1, later);
    let door = Door::of(catalogue);
    for (gtin, of) in [("09506000134352", 1), (old, 1), (older, 2)] {
        let url = format!("https://id1.example.com/eu/01/{gtin}");
        assert_redirect(&door.scan(&url), &passport(of), HOUR, "");
    }
}

#[test]
fn a_variant_and_a_third_partys_serial_lead_to_the_product_and_activate_nothing() {
    let door = Door::new();
    let url = &door.units(serials(1, 1))[0].resolver_url;
    let product_url = "https://id1.example.com/01/09506000134352";
    for path in ["/22/2A", "/235/TPX-7", "/235/TPX-7?10=L"] {
        let query = path.split_once('?').map(|(_, query)| format!("?{query}"));
        let to = format!("{}{}", passport(1), query.unwrap_or_default());
        assert_redirect(&door.scan(&format!("{product_url}{path}")), &to, HOUR, "");
    }
    // What qualifies the unit further does not hide it.
    let qualified = url.replace("/21/", "/22/2A/10/L/21/");
    assert_redirect(&door.scan(&qualified), &passport(1), NO_STORE, "minted");
}

#[test]
fn what_was_printed_resolves_when_the_catalogue_has_moved_on() {
    let store = std::sync::Arc::new(dpp_store_memory::MemoryStore::default());
    let before = Door::on(store.clone(), catalogue());
    let units = before.units(serials(1, 2));
    // The product has another GTIN now, and nobody has the old one.
    let catalogue = catalogue().with_product(a_product(1, 1, Some("09520123456788")));
    let after = Door::on(store, catalogue);
    let url = &units[0].resolver_url;
    assert_redirect(&after.scan(url), &passport(1), NO_STORE, "minted");
    assert_redirect(
        &after.scan("https://id1.example.com/01/09506000134352"),
        &passport(1),
        HOUR,
        "",
    );
}

#[test]
fn serials_that_the_brand_brought_resolve() {
    let door = Door::new();
    let mut request = serials(1, 3);
    request.serial_scheme = None;
    request.serials = Some(["alpha", "B/2", "37"].into_iter().collect());
    let units = door.units(request);
    assert!(units[1].resolver_url.ends_with("/21/B%2F2"));
    for unit in &units {
        assert_redirect(
            &door.scan(&unit.resolver_url),
            &passport(1),
            NO_STORE,
            "minted",
        );
        assert_redirect(&door.scan(&unit.resolver_url), &passport(1), HOUR, "active");
    }
}

#[test]
fn a_revoked_unit_resolves_and_its_state_is_told() {
    let door = Door::new();
    let units = door.units(serials(1, 2));
    let (caller, reason) = (owner(brand(1)), "stolen".parse().unwrap());
    let id = units[0].mint_unit_id;
    block_on(
        door.service
            .revoke_unit(&caller, brand(1), id, reason, noon()),
    )
    .unwrap();
    let resolved = door.scan(&units[0].resolver_url);
    assert_redirect(&resolved, &passport(1), HOUR, "revoked");
    assert!(resolved.activated.is_empty());
    assert_redirect(
        &door.scan(&units[1].resolver_url),
        &passport(1),
        NO_STORE,
        "minted",
    );
}

#[test]
fn the_codes_of_a_voided_batch_resolve_as_revoked() {
    let door = Door::new();
    let (units, of_lots) = (door.units(serials(1, 2)), door.units(lots(2, &[("A", 2)])));
    for batch in [units[0].mint_batch_id, of_lots[0].mint_batch_id] {
        let (caller, why) = (owner(brand(1)), Some("a recall".parse().unwrap()));
        let to = BatchStatus::Voided;
        let set = door
            .service
            .set_mint_batch_status(&caller, brand(1), batch, to, why, noon());
        block_on(set).unwrap();
    }
    assert_redirect(
        &door.scan(&units[0].resolver_url),
        &passport(1),
        HOUR,
        "revoked",
    );
    assert_redirect(
        &door.scan(&of_lots[0].resolver_url),
        &passport(2),
        HOUR,
        "revoked",
    );
    assert_eq!(door.resolver.stats().activated, 0);
}

#[test]
fn a_bot_gets_a_page_and_leaves_no_trace() {
    let catalogue = catalogue().with_product(dpp_core::passport::Product {
        name: "Tee \"<b>&\"".to_owned(),
        ..a_product(1, 1, Some("09506000134352"))
    });
    let door = Door::of(catalogue);
    let url = &door.units(serials(1, 1))[0].resolver_url;
    let page = door.scan_by(url, "GET", BOT);
    assert_eq!(
        (page.outcome, page.answer.status()),
        (Outcome::Previewed, 200)
    );
    assert_eq!(header(&page, "cache-control").as_deref(), Some(NO_STORE));
    let html = page.answer.body();
    assert!(html.contains("Tee &quot;&lt;b&gt;&amp;&quot;"), "{html}");
    assert!(!html.contains("<b>"), "{html}");
    assert!(html.contains(&format!("https://id1.example.com{}", passport(1))));
    assert!(!html.contains("/21/"), "the unit is not told: {html}");
    assert!(door.scans.0.lock().unwrap().is_empty());
    assert_eq!(door.events_of(brand(1), "mint_unit_activated"), 0);
    assert_redirect(&door.scan(url), &passport(1), NO_STORE, "minted");
}

#[test]
fn to_ask_by_head_is_no_scan() {
    let door = Door::new();
    let url = &door.units(serials(1, 1))[0].resolver_url;
    let asked = door.scan_by(url, "HEAD", PHONE);
    assert_redirect(&asked, &passport(1), NO_STORE, "minted");
    assert!(asked.activated.is_empty() && door.scans.0.lock().unwrap().is_empty());
    assert_eq!(door.events_of(brand(1), "mint_unit_activated"), 0);
}

#[test]
fn of_a_scan_is_kept_what_may_be() {
    let door = Door::new();
    let resolver = door.resolver.clone();
    let somewhere = |address: std::net::IpAddr| {
        assert_eq!(address.to_string(), "203.0.113.77");
        "DE-BY".parse().ok()
    };
    let door = Door {
        resolver: resolver.with_locator(std::sync::Arc::new(somewhere)),
        ..door
    };
    let unit = &door.units(serials(1, 3))[2];
    door.scan(&format!("{}?utm=a;b", unit.resolver_url));
    let kept = door.scans.0.lock().unwrap().clone();
    let [record] = &kept[..] else {
        panic!("{kept:?}")
    };
    assert_eq!(record.at, noon());
    assert_eq!(record.brand, brand(1));
    let batch = unit.mint_batch_id;
    let scanned = Scanned::Unit {
        product: product(1),
        batch,
        index: 2,
    };
    assert_eq!(record.scanned, scanned);
    assert_eq!(record.status, Some(UnitStatus::Minted));
    let path = unit
        .resolver_url
        .strip_prefix("https://id1.example.com")
        .unwrap();
    assert_eq!(record.path.as_str(), path);
    assert_eq!(record.query.as_ref().unwrap().as_str(), "utm=a;b");
    assert_eq!(record.agent, AgentClass::Iphone);
    assert_eq!(record.location.unwrap().to_string(), "DE-BY");
    assert_eq!(record.network.unwrap().to_string(), "203.0.113.0/24");
    let json = serde_json::to_string(record).unwrap();
    assert!(
        !json.contains("203.0.113.77") && !json.contains("Mozilla"),
        "{json}"
    );
}
