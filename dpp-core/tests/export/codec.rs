//! Events of exports to JSON and back.

use dpp_core::export::ExportEvent;
use dpp_core::store::TypedEvents;
use dpp_core::testing::strategies;
use proptest::prelude::*;
use serde_json::{Value, json};

proptest! {
    #[test]
    fn an_event_is_read_back_as_it_was_written(event in strategies::export_event()) {
        let (name, version) = event.type_and_version();
        prop_assert!(ExportEvent::TYPES.contains(&(name, version)));
        let json = event.to_json().unwrap();
        prop_assert_eq!(ExportEvent::from_json(name, &json).unwrap().unwrap(), event);
    }

    #[test]
    fn an_event_with_a_field_of_a_later_release_is_still_read(event in strategies::export_event()) {
        let (name, _) = event.type_and_version();
        let mut json: Value = serde_json::from_slice(&event.to_json().unwrap()).unwrap();
        json["added_by_a_later_release"] = true.into();
        let json = serde_json::to_vec(&json).unwrap();
        prop_assert_eq!(ExportEvent::from_json(name, &json).unwrap().unwrap(), event);
    }
}

/// Whether a body is read as an event of this type.
fn is_read(name: &str, body: &Value) -> bool {
    let json = serde_json::to_vec(body).unwrap();
    ExportEvent::from_json(name, &json).unwrap().is_ok()
}

#[test]
fn what_no_release_writes_is_not_read() {
    let digest = "0".repeat(64);
    let body = json!({"pack": 1, "path": "a/b", "bytes": 1, "rows": 1, "sha256": digest});
    assert!(is_read("export_pack_completed", &body));
    for (field, wrong) in [
        ("pack", json!(0)),
        ("path", json!("../b")),
        ("path", json!("")),
        ("bytes", json!(-1)),
        ("rows", Value::Null),
        ("sha256", json!("F".repeat(64))),
    ] {
        let mut body = body.clone();
        body[field] = wrong;
        assert!(!is_read("export_pack_completed", &body), "{body}");
    }
    let failed = |reason: &str| json!({"pack": 1, "reason": reason});
    assert!(is_read("export_pack_failed", &failed(&"a".repeat(500))));
    assert!(!is_read("export_pack_failed", &failed(&"a".repeat(501))));
    assert!(!is_read("export_pack_failed", &failed("")));
}
