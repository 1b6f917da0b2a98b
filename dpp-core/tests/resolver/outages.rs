//! A store that is down must stop as few codes from resolving as it can.

use std::time::Duration;

use dpp_core::resolver::Outcome;

use crate::support::*;
use crate::support_of_host::*;

#[test]
fn what_was_scanned_before_resolves_while_the_store_is_down() {
    let door = Door::new();
    let units = door.units(serials(1, 3));
    door.scan(&units[0].resolver_url);
    door.store.set_down(true);
    let later = noon().after(Duration::from_secs(3_600));
    let known = door.scan_at(&units[0].resolver_url, later);
    assert_eq!(known.answer.status(), 302);
    let stats = door.resolver.stats();
    assert!(stats.stale > 0);
    assert!(stats.last_stale.unwrap().contains("the cable is cut"));
}

#[test]
fn what_cannot_be_told_is_answered_with_503_and_the_host_hears_why() {
    let door = Door::new();
    let units = door.units(serials(1, 3));
    door.store.set_down(true);
    let resolved = door.scan(&units[0].resolver_url);
    assert_eq!(
        (resolved.answer.status(), resolved.outcome),
        (503, Outcome::Unavailable)
    );
    assert_eq!(header(&resolved, "retry-after").as_deref(), Some("1"));
    assert_eq!(
        header(&resolved, "cache-control").as_deref(),
        Some("no-store")
    );
    let failure = resolved.failure.unwrap().to_string();
    assert!(failure.contains("the cable is cut"), "{failure}");
    assert!(!resolved.answer.body().contains("cable"));
    door.store.set_down(false);
    assert_eq!(door.scan(&units[0].resolver_url).answer.status(), 302);
}

#[test]
fn a_scan_whose_activation_fails_is_led_on_and_the_next_one_activates() {
    let door = Door::new();
    let units = door.units(serials(1, 2));
    let url = &units[0].resolver_url;
    // All that a decision needs is known, but not the activation.
    assert_eq!(door.scan_by(url, "HEAD", PHONE).answer.status(), 302);
    door.store.set_down(true);
    let failed = door.scan(url);
    assert_redirect(&failed, &format!("/p/{}", product(1)), NO_STORE, "minted");
    assert!(matches!(failed.activated[..], [Err(_)]));
    assert_eq!(door.resolver.stats().failed_activations, 1);
    door.store.set_down(false);
    assert!(matches!(door.scan(url).activated[..], [Ok(_)]));
    assert_eq!(door.events_of(brand(1), "mint_unit_activated"), 1);
}
