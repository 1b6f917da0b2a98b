//! Scans of what there is not, and what is asked wrongly.

use dpp_core::mint::MintRequest;
use dpp_core::resolver::{NotFound, Outcome, ScanRequest};
use dpp_core::service::{Did, Settings};
use futures::executor::block_on;

use crate::support::*;
use crate::support_of_host::*;

/// The same text with another character at its end.
fn altered(text: &str) -> String {
    let (head, last) = text.split_at(text.len() - 1);
    let other = if last == "0" { "1" } else { "0" };
    format!("{head}{other}")
}

#[test]
fn a_forged_or_altered_code_is_not_found_like_any_other() {
    let door = Door::new();
    let (units, by_id) = (door.units(serials(1, 4)), door.units(serials(3, 4)));
    let of_lots = door.units(lots(3, &[("A", 2)]));
    for url in [
        &units[0].resolver_url,
        &by_id[0].resolver_url,
        &of_lots[0].resolver_url,
    ] {
        assert_not_found(&door.scan(&altered(url)), NotFound::WrongTag);
        assert_eq!(door.scan(url).answer.status(), 302);
    }
    assert_eq!(door.resolver.stats().wrong_tags, 3);
}

#[test]
fn what_was_never_handed_out_is_not_found() {
    let door = Door::new();
    let units = door.units(serials(1, 4));
    door.units(lots(2, &[("A", 2)]));
    let host = "https://id1.example.com";
    for (path, reason) in [
        ("/01/09506000134352/21/0000000000AA", NotFound::Serial),
        ("/01/09506000134352/21/a%2Fb", NotFound::Serial),
        ("/01/09520123456788", NotFound::Gtin),
        ("/01/09520123456788/21/A", NotFound::Gtin),
        ("/01/09520123456788/10/A", NotFound::Gtin),
        ("/01/04012345987652/10/B", NotFound::Lot),
        ("/01/09506000134352/10/A", NotFound::Lot),
        ("/mu/0190163d-8694-8000-8000-000000000001", NotFound::Batch),
        ("/ml/0190163d-8694-8000-8000-000000000001", NotFound::Batch),
        ("/mb/0190163d-8694-7000-8000-000000000000", NotFound::Batch),
        ("/.well-known/gs1resolver", NotFound::Batch),
    ] {
        assert_not_found(&door.scan(&format!("{host}{path}")), reason);
    }
    // A serial of product 1 under the GTIN of product 2, which has none.
    let other = units[0]
        .resolver_url
        .replace("09506000134352", "04012345987652");
    assert_not_found(&door.scan(&other), NotFound::Serial);
    // The id of the batch with other digits behind its prefix.
    let id = units[0].mint_batch_id.to_string();
    let url = format!("{host}/mb/{}0", &id[..id.len() - 1]);
    let other = if url.ends_with(&id) {
        url.replace(&id, &format!("{}2", &id[..id.len() - 1]))
    } else {
        url
    };
    assert_not_found(&door.scan(&other), NotFound::Batch);
}

#[test]
fn a_serial_under_the_gtin_that_its_product_has_now_is_not_what_was_printed() {
    let store = std::sync::Arc::new(dpp_store_memory::MemoryStore::default());
    let before = Door::on(store.clone(), catalogue());
    let old = before.units(serials(1, 2));
    let catalogue = catalogue().with_product(a_product(1, 1, Some("09520123456788")));
    let after = Door::on(store, catalogue);
    let new = after.units(serials(1, 2));
    assert_eq!(after.scan(&new[0].resolver_url).answer.status(), 302);
    let mixed = old[0]
        .resolver_url
        .replace("09506000134352", "09520123456788");
    assert_not_found(&after.scan(&mixed), NotFound::OtherGtin);
}

#[test]
fn what_belongs_to_another_brand_is_not_there() {
    let door = Door::new();
    let own = door.units(serials(1, 2));
    let request = MintRequest {
        brand_id: brand(2),
        ..serials(9, 2)
    };
    let foreign = door.units(request);
    for (unit, other) in [
        (&own[0], "id2.example.com"),
        (&foreign[0], "id1.example.com"),
    ] {
        let url = unit.resolver_url.split("/01/").nth(1).unwrap();
        let by_serial = door.scan(&format!("https://{other}/01/{url}"));
        assert_not_found(&by_serial, NotFound::Gtin);
        let by_id = door.scan(&format!("https://{other}/mu/{}", unit.mint_unit_id));
        assert_not_found(&by_id, NotFound::Batch);
        let batch = door.scan(&format!("https://{other}/mb/{}", unit.mint_batch_id));
        assert_not_found(&batch, NotFound::Batch);
        assert_eq!(door.scan(&unit.resolver_url).answer.status(), 302);
    }
    let nobody = door.scan("https://id3.example.com/01/09506000134352");
    assert_not_found(&nobody, NotFound::Brand);
}

