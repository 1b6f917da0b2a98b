//! A commit as a line of JSON.

use dpp_core::identity::MintBatchId;
use dpp_core::store::log::{
    ClaimGroup, ClaimKind, ClaimSpace, ClaimValue, Commit, CommitBuilder, EventType, Expected,
    StreamCheck, StreamId, StreamKind, StreamWrite, Version,
};
use dpp_core::{Actor, BrandId, CommitId, CorrelationId, EventId, ProductId, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Serialize, Deserialize)]
struct Line {
    brand: BrandId,
    commit: CommitId,
    at: Timestamp,
    actor: String,
    correlation: CorrelationId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    causation: Option<EventId>,
    writes: Vec<Write>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    checks: Vec<Place>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    claims: Vec<Claim>,
}

#[derive(Serialize, Deserialize)]
struct Place {
    stream: String,
    id: Uuid,
    /// The version that the stream ends with: 0 if it has no event, none if that is no matter.
    expected: Option<u64>,
}

#[derive(Serialize, Deserialize)]
struct Write {
    #[serde(flatten)]
    place: Place,
    events: Vec<Event>,
}

#[derive(Serialize, Deserialize)]
struct Event {
    #[serde(rename = "type")]
    event_type: String,
    version: u16,
    /// As text, since a store keeps the bytes as they are.
    body: String,
}

#[derive(Serialize, Deserialize)]
struct Claim {
    kind: String,
    scope: Uuid,
    key: String,
    value: Vec<u8>,
}

/// The line of a commit, with its line feed.
pub(super) fn write(commit: &Commit) -> Result<String, String> {
    let first = commit
        .writes()
        .first()
        .and_then(|write| write.events.first());
    let first = first.ok_or("the commit writes no event")?;
    let line = Line {
        brand: commit.brand(),
        commit: commit.id(),
        at: first.metadata.at,
        actor: first.metadata.actor.to_string(),
        correlation: first.metadata.correlation,
        causation: first.metadata.causation,
        writes: commit
            .writes()
            .iter()
            .map(write_of)
            .collect::<Result<_, _>>()?,
        checks: commit.checks().iter().map(place).collect(),
        claims: commit.claims().map(claim).collect(),
    };
    let mut text = serde_json::to_string(&line).map_err(|error| error.to_string())?;
    text.push('\n');
    Ok(text)
}

fn write_of(write: &StreamWrite) -> Result<Write, String> {
    let events = write.events.iter().map(|event| {
        let body = std::str::from_utf8(&event.payload);
        Ok(Event {
            event_type: event.event_type.to_string(),
            version: event.schema_version,
            body: body.map_err(|error| error.to_string())?.to_owned(),
        })
    });
    Ok(Write {
        place: place(&StreamCheck {
            stream: write.stream,
            expected: write.expected,
        }),
        events: events.collect::<Result<_, String>>()?,
    })
}

fn place(check: &StreamCheck) -> Place {
    Place {
        stream: check.stream.kind().as_str().to_owned(),
        id: *check.stream.id(),
        expected: match check.expected {
            Expected::NoStream => Some(0),
            Expected::Exactly(version) => Some(version.get()),
            Expected::Any => None,
        },
    }
}

fn claim(claim: dpp_core::store::log::Claim<'_>) -> Claim {
    Claim {
        kind: claim.space.kind().as_str().to_owned(),
        scope: *claim.space.scope(),
        key: claim.key.to_owned(),
        value: claim.value.as_bytes().to_owned(),
    }
}

/// The commit of a line.
pub(super) fn read(text: &str) -> Result<Commit, String> {
    let line: Line = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let actor: Actor = line
        .actor
        .parse()
        .map_err(|_| unknown("actor", &line.actor))?;
    let mut commit = Commit::builder(line.brand, line.commit, line.at, actor, line.correlation);
    if let Some(event) = line.causation {
        commit = commit.caused_by(event);
    }
    for write in line.writes {
        commit = read_write(commit, write)?;
    }
    for check in &line.checks {
        commit = commit.check(stream(check)?, expected(check));
    }
    for claim in &line.claims {
        let value = ClaimValue::new(&claim.value).map_err(|error| error.to_string())?;
        commit = commit.claim(ClaimGroup::one(space(claim)?, &claim.key, value));
    }
    commit.build().map_err(|error| error.to_string())
}

fn read_write(commit: CommitBuilder, write: Write) -> Result<CommitBuilder, String> {
    let events = write.events.into_iter().map(|event| {
        let event_type = EventType::from_stored(event.event_type);
        (event_type, event.version, event.body.into_bytes())
    });
    Ok(commit.write(stream(&write.place)?, expected(&write.place), events))
}

fn stream(place: &Place) -> Result<StreamId, String> {
    let kind = StreamKind::from_name(&place.stream);
    let kind = kind.ok_or_else(|| unknown("stream", &place.stream))?;
    Ok(StreamId::new(kind, place.id))
}

const fn expected(place: &Place) -> Expected {
    match place.expected {
        None => Expected::Any,
        Some(version) => Expected::at(Version::new(version)),
    }
}

fn space(claim: &Claim) -> Result<ClaimSpace, String> {
    let mut kinds = ClaimKind::ALL.into_iter();
    let kind = kinds.find(|kind| kind.as_str() == claim.kind);
    let space = match kind {
        Some(ClaimKind::IdempotencyKey) => Some(ClaimSpace::IDEMPOTENCY_KEYS),
        Some(ClaimKind::BatchPrefix) => Some(ClaimSpace::BATCH_PREFIXES),
        Some(ClaimKind::Serial) => Some(ClaimSpace::serials_of(ProductId::from_uuid(claim.scope))),
        Some(ClaimKind::Export) => {
            let batch = MintBatchId::try_from(claim.scope).ok();
            batch.map(ClaimSpace::exports_of)
        }
        _ => None,
    };
    space.ok_or_else(|| unknown("claim", &claim.kind))
}

fn unknown(what: &str, name: &str) -> String {
    format!("there is no {what} `{name}`")
}
