//! Rows of events to events.

use dpp_core::store::log::{
    Actor, EventType, Metadata, NewEvent, RecordedEvent, StreamId, StreamKind, Version,
};
use dpp_core::{CorrelationId, EventId, Timestamp};
use tokio_postgres::Row;
use uuid::Uuid;

use super::position::FeedTag;
use crate::fault::Failed;

/// The columns that [`recorded`] reads, in its order, of a table named `e`.
pub(crate) const COLUMNS: &str = "e.position, e.stream_kind, e.stream_id, e.version, \
     e.event_type, e.schema_version, e.payload, e.event_id, e.at_ms, e.actor, e.correlation, \
     e.causation";

/// The event of a row whose columns are [`COLUMNS`], from the column `from` on.
pub(crate) fn recorded(tag: FeedTag, row: &Row, from: usize) -> Result<RecordedEvent, Failed> {
    let number: i64 = row.try_get(from)?;
    let damaged = |what: &str| Failed::damaged(format_args!("event {number} has {what}"));
    let kind: &str = row.try_get(from + 1)?;
    let kind = StreamKind::from_name(kind)
        .ok_or_else(|| damaged(&format!("a stream of the unknown kind `{kind}`")))?;
    let id: Uuid = row.try_get(from + 2)?;
    let version: i64 = row.try_get(from + 3)?;
    let schema_version: i32 = row.try_get(from + 5)?;
    let payload: &[u8] = row.try_get(from + 6)?;
    let event_id: Uuid = row.try_get(from + 7)?;
    let actor: &str = row.try_get(from + 9)?;
    let correlation: Uuid = row.try_get(from + 10)?;
    let causation: Option<Uuid> = row.try_get(from + 11)?;
    Ok(RecordedEvent {
        stream: StreamId::new(kind, id),
        version: version_of(version).ok_or_else(|| damaged("no version"))?,
        position: tag.position(number),
        event: NewEvent {
            event_type: EventType::from_stored(row.try_get(from + 4)?),
            schema_version: u16::try_from(schema_version)
                .map_err(|_| damaged(&format!("schema version {schema_version}")))?,
            payload: payload.into(),
            metadata: Metadata {
                event_id: EventId::from_uuid(event_id),
                at: Timestamp::from_unix_millis(row.try_get(from + 8)?),
                actor: actor
                    .parse::<Actor>()
                    .map_err(|_| damaged(&format!("the unknown actor `{actor}`")))?,
                correlation: CorrelationId::from_uuid(correlation),
                causation: causation.map(EventId::from_uuid),
            },
        },
    })
}

/// A version as the database has it.
pub(crate) fn version_of(number: i64) -> Option<Version> {
    Version::new(u64::try_from(number).ok()?)
}
