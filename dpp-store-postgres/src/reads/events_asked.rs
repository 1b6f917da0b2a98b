//! What a query for events asks the indexes for.

use dpp_core::store::log::{EventType, StreamKind};
use dpp_core::store::{Entity, EntityKind, EventQuery};
use uuid::Uuid;

/// PostgreSQL takes no text with this character, and so no event has such a type.
pub(super) fn can_be_asked(name: &str) -> &str {
    match name.contains('\0') {
        true => "",
        false => name,
    }
}

/// The types that are asked for, and of each the kinds of streams that it is asked for in.
pub(super) fn types(query: &EventQuery) -> (Vec<String>, Vec<String>) {
    let is_wanted = |stream: &StreamKind, name: &EventType| {
        query
            .kind
            .is_none_or(|kind| EntityKind::of(*stream, name) == kind)
    };
    if let Some(wanted) = &query.event_type {
        let streams = StreamKind::ALL
            .into_iter()
            .filter(|stream| is_wanted(stream, wanted));
        let names: Vec<_> = streams.map(StreamKind::as_str).collect();
        return (
            vec![can_be_asked(wanted.as_str()).to_owned()],
            vec![names.join(",")],
        );
    }
    let known = query.kind.into_iter().flat_map(EntityKind::event_types);
    known
        .filter_map(|name| {
            // Of the streams that such an event could be in, the first is the one that it is in.
            let mut streams = StreamKind::ALL.into_iter();
            let stream = streams.find(|stream| is_wanted(stream, &EventType::new(name)))?;
            Some((name.to_owned(), stream.as_str().to_owned()))
        })
        .unzip()
}

/// The types that tell of a batch in a stream that tells of its job, too.
pub(super) fn types_of_batch() -> Vec<&'static str> {
    let is_of_batch = |name: &&'static str| {
        EntityKind::of(StreamKind::MintBatch, &EventType::new(name)) == EntityKind::MintBatch
    };
    EntityKind::MintBatch
        .event_types()
        .filter(is_of_batch)
        .collect()
}

/// The streams of an entity, as far as their events tell of a kind.
#[derive(Default)]
pub(super) struct Streams {
    pub(super) ids: Vec<Uuid>,
    pub(super) kinds: Vec<&'static str>,
    /// Whether only those of the types that tell of a batch are wanted, or only the others.
    pub(super) of_batch: Vec<Option<bool>>,
}

impl Streams {
    pub(super) fn of(entity: Entity, kind: Option<EntityKind>) -> Self {
        let mut streams = Self::default();
        for stream in entity.streams() {
            let of_batch = match (stream.kind(), kind) {
                (_, None) => None,
                (StreamKind::MintBatch, Some(EntityKind::MintBatch)) => Some(true),
                (StreamKind::MintBatch, Some(EntityKind::MintJob)) => Some(false),
                // In all others, the type says nothing.
                (of, Some(kind)) if EntityKind::of(of, &EventType::new("")) != kind => continue,
                (StreamKind::MintBatch, Some(_)) => continue,
                _ => None,
            };
            streams.ids.push(*stream.id());
            streams.kinds.push(stream.kind().as_str());
            streams.of_batch.push(of_batch);
        }
        streams
    }
}
