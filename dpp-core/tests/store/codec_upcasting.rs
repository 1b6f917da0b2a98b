//! Old versions of events are brought up to date step by step; what cannot be read says why.

use dpp_core::mint::MintEvent;
use dpp_core::store::log::{Actor, EventType, Metadata, NewEvent, WorkerName};
use dpp_core::store::{Codec, DecodeError, TypedEvents, Upcaster};
use dpp_core::{CorrelationId, EventId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A set of events with a history: `painted` is at its third version.
#[derive(Debug, PartialEq)]
enum Paint {
    Painted(Painted),
    Dried(Dried),
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Painted {
    colours: Vec<String>,
    coats: u32,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Dried {
    hours: u32,
}

impl TypedEvents for Paint {
    const TYPES: &'static [(&'static str, u16)] = &[("painted", 3), ("dried", 1)];

    fn type_and_version(&self) -> (&'static str, u16) {
        match self {
            Self::Painted(_) => ("painted", 3),
            Self::Dried(_) => ("dried", 1),
        }
    }

    fn to_json(&self) -> serde_json::Result<Vec<u8>> {
        match self {
            Self::Painted(body) => serde_json::to_vec(body),
            Self::Dried(body) => serde_json::to_vec(body),
        }
    }

    fn from_json(name: &str, json: &[u8]) -> Option<serde_json::Result<Self>> {
        match name {
            "painted" => Some(serde_json::from_slice(json).map(Self::Painted)),
            "dried" => Some(serde_json::from_slice(json).map(Self::Dried)),
            _ => None,
        }
    }
}

/// Version 2 renamed `color`.
const RENAMED: Upcaster = Upcaster {
    event_type: "painted",
    from: 1,
    step: |mut body| {
        body["colour"] = body["color"].take();
        body
    },
};

/// Version 3 took several colours, and counts coats.
const SEVERAL: Upcaster = Upcaster {
    event_type: "painted",
    from: 2,
    step: |body| json!({"colours": [body["colour"]], "coats": 1}),
};

/// A step of another event's, which must not be taken.
const OF_ANOTHER: Upcaster = Upcaster {
    event_type: "dried",
    from: 1,
    step: |_| Value::Null,
};

fn codec() -> Codec {
    let codec = Codec::new().with(OF_ANOTHER);
    codec.with(SEVERAL).with(RENAMED)
}

fn stored(event_type: &str, schema_version: u16, payload: &str) -> NewEvent {
    let id = "d0000000-0000-4000-8000-000000000001";
    NewEvent {
        event_type: EventType::from_stored(event_type.to_owned()),
        schema_version,
        payload: payload.as_bytes().into(),
        metadata: Metadata {
            event_id: EventId::parse(id).unwrap(),
            at: Timestamp::from_unix_millis(0),
            actor: Actor::Worker(WorkerName::parse("w").unwrap()),
            correlation: CorrelationId::parse(id).unwrap(),
            causation: None,
        },
    }
}

fn painted(colours: &[&str], coats: u32) -> Paint {
    let colours = colours.iter().map(|colour| (*colour).to_owned());
    Paint::Painted(Painted {
        colours: colours.collect(),
        coats,
    })
}

fn decode(version: u16, payload: &str) -> Result<Paint, DecodeError> {
    codec().decode(&stored("painted", version, payload))
}

#[test]
fn every_version_is_read_as_the_newest() {
    let red = painted(&["red"], 1);
    assert_eq!(decode(1, r#"{"color": "red"}"#).unwrap(), red);
    assert_eq!(decode(2, r#"{"colour": "red"}"#).unwrap(), red);
    let newest = decode(3, r#"{"colours": ["red", "blue"], "coats": 2}"#);
    assert_eq!(newest.unwrap(), painted(&["red", "blue"], 2));
}

#[test]
fn events_are_written_in_the_newest_version() {
    let (event_type, version, json) = codec().encode(&painted(&["red"], 2)).unwrap();
    assert_eq!((event_type.as_str(), version), ("painted", 3));
    let read = codec().decode::<Paint>(&stored("painted", 3, std::str::from_utf8(&json).unwrap()));
    assert_eq!(read.unwrap(), painted(&["red"], 2));
}

#[test]
fn a_missing_step_says_at_which_version_the_way_ended() {
    let without_second = Codec::new().with(RENAMED).with(OF_ANOTHER);
    for (version, found) in [(0, 0), (1, 2), (2, 2)] {
        let event = stored("painted", version, r#"{"color": "red"}"#);
        let refused = without_second.decode::<Paint>(&event);
        assert!(
            matches!(&refused, Err(DecodeError::NoUpcaster { event_type, found: at })
                if event_type == "painted" && *at == found),
            "{refused:?}"
        );
    }
}

#[test]
fn a_newer_version_says_which_this_release_reads() {
    let refused = decode(4, r#"{"colours": ["red"], "coats": 1}"#).unwrap_err();
    assert!(matches!(
        refused,
        DecodeError::NewerVersion {
            found: 4,
            newest: 3,
            ..
        }
    ));
    assert_eq!(
        refused.to_string(),
        "event `painted` has schema version 4, and this release reads up to 3"
    );
}

#[test]
fn an_unknown_type_says_its_name() {
    let refused = codec()
        .decode::<Paint>(&stored("scratched", 1, "{}"))
        .unwrap_err();
    assert!(
        matches!(&refused, DecodeError::UnknownType { event_type } if event_type == "scratched")
    );
    let of_another_set = codec().decode::<MintEvent>(&stored("painted", 1, "{}"));
    assert!(matches!(
        of_another_set,
        Err(DecodeError::UnknownType { .. })
    ));
}

#[test]
fn a_body_that_is_not_what_its_schema_says_is_malformed() {
    for (version, payload) in [
        (3, "not json"),
        (3, ""),
        (3, r#"{"colours": "red", "coats": 1}"#),
        (3, r#"{"colours": ["red"]}"#),
        (2, "{"),
        (2, r#"{"colour": 7}"#),
    ] {
        let refused = decode(version, payload);
        assert!(
            matches!(&refused, Err(DecodeError::Malformed { event_type, .. }) if event_type == "painted"),
            "{payload}: {refused:?}"
        );
    }
}

#[test]
fn an_identity_scheme_that_this_release_does_not_know_is_malformed_and_named() {
    let json = include_str!("../golden/events/mint_job_reserved.v1.json");
    let mut json: Value = serde_json::from_str(json).unwrap();
    json["identity"]["version"] = 2.into();
    let event = stored("mint_job_reserved", 1, &json.to_string());
    let refused = Codec::new().decode::<MintEvent>(&event).unwrap_err();
    assert!(refused.to_string().contains("version `2`"), "{refused}");
}
