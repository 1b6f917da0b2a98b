//! Events of a brand by position.

use std::sync::LazyLock;

use dpp_core::PageLimit;
use dpp_core::store::log::{EventType, Position, ReadError, RecordedEvent};
use dpp_core::store::{EventQuery, Order, ReadStoreError};

use super::answer::{Answer, Asking, FROM, sort, statement, words};
use super::events_asked::{Streams, can_be_asked, types, types_of_batch};
use crate::fault::Failed;
use crate::log::{COLUMNS, FeedTag, recorded};

/// A statement in either order.
struct InOrder([String; 2]);

type Texts = LazyLock<InOrder>;

impl InOrder {
    fn new(select: impl Fn(Order) -> String) -> Self {
        let columns = COLUMNS.replace("e.", "x.");
        Self(
            [Order::NewestFirst, Order::OldestFirst]
                .map(|order| statement(&columns, &select(order))),
        )
    }

    fn get(&self, order: Order) -> &str {
        let Self([newest, oldest]) = self;
        match order {
            Order::NewestFirst => newest,
            Order::OldestFirst => oldest,
        }
    }
}

// The time is compared so that no index is used for it: it would give up the order.
const IN_TIME: &str = "e.at_ms + 0 >= $3 AND e.at_ms + 0 < $4";

static ALL: Texts = LazyLock::new(|| {
    InOrder::new(|order| {
        let (beyond, direction) = words(order);
        format!(
            "SELECT true AS there, e.* FROM event e
              WHERE e.brand_id = $1 AND e.position {beyond} $2 AND {IN_TIME}
              ORDER BY e.position {direction}
              LIMIT $5"
        )
    })
});

/// Of the events that several indexes find, the first; only those are read as a whole.
fn first_of(found: &str, order: Order) -> String {
    let (_, direction) = words(order);
    format!(
        "SELECT true AS there, e.*
           FROM (SELECT f.position FROM {found} ORDER BY f.position {direction} LIMIT $5) p
          CROSS JOIN LATERAL
                (SELECT * FROM event e
                  WHERE e.brand_id = $1 AND e.position = p.position OFFSET 0) e"
    )
}

static BY_TYPE: Texts = LazyLock::new(|| {
    InOrder::new(|order| {
        let (beyond, direction) = words(order);
        let found = format!(
            "unnest($6::text[], $7::text[]) AS t (event_type, stream_kinds)
              CROSS JOIN LATERAL
                    (SELECT e.position FROM event e
                      WHERE e.brand_id = $1 AND e.event_type = t.event_type
                        AND e.position {beyond} $2 AND {IN_TIME}
                        AND e.stream_kind = ANY (string_to_array(t.stream_kinds, ','))
                      ORDER BY e.position {direction}
                      LIMIT $5) f"
        );
        first_of(&found, order)
    })
});

// Where the event at the position is one of the stream itself, the index goes on behind it.
static OF_ENTITY: Texts = LazyLock::new(|| {
    InOrder::new(|order| {
        let (beyond, direction) = words(order);
        let end = match order {
            Order::NewestFirst => i64::MAX,
            Order::OldestFirst => -1,
        };
        let found = format!(
            "unnest($6::uuid[], $7::text[], $8::boolean[]) AS s (id, kind, of_batch)
              CROSS JOIN LATERAL
                    (SELECT e.position FROM event e
                      WHERE e.brand_id = $1 AND e.stream_id = s.id AND e.stream_kind = s.kind
                        AND e.version {beyond} COALESCE(
                            (SELECT a.version FROM event a
                              WHERE a.brand_id = $1 AND a.position = $2
                                AND a.stream_id = s.id AND a.stream_kind = s.kind), {end})
                        AND e.position + 0 {beyond} $2 AND {IN_TIME}
                        AND ($9::text IS NULL OR e.event_type || '' = $9)
                        AND (s.of_batch IS NULL OR (e.event_type = ANY ($10)) = s.of_batch)
                      ORDER BY e.version {direction}
                      LIMIT $5) f"
        );
        first_of(&found, order)
    })
});

pub(super) async fn page(
    asking: Asking<'_>,
    query: &EventQuery,
    order: Order,
    after: Option<Position>,
    limit: PageLimit,
) -> Result<Vec<RecordedEvent>, ReadStoreError> {
    let brand = asking.brand.as_uuid();
    let number = number_of(after, order);
    let from = query.from.map_or(i64::MIN, |from| from.unix_millis());
    let until = query.until.map_or(i64::MAX, |until| until.unix_millis());
    let most = limit.get() as i64;
    let answer = match query.entity {
        Some(entity) => {
            let streams = Streams::of(entity, query.kind);
            let wanted = query.event_type.as_ref().map(EventType::as_str);
            let wanted = wanted.map(can_be_asked);
            asking
                .ask(
                    OF_ENTITY.get(order),
                    &[
                        brand,
                        &number,
                        &from,
                        &until,
                        &most,
                        &streams.ids,
                        &streams.kinds,
                        &streams.of_batch,
                        &wanted,
                        &types_of_batch(),
                    ],
                )
                .await?
        }
        None if query.kind.is_none() && query.event_type.is_none() => {
            asking
                .ask(ALL.get(order), &[brand, &number, &from, &until, &most])
                .await?
        }
        None => {
            let (types, kinds) = types(query);
            asking
                .ask(
                    BY_TYPE.get(order),
                    &[brand, &number, &from, &until, &most, &types, &kinds],
                )
                .await?
        }
    };
    events(asking, answer, order, after)
}

fn events(
    asking: Asking<'_>,
    answer: Answer,
    order: Order,
    after: Option<Position>,
) -> Result<Vec<RecordedEvent>, ReadStoreError> {
    let own = |position| answer.tag.and_then(|tag| tag.number(position));
    if let Some(position) = after.filter(|after| own(*after).is_none()) {
        let brand = asking.brand;
        return Err(ReadError::ForeignPosition { position, brand }.into());
    }
    let Some(tag): Option<FeedTag> = answer.tag else {
        return Ok(Vec::new());
    };
    let rows = answer.rows.iter();
    let events: Result<Vec<_>, Failed> = rows.map(|row| recorded(tag, row, FROM)).collect();
    let mut events = events?;
    sort(&mut events, order, |event| event.position);
    Ok(events)
}

/// The number in a position, of whatever feed it is: whether of this one, the answer tells.
fn number_of(after: Option<Position>, order: Order) -> i64 {
    let bytes = after.map(Position::to_bytes);
    let number = bytes.and_then(|bytes| bytes.last_chunk().copied().map(i64::from_be_bytes));
    number.unwrap_or(match order {
        Order::NewestFirst => i64::MAX,
        Order::OldestFirst => 0,
    })
}
