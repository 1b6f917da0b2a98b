//! A GS1-conformant resolver (GS1-Conformant Resolver 1.2.1).

use dpp_core::resolver::{LinkType, NotFound, Outcome, PageOf, ProductPage, ScannedProduct, Site};
use serde_json::Value;

use crate::support::*;
use crate::support_of_host::*;

const PIP: &str = "https://ref.gs1.org/voc/pip";
const DPP: &str = "https://ref.gs1.org/voc/dpp";
const DEFAULT: &str = "https://ref.gs1.org/voc/defaultLink";
const GTIN: &str = "https://id1.example.com/01/09506000134352";

fn page(link_type: LinkType, url: &str, language: Option<&str>, of: PageOf) -> ProductPage {
    ProductPage {
        link_type,
        url: url.parse().unwrap(),
        title: format!("Page {url}"),
        media_type: None,
        language: language.map(|tag| tag.parse().unwrap()),
        of,
    }
}

/// Product 1 has pages in three languages, one for lot `A` and one for serial `S1`, and one on a
/// host that is not the site's.
fn door() -> Door {
    let site = Site {
        other_hosts: vec!["www.example.org".parse().unwrap()],
        ..Site::new(brand(1), "Brand 1").gs1_conformant()
    };
    let pages = vec![
        page(LinkType::PIP, "/en/tee", Some("en"), PageOf::Product),
        page(
            LinkType::PIP,
            "https://www.example.org/de/tee?x=1",
            Some("de"),
            PageOf::Product,
        ),
        page(LinkType::PIP, "/pt/tee", Some("pt"), PageOf::Product),
        page(LinkType::DPP, "/dpp", None, PageOf::Product),
        page(
            LinkType::DPP,
            "https://elsewhere.example/dpp",
            None,
            PageOf::Product,
        ),
        page(
            LinkType::PIP,
            "/lot-a",
            None,
            PageOf::Lot("A".parse().unwrap()),
        ),
        page(
            LinkType::PIP,
            "/item-s1",
            None,
            PageOf::Item("S1".parse().unwrap()),
        ),
    ];
    let shown = ScannedProduct {
        pages,
        ..ScannedProduct::new("Tee")
    };
    let catalogue = catalogue()
        .with_site("id1.example.com".parse().unwrap(), site)
        .with_scanned_product(brand(1), product(1), shown);
    let door = Door::of(catalogue);
    let mut own = serials(1, 2);
    own.serial_scheme = None;
    own.serials = Some(["S1", "S2"].into_iter().collect());
    door.units(own);
    door.units(lots(1, &[("A", 1), ("B", 1)]));
    door
}

fn location(door: &Door, path: &str, headers: &[(&str, &str)]) -> (u16, String) {
    let resolved = door.scan_with(&format!("{GTIN}{path}"), headers);
    let (status, location, ..) = told(&resolved);
    (status, location)
}

fn linkset(door: &Door, path: &str, headers: &[(&str, &str)]) -> Value {
    let resolved = door.scan_with(&format!("{GTIN}{path}"), headers);
    assert_eq!(resolved.answer.status(), 200, "{:?}", resolved.outcome);
    let media_type = header(&resolved, "content-type");
    assert_eq!(media_type.as_deref(), Some("application/linkset+json"));
    let context = header(&resolved, "link").unwrap();
    assert!(
        context.contains("http://www.w3.org/ns/json-ld#context"),
        "{context}"
    );
    serde_json::from_str(&resolved.answer.body()).unwrap()
}

#[test]
fn without_a_link_type_a_scan_is_led_to_the_default_link_with_307() {
    let door = door();
    assert_eq!(location(&door, "", &[]), (307, "/en/tee".to_owned()));
    assert_eq!(
        location(&door, "/21/S2?a;b=%2F", &[]),
        (307, "/en/tee?a;b=%2F".to_owned())
    );
}