#[test]
fn a_unit_that_was_not_made_yet_is_not_found_and_resolves_once_it_is() {
    let door = Door::new();
    let settings = Settings::default().units_per_cycle(2);
    let service = service(door.store.clone(), 7, settings);
    let caller = owner(brand(1));
    let submitted = service.submit(&caller, serials(1, 4), noon());
    let batch = block_on(submitted).unwrap().job().unwrap().batch();
    let mut worker = worker(&service, "slow");
    let scope = owner(brand(1)).to_read(brand(1)).unwrap();
    while block_on(service.reads().batch(&scope, batch))
        .unwrap()
        .unwrap()
        .batch
        .minted
        < 2
    {
        block_on(worker.run_once(noon())).unwrap();
    }
    let units = block_on(service.reads().batch_units(&scope, batch)).unwrap();
    let url_of = |index| {
        let unit = units.identity().unit(index).unwrap();
        let mut url = Vec::new();
        units.urls().write(&unit, &mut url);
        String::from_utf8(url).unwrap()
    };
    assert_eq!(door.scan(&url_of(1)).answer.status(), 302);
    assert_not_found(&door.scan(&url_of(2)), NotFound::NotMade);
    while block_on(worker.run_once(noon())).unwrap().did != Did::Nothing {}
    let later = noon().after(std::time::Duration::from_secs(1));
    assert_eq!(door.scan_at(&url_of(2), later).answer.status(), 302);
}

#[test]
fn what_was_just_minted_resolves_a_moment_later_though_it_was_asked_for_before() {
    let door = Door::new();
    let first = door.units(serials(1, 1));
    door.scan(&first[0].resolver_url);
    let second = door.units(serials(1, 1));
    let later = noon().after(std::time::Duration::from_secs(1));
    assert_eq!(
        door.scan_at(&second[0].resolver_url, later).answer.status(),
        302
    );
}

#[test]
fn what_is_asked_wrongly_is_told_by_its_status_alone() {
    let door = Door::new();
    let long = format!("/{}", "x".repeat(65_535));
    let ask = |method, host: Option<&[u8]>, path: &[u8], query: Option<&[u8]>| {
        let request = ScanRequest {
            method,
            host,
            path,
            query,
            ..ScanRequest::default()
        };
        let resolved = block_on(door.resolver.resolve(&request, noon()));
        (resolved.answer.status(), resolved.outcome)
    };
    let host = Some(b"id1.example.com".as_slice());
    let product = b"/01/09506000134352".as_slice();
    assert_eq!(ask("GET", host, product, None), (302, Outcome::Redirected));
    let malformed = (400, Outcome::Malformed);
    for path in [
        b"".as_slice(),
        b"/",
        b"x",
        b"/01/\xff",
        b"/mu/\0",
        long.as_bytes(),
        b"*",
    ] {
        assert_eq!(ask("GET", host, path, None), malformed, "{path:?}");
    }
    for host in [
        None,
        Some(b"".as_slice()),
        Some(b"a b"),
        Some(b"\xff"),
        Some(b"[::1"),
        Some(b"a,b"),
    ] {
        assert_eq!(ask("GET", host, product, None), malformed, "{host:?}");
    }
    for query in [
        b" ".as_slice(),
        b"\r\n",
        b"\xff",
        b"21=A",
        b"17=1&17=1",
        b"<",
        b"#",
    ] {
        assert_eq!(
            ask("GET", host, product, Some(query)),
            malformed,
            "{query:?}"
        );
    }
    for host in [
        b"10.0.0.1".as_slice(),
        b"[::1]:80",
        b"[::ffff:192.0.2.1]",
        b"other.example:99",
    ] {
        let unknown = (404, Outcome::NotFound(NotFound::Brand));
        assert_eq!(ask("GET", Some(host), product, None), unknown);
    }
    for method in ["POST", "PUT", "DELETE", "get", "", "TRACE", "PATCH"] {
        assert_eq!(ask(method, host, product, None), (405, Outcome::Method));
    }
    assert_eq!(
        ask("OPTIONS", host, product, None),
        (204, Outcome::Described)
    );
}
