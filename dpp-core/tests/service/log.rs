//! Logs that were damaged, changed, or written by a newer release.

use std::sync::Arc;

use crate::support::*;
use crate::watched::Watched;
use dpp_core::identity::MintBatchId;
use dpp_core::read::ReadFold;
use dpp_core::service::{Mismatch, Settings, VerifyError};
use dpp_core::store::log::{EventType, RecordedEvent};
use dpp_core::store::{EventStore, ReadStore, ReadStoreError};
use dpp_store_memory::MemoryStore;
use futures::executor::block_on;
use serde_json::Value;

/// A store with one batch of 50 units in 5 cycles.
fn written() -> (Arc<MemoryStore>, MintBatchId) {
    let store = Arc::new(MemoryStore::default());
    let service = service(store.clone(), 1, Settings::default().units_per_cycle(10));
    let answer = block_on(service.submit(&owner(brand(1)), serials(1, 50), noon())).unwrap();
    block_on(work_off(&service, noon()));
    (store, answer.job().unwrap().batch())
}

fn change_body(event: &mut RecordedEvent, of: &str, change: impl Fn(&mut Value)) {
    if event.event.event_type.as_str() == of {
        let mut body: Value = serde_json::from_slice(&event.event.payload).unwrap();
        change(&mut body);
        event.event.payload = body.to_string().into_bytes().into();
    }
}

fn mismatches(changes: impl Fn(&mut RecordedEvent) + Send + Sync + 'static) -> Vec<Mismatch> {
    let (store, batch) = written();
    let log = Arc::new(Watched::changing(store, changes));
    let service = service(log, 2, Settings::default());
    block_on(service.verify(&owner(brand(1)), brand(1), batch))
        .unwrap()
        .mismatches
}

#[test]
fn a_log_that_nobody_touched_verifies() {
    assert_eq!(mismatches(|_| ()), []);
}

#[test]
fn a_changed_seed_is_found_in_every_cycle() {
    let found = mismatches(|event| {
        change_body(event, "mint_job_reserved", |body| {
            body["identity"]["seed"] = Value::from("00".repeat(32));
        });
    });
    assert_eq!(found.len(), 5);
    assert!(
        found
            .iter()
            .all(|found| matches!(found, Mismatch::Digest { .. })),
        "{found:?}"
    );
}

#[test]
fn a_changed_block_of_serials_is_found() {
    let found = mismatches(|event| {
        change_body(event, "mint_job_reserved", |body| {
            body["identity"]["serials"]["block"] = Value::from("ZZZZ");
        });
    });
    assert_eq!(found.len(), 5);
}

#[test]
fn a_changed_digest_is_found_where_it_stands() {
    let found = mismatches(|event| {
        change_body(event, "mint_units_created", |body| {
            if body["cycle"] == 3 {
                body["digest"] = Value::from("ab".repeat(32));
            }
        });
    });
    let [
        Mismatch::Digest {
            cycle: 3,
            recorded,
            derived,
        },
    ] = &found[..]
    else {
        panic!("{found:?}");
    };
    assert_eq!(recorded.to_string(), "ab".repeat(32));
    assert_ne!(recorded, derived);
}

#[test]
fn a_cycle_that_was_moved_is_found() {
    let found = mismatches(|event| {
        change_body(event, "mint_units_created", |body| {
            if body["cycle"] == 3 {
                body["from"] = Value::from(30);
            }
        });
    });
    assert!(
        found.contains(&Mismatch::Place {
            cycle: 3,
            from: 30,
            expected: 20
        }),
        "{found:?}"
    );
}

fn verify_with(changes: impl Fn(&mut RecordedEvent) + Send + Sync + 'static) -> String {
    let (store, batch) = written();
    let log = Arc::new(Watched::changing(store, changes));
    let service = service(log, 2, Settings::default());
    let error = block_on(service.verify(&owner(brand(1)), brand(1), batch)).unwrap_err();
    assert!(matches!(error, VerifyError::Journal(_)), "{error:?}");
    error.to_string()
}

#[test]
fn an_event_of_an_unknown_type_is_named_with_its_place() {
    let error = verify_with(|event| {
        if event.event.event_type.as_str() == "mint_job_started" {
            event.event.event_type = EventType::new("mint_job_teleported");
        }
    });
    assert!(
        error.contains("event type `mint_job_teleported` is not known"),
        "{error}"
    );
    assert!(
        error.starts_with("event 3 of stream `mint_batch/"),
        "{error}"
    );
}

#[test]
fn an_event_of_a_newer_schema_is_named_with_both_versions() {
    let error = verify_with(|event| event.event.schema_version += 6);
    assert!(
        error.contains("`mint_job_queued` has schema version 7"),
        "{error}"
    );
    assert!(error.contains("this release reads up to 1"), "{error}");
}

#[test]
fn a_damaged_body_is_named() {
    let error = verify_with(|event| event.event.payload = b"{".as_slice().into());
    assert!(
        error.contains("the body of event `mint_job_queued`"),
        "{error}"
    );
}