#[test]
fn the_default_link_is_in_the_language_that_is_liked_best() {
    let door = door();
    for (liked, to) in [
        ("pt-BR, en;q=0.5", "/pt/tee"),
        (
            "fr, de;q=0.8, en;q=0.1",
            "https://www.example.org/de/tee?x=1",
        ),
        ("fr", "/en/tee"),
        ("en;q=0, pt", "/pt/tee"),
        ("", "/en/tee"),
        (";;;,,q=\u{1}", "/en/tee"),
    ] {
        let to = (307, to.to_owned());
        assert_eq!(
            location(&door, "", &[("accept-language", liked)]),
            to,
            "`{liked}`"
        );
    }
    let german = [("accept-language", "de")];
    let with_query = (307, "https://www.example.org/de/tee?x=1&y;z".to_owned());
    assert_eq!(location(&door, "?y;z", &german), with_query);
}

#[test]
fn a_link_type_leads_to_its_link_or_is_not_found() {
    let door = door();
    for (asked, to) in [
        ("linkType=gs1:dpp", "/dpp"),
        ("linkType=https%3A%2F%2Fref.gs1.org%2Fvoc%2Fdpp", "/dpp"),
        ("linkType=gs1%3Adpp", "/dpp"),
        ("a=1;linkType=gs1:dpp", "/dpp"),
        ("linkType=gs1:pip", "/en/tee"),
    ] {
        let to = (307, format!("{to}?{asked}"));
        assert_eq!(location(&door, &format!("?{asked}"), &[]), to);
    }
    for asked in [
        "gs1:recallStatus",
        "gs1:nothing",
        "all",
        "dpp",
        "%FF",
        "%",
        "https://x.example/y",
    ] {
        let url = format!("{GTIN}?linkType={asked}");
        let resolved = door.scan(&url);
        let expected = (404, Outcome::NotFound(NotFound::LinkType));
        assert_eq!(
            (resolved.answer.status(), resolved.outcome),
            expected,
            "{asked}"
        );
    }
}

#[test]
fn items_and_lots_have_pages_of_their_own_and_walk_up_to_the_product() {
    let door = door();
    for (path, to) in [
        ("/21/S1", "/item-s1"),
        ("/21/S2", "/en/tee"),
        ("/10/A", "/lot-a"),
        ("/10/B", "/en/tee"),
        ("/21/S1?linkType=gs1:dpp", "/dpp?linkType=gs1:dpp"),
        ("/10/A?linkType=gs1:pip", "/lot-a?linkType=gs1:pip"),
    ] {
        assert_eq!(location(&door, path, &[]), (307, to.to_owned()), "{path}");
    }
}

