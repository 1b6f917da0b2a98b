//! Reading streams, feeds, heads and claims.

use dpp_core::store::log::{
    ClaimSpace, ClaimValue, FeedPage, Head, HeadPage, PageLimit, Position, ReadError, StreamId,
    StreamPage, Version,
};
use dpp_core::{BrandId, TextRows};
use tokio_postgres::Row;
use uuid::Uuid;

use super::position::FeedTag;
use super::rows::{COLUMNS, recorded};
use crate::fault::Failed;
use crate::pool::Pool;

/// A page ends before the event that would bring its bodies over so many bytes, but for the
/// first: a page of 10,000 events of a megabyte each would not fit into memory.
const PAGE_BYTES: i64 = 16 << 20;

/// How many keys are looked up by one statement.
const KEYS_AT_ONCE: usize = 50_000;

pub(crate) async fn stream(
    pool: &Pool,
    brand: BrandId,
    stream: StreamId,
    from: Version,
    limit: PageLimit,
) -> Result<StreamPage, ReadError> {
    let sql = format!(
        "SELECT h.tag, e.fetched, {COLUMNS}
           FROM brand_head h,
                (SELECT p.*, count(*) OVER () AS fetched,
                        sum(length(p.payload)) OVER (ORDER BY p.version) - length(p.payload) AS before
                   FROM (SELECT * FROM event
                          WHERE brand_id = $1 AND stream_id = $2 AND stream_kind = $3
                            AND version >= $4
                          ORDER BY version LIMIT $5) p) e
          WHERE h.brand_id = $1 AND e.before < {PAGE_BYTES}
          ORDER BY e.version"
    );
    let from = i64::try_from(from.get()).unwrap_or(i64::MAX);
    let most = limit.get() as i64 + 1;
    let (brand, id) = (brand.as_uuid(), stream.id());
    let rows = pool
        .rows(&sql, &[brand, id, &stream.kind().as_str(), &from, &most])
        .await?;
    let fetched: i64 = match rows.first() {
        Some(first) => first.try_get(1).map_err(Failed::because)?,
        None => 0,
    };
    let mut events = Vec::with_capacity(rows.len());
    for row in rows.iter().take(limit.get()) {
        let tag = FeedTag(row.try_get(0).map_err(Failed::because)?);
        events.push(recorded(tag, row, 2)?);
    }
    let more = fetched > events.len() as i64;
    let next = events
        .last()
        .filter(|_| more)
        .map(|last| last.version.next());
    Ok(StreamPage { events, next })
}

pub(crate) async fn feed(
    pool: &Pool,
    brand: BrandId,
    after: Option<Position>,
    limit: PageLimit,
) -> Result<FeedPage, ReadError> {
    // One statement, and so one moment: the end of the feed, and the events up to it.
    let sql = format!(
        "SELECT h.tag, h.position, {COLUMNS}
           FROM brand_head h
           LEFT JOIN LATERAL
                (SELECT p.*, sum(length(p.payload)) OVER (ORDER BY p.position) - length(p.payload) AS before
                   FROM (SELECT * FROM event
                          WHERE brand_id = $1 AND position > $2
                          ORDER BY position LIMIT $3) p) e
             ON e.before < {PAGE_BYTES}
          WHERE h.brand_id = $1
          ORDER BY e.position"
    );
    let bytes = after.map(Position::to_bytes).unwrap_or_default();
    let asked = bytes.last_chunk().copied().map_or(0, i64::from_be_bytes);
    let most = limit.get() as i64;
    let rows = pool.rows(&sql, &[brand.as_uuid(), &asked, &most]).await?;
    let foreign = |position| ReadError::ForeignPosition { position, brand };
    let Some(first) = rows.first() else {
        return match after {
            Some(position) => Err(foreign(position)),
            None => Ok(nothing()),
        };
    };
    let (tag, head) = head_of(first)?;
    if let Some(position) = after {
        let number = tag.number(position);
        number
            .filter(|number| (1..=head).contains(number))
            .ok_or_else(|| foreign(position))?;
    }
    let found = rows
        .iter()
        .filter(|row| !matches!(row.try_get::<_, Option<i64>>(2), Ok(None)));
    let events: Result<Vec<_>, _> = found.map(|row| recorded(tag, row, 2)).collect();
    let events = events?;
    let upto = events.last().map(|event| event.position).or(after);
    let reached = upto.and_then(|upto| tag.number(upto)).unwrap_or(0);
    Ok(FeedPage {
        upto,
        more: reached < head,
        events,
    })
}

fn nothing() -> FeedPage {
    FeedPage {
        events: Vec::new(),
        upto: None,
        more: false,
    }
}

fn head_of(row: &Row) -> Result<(FeedTag, i64), Failed> {
    Ok((FeedTag(row.try_get(0)?), row.try_get(1)?))
}

pub(crate) async fn heads(
    pool: &Pool,
    after: Option<BrandId>,
    limit: PageLimit,
) -> Result<HeadPage, ReadError> {
    let sql = "SELECT tag, position, brand_id FROM brand_head
                WHERE position > 0 AND ($1::uuid IS NULL OR brand_id > $1)
                ORDER BY brand_id LIMIT $2";
    let after = after.map(|brand| *brand.as_uuid());
    let most = limit.get() as i64 + 1;
    let rows = pool.rows(sql, &[&after, &most]).await?;
    let mut heads = Vec::with_capacity(rows.len());
    for row in rows.iter().take(limit.get()) {
        let (tag, last) = head_of(row)?;
        let brand: Uuid = row.try_get(2).map_err(Failed::because)?;
        heads.push(Head {
            brand: BrandId::from_uuid(brand),
            position: tag.position(last),
        });
    }
    Ok(HeadPage {
        more: rows.len() > heads.len(),
        heads,
    })
}

pub(crate) async fn claimed(
    pool: &Pool,
    brand: BrandId,
    space: ClaimSpace,
    keys: &TextRows,
) -> Result<Vec<Option<ClaimValue>>, ReadError> {
    // A subquery for each key: the planner, which thinks a brand small, would rather read all
    // claims of a space once and compare each with each key.
    let sql = "SELECT (SELECT c.value FROM claim c
                        WHERE c.brand_id = $1 AND c.kind = $2 AND c.scope = $3 AND c.key = asked.key)
                 FROM unnest($4::bytea[]) WITH ORDINALITY AS asked (key, place)
                ORDER BY asked.place";
    let mut values = Vec::with_capacity(keys.len());
    let mut rest = keys.iter().map(str::as_bytes).peekable();
    while rest.peek().is_some() {
        let some: Vec<&[u8]> = rest.by_ref().take(KEYS_AT_ONCE).collect();
        let (kind, scope) = (space.kind().as_str(), space.scope());
        let rows = pool
            .rows(sql, &[brand.as_uuid(), &kind, scope, &some])
            .await?;
        for row in rows {
            let value: Option<&[u8]> = row.try_get(0).map_err(Failed::because)?;
            values.push(value.map(claim_value).transpose()?);
        }
    }
    Ok(values)
}

pub(crate) fn claim_value(bytes: &[u8]) -> Result<ClaimValue, Failed> {
    ClaimValue::new(bytes).map_err(Failed::damaged)
}
