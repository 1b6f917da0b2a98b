//! Where events lie in the feed, as far as a listing has to know it.
//!
//! The events themselves stay in the log. Kept is one line for each 256 of them, with what
//! occurs among them, so that a listing reads only stretches that may have what it asks for.

use crate::store::log::{EventType, Position, RecordedEvent};
use crate::store::{EntityKind, EventQuery, Order};
use crate::time::Timestamp;

/// The most events of one stretch.
pub(super) const STRETCH: u32 = 256;

/// Where the events of one brand lie.
#[derive(Debug, Default)]
pub(super) struct FeedMap {
    pub(super) stretches: Vec<Stretch>,
    /// The types that occurred so far; their places are bits in [`Stretch::types`].
    pub(super) types: Vec<EventType>,
}

/// Some events that follow one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch {
    /// Where the one before them stands.
    pub(super) after: Option<Position>,
    /// Where the last of them stands.
    pub(super) last: Position,
    pub(super) count: u32,
    pub(super) kinds: u64,
    pub(super) types: u64,
    pub(super) earliest: Timestamp,
    pub(super) latest: Timestamp,
}

impl FeedMap {
    pub(super) fn note(&mut self, before: Option<Position>, recorded: &RecordedEvent) {
        let event_type = &recorded.event.event_type;
        let kind = EntityKind::of(recorded.stream.kind(), event_type);
        let kinds = kind_bit(kind);
        let types = self.type_bit(event_type);
        let (last, at) = (recorded.position, recorded.event.metadata.at);
        match self
            .stretches
            .last_mut()
            .filter(|last| last.count < STRETCH)
        {
            Some(stretch) => {
                stretch.last = last;
                stretch.count += 1;
                stretch.kinds |= kinds;
                stretch.types |= types;
                stretch.earliest = stretch.earliest.min(at);
                stretch.latest = stretch.latest.max(at);
            }
            None => self.stretches.push(Stretch {
                after: before,
                last,
                count: 1,
                kinds,
                types,
                earliest: at,
                latest: at,
            }),
        }
    }

    fn type_bit(&mut self, event_type: &EventType) -> u64 {
        let known = self.types.iter().position(|known| known == event_type);
        let place = known.unwrap_or_else(|| {
            self.types.push(event_type.clone());
            self.types.len() - 1
        });
        bit(place)
    }

    /// The next stretch that may have such events beyond a position in the order of reading, or
    /// from its beginning.
    ///
    /// The place in the map would not do to go on from: the last stretch still grows.
    pub(super) fn next(
        &self,
        query: &EventQuery,
        order: Order,
        beyond: Option<Position>,
    ) -> Option<Stretch> {
        let may_have = |stretch: &&Stretch| self.may_have(stretch, query);
        let found = match order {
            Order::OldestFirst => {
                let first = self.stretches.partition_point(|s| Some(s.last) <= beyond);
                self.stretches.get(first..)?.iter().find(may_have)
            }
            Order::NewestFirst => {
                let newer = |s: &Stretch| beyond.is_none() || s.after < beyond;
                let end = self.stretches.partition_point(newer);
                self.stretches.get(..end)?.iter().rfind(may_have)
            }
        };
        found.copied()
    }

    fn may_have(&self, stretch: &Stretch, query: &EventQuery) -> bool {
        let has_type = query.event_type.as_ref().is_none_or(|wanted| {
            let place = self.types.iter().position(|known| known == wanted);
            place.is_some_and(|place| stretch.types & bit(place) != 0)
        });
        has_type
            && query
                .kind
                .is_none_or(|kind| stretch.kinds & kind_bit(kind) != 0)
            && query.from.is_none_or(|from| from <= stretch.latest)
            && query.until.is_none_or(|until| stretch.earliest < until)
    }
}

/// Types beyond the 63rd share a bit: a stretch is read in vain then, and nothing is missed.
const fn bit(place: usize) -> u64 {
    1 << if place < 63 { place } else { 63 }
}

fn kind_bit(kind: EntityKind) -> u64 {
    let place = EntityKind::ALL.iter().position(|known| *known == kind);
    bit(place.unwrap_or(63))
}