#[test]
fn a_linkset_has_an_anchor_for_each_level_and_a_default_for_each() {
    let door = door();
    let accept = [("accept", "application/linkset+json")];
    let by_accept = linkset(&door, "/21/S1", &accept);
    assert_eq!(by_accept, linkset(&door, "/21/S1?linkType=linkset", &[]));
    let contexts = by_accept["linkset"].as_array().unwrap();
    let anchors: Vec<_> = contexts
        .iter()
        .map(|context| context["anchor"].as_str().unwrap())
        .collect();
    assert_eq!(anchors, [format!("{GTIN}/21/S1"), GTIN.to_owned()]);
    let hrefs = |context: usize, link_type: &str| {
        let links = contexts[context][link_type].as_array().unwrap().iter();
        links
            .map(|link| link["href"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(hrefs(0, DEFAULT), ["https://id1.example.com/item-s1"]);
    assert_eq!(hrefs(0, PIP), ["https://id1.example.com/item-s1"]);
    assert_eq!(hrefs(1, DEFAULT), ["https://id1.example.com/en/tee"]);
    let all = [
        "https://id1.example.com/en/tee",
        "https://www.example.org/de/tee?x=1",
        "https://id1.example.com/pt/tee",
    ];
    assert_eq!(hrefs(1, PIP), all);
    assert_eq!(
        hrefs(1, DPP),
        ["https://id1.example.com/dpp"],
        "elsewhere.example is left out"
    );
    assert_eq!(contexts[1][PIP][1]["hreflang"], serde_json::json!(["de"]));
}

#[test]
fn a_linkset_is_a_question_and_no_scan() {
    let door = door();
    linkset(&door, "/21/S1?linkType=linkset", &[]);
    assert_eq!(door.events_of(brand(1), "mint_unit_activated"), 0);
    assert!(door.scans.0.lock().unwrap().is_empty());
    assert_eq!(location(&door, "/21/S1", &[]).0, 307);
    assert_eq!(door.events_of(brand(1), "mint_unit_activated"), 1);
}

#[test]
fn a_product_without_pages_has_its_passport() {
    let door = Door::of(catalogue().with_site(
        "id1.example.com".parse().unwrap(),
        Site::new(brand(1), "Brand 1").gs1_conformant(),
    ));
    door.units(serials(1, 1));
    let passport = format!("/p/{}", product(1));
    assert_eq!(location(&door, "", &[]), (307, passport.clone()));
    let all = linkset(&door, "?linkType=linkset", &[]);
    let href = format!("https://id1.example.com{passport}");
    for link_type in [DEFAULT, DPP, PIP] {
        assert_eq!(all["linkset"][0][link_type][0]["href"], href.as_str());
    }
}

#[test]
fn scripts_of_any_page_may_ask_and_errors_are_never_200() {
    let door = door();
    for (url, method, status) in [
        (GTIN.to_owned(), "GET", 307),
        (GTIN.to_owned(), "HEAD", 307),
        (GTIN.to_owned(), "OPTIONS", 204),
        (format!("{GTIN}?linkType=linkset"), "GET", 200),
        (format!("{GTIN}?linkType=gs1:none"), "GET", 404),
        (
            "https://id1.example.com/01/09520123456788".to_owned(),
            "GET",
            404,
        ),
    ] {
        let resolved = door.scan_by(&url, method, PHONE);
        assert_eq!(resolved.answer.status(), status, "{method} {url}");
        let origin = header(&resolved, "access-control-allow-origin");
        assert_eq!(origin.as_deref(), Some("*"), "{method} {url}");
        let varies = header(&resolved, "vary").unwrap();
        assert!(
            varies.contains("Accept-Language"),
            "a cache keeps languages apart"
        );
        let exposed = header(&resolved, "access-control-expose-headers").unwrap();
        assert!(exposed.contains("Link") && exposed.contains("Location"));
    }
    let malformed = door.scan("https://id1.example.com/01/09506000134351");
    assert_eq!(malformed.answer.status(), 400);
}

#[test]
fn a_plain_site_knows_nothing_of_all_this() {
    let door = Door::new();
    door.units(serials(1, 1));
    let passport = format!("/p/{}", product(1));
    let accept = [("accept", "application/linkset+json")];
    assert_eq!(location(&door, "", &accept), (302, passport.clone()));
    let asked = "?linkType=linkset";
    assert_eq!(
        location(&door, asked, &[]),
        (302, format!("{passport}{asked}"))
    );
    let resolved = door.scan(GTIN);
    assert_eq!(header(&resolved, "access-control-allow-origin"), None);
}

#[test]
fn the_resolver_describes_itself() {
    let door = door();
    let resolved = door.scan("https://id1.example.com/.well-known/gs1resolver");
    assert_eq!(resolved.answer.status(), 200);
    let told: Value = serde_json::from_str(&resolved.answer.body()).unwrap();
    assert_eq!(told["resolverRoot"], "https://id1.example.com");
    assert_eq!(told["supportedPrimaryKeys"], serde_json::json!(["01"]));
}

#[test]
fn a_bot_may_ask_for_a_linkset_or_a_link_and_activates_nothing() {
    let door = door();
    let ask = |path: &str| {
        door.scan_by(&format!("{GTIN}{path}"), "GET", BOT)
            .answer
            .status()
    };
    assert_eq!(ask("/21/S1"), 200);
    assert_eq!(ask("/21/S1?linkType=linkset"), 200);
    assert_eq!(ask("/21/S1?linkType=gs1:dpp"), 307);
    assert_eq!(door.events_of(brand(1), "mint_unit_activated"), 0);
    assert!(door.scans.0.lock().unwrap().is_empty());
}
