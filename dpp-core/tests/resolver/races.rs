//! Many scan the same units at once, while the store fails now and then.

use std::collections::BTreeMap;
use std::sync::Arc;

use dpp_core::service::ActivateAnswer;
use dpp_core::store::EventStore;
use dpp_core::store::log::{PageLimit, StreamKind};
use dpp_core::testing::{Faults, FaultyStore};
use dpp_store_memory::MemoryStore;
use futures::executor::block_on;
use futures::stream::{self, StreamExt};

use crate::support::*;
use crate::support_of_host::*;

const SCANS: usize = 10_000;
const UNITS: usize = 100;

/// Scans each unit a hundred times, many at once, until each was led on.
fn race(seed: u64, faults: Faults) {
    let log = Arc::new(MemoryStore::default());
    let faulty = Arc::new(FaultyStore::new(log.clone(), seed, Faults::NONE));
    let door = Door::on(faulty.clone(), catalogue());
    let units = door.units(serials(1, UNITS as u64));
    faulty.set_faults(faults);
    let mut order: Vec<usize> = (0..SCANS).map(|scan| scan % UNITS).collect();
    fastrand::Rng::with_seed(seed).shuffle(&mut order);
    let scans = stream::iter(order).map(|unit| {
        let url = &units[unit].resolver_url;
        let door = &door;
        async move {
            let mut activated = 0;
            loop {
                let resolved = door.ask(url, "GET", PHONE, &[], noon()).await;
                let answers = resolved.activated.iter();
                activated += answers
                    .filter(|answer| matches!(answer, Ok(ActivateAnswer::Activated(_))))
                    .count();
                let failed = resolved.activated.iter().any(Result::is_err);
                match (resolved.answer.status(), failed) {
                    (302, false) => return activated,
                    (302, true) | (503, _) => {}
                    (other, _) => panic!("status {other}"),
                }
            }
        }
    });
    let answered: usize = block_on(
        scans
            .buffer_unordered(500)
            .fold(0, |sum, one| async move { sum + one }),
    );
    faulty.set_faults(Faults::NONE);
    let mut events = BTreeMap::new();
    let page = block_on(log.read_feed(brand(1), None, PageLimit::MAX)).unwrap();
    for recorded in page.events {
        if recorded.stream.kind() == StreamKind::MintUnit {
            *events.entry(*recorded.stream.id()).or_insert(0) += 1;
        }
    }
    assert_eq!(events.len(), UNITS, "each unit is active");
    assert!(events.values().all(|count| *count == 1), "{events:?}");
    // A scan whose answer was lost may have been the one.
    assert!(answered <= UNITS, "{answered}");
}

#[test]
fn each_of_100_units_is_activated_once_by_10_000_scans_at_once() {
    race(1, Faults::ALLOWED);
}

#[test]
fn each_is_activated_once_while_the_store_fails() {
    race(2, Faults::LIGHT);
    race(3, Faults::HEAVY);
}