#[test]
fn the_fold_stops_before_what_it_cannot_read_and_says_where() {
    let (store, batch) = written();
    let log = Arc::new(Watched::changing(store.clone(), |event| {
        if event.event.event_type.as_str() == "mint_job_completed" {
            event.event.schema_version = 2;
        }
    }));
    let fold = ReadFold::new(log);
    for _ in 0..2 {
        let error = block_on(fold.batch(brand(1), batch)).unwrap_err();
        let ReadStoreError::Decode {
            brand: of,
            position,
            ..
        } = &error
        else {
            panic!("{error:?}");
        };
        assert_eq!(*of, brand(1));
        assert!(error.to_string().contains(&position.to_string()), "{error}");
        assert!(fold.position(brand(1)).unwrap() < *position);
    }
}

#[test]
fn a_feed_position_of_another_store_is_refused_by_name() {
    let (first, _) = written();
    let (second, _) = written();
    let limit = dpp_core::store::log::PageLimit::new(5);
    let page = block_on(first.read_feed(brand(1), None, limit)).unwrap();
    let error = block_on(second.read_feed(brand(1), page.upto, limit)).unwrap_err();
    let position = page.upto.unwrap().to_string();
    assert!(error.to_string().contains(&position), "{error}");
    assert!(
        error.to_string().contains("does not belong to the feed"),
        "{error}"
    );
}

#[test]
fn a_changed_gtin_or_resolver_base_is_found() {
    for (field, value) in [
        ("gtin", "04012345987652"),
        ("resolver_base", "https://evil.example.com"),
    ] {
        let found = mismatches(move |event| {
            change_body(event, "mint_job_queued", |body| {
                body[field] = Value::from(value)
            });
        });
        assert_eq!(found.len(), 5, "{field}: {found:?}");
    }
}

#[test]
fn a_log_that_lost_its_last_cycle_is_found() {
    let found = mismatches(|event| {
        change_body(event, "mint_units_created", |body| {
            if body["cycle"] == 5 {
                event_becomes_started(body);
            }
        });
        if event.event.payload.as_ref() == br#"{"worker":"lost"}"# {
            event.event.event_type = EventType::new("mint_job_started");
        }
    });
    let expected = Mismatch::Completed {
        recorded: 50,
        made: 40,
        requested: 50,
    };
    assert_eq!(found, [expected]);
}

fn event_becomes_started(body: &mut Value) {
    *body = serde_json::json!({"worker": "lost"});
}

#[test]
fn a_stream_with_a_gap_is_named() {
    let error = verify_with(|event| {
        if event.version.get() > 3 {
            event.version = event.version.next();
        }
    });
    assert!(
        error.contains("goes on with event 5 where 4 should be"),
        "{error}"
    );
}

#[test]
fn no_secret_is_in_what_a_store_might_print() {
    let seen = Arc::new(std::sync::Mutex::new(Vec::new()));
    let (printed, inner) = (seen.clone(), Arc::new(MemoryStore::default()));
    let log = Arc::new(Watched::new(inner.clone(), move |commit| {
        printed.lock().unwrap().push(format!("{commit:?}"));
        false
    }));
    let service = service(log, 1, Settings::default());
    block_on(service.submit(&owner(brand(1)), serials(1, 5), noon())).unwrap();
    block_on(work_off(&service, noon()));
    let limit = dpp_core::store::log::PageLimit::MAX;
    let page = block_on(inner.read_feed(brand(1), None, limit)).unwrap();
    seen.lock().unwrap().push(format!("{page:?}"));
    let mut secrets = Vec::new();
    for recorded in &page.events {
        let body: Value = serde_json::from_slice(&recorded.event.payload).unwrap();
        secrets.extend(body["seed"].as_str().map(str::to_owned));
        secrets.extend(body["identity"]["seed"].as_str().map(str::to_owned));
    }
    assert_eq!(secrets.len(), 2);
    let printed = seen.lock().unwrap().join("\n");
    assert!(printed.contains("mint_job_reserved"));
    assert!(secrets.iter().all(|secret| !printed.contains(secret)));
}

#[test]
fn a_brand_whose_log_cannot_be_read_does_not_stop_the_others() {
    let store = Arc::new(MemoryStore::default());
    let healthy = service(store.clone(), 1, Settings::default());
    block_on(healthy.submit(&owner(brand(1)), serials(1, 5), noon())).unwrap();
    let request = dpp_core::mint::MintRequest {
        brand_id: brand(2),
        ..serials(9, 5)
    };
    let other = block_on(healthy.submit(&owner(brand(2)), request, noon())).unwrap();
    let log = Arc::new(Watched::changing(store, |event| {
        let body: Value = serde_json::from_slice(&event.event.payload).unwrap();
        if body["brand_id"] == brand(1).to_string() {
            event.event.schema_version = 2;
        }
    }));
    let service = service(log, 2, Settings::default());
    let mut working = worker(&service, "w");
    let mut error = None;
    for _ in 0..5 {
        error = block_on(working.run_once(noon())).err();
    }
    let scope = owner(brand(2)).to_read(brand(2)).unwrap();
    let progress = block_on(service.reads().progress(&scope, other.job().unwrap())).unwrap();
    assert_eq!(progress.unwrap().minted, 5);
    let error = error
        .expect("the worker tells what it cannot read")
        .to_string();
    assert!(error.contains("schema version 2"), "{error}");
}
